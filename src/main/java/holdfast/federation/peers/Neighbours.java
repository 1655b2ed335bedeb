package holdfast.federation.peers;

import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.federation.peers.NeighbourCourse.Heard;
import holdfast.federation.peers.NeighbourCourse.Standing;
import holdfast.federation.peers.NeighbourCourse.Turn;
import holdfast.federation.peers.NeighbourCourse.Verdict;
import holdfast.federation.peers.Peer.Found;
import holdfast.federation.peers.PeerCourse.News;
import holdfast.federation.peers.PeerCourse.State;
import holdfast.federation.wire.Announcement;
import holdfast.federation.wire.Dialect;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiPredicate;

/// Peers that nobody has named: they have announced themselves (fluidos.md 3.9, 5.7). What becomes of an announcement
/// is decided by [NeighbourCourse]; this carries it out.
public final class Neighbours {
    private static final String WHO = "announcement";

    private final Platform platform;
    private final Database database;
    private final Resources resources;
    private final Peers peers;
    private final Policy policy;
    private final BiPredicate<Tx, UUID> needed;

    /// Which of them are dealt with.
    public enum Policy {
        /// None: administrators look at the list, and name whom they want.
        NONE,
        /// Those that sign what they say. They are asked by TLS, and known by that key.
        SIGNED,
        /// Those that prove nothing, too, which may be anybody.
        ALL;

        /// As it is written in the settings.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        private boolean trusts(Optional<String> key) {
            return this == ALL || this == SIGNED && key.isPresent();
        }
    }

    /// @param needed whether a peer is one with which a contract lives: it is not forgotten then
    public Neighbours(
            Platform platform,
            Database database,
            Engine engine,
            Peers peers,
            Policy policy,
            BiPredicate<Tx, UUID> needed) {
        this.platform = platform;
        this.database = database;
        this.resources = engine.resources();
        this.peers = peers;
        this.policy = policy;
        this.needed = needed;
    }

    /// What came of an announcement.
    ///
    /// @param peer whom it was about; empty if none
    public record Met(Verdict verdict, Optional<UUID> peer) {}

    /// Somebody announces itself. One that is dealt with is asked at once who it is. Not within a transaction.
    ///
    /// @param key the fingerprint of that with which it is signed, which was looked at; empty if it proves nothing
    /// @param way such as `lan`
    public Met meet(Announcement announced, Optional<String> key, String way) {
        var node = announced.node();
        var heard = new Heard(node.id(), node.domain(), node.address().toLowerCase(Locale.ROOT), key, announced.seq());
        if (peers.wrong(heard.address()).isPresent()) {
            return new Met(Verdict.ANOTHER, Optional.empty());
        }
        var met = database.inTransaction(tx -> {
            var turn = NeighbourCourse.after(heard, standing(tx), policy == Policy.ALL);
            return new Met(turn.verdict(), carry(tx, heard, way, turn));
        });
        met.peer().filter(_ -> isNews(met.verdict())).filter(this::isDealtWith).ifPresent(peers::ask);
        return met;
    }

    private static boolean isNews(Verdict verdict) {
        return switch (verdict) {
            case NEW, SAME, MOVED, PROVED -> true;
            case OLD, ANOTHER, TAKEN, UNPROVED, FULL -> false;
        };
    }

    private boolean isDealtWith(UUID id) {
        return database.inTransaction(tx -> resources.find(tx, id))
                .filter(peer -> peer.as(Peer.class).isDealtWith())
                .isPresent();
    }

    private List<Standing> standing(Tx tx) {
        return peers.all(tx).stream().map(Neighbours::standing).toList();
    }

    private static Standing standing(Resource resource) {
        var peer = resource.as(Peer.class);
        var known = Peers.known(resource);
        return new Standing(
                resource.id(),
                peer.found().isEmpty() || peer.member().isPresent(),
                peer.found().map(Found::node).or(known::node),
                peer.found().map(Found::domain).or(() -> peer.capabilities().domain()),
                peer.address(),
                peer.key().map(Peer.Key::fingerprint),
                peer.found().map(Found::seq).orElse(0L));
    }

    /// @return whom it was about
    private Optional<UUID> carry(Tx tx, Heard heard, String way, Turn turn) {
        var how = new Found(heard.node(), heard.domain(), way, policy.trusts(heard.key()), true, heard.seq());
        return switch (turn.verdict()) {
            case NEW -> {
                var unknown = new Peer(heard.address(), Dialect.NODE, Optional.empty());
                var fresh = resources.fresh(
                        platform.newId(),
                        Peer.TYPE,
                        Peers.ACTOR,
                        Optional.empty(),
                        heard.node(),
                        State.SUSPECT.word(),
                        Peer.NOBODY,
                        unknown.found(heard.address(), heard.key(), how));
                yield resources.insert(tx, fresh, WHO, "found in the " + way)
                        ? Optional.of(fresh.id())
                        : Optional.empty(); // somebody has named it meanwhile
            }
            case SAME, MOVED, PROVED -> {
                resources.lock(tx, turn.peer().orElseThrow()).ifPresent(peer -> there(tx, peer, heard, how));
                yield turn.peer();
            }
            case OLD, ANOTHER, TAKEN, UNPROVED, FULL -> turn.peer();
        };
    }

    /// What somebody has named stays as it was named, but for the address that its key has said.
    private void there(Tx tx, Resource resource, Heard heard, Found how) {
        var peer = resource.as(Peer.class);
        var next = peer.found().isEmpty() ? peer.moved(heard.address()) : peer.found(heard.address(), heard.key(), how);
        if (!next.equals(peer)) {
            resources.update(tx, resource.state(), resource.withData(next), WHO, "is at " + heard.address());
        }
    }

    /// Those that nobody has named.
    ///
    /// @param way on which they were heard last
    public List<UUID> all(String way) {
        return database.inTransaction(tx -> peers.all(tx).stream()
                .filter(peer -> isHeardBy(peer, way))
                .map(Resource::id)
                .toList());
    }

    private static boolean isHeardBy(Resource peer, String way) {
        return peer.as(Peer.class).found().filter(how -> how.way().equals(way)).isPresent();
    }

    /// One was not heard for a while.
    ///
    /// @param way on which it was not
    /// @return whether it is known still
    public boolean silent(UUID id, String way, Duration silence, Duration every, Duration ttl) {
        return NeighbourCourse.silent(silence, every, ttl)
                .map(news -> database.inTransaction(tx -> silent(tx, id, way, news)))
                .orElse(true);
    }

    private boolean silent(Tx tx, UUID id, String way, News news) {
        var found = resources.lock(tx, id).filter(peer -> peer.removed().isEmpty());
        if (found.filter(peer -> isHeardBy(peer, way)).isEmpty()) {
            return false; // removed, named by somebody, or heard on another way
        }
        if (news == News.REMOVED
                && !needed.test(tx, id)
                && found.get().as(Peer.class).member().isEmpty()) {
            peers.remove(tx, id, WHO);
            return false;
        }
        var peer = found.get();
        var record = peer.as(Peer.class);
        var heard = news == News.REMOVED ? News.SILENT : news;
        var how = record.found().orElseThrow().live(heard != News.SILENT);
        var next = peer.withData(record.found(record.address(), record.key().map(Peer.Key::fingerprint), how))
                .withState(PeerCourse.after(State.of(peer.state()), heard).word(), Optional.of("it is not heard"));
        if (!next.state().equals(peer.state()) || !next.data().equals(peer.data())) {
            resources.update(tx, peer.state(), next, WHO, "it is not heard");
        }
        return true;
    }
}
