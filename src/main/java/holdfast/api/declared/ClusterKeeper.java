package holdfast.api.declared;

import holdfast.core.Caller;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.federation.peers.Peer;
import holdfast.federation.peers.Peers;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/// The nodes of other domains (fluidos.md 3.9). One that is declared is a peer that proves nothing, as there is no
/// place for a key.
record ClusterKeeper(Engine engine, Peers peers) implements Stored {
    /// What only administrators may do.
    private static final String MAY = "say whom this node knows";

    /// So long after it was heard a peer counts as there.
    private static final Duration TTL = Duration.ofMinutes(2);

    @Override
    public Sort sort() {
        return Sort.KNOWN_CLUSTER;
    }

    @Override
    public String type() {
        return Peer.TYPE;
    }

    @Override
    public List<Shown> shown(Tx tx, List<Resource> some) {
        return some.stream().map(this::shown).toList();
    }

    private Shown shown(Resource resource) {
        var peer = resource.as(Peer.class);
        var status = Json.object().put("state", resource.state());
        peer.heard()
                .ifPresent(at ->
                        status.put("lastUpdateTime", Shown.time(at)).put("expirationTime", Shown.time(at.plus(TTL))));
        var node = peer.found()
                .map(Peer.Found::node)
                .or(() -> peer.capabilities().nodeId())
                .orElse(resource.name());
        var spec = Json.object().put("address", peer.address());
        return Shown.of(sort(), resource, Shown.named("knowncluster", node), spec, status);
    }

    @Override
    public Optional<UUID> before(Caller caller, String name, JsonNode spec) {
        Wishes.mayOperate(caller, MAY);
        var wish = new Peers.Wish(Optional.of(name), Wishes.text(spec, "address"), Optional.empty());
        return Optional.of(Wishes.orRefuse(peers.add(wish, caller.project(), caller.user()))
                .id());
    }

    @Override
    public void end(Tx tx, Caller caller, Shown shown) {
        Wishes.mayOperate(caller, MAY);
        peers.remove(tx, shown.made().orElseThrow(), caller.user()).orThrow();
    }
}
