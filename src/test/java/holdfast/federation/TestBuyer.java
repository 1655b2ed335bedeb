package holdfast.federation;

import holdfast.TestDatabase;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.federation.discovery.Candidate;
import holdfast.federation.discovery.Candidates;
import holdfast.federation.discovery.Discovery;
import holdfast.federation.discovery.Found;
import holdfast.federation.peers.Peers;
import holdfast.federation.wire.HttpWire;
import holdfast.federation.wire.RearClient;
import holdfast.platform.CallbackPolicy;
import holdfast.platform.Fanout;
import holdfast.platform.Platform;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/// A domain that looks for what others sell, over real sockets and a real database; its clock stands still unless it
/// is moved.
public final class TestBuyer implements AutoCloseable {
    public static final NodeIdentity SELF =
            new NodeIdentity("b1sion0000", "127.0.0.1:29999", "valais.example", Optional.of("sion-dc"));
    public static final Trace TRACE = new Trace("trace-1", Workflow.W1);
    public static final CallbackPolicy LOOPBACK = CallbackPolicy.opening(List.of("127.0.0.0/8"));
    private static final UUID NOBODY = new UUID(0, 1);

    public final AtomicReference<Instant> clock = new AtomicReference<>(Instant.parse("2031-05-02T08:00:00Z"));
    public final TestDatabase test = TestDatabase.fresh();
    public final Platform platform = Platform.seeded(11, clock::get);
    public final Engine engine = new Engine(platform, test.database());
    public final HttpWire wire = new HttpWire(LOOPBACK);
    public final RearClient client = new RearClient(wire, SELF, platform::now);
    public final Peers peers = new Peers(platform, test.database(), engine, client, SELF, LOOPBACK, Fanout.PARALLEL);
    public final Candidates candidates = new Candidates(platform, engine);
    public final Discovery discovery =
            new Discovery(platform, test.database(), engine, client, SELF, peers, candidates, Fanout.PARALLEL);

    public void advance(Duration time) {
        clock.updateAndGet(now -> now.plus(time));
    }

    /// Adds a peer.
    public Resource knows(String name, String address) {
        return peers.add(new Peers.Wish(Optional.of(name), address, Optional.empty()), "operators", "admin")
                .orThrow();
    }

    public Found discover(Selector selector) {
        return discovery.discover(selector, TRACE, NOBODY);
    }

    public List<Candidate> matching(Selector selector) {
        return test.database().inTransaction(tx -> candidates.matching(tx, selector, platform.now()));
    }

    /// The resource as it is now.
    public Resource peer(UUID id) {
        return test.database()
                .inTransaction(tx -> engine.resources().find(tx, id).orElseThrow());
    }

    @Override
    public void close() {
        wire.close();
        test.close();
    }
}
