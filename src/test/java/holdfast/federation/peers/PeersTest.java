package holdfast.federation.peers;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.api.rear.RearDomain;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import holdfast.federation.TestBuyer;
import holdfast.federation.UpstreamSeller;
import holdfast.federation.wire.Dialect;
import holdfast.platform.CallbackPolicy;
import holdfast.platform.Fanout;
import holdfast.platform.Ports;
import holdfast.protocol.rear.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Peers over real sockets: our own gateway, and a node of others.
@Timeout(300)
final class PeersTest {
    @AutoClose
    private final TestBuyer buyer = new TestBuyer();

    @AutoClose
    private final UpstreamSeller upstream = new UpstreamSeller();

    private List<Known> reachable() {
        return buyer.test.database().inTransaction(buyer.peers::reachable);
    }

    private Answer<Resource> add(String address) {
        return buyer.peers.add(new Peers.Wish(Optional.empty(), address, Optional.empty()), "operators", "admin");
    }

    private static void refused(Answer<Resource> answer, Refusal.Kind kind, String why) {
        switch (answer) {
            case Answer.Yes<Resource>(var added) -> throw new AssertionError(added.toString());
            case Answer.No<Resource>(var refusal) -> {
                assertThat(refusal.kind()).isEqualTo(kind);
                assertThat(refusal.message()).contains(why);
            }
        }
    }

    @Test
    void our_own_kind_is_up_at_once_and_says_who_it_is() {
        try (var test = TestDatabase.fresh();
                var seller = new RearDomain(test)) {
            var added = buyer.knows("alps", seller.server.address().getAuthority());
            assertThat(added.state()).isEqualTo("up");
            assertThat(reachable()).singleElement().satisfies(known -> {
                assertThat(known.name()).isEqualTo("alps");
                assertThat(known.capabilities().nodeId()).contains(Samples.OWNER.id());
                assertThat(known.capabilities().weak()).isFalse();
            });
            refused(add(seller.server.address().getAuthority()), Refusal.Kind.CLASH, "known already");
        }
    }

    @Test
    void a_node_of_others_is_up_and_weak() {
        buyer.knows("torino", upstream.address());
        assertThat(reachable()).singleElement().satisfies(known -> {
            assertThat(known.capabilities().weak()).isTrue();
            assertThat(known.dialect()).isEqualTo(Dialect.NODE);
        });
    }

    @Test
    void one_that_does_not_answer_is_suspect_and_up_as_soon_as_it_does() {
        upstream.mood = UpstreamSeller.Mood.FAILS;
        var added = buyer.knows("torino", upstream.address());
        assertThat(added.state()).isEqualTo("suspect");
        assertThat(added.message()).get().asString().contains("500");
        assertThat(reachable()).isEmpty();
        upstream.mood = UpstreamSeller.Mood.WELL;
        assertThat(buyer.peers.watch()).isEqualTo("1 of 1 peers are up");
        assertThat(buyer.peer(added.id()).state()).isEqualTo("up");
        assertThat(buyer.peer(added.id()).message()).isEmpty();
    }

    @Test
    void one_that_falls_silent_is_suspect_then_down_and_comes_back() {
        var id = buyer.knows("torino", upstream.address()).id();
        upstream.mood = UpstreamSeller.Mood.RAVES;
        var states = new ArrayList<String>();
        for (int look = 0; look < 4; look++) {
            buyer.advance(Duration.ofSeconds(30));
            buyer.peers.watch();
            states.add(buyer.peer(id).state());
        }
        assertThat(states).containsExactly("up", "suspect", "suspect", "down");
        assertThat(buyer.peer(id).message()).get().asString().contains("cannot be read");
        upstream.mood = UpstreamSeller.Mood.WELL;
        buyer.peers.watch();
        assertThat(buyer.peer(id).state()).isEqualTo("up");
        assertThat(buyer.peer(id).as(Peer.class).missed()).isZero();
    }

    @Test
    void one_that_fails_three_times_is_left_alone_for_a_while() {
        var id = buyer.knows("torino", upstream.address()).id();
        for (int failure = 0; failure < 3; failure++) {
            assertThat(reachable()).hasSize(1);
            buyer.test.database().inTransaction(tx -> {
                buyer.peers.failed(tx, id);
                return true;
            });
        }
        assertThat(reachable()).isEmpty();
        buyer.peers.watch();
        assertThat(reachable()).as("that it is there is not enough").isEmpty();
        buyer.advance(Duration.ofSeconds(30));
        assertThat(reachable()).hasSize(1);
        buyer.test.database().inTransaction(tx -> {
            buyer.peers.served(tx, id);
            return true;
        });
        assertThat(buyer.peer(id).as(Peer.class).breaker()).isEqualTo(Breaker.CLOSED);
    }

    @Test
    void one_that_is_removed_is_asked_nothing_and_may_be_added_anew() {
        var id = buyer.knows("torino", upstream.address()).id();
        var removed = buyer.test
                .database()
                .inTransaction(tx -> buyer.peers.remove(tx, id, "admin"))
                .orThrow();
        assertThat(removed.state()).isEqualTo("forgotten");
        assertThat(removed.removed()).isPresent();
        upstream.heard.clear();
        assertThat(buyer.peers.watch()).isEqualTo("0 of 0 peers are up");
        assertThat(upstream.heard).isEmpty();
        refused(
                buyer.test.database().inTransaction(tx -> buyer.peers.remove(tx, id, "admin")),
                Refusal.Kind.NOT_THERE,
                "no peer");
        assertThat(buyer.knows("torino", upstream.address()).id()).isNotEqualTo(id);
    }

    @Test
    void what_is_no_address_or_our_own_is_refused() {
        for (var wrong : List.of("", "alps", "http://alps:1", "alps:0", "alps:65536", "al ps:1", "alps:1/x", "u@h:1")) {
            refused(add(wrong), Refusal.Kind.MALFORMED, "address");
        }
        refused(add(TestBuyer.SELF.address()), Refusal.Kind.MALFORMED, "this node");
        refused(add("no-such-host.invalid:30000"), Refusal.Kind.MALFORMED, "no host of that name");
        assertThat(reachable()).isEmpty();
    }

    @Test
    void a_node_of_our_own_name_is_ourselves_whatever_its_address() {
        try (var test = TestDatabase.fresh();
                var mirror = new RearDomain(test)) {
            var self = new Peers(
                    buyer.platform,
                    buyer.test.database(),
                    buyer.engine,
                    buyer.client,
                    Samples.OWNER,
                    TestBuyer.LOOPBACK,
                    Fanout.IN_TURN);
            var wish = new Peers.Wish(Optional.empty(), mirror.server.address().getAuthority(), Optional.empty());
            refused(self.add(wish, "operators", "admin"), Refusal.Kind.MALFORMED, "this node itself");
        }
    }

    @Test
    void an_address_of_this_machine_is_refused_where_others_are_reached() {
        var open = new Peers(
                buyer.platform,
                buyer.test.database(),
                buyer.engine,
                buyer.client,
                TestBuyer.SELF,
                CallbackPolicy.opening(List.of()),
                Fanout.IN_TURN);
        for (var own : List.of(upstream.address(), "localhost:30000", "[::1]:30000", "169.254.169.254:80")) {
            refused(
                    open.add(new Peers.Wish(Optional.empty(), own, Optional.empty()), "operators", "admin"),
                    Refusal.Kind.MALFORMED,
                    "callbacks.allow");
        }
        assertThat(upstream.heard).isEmpty();
    }

    @Test
    void an_unknown_peer_is_nobody() {
        Optional<Known> nobody =
                buyer.test.database().inTransaction(tx -> buyer.peers.find(tx, new UUID(0, Ports.free())));
        assertThat(nobody).isEmpty();
    }
}
