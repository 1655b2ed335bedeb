package holdfast.federation.domain;

import holdfast.core.Answer;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.federation.peers.Peers;
import holdfast.federation.wire.Endpoint;
import holdfast.federation.wire.RearClient;
import holdfast.federation.wire.Told;
import holdfast.platform.Platform;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Workflow;
import java.time.Duration;
import java.util.Optional;

/// A node's side of its domain (fluidos.md 4.2 steps 1 and 2): it joins the supernode and says every 30 s that it is
/// still there. The supernode is a peer of it from then on.
public final class Joining {
    static final Duration EVERY = Duration.ofSeconds(30);

    /// So long the supernode may count it as there.
    private static final int TTL_SECONDS = 90;

    private final Platform platform;
    private final RearClient client;
    private final Peers peers;
    private final NodeIdentity self;
    private final String supernode;
    private final Optional<String> key;

    /// @param self whom others reach at the address in it
    /// @param supernode `host:port` of its gateway
    /// @param key its fingerprint; empty if it proves nothing
    public Joining(
            Platform platform,
            Engine engine,
            RearClient client,
            Peers peers,
            NodeIdentity self,
            String supernode,
            Optional<String> key) {
        this.platform = platform;
        this.client = client;
        this.peers = peers;
        this.self = self;
        this.supernode = supernode;
        this.key = key;
        engine.tasks().add("domain.keepalive", EVERY, this::keepAlive);
    }

    /// Joins, or says that it is still there. Not within a transaction.
    ///
    /// @return what came of it, for people
    public String keepAlive() {
        var added = peers.add(
                new Peers.Wish(Optional.of("supernode"), supernode, Optional.empty(), key, key.map(_ -> self.domain())),
                "-",
                "domain.keepalive");
        var told = client.join(
                key.map(known -> Endpoint.pinned(supernode, known)).orElseGet(() -> Endpoint.plain(supernode)),
                self,
                TTL_SECONDS,
                new Trace(platform.newId().toString(), Workflow.W2));
        var how = switch (told) {
            case Told.Yes<NodeIdentity>(var who) -> "joined " + who.id() + " of " + who.domain();
            case Told.No<NodeIdentity>(var _, var why, var _) -> why.message();
            case Told.Silent<NodeIdentity>(var _, var why) -> why;
        };
        return supernode + ": " + how + (added instanceof Answer.Yes<Resource> ? ", a peer from now on" : "");
    }
}
