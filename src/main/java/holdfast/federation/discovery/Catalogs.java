package holdfast.federation.discovery;

import static java.util.Objects.requireNonNull;

import holdfast.core.Answer;
import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Resource;
import holdfast.engine.Step;
import holdfast.federation.discovery.Referrals.Key;
import holdfast.federation.peers.Known;
import holdfast.federation.peers.Peers;
import holdfast.federation.wire.CatalogClient;
import holdfast.federation.wire.CatalogText;
import holdfast.federation.wire.CatalogText.Rated;
import holdfast.federation.wire.CatalogText.Registers;
import holdfast.federation.wire.Told;
import holdfast.platform.Database;
import holdfast.platform.Fanout;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Provenance;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.StepNumber;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Workflow.Role;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What catalogs find (fluidos.md 4.4 steps 13 to 17, 24): each offer belongs to its owner, with whom it is reserved,
/// and is as old as the catalog says. The first three are looked at where they are offered.
final class Catalogs {
    /// Of owners who were not known yet, for one answer.
    private static final int STRANGERS = 5;

    private static final int VERIFIED = 3;
    private static final Duration LIMIT = Duration.ofSeconds(6);

    private final Platform platform;
    private final Database database;
    private final Engine engine;
    private final CatalogClient client;
    private final Peers peers;
    private final Candidates candidates;
    private final Fanout fanout;

    Catalogs(
            Platform platform,
            Database database,
            Engine engine,
            CatalogClient client,
            Peers peers,
            Candidates candidates,
            Fanout fanout) {
        this.platform = platform;
        this.database = database;
        this.engine = engine;
        this.client = client;
        this.peers = peers;
        this.candidates = candidates;
        this.fanout = fanout;
        engine.definitions().add(ProcessDefinition.timer(Referrals.REPORT, this::report, Duration.ofMinutes(10)));
    }

    /// Remembers what a catalog has answered. Not within a transaction: owners are asked.
    ///
    /// @param found the best first
    /// @return how many of them may be reserved
    int heard(Known catalog, List<Flavor> found, Trace trace) {
        var owners = owners(catalog, found, trace);
        var offers = found.stream()
                .filter(flavor -> owners.containsKey(flavor.owner()))
                .toList();
        var looked = verified(offers, owners, trace);
        return database.inTransaction(tx -> {
            int count = 0;
            for (var offer : offers) {
                var owner = requireNonNull(owners.get(offer.owner()));
                var seen = looked.getOrDefault(offer.id(), Look.NOT_LOOKED);
                count += stored(tx, catalog, owner, offer, seen, trace) ? 1 : 0;
            }
            return count;
        });
    }

    /// While a catalog does not answer, what it said last counts for as long as it said (fluidos.md 7).
    ///
    /// @return how many of them may be reserved
    int remembered(Known catalog, List<Selector> wanted, Trace trace) {
        var now = platform.now();
        var offers = database.inTransaction(tx -> {
            var found = candidates.referrals().of(tx, catalog.id());
            return wanted.stream()
                    .flatMap(selector -> candidates.matching(tx, selector, now).stream())
                    .filter(one ->
                            found.contains(new Key(one.peer(), one.flavor().id())))
                    .map(Candidate::flavor)
                    .toList();
        });
        return heard(catalog, offers, trace);
    }

    private boolean stored(Tx tx, Known catalog, Known owner, Flavor offer, Look look, Trace trace) {
        var key = new Key(owner.id(), offer.id());
        if (!owner.id().equals(catalog.id())) {
            candidates.referrals().found(tx, catalog.id(), key);
        }
        if (look == Look.GONE) {
            candidates.gone(tx, owner.id(), offer.id());
            candidates.referrals().tell(tx, owner.id(), offer.id(), CatalogText.Outcome.GONE, trace);
            return false;
        }
        var any = new Selector(offer.kind().type(), List.of());
        candidates.listed(tx, owner.id(), any, new Refilter.Kept(List.of(offer), 0, false), asOf(offer, look));
        return true;
    }

    private Instant asOf(Flavor offer, Look look) {
        var now = platform.now();
        return look == Look.THERE
                ? now
                : Provenance.of(offer).asOf().filter(now::isAfter).orElse(now);
    }

    private enum Look {
        THERE,
        GONE,
        NOT_LOOKED
    }

    private Map<String, Look> verified(List<Flavor> offers, Map<NodeIdentity, Known> owners, Trace trace) {
        var first = offers.stream().limit(VERIFIED).toList();
        var told = fanout.each(first, LIMIT, offer -> look(requireNonNull(owners.get(offer.owner())), offer, trace));
        Map<String, Look> looks = new HashMap<>();
        for (int i = 0; i < first.size(); i++) {
            looks.put(first.get(i).id(), told.get(i).orElse(Look.NOT_LOOKED));
        }
        return looks;
    }

    private Look look(Known owner, Flavor offer, Trace trace) {
        if (owner.capabilities().weak()) {
            return Look.NOT_LOOKED;
        }
        var look = switch (client.flavor(owner.endpoint(), owner.dialect(), offer.id(), trace)) {
            case Told.Yes<Flavor>(var there) -> there.available() ? Look.THERE : Look.GONE;
            case Told.No<Flavor>(var status, var _, var _) ->
                status == 404 || status == 410 ? Look.GONE : Look.NOT_LOOKED;
            case Told.Silent<Flavor> _ -> Look.NOT_LOOKED;
        };
        database.inTransaction(tx -> engine.resources().find(tx, owner.id()).map(resource -> {
            engine.journal().step(tx, resource, trace, Role.SC, StepNumber.OFFER_VERIFIED, offer.id() + ": " + look);
            return true;
        }));
        return look;
    }

    /// As peers: those who are known, and some that the catalog makes known.
    private Map<NodeIdentity, Known> owners(Known catalog, List<Flavor> found, Trace trace) {
        var known = database.inTransaction(peers::known);
        Map<NodeIdentity, Known> owners = new HashMap<>();
        int strangers = 0;
        for (var owner : found.stream().map(Flavor::owner).distinct().toList()) {
            var peer = known.stream().filter(one -> isAt(one, owner)).findFirst();
            if (peer.isEmpty() && strangers < STRANGERS) {
                strangers++;
                peer = introduced(catalog, owner, trace);
            }
            peer.ifPresent(one -> owners.put(owner, one));
        }
        return owners;
    }

    private static boolean isAt(Known peer, NodeIdentity owner) {
        boolean named = peer.node().equals(Optional.of(owner.id()))
                && peer.capabilities().domain().equals(Optional.of(owner.domain()));
        return named || peer.endpoint().address().equalsIgnoreCase(owner.address());
    }

    /// Whoever the catalog knows by a key is asked by that key alone, if the catalog is asked so itself.
    private Optional<Known> introduced(Known catalog, NodeIdentity owner, Trace trace) {
        if (!(client.publisher(catalog.endpoint(), owner.id(), trace) instanceof Told.Yes<Registers>(var publisher))
                || !publisher.node().address().equalsIgnoreCase(owner.address())) {
            return Optional.empty();
        }
        var key = publisher.key().filter(_ -> catalog.endpoint().secure());
        if (catalog.endpoint().secure() && key.isEmpty()) {
            return Optional.empty();
        }
        var wish = new Peers.Wish(
                Optional.of(owner.id()), owner.address(), Optional.empty(), key, key.map(_ -> owner.domain()));
        return peers.introduce(wish, catalog.id()) instanceof Answer.Yes<Resource>(var added)
                ? database.inTransaction(tx -> peers.find(tx, added.id()))
                : Optional.empty();
    }

    /// Tells a catalog what came of something that was found there.
    private Outcome report(Step.Context context) throws IOException {
        var said = context.arguments();
        var catalog =
                database.inTransaction(tx -> peers.find(tx, context.resource().id()));
        if (catalog.isEmpty()) {
            return Outcome.done();
        }
        var trace = Trace.said(
                        said.path("trace").asStringOpt(), said.path("workflow").asStringOpt())
                .orElseThrow();
        var to = catalog.get().endpoint();
        boolean bought = said.has(Referrals.SELLER);
        var flavor = said.path(Referrals.FLAVOR).asString("");
        var told = bought
                ? client.rate(
                        to,
                        new Rated(
                                said.path(Referrals.SELLER).asString(""),
                                true,
                                true,
                                said.path(Referrals.SECONDS).asLong(0),
                                said.path(Referrals.VIOLATIONS).asInt(0),
                                Optional.empty()),
                        trace)
                : client.report(
                        to,
                        flavor,
                        CatalogText.Outcome.valueOf(said.path(Referrals.OUTCOME).asString("")),
                        Instant.parse(said.path(Referrals.AT).asString("")),
                        trace);
        if (told instanceof Told.Silent<Boolean>(var _, var why)) {
            throw new IOException(why);
        }
        var step = said.has(Referrals.SECONDS)
                ? StepNumber.RATED
                : bought ? StepNumber.RECEIPT_SENT : StepNumber.OFFER_REPORTED;
        return Outcome.done(tx -> engine.journal().step(tx, context.resource(), trace, Role.SC, step, flavor));
    }
}
