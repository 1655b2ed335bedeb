package holdfast.federation.discovery;

import holdfast.engine.Engine;
import holdfast.federation.choice.Deed;
import holdfast.federation.choice.Rating.Seen;
import holdfast.federation.peers.Known;
import holdfast.federation.peers.Peers;
import holdfast.federation.wire.CatalogClient;
import holdfast.federation.wire.Heard;
import holdfast.federation.wire.Passing;
import holdfast.federation.wire.RearClient;
import holdfast.federation.wire.Told;
import holdfast.platform.Database;
import holdfast.platform.Fanout;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.StepNumber;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// Asks all peers that are up what they offer, and remembers it (fluidos.md 3.2, 6.6). Who fails spoils nothing for the
/// others.
public final class Discovery {
    /// For one peer.
    private static final Duration EACH = Duration.ofSeconds(5);

    /// For one that asks others in turn (fluidos.md 6.7).
    private static final Duration OF_SUPERNODES = Duration.ofSeconds(11);

    /// For all of them.
    private static final Duration WHOLE = Duration.ofSeconds(15);

    private final Platform platform;
    private final Database database;
    private final Engine engine;
    private final RearClient client;
    private final NodeIdentity self;
    private final Peers peers;
    private final Candidates candidates;
    private final Fanout fanout;
    private final Catalogs catalogs;
    private final Usages usages;

    /// @param self who asks: what peers offer of ours is left out
    public Discovery(
            Platform platform,
            Database database,
            Engine engine,
            RearClient client,
            NodeIdentity self,
            Peers peers,
            Candidates candidates,
            Fanout fanout) {
        this.platform = platform;
        this.database = database;
        this.engine = engine;
        this.client = client;
        this.self = self;
        this.peers = peers;
        this.candidates = candidates;
        this.fanout = fanout;
        this.catalogs = new Catalogs(platform, database, engine, new CatalogClient(client), peers, candidates, fanout);
        this.usages = new Usages(platform, engine, peers, candidates.referrals());
    }

    /// Who tells catalogs how it was to use what they have found.
    public Usages usages() {
        return usages;
    }

    /// Asks, within 15 s. Not within a transaction. May be done again: what was heard twice is there once.
    ///
    /// @param solver the resource in whose journal the steps are noted, if it is there
    public Found discover(Selector selector, Trace trace, UUID solver) {
        var asked = database.inTransaction(tx -> {
            var reachable = peers.reachable(tx);
            note(tx, solver, trace, StepNumber.LIST_SENT, "LIST_FLAVORS to " + reachable.size() + " peers");
            return reachable;
        });
        var passing = Passing.first(platform.newId(), self.id());
        var all = ask(asked, Optional.of(selector), _ -> passing, trace, WHOLE, solver);
        database.inTransaction(tx -> {
            note(tx, solver, trace, StepNumber.DISCOVERY_DONE, summary(all));
            return all;
        });
        return all;
    }

    /// Asks some for others, and remembers what they say. Not within a transaction.
    ///
    /// @param selector none: everything that they offer
    /// @param passing how far the question has come, for each of them
    /// @param limit for all of them together
    /// @param noted as the solver of [#discover]
    public Found ask(
            List<Known> some,
            Optional<Selector> selector,
            Function<Known, Passing> passing,
            Trace trace,
            Duration limit,
            UUID noted) {
        var told = fanout.each(some, limit, peer -> heard(peer, selector, passing.apply(peer), trace));
        var found = new Found(some.size(), 0, 0, List.of());
        for (int i = 0; i < some.size(); i++) {
            var peer = some.get(i);
            var answer = told.get(i).orElseGet(() -> new Told.Silent<>(true, "it did not answer in time"));
            var before = found;
            found = database.inTransaction(tx -> stored(tx, peer, selector, answer, before, noted, trace));
            if (peer.isCatalog()) {
                found = found.with(foundBy(peer, selector, answer, trace));
            }
        }
        return found;
    }

    /// How many offers of others a catalog makes known.
    private int foundBy(Known catalog, Optional<Selector> selector, Told<Heard> told, Trace trace) {
        if (!(told instanceof Told.Yes<Heard>(var heard))) {
            return catalogs.remembered(catalog, wanted(selector), trace);
        }
        var kept = wanted(selector).stream()
                .flatMap(some -> Refilter.keep(heard, some, self).flavors().stream())
                .toList();
        return catalogs.heard(catalog, kept, trace);
    }

    /// A weak node answers a question for some with some that do not match, in place of those that do: it is asked
    /// for everything (fluidos.md 5.10, U1). Who passes questions on needs longer.
    private Told<Heard> heard(Known peer, Optional<Selector> selector, Passing passing, Trace trace) {
        var wanted = selector.filter(_ -> !peer.capabilities().weak());
        var limit = peer.capabilities().maxHops() > 0 ? OF_SUPERNODES : EACH;
        return client.list(peer.endpoint(), peer.dialect(), wanted, passing, trace, limit);
    }

    /// Of each type what was asked for.
    private List<Selector> wanted(Optional<Selector> selector) {
        return selector.map(List::of)
                .orElseGet(() -> Arrays.stream(FlavorType.values())
                        .map(type -> new Selector(type, List.of()))
                        .toList());
    }

    private Found stored(
            Tx tx, Known peer, Optional<Selector> selector, Told<Heard> told, Found before, UUID solver, Trace trace) {
        return switch (told) {
            case Told.Yes<Heard>(var heard) -> {
                peers.served(tx, peer.id());
                rate(tx, peer, selector, Seen.KEPT);
                note(tx, solver, trace, StepNumber.LIST_ANSWERED, "by " + peer.name());
                int count = 0;
                for (var wanted : peer.isCatalog() ? List.<Selector>of() : wanted(selector)) {
                    var kept = Refilter.keep(heard, wanted, self);
                    candidates.listed(tx, peer.id(), wanted, kept, platform.now());
                    count += kept.flavors().size();
                }
                int left = peer.isCatalog() ? 0 : heard.flavors().size() + heard.skipped() - count;
                var what = peer.isCatalog() ? heard.flavors().size() + " of others" : count + ", " + left + " left out";
                note(tx, solver, trace, StepNumber.OFFERS_STORED, peer.name() + " offers " + what);
                yield new Found(before.asked(), before.candidates() + count, before.left() + left, before.failed());
            }
            case Told.No<Heard>(var _, var why, var _) ->
                failed(tx, peer, selector, why.message(), before, solver, trace);
            case Told.Silent<Heard>(var _, var why) -> failed(tx, peer, selector, why, before, solver, trace);
        };
    }

    private Found failed(
            Tx tx, Known peer, Optional<Selector> selector, String why, Found before, UUID solver, Trace trace) {
        peers.failed(tx, peer.id());
        rate(tx, peer, selector, Seen.REFUSED);
        note(tx, solver, trace, StepNumber.LIST_ANSWERED, "nothing from " + peer.name() + ": " + why);
        var failed = new ArrayList<>(before.failed());
        failed.add(new Found.Failed(peer.id(), peer.name(), why));
        return new Found(before.asked(), before.candidates(), before.left(), failed);
    }

    /// Who is asked for everything offers no type in particular.
    private void rate(Tx tx, Known peer, Optional<Selector> selector, Seen what) {
        selector.ifPresent(asked -> peers.ratings().seen(tx, peer.id(), asked.type(), Deed.LIST, what));
    }

    private static String summary(Found found) {
        return found.failure()
                .orElseGet(() -> found.candidates() + " offers of "
                        + (found.asked() - found.failed().size()) + " of " + found.asked() + " peers");
    }

    private void note(Tx tx, UUID solver, Trace trace, StepNumber step, String what) {
        engine.resources()
                .find(tx, solver)
                .ifPresent(resource -> engine.journal().step(tx, resource, trace, Workflow.Role.C, step, what));
    }
}
