package holdfast.api.rear;

import holdfast.federation.domain.DomainPolicy;
import holdfast.federation.peers.Known;
import holdfast.federation.peers.Membership;
import holdfast.federation.resale.Supernode;
import holdfast.federation.wire.DomainText;
import holdfast.federation.wire.Reply;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Workflow;
import tools.jackson.databind.node.ObjectNode;

/// The domain of a supernode: `domain` and `domain/members/{nodeID}` (fluidos.md 4.2 steps 1 and 2, 5.9).
final class DomainApi {
    private final Platform platform;
    private final Supernode supernode;

    DomainApi(Platform platform, Supernode supernode) {
        this.platform = platform;
        this.supernode = supernode;
    }

    /// `PUT domain/members/{nodeID}`: it joins, or is still there.
    Reply join(Asked asked) {
        var joins = DomainText.joins(asked.call().body()).orThrow();
        var node = joins.node();
        if (!node.id().equals(asked.name())) {
            throw RearProblem.malformed(
                    "identity.ID", "identity.ID is " + node.id() + ", and the path names " + asked.name());
        }
        var trace = asked.trace().orElseGet(() -> new Trace(platform.newId().toString(), Workflow.W2));
        supernode.members().join(node, proved(asked), joins.ttlSeconds(), trace).orThrow();
        return Asked.json(200, Json.text(domain()));
    }

    /// `DELETE domain/members/{nodeID}`
    Reply leave(Tx tx, Asked asked) {
        supernode.members().leave(tx, asked.name(), proved(asked)).orThrow();
        return Asked.empty(204);
    }

    /// The key of a node of this domain; empty where nobody proves anything.
    private static String proved(Asked asked) {
        return switch (asked.passport()) {
            case Passport.Unproved _ -> "";
            case Passport.Proved(var pin) when pin.own() -> pin.fingerprint();
            case Passport.Proved _, Passport.Stranger _ ->
                throw RearProblem.of(403, "your key is not known here as that of a node of this domain");
        };
    }

    /// `GET domain/members/{nodeID}`
    Reply member(Tx tx, Asked asked) {
        return supernode.members().all(tx).stream()
                .filter(peer -> node(peer).equals(asked.name()))
                .findFirst()
                .map(peer -> Asked.json(200, Json.text(shown(peer))))
                .orElseThrow(() -> RearProblem.of(404, "there is no member " + asked.name()));
    }

    /// `GET domain`: the nodes of which the asker may see what they offer.
    Reply show(Tx tx, Asked asked) {
        var members = supernode.members().all(tx);
        var viewer = asked.passing()
                .asker()
                .filter(id -> members.stream().anyMatch(peer -> node(peer).equals(id)))
                .orElse(DomainPolicy.OUTSIDE);
        var shown = domain();
        var list = shown.putArray("members");
        members.stream()
                .filter(peer -> supernode.rules().policy().allows(viewer, node(peer)))
                .forEach(peer -> list.add(shown(peer)));
        return Asked.json(200, Json.text(shown));
    }

    private ObjectNode domain() {
        var shown = Json.object();
        shown.set("supernode", DomainText.identity(supernode.self()));
        var policy = shown.putArray("policy");
        supernode
                .rules()
                .policy()
                .rules()
                .forEach(rule -> policy.addObject()
                        .put("viewer", rule.viewer())
                        .put("provider", rule.provider())
                        .put("allow", rule.allow()));
        return shown;
    }

    private static String node(Known peer) {
        return peer.member().map(Membership::node).orElse("");
    }

    private ObjectNode shown(Known peer) {
        var now = platform.now();
        var shown = Json.object()
                .put("nodeID", node(peer))
                .put("address", peer.endpoint().address());
        peer.member()
                .ifPresent(here -> shown.put("state", here.isLive(now) ? "UP" : "DOWN")
                        .put("ttl", here.ttlSeconds())
                        .put("lastHeard", here.kept().toString()));
        return shown;
    }
}
