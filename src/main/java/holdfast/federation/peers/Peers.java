package holdfast.federation.peers;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.federation.peers.PeerCourse.News;
import holdfast.federation.peers.PeerCourse.State;
import holdfast.federation.trust.Pin;
import holdfast.federation.wire.Capabilities;
import holdfast.federation.wire.Dialect;
import holdfast.federation.wire.RearClient;
import holdfast.federation.wire.Told;
import holdfast.platform.CallbackPolicy;
import holdfast.platform.Database;
import holdfast.platform.Fanout;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Workflow;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// The peers: those that administrators have named, and those that came by themselves. Each is asked every 30 s what it
/// can do, which shows whether it is there.
public final class Peers {
    /// Whose records they are.
    public static final String ACTOR = "federation";

    private static final int MOST = 10_000;
    private static final int MOST_INTRODUCED = 1_000;
    private static final Duration EVERY = Duration.ofSeconds(30);
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private final Platform platform;
    private final Database database;
    private final Resources resources;
    private final RearClient client;
    private final NodeIdentity self;
    private final Reach reach;
    private final Fanout fanout;
    private final Ratings ratings;

    /// @param self this node, which is no peer of itself
    /// @param policy which addresses may be called
    public Peers(
            Platform platform,
            Database database,
            Engine engine,
            RearClient client,
            NodeIdentity self,
            CallbackPolicy policy,
            Fanout fanout) {
        this.platform = platform;
        this.database = database;
        this.resources = engine.resources();
        this.client = client;
        this.self = self;
        this.reach = new Reach(self, policy);
        this.fanout = fanout;
        this.ratings = new Ratings(platform);
        engine.tasks().add("peer.watch", EVERY, this::watch);
    }

    /// @param name how it is called here; empty: as its address
    /// @param address `host:port` of its gateway
    /// @param dialect empty: the one that nodes speak
    /// @param fingerprint of its key: it is asked by TLS then, and known by that key; empty: it is asked in clear
    /// @param domain that it is of, if its own word is not enough; only with a fingerprint
    public record Wish(
            Optional<String> name,
            String address,
            Optional<Dialect> dialect,
            Optional<String> fingerprint,
            Optional<String> domain) {
        /// One that proves nothing.
        public Wish(Optional<String> name, String address, Optional<Dialect> dialect) {
            this(name, address, dialect, Optional.empty(), Optional.empty());
        }
    }

    /// Adds a peer, and asks it at once: who does not answer is asked again and again. Not within a transaction.
    ///
    /// @return of type `peer`; refused if it is known, is this node, or may not be called
    public Answer<Resource> add(Wish wish, String project, String who) {
        return add(wish, project, who, Optional.empty());
    }

    /// Adds a peer of which a catalog has told: it is bought of, and not asked what it offers. Whoever was not
    /// heard for an hour is forgotten. Not within a transaction.
    ///
    /// @param catalog of type `peer`
    /// @return as of [#add]; a clash if there are a thousand such
    public Answer<Resource> introduce(Wish wish, UUID catalog) {
        long many = database.inTransaction(this::all).stream()
                .filter(peer -> peer.as(Peer.class).via().isPresent())
                .count();
        return many < MOST_INTRODUCED
                ? add(wish, Peer.NOBODY, ACTOR, Optional.of(catalog))
                : Answer.no(Refusal.clash("catalogs have made " + many + " peers known already"));
    }

    private Answer<Resource> add(Wish wish, String project, String who, Optional<UUID> via) {
        var address = wish.address().toLowerCase(Locale.ROOT);
        var wrong = wrong(address)
                .or(() -> Reach.wrong(wish))
                .or(() -> database.inTransaction(tx -> known(tx, address, wish.fingerprint())));
        if (wrong.isPresent()) {
            return Answer.no(wrong.get());
        }
        var fresh = new Peer(
                        address,
                        wish.dialect().orElse(Dialect.NODE),
                        wish.fingerprint().map(known -> new Peer.Key(known, wish.domain(), Optional.empty())))
                .madeKnown(via);
        var told = client.capabilities(fresh.endpoint(), trace());
        if (told instanceof Told.Yes<Capabilities>(var able) && isSelf(able)) {
            return Answer.no(Refusal.malformed(
                    "address", "address is " + address + ", which is this node itself: name another one"));
        }
        return database.inTransaction(tx -> {
            strangers(tx, address, wish.fingerprint()).forEach(peer -> remove(tx, peer.id(), who));
            var unheard = resources.fresh(
                    platform.newId(),
                    Peer.TYPE,
                    ACTOR,
                    Optional.empty(),
                    wish.name().orElse(address),
                    State.SUSPECT.word(),
                    project,
                    fresh);
            if (!resources.insert(tx, after(unheard, told), who, "added")) {
                return Answer.no(taken(address));
            }
            return Answer.yes(resources.find(tx, unheard.id()).orElseThrow());
        });
    }

    /// Those with that address or key that nobody has named: who names them knows better.
    private List<Resource> strangers(Tx tx, String address, Optional<String> fingerprint) {
        return all(tx).stream()
                .filter(Peers::isAStranger)
                .filter(peer -> peer.as(Peer.class).address().equals(address)
                        || fingerprint.filter(peer.as(Peer.class)::hasKey).isPresent())
                .toList();
    }

    private static boolean isAStranger(Resource peer) {
        return peer.project().equals(Peer.NOBODY) && peer.as(Peer.class).found().isPresent();
    }

    /// Why an address is none that this node may call; empty if it may.
    Optional<Refusal> wrong(String address) {
        return reach.wrong(address);
    }

    private Optional<Refusal> known(Tx tx, String address, Optional<String> fingerprint) {
        var peers = all(tx).stream()
                .filter(peer -> !isAStranger(peer))
                .map(peer -> peer.as(Peer.class))
                .toList();
        if (peers.stream().anyMatch(peer -> peer.address().equals(address))) {
            return Optional.of(taken(address));
        }
        return fingerprint
                .filter(key -> peers.stream()
                        .anyMatch(peer -> peer.key()
                                .filter(known -> known.fingerprint().equals(key))
                                .isPresent()))
                .map(key -> Refusal.clash("a peer with the key " + key + " is known already; remove that one first"));
    }

    private static Refusal taken(String address) {
        return Refusal.clash("a peer with address " + address + " is known already; remove that one first");
    }

    private boolean isSelf(Capabilities able) {
        return able.nodeId().equals(Optional.of(self.id())) && able.domain().equals(Optional.of(self.domain()));
    }

    /// Forgets a peer. Contracts with it live on.
    ///
    /// @return [Refusal.Kind#NOT_THERE] if there is none
    public Answer<Resource> remove(Tx tx, UUID id, String who) {
        return locked(tx, id)
                .map(peer -> {
                    var next = PeerCourse.after(State.of(peer.state()), News.REMOVED);
                    var gone = peer.withState(next.word(), Optional.empty()).removedAt(platform.now());
                    return Answer.yes(resources.update(tx, peer.state(), gone, who, "removed"));
                })
                .orElseGet(() -> Answer.no(Refusal.notThere("there is no peer " + id)));
    }

    /// All of them, in the order in which they were added.
    public List<Known> known(Tx tx) {
        return all(tx).stream().map(Peers::known).toList();
    }

    /// Those that are up and not left alone after failures, in the order in which they were added.
    public List<Known> reachable(Tx tx) {
        var now = platform.now();
        return all(tx).stream()
                .filter(peer -> peer.state().equals(State.UP.word()))
                .filter(peer -> !peer.as(Peer.class).breaker().isOpen(now))
                .filter(peer -> !peer.as(Peer.class).isFlagged())
                .filter(peer -> peer.as(Peer.class).via().isEmpty())
                .map(Peers::known)
                .filter(peer -> peer.member().map(here -> here.isLive(now)).orElse(true))
                .toList();
    }

    /// Those that are not asked, since they did not answer before.
    public List<Known> silent(Tx tx) {
        var now = platform.now();
        return all(tx).stream()
                .filter(peer -> peer.as(Peer.class).isDealtWith())
                .filter(peer -> peer.as(Peer.class).via().isEmpty())
                .filter(peer -> !peer.state().equals(State.UP.word())
                        || peer.as(Peer.class).breaker().isOpen(now))
                .map(Peers::known)
                .toList();
    }

    /// A peer in whatever state, removed or not.
    public Optional<Known> find(Tx tx, UUID peer) {
        return resources
                .find(tx, peer)
                .filter(resource -> resource.type().equals(Peer.TYPE))
                .map(Peers::known);
    }

    /// For how long a peer that is down was not heard; empty for others.
    public Optional<Duration> silence(Tx tx, UUID id) {
        return resources
                .find(tx, id)
                .filter(peer -> peer.state().equals(State.DOWN.word()))
                .map(peer -> Duration.between(peer.as(Peer.class).heard().orElse(peer.created()), platform.now()));
    }

    /// Those who are known by a key that counts.
    public List<Pin> pins(Tx tx) {
        return all(tx).stream()
                .flatMap(peer -> peer.as(Peer.class).pin(self.domain()).stream())
                .toList();
    }

    /// Something that its key should have signed was not signed with it. The peer is asked nothing any more, and
    /// what it proves counts for nothing, until administrators remove it and add it anew.
    ///
    /// @param why for people
    public void flag(Tx tx, UUID id, String why) {
        locked(tx, id)
                .filter(peer -> !peer.as(Peer.class).isFlagged())
                .ifPresent(peer -> resources.update(
                        tx,
                        peer.state(),
                        peer.withData(peer.as(Peer.class).flagged(why)),
                        ACTOR,
                        "its key counts no more: " + why));
    }

    /// This node.
    public NodeIdentity self() {
        return self;
    }

    /// What is thought of them.
    public Ratings ratings() {
        return ratings;
    }

    /// It has done what was asked of it, or said no for a good reason.
    public void served(Tx tx, UUID peer) {
        change(tx, peer, record -> record.breaker().equals(Breaker.CLOSED) ? record : record.with(Breaker.CLOSED));
    }

    /// It failed: did not answer, or not in REAR, or with a fault of its own.
    public void failed(Tx tx, UUID peer) {
        change(tx, peer, record -> record.with(record.breaker().failed(platform.now())));
    }

    private void change(Tx tx, UUID id, UnaryOperator<Peer> change) {
        locked(tx, id).ifPresent(peer -> {
            var before = peer.as(Peer.class);
            var after = change.apply(before);
            if (!after.equals(before)) {
                resources.update(tx, peer.state(), peer.withData(after), ACTOR, "asked");
            }
        });
    }

    /// Asks all of them whether they are there: those first that were there last time.
    ///
    /// @return what came of it, for people
    public String watch() {
        var peers = database.inTransaction(this::all).stream()
                .filter(peer -> peer.as(Peer.class).isDealtWith())
                .sorted(Comparator.comparingInt(peer -> peer.as(Peer.class).missed()))
                .toList();
        var told = fanout.each(
                peers, EVERY, peer -> client.capabilities(known(peer).endpoint(), trace()));
        int up = 0;
        for (int i = 0; i < peers.size(); i++) {
            var id = peers.get(i).id();
            var heard = told.get(i);
            if (heard.isPresent() && database.inTransaction(tx -> noted(tx, id, heard.get()))) up++;
        }
        return up + " of " + peers.size() + " peers are up";
    }

    /// @return whether it is up
    private boolean noted(Tx tx, UUID id, Told<Capabilities> told) {
        return locked(tx, id)
                .map(peer -> resources.update(tx, peer.state(), after(peer, told), ACTOR, "asked whether it is there"))
                .filter(peer -> peer.state().equals(State.UP.word()))
                .isPresent();
    }

    /// What a peer is after it was asked what it can do. Another node of our own name is none.
    private Resource after(Resource peer, Told<Capabilities> told) {
        return switch (told) {
            case Told.Yes<Capabilities>(var able) when isSelf(able) -> missed(peer, "it says that it is this node");
            case Told.Yes<Capabilities>(var able) -> {
                var record = peer.as(Peer.class).answered(able, platform.now());
                yield peer.withData(record).withState(next(peer, News.ANSWERED), Optional.empty());
            }
            case Told.No<Capabilities>(var _, var why, var _) -> missed(peer, why.message());
            case Told.Silent<Capabilities>(var _, var why) -> missed(peer, why);
        };
    }

    private Resource missed(Resource peer, String why) {
        var record = peer.as(Peer.class).missedOnce();
        var since = record.heard().orElse(peer.created());
        var silent = Duration.between(since, platform.now());
        if (record.via().isPresent() && silent.compareTo(REMEMBERED) > 0) {
            return peer.withState(
                            PeerCourse.after(State.of(peer.state()), News.REMOVED)
                                    .word(),
                            Optional.of(why))
                    .removedAt(platform.now());
        }
        var news = PeerCourse.missed(record.missed(), silent);
        return peer.withData(record).withState(next(peer, news), Optional.of(why));
    }

    /// Asks one whether it is there. Not within a transaction.
    void ask(UUID id) {
        database.inTransaction(tx -> resources.find(tx, id)).ifPresent(peer -> {
            var told = client.capabilities(known(peer).endpoint(), trace());
            database.inTransaction(tx -> noted(tx, id, told));
        });
    }

    /// A member says itself that it is there; a stranger must do both, say so and answer.
    private String next(Resource peer, News news) {
        var record = peer.as(Peer.class);
        var told = record.member()
                .map(here -> here.isLive(platform.now()) ? News.ANSWERED : News.SILENT)
                .or(() -> record.found().filter(how -> !how.live()).map(_ -> News.SILENT))
                .orElse(news);
        return PeerCourse.after(State.of(peer.state()), told).word();
    }

    List<Resource> all(Tx tx) {
        return resources.ofType(tx, Peer.TYPE, MOST);
    }

    private Optional<Resource> locked(Tx tx, UUID id) {
        return resources
                .lock(tx, id)
                .filter(peer -> peer.type().equals(Peer.TYPE) && peer.removed().isEmpty());
    }

    static Known known(Resource peer) {
        var record = peer.as(Peer.class);
        return new Known(
                peer.id(),
                peer.name(),
                record.endpoint(),
                record.dialect(),
                record.capabilities(),
                State.of(peer.state()),
                record.member());
    }

    private Trace trace() {
        return new Trace(platform.newId().toString(), Workflow.W1);
    }
}
