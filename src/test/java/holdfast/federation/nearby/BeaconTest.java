package holdfast.federation.nearby;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.federation.TestBuyer;
import holdfast.federation.nearby.Neighbourhood.Way;
import holdfast.federation.peers.Neighbours;
import holdfast.federation.peers.Neighbours.Policy;
import holdfast.federation.peers.Peer;
import holdfast.federation.trust.NodeKeys;
import holdfast.federation.wire.Announcement;
import holdfast.platform.CannotStartException;
import holdfast.platform.Multicast;
import holdfast.platform.Platform;
import holdfast.protocol.rear.NodeIdentity;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two nodes on the loopback interface, over real multicast sockets.
@Timeout(300)
final class BeaconTest {
    private static final InetAddress GROUP = InetAddress.ofLiteral("239.11.11.1");

    @AutoClose
    private final TestBuyer buyer = new TestBuyer();

    private final NodeKeys keys = NodeKeys.fresh();
    private final int port = free();

    private static int free() {
        try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (SocketException e) {
            throw new AssertionError(e);
        }
    }

    private Multicast join() {
        return Multicast.join(GROUP, port, Optional.of("lo"));
    }

    /// Announces a node once, as it begins.
    private Beacon node(String address) {
        var platform = Platform.real();
        var self = new Beacon.Self(
                new NodeIdentity("n1", address, "alps.example", Optional.empty()), "node", Optional.of(keys));
        return Beacon.start(platform, neighbourhood(Policy.NONE, self.node()), join(), Optional.of(self));
    }

    private Neighbourhood neighbourhood(Policy policy, NodeIdentity self) {
        var neighbours = new Neighbours(
                buyer.platform, buyer.test.database(), buyer.engine, buyer.peers, policy, (_, _) -> false);
        return new Neighbourhood(buyer.platform, self, neighbours, Way.LAN);
    }

    private String address() {
        return buyer.test
                .database()
                .inTransaction(tx -> buyer.engine.resources().ofType(tx, Peer.TYPE, 10).stream()
                        .map(peer -> peer.as(Peer.class).address())
                        .reduce("", (all, one) -> all + one));
    }

    @Test
    void a_node_is_found_and_followed_to_where_it_moves() throws Exception {
        var nearby = neighbourhood(Policy.SIGNED, TestBuyer.SELF);
        BlockingQueue<Optional<?>> verdicts = new LinkedBlockingQueue<>();
        try (var group = join()) {
            Thread.ofVirtual().start(() -> group.listen(1_024, bytes -> verdicts.add(nearby.heard(bytes))));
            try (var _ = node("127.0.0.1:1001")) {
                next(verdicts);
            }
            assertThat(address()).isEqualTo("127.0.0.1:1001");
            try (var _ = node("127.0.0.1:1002")) {
                next(verdicts);
            }
            assertThat(address()).isEqualTo("127.0.0.1:1002");
        }
    }

    private static void next(BlockingQueue<Optional<?>> verdicts) throws InterruptedException {
        assertThat(verdicts.poll(60, TimeUnit.SECONDS)).isNotNull().isPresent();
    }

    @Test
    void what_is_too_large_is_passed_over_and_closing_ends_listening() throws Exception {
        BlockingQueue<Integer> sizes = new LinkedBlockingQueue<>();
        var group = join();
        var listening =
                Thread.ofVirtual().start(() -> group.listen(Announcement.LARGEST, bytes -> sizes.add(bytes.length)));
        try (var other = join()) {
            other.say(new byte[Announcement.LARGEST + 1]);
            other.say(new byte[Announcement.LARGEST]);
        }
        assertThat(sizes.poll(60, TimeUnit.SECONDS)).isEqualTo(Announcement.LARGEST);
        group.close();
        listening.join();
        assertThatThrownBy(() -> group.say(new byte[1])).isInstanceOf(IOException.class);
    }

    @Test
    void an_interface_that_is_not_there_is_named() {
        assertThatThrownBy(() -> Multicast.join(GROUP, port, Optional.of("nix0")))
                .isInstanceOf(CannotStartException.class)
                .hasMessageContaining("nix0")
                .hasMessageContaining("lo");
    }
}
