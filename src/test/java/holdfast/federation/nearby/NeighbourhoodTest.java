package holdfast.federation.nearby;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.engine.Resource;
import holdfast.federation.TestBuyer;
import holdfast.federation.UpstreamSeller;
import holdfast.federation.nearby.Neighbourhood.Way;
import holdfast.federation.peers.NeighbourCourse.Verdict;
import holdfast.federation.peers.Neighbours;
import holdfast.federation.peers.Neighbours.Policy;
import holdfast.federation.peers.Peer;
import holdfast.federation.peers.Peers;
import holdfast.federation.trust.NodeKeys;
import holdfast.federation.wire.Announcement;
import holdfast.protocol.rear.NodeIdentity;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Announcements as they come, without a network (fluidos.md 5.7).
@Timeout(300)
final class NeighbourhoodTest {
    @AutoClose
    private final TestBuyer buyer = new TestBuyer();

    @AutoClose
    private final UpstreamSeller seller = new UpstreamSeller();

    private final NodeKeys keys = NodeKeys.fresh();
    private final Set<UUID> needed = new HashSet<>();
    private Neighbourhood nearby = nearby(Policy.ALL);
    private long seq = 100;

    private Neighbourhood nearby(Policy policy) {
        var neighbours = new Neighbours(
                buyer.platform,
                buyer.test.database(),
                buyer.engine,
                buyer.peers,
                policy,
                (_, peer) -> needed.contains(peer));
        return new Neighbourhood(buyer.platform, TestBuyer.SELF, neighbours, Way.LAN);
    }

    private Optional<Verdict> says(String node, String address) {
        return nearby.heard("{\"domain\":\"alps.example\",\"nodeID\":\"%s\",\"ip\":\"%s\"}"
                .formatted(node, address)
                .getBytes(UTF_8));
    }

    private Announcement signed(NodeKeys by, String node, String address) {
        var plain = new Announcement(
                new NodeIdentity(node, address, "alps.example", Optional.empty()), "node", ++seq, Optional.empty());
        return plain.signed(by.sign(plain.text()));
    }

    private List<Resource> all() {
        return buyer.test
                .database()
                .inTransaction(tx -> buyer.engine.resources().ofType(tx, Peer.TYPE, 1_000));
    }

    private Resource only() {
        assertThat(all()).hasSize(1);
        return all().getFirst();
    }

    private String address() {
        return only().as(Peer.class).address();
    }

    @Test
    void a_node_as_others_run_it_is_a_peer_and_up_if_the_policy_says_so() {
        assertThat(says("n1", seller.address())).contains(Verdict.NEW);
        assertThat(only().state()).isEqualTo("up");
        assertThat(only().name()).isEqualTo("n1");
        assertThat(only().as(Peer.class).found().orElseThrow().trusted()).isTrue();
        assertThat(says("n1", seller.address())).contains(Verdict.SAME);
    }

    @Test
    void one_that_proves_nothing_is_listed_and_asked_nothing() {
        nearby = nearby(Policy.SIGNED);
        assertThat(says("n1", seller.address())).contains(Verdict.NEW);
        buyer.peers.watch();
        assertThat(seller.heard).isEmpty();
        assertThat(only().state()).isEqualTo("suspect");
        assertThat(only().as(Peer.class).found().orElseThrow().trusted()).isFalse();
    }

    @Test
    void what_is_forged_too_large_or_garbage_does_nothing() {
        var announced = signed(keys, "n1", seller.address());
        var forged = new Announcement(
                new NodeIdentity("n2", seller.address(), "alps.example", Optional.empty()),
                "node",
                announced.seq(),
                announced.signature());
        assertThat(nearby.heard(forged.bytes())).isEmpty();
        for (var garbage : List.of("", "null", "[]", "{", "{\"nodeID\":\"n1\"}", "{\"sig\":7}", "x".repeat(2_000))) {
            assertThat(nearby.heard(garbage.getBytes(UTF_8))).isEmpty();
        }
        assertThat(all()).isEmpty();
    }

    @Test
    void our_own_announcements_are_passed_over() {
        assertThat(says("other", TestBuyer.SELF.address())).isEmpty();
        assertThat(nearby.heard(new Announcement(TestBuyer.SELF, "node", 1, Optional.empty()).bytes()))
                .isEmpty();
        assertThat(all()).isEmpty();
    }

    @Test
    void an_announcement_that_is_signed_fits_into_its_bytes() {
        var longest = new Announcement(
                new NodeIdentity("n".repeat(63), "h".repeat(200) + ":30000", "d".repeat(200), Optional.empty()),
                "supernode",
                Long.MAX_VALUE,
                Optional.empty());
        assertThat(longest.signed(keys.sign(longest.text())).bytes()).hasSizeLessThan(Announcement.LARGEST);
        assertThat(Announcement.read(signed(keys, "n1", "a:1").bytes())
                        .orThrow()
                        .node()
                        .address())
                .isEqualTo("a:1");
    }

    @Test
    void only_its_key_moves_a_node_and_nothing_old_moves_it_back() {
        nearby = nearby(Policy.SIGNED);
        var first = signed(keys, "n1", "127.0.0.1:1001");
        assertThat(nearby.heard(first.bytes())).contains(Verdict.NEW);
        assertThat(says("n1", "127.0.0.1:1002")).contains(Verdict.ANOTHER);
        assertThat(nearby.heard(signed(NodeKeys.fresh(), "n1", "127.0.0.1:1002").bytes()))
                .contains(Verdict.ANOTHER);
        assertThat(nearby.heard(signed(keys, "n1", "127.0.0.1:1003").bytes())).contains(Verdict.MOVED);
        assertThat(address()).isEqualTo("127.0.0.1:1003");
        assertThat(nearby.heard(first.bytes())).contains(Verdict.OLD);
        nearby = nearby(Policy.SIGNED); // another process, which remembers nothing
        assertThat(nearby.heard(first.bytes())).contains(Verdict.OLD);
        assertThat(address()).isEqualTo("127.0.0.1:1003");
        assertThat(only().as(Peer.class).key().orElseThrow().fingerprint()).isEqualTo(keys.fingerprint());
    }

    @Test
    void what_an_administrator_has_named_stays_and_naming_a_stranger_takes_its_place() {
        var named = buyer.knows("alps", seller.address());
        assertThat(says("n1", seller.address())).contains(Verdict.ANOTHER);
        assertThat(nearby.heard(signed(keys, "n1", seller.address()).bytes())).contains(Verdict.ANOTHER);
        assertThat(buyer.peer(named.id()).data()).isEqualTo(named.data());
        try (var other = new UpstreamSeller()) {
            assertThat(says("n2", other.address())).contains(Verdict.NEW);
            buyer.knows("jura", other.address());
            assertThat(all()).extracting(Resource::name).containsExactly("alps", "jura");
            assertThat(all()).allMatch(peer -> peer.as(Peer.class).found().isEmpty());
        }
    }

    @Test
    void the_key_of_a_stranger_opens_nothing_here() {
        nearby.heard(signed(keys, "n1", "127.0.0.1:1001").bytes());
        assertThat(only().as(Peer.class).key()).isPresent();
        assertThat(buyer.test.database().inTransaction(buyer.peers::pins)).isEmpty();
        buyer.peers.add(
                new Peers.Wish(
                        Optional.of("alps"),
                        "127.0.0.1:1001",
                        Optional.empty(),
                        Optional.of(keys.fingerprint()),
                        Optional.empty()),
                "operators",
                "admin");
        assertThat(buyer.test.database().inTransaction(buyer.peers::pins)).hasSize(1);
    }

    private void quiet(int seconds) {
        buyer.advance(Duration.ofSeconds(seconds));
        nearby.sweep();
    }

    @Test
    void who_is_silent_is_suspect_then_down_then_forgotten_and_comes_back() {
        says("n1", seller.address());
        quiet(9);
        assertThat(only().state()).isEqualTo("up");
        quiet(1);
        assertThat(only().state()).isEqualTo("suspect");
        quiet(5);
        assertThat(only().state()).isEqualTo("down");
        buyer.peers.watch();
        assertThat(only().state()).as("it answers, and is not heard").isEqualTo("down");
        assertThat(says("n1", seller.address())).contains(Verdict.SAME);
        assertThat(only().state()).isEqualTo("up");
        needed.add(only().id());
        quiet(151);
        assertThat(only().state()).as("a contract with it lives").isEqualTo("down");
        needed.clear();
        quiet(5);
        assertThat(all()).isEmpty();
        assertThat(says("n1", seller.address())).contains(Verdict.NEW);
    }

    @Test
    void those_that_were_found_before_a_restart_are_forgotten_as_well() {
        says("n1", seller.address());
        nearby = nearby(Policy.ALL);
        nearby.begin();
        quiet(14);
        assertThat(only().state()).isEqualTo("suspect");
        quiet(136);
        assertThat(all()).isEmpty();
    }

    @Test
    void a_flood_of_strangers_is_bounded_in_each_minute() {
        nearby = nearby(Policy.NONE);
        for (int n = 0; n < 100; n++) {
            says("n" + n, "127.0.0.1:" + (1_000 + n));
        }
        assertThat(all()).hasSize(60);
        buyer.advance(Duration.ofMinutes(1));
        says("late", "127.0.0.1:2000");
        assertThat(all()).hasSize(61);
    }
}
