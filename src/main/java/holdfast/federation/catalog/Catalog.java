package holdfast.federation.catalog;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.federation.catalog.Shelf.Publisher;
import holdfast.federation.choice.Rating.Seen;
import holdfast.federation.discovery.Candidate;
import holdfast.federation.discovery.CandidateCourse;
import holdfast.federation.peers.Peers;
import holdfast.federation.resale.Supernode;
import holdfast.federation.wire.CatalogClient;
import holdfast.federation.wire.CatalogText;
import holdfast.federation.wire.CatalogText.Rated;
import holdfast.federation.wire.CatalogText.Registers;
import holdfast.federation.wire.CatalogText.Signed;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.Notary;
import holdfast.protocol.rear.Provenance;
import holdfast.protocol.rear.Publication;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Signatures;
import holdfast.protocol.rear.StepNumber;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// What a catalog does (fluidos.md 4.4, 6.10): it keeps what others publish for as long as that may be believed, and
/// tells it to those who may hear of it. It offers nothing of its own.
public final class Catalog {
    /// A catalog never answers from what is older.
    private static final Duration SWEEP = Duration.ofSeconds(10);

    private static final Duration SKEW = Duration.ofSeconds(60);
    private static final int AT_ONCE = 10_000;

    private final Platform platform;
    private final Database database;
    private final Peers peers;
    private final Optional<Notary> notary;
    private final Optional<Supernode> broker;
    private final Shelf shelf;
    private final Publishers publishers;
    private final Doubts doubts;

    /// @param notary looks who has signed what is published; empty: nobody looks
    /// @param broker by which it stands between (`brokered`); empty: it only tells whose an offer is (`referral`)
    public Catalog(
            Platform platform,
            Database database,
            Engine engine,
            Peers peers,
            CatalogClient client,
            Optional<Notary> notary,
            Optional<Supernode> broker) {
        this.platform = platform;
        this.database = database;
        this.peers = peers;
        this.notary = notary;
        this.broker = broker;
        this.shelf = new Shelf(platform);
        this.publishers = new Publishers(platform, database, peers, shelf);
        this.doubts = new Doubts(platform, database, engine, peers, client, shelf);
        engine.tasks().add("catalog.sweep", SWEEP, this::sweep);
        broker.ifPresent(between -> between.echoes().refusals(this::refused));
    }

    /// Registers a publisher. Not within a transaction.
    public Answer<Boolean> register(Asker asker, Registers wish) {
        return publishers.register(asker, wish);
    }

    /// Who publishes under an id.
    public Optional<Registers> publisher(Tx tx, String node) {
        return shelf.find(tx, node).map(known -> new Registers(known.node(), known.key(), known.visibility()));
    }

    /// Forgets a publisher and all that it has published.
    ///
    /// @return NOT_THERE if there is none, NOT_YOURS if it is another
    public Answer<Boolean> unregister(Tx tx, Asker asker, String node) {
        return mine(tx, asker, node).map(publisher -> {
            shelf.remove(tx, publisher);
            return true;
        });
    }

    private Answer<Publisher> mine(Tx tx, Asker asker, String node) {
        return shelf.lock(tx, node)
                .map(publisher -> asker.key().isEmpty() || publisher.key().equals(Optional.of(asker.key()))
                        ? Answer.yes(publisher)
                        : Answer.<Publisher>no(
                                Refusal.notYours("publisher " + node + " is known by another key than yours")))
                .orElseGet(() -> Answer.no(Refusal.notThere("there is no publisher " + node + ": register first")));
    }

    /// Takes what is published.
    ///
    /// @return whether it was new; NOT_YOURS if it is not for that publisher to say, or was signed with another
    ///     key,
    ///     which is flagged then; CLASH if something newer is known
    public Answer<Boolean> publish(Tx tx, Asker asker, Signed signed) {
        var said = signed.publication();
        return mine(tx, asker, said.publisher()).flatMap(publisher -> {
            var no = Publishers.fault(publisher)
                    .or(() -> forged(tx, asker, publisher, signed))
                    .or(() -> untimely(said, publisher));
            return no.<Answer<Boolean>>map(Answer::no).orElseGet(() -> judged(tx, said, publisher));
        });
    }

    /// Whatever is signed with a wrong key flags the key of who brought it; where nobody proves one, that of the
    /// publisher: which of the two it was cannot be told.
    private Optional<Refusal> forged(Tx tx, Asker asker, Publisher publisher, Signed signed) {
        if (notary.isEmpty() || publisher.key().isEmpty()) {
            return Optional.empty();
        }
        if (signed.jws().isEmpty()) {
            return Optional.of(Refusal.notYours("it is not signed: send jws"));
        }
        return notary.get()
                .fault(
                        Signatures.text(signed.publication()),
                        signed.jws().get(),
                        publisher.key().get())
                .map(fault -> {
                    var why = "flavor " + signed.publication().flavor().id() + ": " + fault;
                    shelf.keep(tx, publisher.flagged(why));
                    if (!asker.key().isEmpty()) {
                        peers.flag(tx, publisher.peer(), why);
                    }
                    return Refusal.notYours(fault);
                });
    }

    private Optional<Refusal> untimely(Publication said, Publisher publisher) {
        var now = platform.now();
        if (said.asOf().isAfter(now.plus(SKEW))) {
            return Optional.of(Refusal.malformed("asOf", "asOf is " + said.asOf() + ", and here it is " + now));
        }
        return expires(said, publisher).isAfter(now)
                ? Optional.empty()
                : Optional.of(Refusal.clash("it is stale: it is of " + said.asOf() + ", and here it is " + now));
    }

    private static Instant expires(Publication said, Publisher publisher) {
        return said.asOf().plus(publisher.honesty().ttl(said.ttl()));
    }

    private Answer<Boolean> judged(Tx tx, Publication said, Publisher publisher) {
        var known = shelf.word(tx, said.flavor().id());
        return switch (Verdict.of(known.map(Shelf.Word::said), said)) {
            case Verdict.Newer() -> {
                if (known.isEmpty() && shelf.isFull(tx, said.publisher())) {
                    yield Answer.no(Refusal.clash("there are " + Shelf.MOST + " offers of " + said.publisher()
                            + " already: withdraw some first"));
                }
                shelf.keep(tx, said, expires(said, publisher));
                yield Answer.yes(true);
            }
            case Verdict.Same() -> Answer.yes(false);
            case Verdict.Stale(var why) -> Answer.no(Refusal.clash(why));
            case Verdict.Otherwise(var why) -> Answer.no(Refusal.clash(why));
            case Verdict.NotIts(var why) -> Answer.no(Refusal.notYours(why));
        };
    }

    /// Takes an offer back at once.
    ///
    /// @return NOT_THERE if there is none of that publisher, NOT_YOURS if it is another
    public Answer<Boolean> withdraw(Tx tx, Asker asker, String publisher, String flavor) {
        return mine(tx, asker, publisher)
                .flatMap(_ -> shelf.withdraw(tx, publisher, flavor)
                        ? Answer.yes(true)
                        : Answer.no(Refusal.notThere("there is no offer " + flavor + " of " + publisher)));
    }

    /// What matches and may be told: that of the best publishers first, see [Shown#ranked].
    ///
    /// @param domain of who asks; empty if it is not known
    /// @param suspect whether what may be stale is wanted, too
    /// @param trace under which steps are noted; empty if nobody follows them
    public List<Flavor> list(
            Tx tx, Optional<Selector> selector, String domain, boolean suspect, Optional<Trace> trace) {
        var now = platform.now();
        var may = shelf.all(tx, selector).stream()
                .filter(one -> one.isFor(domain))
                .filter(one -> isTold(one.freshness(now), suspect))
                .toList();
        var ranked = Shown.ranked(may, now);
        if (!ranked.isEmpty()) {
            var peer = ranked.getFirst().peer();
            trace.ifPresent(some -> {
                doubts.note(tx, peer, some, StepNumber.CATALOG_MATCHED, ranked.size() + " offers match");
                doubts.note(tx, peer, some, StepNumber.LIST_ANSWERED, ranked.size() + " offers");
            });
        }
        return told(tx, ranked);
    }

    private static boolean isTold(Freshness freshness, boolean suspect) {
        return switch (freshness) {
            case LIVE -> true;
            case SUSPECT -> suspect;
            case EXPIRED -> false;
        };
    }

    /// Under the publisher's name, or under ours if we stand between; with their age.
    private List<Flavor> told(Tx tx, List<Shown> all) {
        return broker.map(between ->
                        between.sell(tx, all.stream().map(this::candidate).toList()))
                .orElseGet(() -> all.stream().map(this::dated).toList());
    }

    private Candidate candidate(Shown one) {
        return new Candidate(
                one.peer(),
                dated(one),
                CandidateCourse.State.FRESH,
                one.published().asOf());
    }

    private Flavor dated(Shown one) {
        var flavor = one.published().flavor();
        var from = Provenance.of(flavor);
        var here = new Provenance(
                from.tag(),
                Optional.of(from.node().orElse(flavor.owner().id())),
                from.domain().or(() -> Optional.of(flavor.owner().domain())),
                Optional.of(from.flavor().orElse(flavor.id())),
                from.path(),
                Optional.of(one.published().asOf()),
                Optional.of(one.expires()),
                Optional.of(peers.self().id()));
        return flavor.of(here.in(flavor.kind()));
    }

    /// What is told under a name.
    ///
    /// @return empty if nothing is, or not to that domain
    public Optional<Flavor> find(Tx tx, String name, String domain) {
        var known = broker.map(between -> between.heard(tx, name)).orElse(Optional.of(name));
        return known.flatMap(flavor -> shelf.one(tx, flavor))
                .filter(one -> one.isFor(domain))
                .filter(one -> one.freshness(platform.now()) != Freshness.EXPIRED)
                .map(one -> told(tx, List.of(one)).getFirst());
    }

    /// A part of what is published.
    ///
    /// @param last the name after which the next one begins; empty if there is no more
    public record Page(List<Shown> offers, Optional<String> last) {
        public Page {
            offers = List.copyOf(offers);
        }
    }

    /// A page of what is published and may be told to that domain, by name.
    ///
    /// @param after the name that the last page ended with; empty for the first
    /// @param limit of what is looked at for it
    public Page page(
            Tx tx, String domain, Optional<String> publisher, Optional<Freshness> state, String after, int limit) {
        var now = platform.now();
        var looked = shelf.page(tx, publisher, after, limit);
        return new Page(
                looked.stream()
                        .filter(one -> one.isFor(domain))
                        .filter(one -> state.isEmpty() || state.get() == one.freshness(now))
                        .toList(),
                looked.size() < limit
                        ? Optional.empty()
                        : Optional.of(looked.getLast().published().flavor().id()));
    }

    /// Somebody could not have what it found here: it is doubted, and its owner asked.
    ///
    /// @return NOT_THERE if it is not known
    public Answer<Boolean> report(Tx tx, String name, CatalogText.Outcome outcome, Trace trace) {
        var known = broker.map(between -> between.heard(tx, name)).orElse(Optional.of(name));
        return known.flatMap(flavor -> shelf.one(tx, flavor))
                .map(one -> {
                    doubts.doubt(tx, one.peer(), one.published().flavor().id(), outcome, trace);
                    return Answer.yes(true);
                })
                .orElseGet(() -> Answer.no(Refusal.notThere("there is no offer " + name)));
    }

    /// The same of what could not be had below.
    private void refused(Tx tx, UUID peer, String flavor, CatalogText.Outcome outcome, Trace trace) {
        shelf.one(tx, flavor)
                .filter(one -> one.peer().equals(peer))
                .ifPresent(_ -> doubts.doubt(tx, peer, flavor, outcome, trace));
    }

    /// How a purchase went.
    ///
    /// @return NOT_THERE if nobody publishes under that name
    public Answer<Boolean> rate(Tx tx, Rated rated) {
        if (shelf.find(tx, rated.publisher()).isEmpty()) {
            return Answer.no(Refusal.notThere("there is no publisher " + rated.publisher()));
        }
        var what = rated.violations() > 0 ? Seen.BROKEN : rated.purchaseOk() ? Seen.KEPT : Seen.REFUSED;
        doubts.seen(tx, rated.publisher(), true, what);
        return Answer.yes(true);
    }

    /// Forgets what has expired.
    ///
    /// @return what came of it, for people
    public String sweep() {
        var gone = database.inTransaction(tx -> {
            var whose = shelf.sweep(tx, AT_ONCE);
            whose.stream()
                    .distinct()
                    .forEach(peer ->
                            doubts.note(tx, peer, trace(), StepNumber.OFFERS_SWEPT, "what it published expired"));
            return whose;
        });
        return gone.size() + " offers expired";
    }

    private Trace trace() {
        return new Trace(platform.newId().toString(), Workflow.W4);
    }
}
