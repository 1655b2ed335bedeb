package holdfast.federation.resale;

import holdfast.engine.Engine;
import holdfast.engine.Notice;
import holdfast.federation.discovery.Candidate;
import holdfast.federation.discovery.Candidates;
import holdfast.federation.domain.DomainPolicy;
import holdfast.federation.following.Ears;
import holdfast.federation.peers.Known;
import holdfast.federation.peers.Membership;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.MarketEvent;
import holdfast.protocol.rear.MarketEvent.Code;
import holdfast.protocol.rear.MarketEvent.Source;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// What a supernode hears of others it tells on, under the names that it gives their offers (fluidos.md 4.2 step 32).
public final class Retelling implements Ears {
    private final Platform platform;
    private final Engine engine;
    private final Supernode supernode;
    private final Candidates candidates;
    private final Readvertising again;
    private final Forwarded forwarded;
    private final Middles middles;

    public Retelling(Platform platform, Engine engine, Resale resale, Candidates candidates) {
        this.middles = resale.middles();
        this.platform = platform;
        this.engine = engine;
        this.supernode = resale.supernode();
        this.candidates = candidates;
        var rules = supernode.rules();
        this.again = new Readvertising(supernode.self(), rules.margin(), rules.maxHops());
        this.forwarded = new Forwarded(platform, again);
    }

    /// Others are asked when somebody asks us.
    @Override
    public boolean begins(Known peer) {
        return peer.member().isEmpty() || supernode.greet(peer);
    }

    @Override
    public void refreshed(Tx tx, Known peer, Flavor flavor) {
        if (again.fault(flavor, Set.of()).isPresent()) {
            return;
        }
        var before = shown(tx, peer, flavor.id());
        candidates
                .find(tx, peer.id(), flavor.id())
                .map(candidate ->
                        forwarded.show(tx, List.<Candidate>of(candidate)).getFirst())
                .ifPresent(now -> tell(tx, peer, new MarketEvent.Refreshed(now, before, Optional.of(source(peer)))));
    }

    @Override
    public void withdrawn(Tx tx, Known peer, String flavor, Code code) {
        var message = "whose it is offers it no more: " + code.name().toLowerCase(Locale.ROOT);
        shown(tx, peer, flavor)
                .ifPresent(last ->
                        tell(tx, peer, new MarketEvent.Withdrawn(last, code, message, Optional.of(source(peer)))));
    }

    @Override
    public void contract(Known peer, String contract) {
        middles.look(peer, contract);
    }

    private Optional<Flavor> shown(Tx tx, Known peer, String flavor) {
        return forwarded.shown(tx, peer.id(), flavor).flatMap(name -> supernode.find(tx, name));
    }

    private static Source source(Known peer) {
        return new Source(peer.node(), peer.member().map(Membership::node).orElse(DomainPolicy.OUTSIDE));
    }

    private void tell(Tx tx, Known peer, MarketEvent event) {
        engine.notices().tell(tx, notice(platform, event, new Notice.Thing("peer", peer.id(), 0)));
    }

    static Notice notice(Platform platform, MarketEvent event, Notice.Thing about) {
        return new Notice(
                platform.newId(),
                event.type(),
                platform.now(),
                about,
                "-",
                Optional.empty(),
                Optional.empty(),
                (ObjectNode) Json.toTree(event));
    }
}
