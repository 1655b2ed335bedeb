package holdfast.federation.peers;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.Signal;
import holdfast.federation.peers.PeerCourse.State;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.StepNumber;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Workflow.Role;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/// The nodes of the domain, as its supernode knows them (fluidos.md 4.2 steps 1 and 2): peers that have joined by
/// themselves, and that count as there for as long as they say so.
public final class Members {
    private static final int SHORTEST = 10;
    private static final int LONGEST = 600;
    private static final int MOST = 10_000;

    private final Platform platform;
    private final Database database;
    private final Engine engine;
    private final Peers peers;
    private final NodeIdentity self;
    private final Signal joined = new Signal();

    /// @param self the supernode
    public Members(Platform platform, Database database, Engine engine, Peers peers, NodeIdentity self) {
        this.platform = platform;
        this.database = database;
        this.engine = engine;
        this.peers = peers;
        this.self = self;
    }

    /// A node joins, or says that it is still there. Not within a transaction: a new one is asked what it can do.
    ///
    /// @param key the fingerprint of a peer, which it has proved; empty where nobody proves anything
    /// @param ttlSeconds so long it counts as there; made to be from 10 to 600
    /// @return of type `peer`; [Refusal.Kind#NOT_YOURS] for a node of another domain and for one whose name is that
    ///     of another key, MALFORMED if it cannot be called
    public Answer<Resource> join(NodeIdentity node, String key, int ttlSeconds, Trace trace) {
        if (!node.domain().equals(self.domain())) {
            return Answer.no(Refusal.notYours("node " + node.id() + " is of domain " + node.domain()
                    + ", and this is the supernode of " + self.domain()));
        }
        if (database.inTransaction(tx -> isAnother(tx, node.id(), key))) {
            return Answer.no(another(node.id()));
        }
        int ttl = Math.clamp(ttlSeconds, SHORTEST, LONGEST);
        return database.inTransaction(tx -> known(tx, node, key).map(peer -> keep(tx, peer, node, ttl, trace)))
                .map(Answer::yes)
                .orElseGet(() -> peers.add(
                                new Peers.Wish(Optional.of(node.id()), node.address(), Optional.empty()),
                                Peer.NOBODY,
                                node.id())
                        .map(added -> database.inTransaction(tx -> keep(tx, added.id(), node, ttl, trace))));
    }

    /// Raised when a node has joined that was not there before.
    public Signal joined() {
        return joined;
    }

    private boolean isAnother(Tx tx, String node, String key) {
        return find(tx, node)
                .filter(peer -> !peer.as(Peer.class).isKnownBy(key))
                .isPresent();
    }

    private static Refusal another(String node) {
        return Refusal.notYours("node " + node + " is known by another key: only that node itself may say it");
    }

    /// The one with that key; where none is proved, one that has joined under that name, or was added at that
    /// address.
    private Optional<UUID> known(Tx tx, NodeIdentity node, String key) {
        var all = engine.resources().ofType(tx, Peer.TYPE, MOST);
        if (!key.isEmpty()) {
            return all.stream()
                    .filter(peer -> peer.as(Peer.class).hasKey(key))
                    .findFirst()
                    .map(Resource::id);
        }
        return all.stream()
                .filter(peer -> isMember(peer, node.id()))
                .findFirst()
                .or(() -> all.stream()
                        .filter(peer -> peer.as(Peer.class).address().equals(address(node)))
                        .findFirst())
                .map(Resource::id);
    }

    private static String address(NodeIdentity node) {
        return node.address().toLowerCase(Locale.ROOT);
    }

    private static boolean isMember(Resource peer, String node) {
        return peer.as(Peer.class)
                .member()
                .filter(here -> here.node().equals(node))
                .isPresent();
    }

    private Resource keep(Tx tx, UUID id, NodeIdentity node, int ttl, Trace trace) {
        var now = platform.now();
        var peer = engine.resources().lock(tx, id).orElseThrow();
        var before = peer.as(Peer.class).member();
        var member = before.map(here -> here.again(ttl, now)).orElseGet(() -> new Membership(node.id(), ttl, now, now));
        var next = peer.withData(peer.as(Peer.class).with(address(node), member))
                .withState(State.UP.word(), Optional.empty());
        var kept = engine.resources().update(tx, peer.state(), next, node.id(), "is there");
        if (before.isEmpty()) {
            tx.afterCommit(joined::raise);
            engine.journal().step(tx, kept, trace, Role.SC, StepNumber.JOINED, "node " + node.id());
        } else if (before.get().kept().equals(before.get().joined())) {
            engine.journal().step(tx, kept, trace, Role.SC, StepNumber.KEPT_ALIVE, "node " + node.id());
        }
        return kept;
    }

    /// A node leaves. One that an administrator has added stays a peer.
    ///
    /// @param key as for [#join]
    /// @return [Refusal.Kind#NOT_THERE] if it is none of the domain, [Refusal.Kind#NOT_YOURS] if it has another key
    public Answer<Resource> leave(Tx tx, String node, String key) {
        var found = find(tx, node);
        if (found.isEmpty()) {
            return Answer.no(Refusal.notThere("there is no member " + node));
        }
        if (isAnother(tx, node, key)) {
            return Answer.no(another(node));
        }
        if (found.get().project().equals(Peer.NOBODY)) {
            return peers.remove(tx, found.get().id(), node);
        }
        var peer = engine.resources().lock(tx, found.get().id()).orElseThrow();
        return Answer.yes(engine.resources()
                .update(tx, peer.state(), peer.withData(peer.as(Peer.class).left()), node, "left the domain"));
    }

    /// The record of a member.
    public Optional<Resource> find(Tx tx, String node) {
        return engine.resources().ofType(tx, Peer.TYPE, MOST).stream()
                .filter(peer -> isMember(peer, node))
                .findFirst();
    }

    /// Those that are there, in the order in which they came.
    public List<Known> live(Tx tx) {
        return all(tx).stream()
                .filter(peer -> peer.member()
                        .filter(here -> here.isLive(platform.now()))
                        .isPresent())
                .toList();
    }

    /// All of them, there or not.
    public List<Known> all(Tx tx) {
        return engine.resources().list(tx, Resources.typed(Peer.TYPE).and(Resources.present()), MOST).stream()
                .map(Peers::known)
                .filter(peer -> peer.member().isPresent())
                .toList();
    }
}
