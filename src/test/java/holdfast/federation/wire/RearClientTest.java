package holdfast.federation.wire;

import static holdfast.federation.TestBuyer.LOOPBACK;
import static holdfast.federation.TestBuyer.SELF;
import static holdfast.federation.TestBuyer.TRACE;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.api.rear.RearDomain;
import holdfast.core.Refusal;
import holdfast.federation.UpstreamSeller;
import holdfast.platform.CallbackPolicy;
import holdfast.platform.Ports;
import holdfast.protocol.rear.Attribute;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.ContractCourse;
import holdfast.protocol.rear.Filter;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.Samples;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is asked of other nodes, over real sockets: of our own gateway, and of a node that knows nothing of ours.
@Timeout(300)
final class RearClientTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Optional<Configuration> PIECE =
            Optional.of(new Configuration.Slice(Samples.vector("2", "4Gi", "10")));
    private static final Contract.Ask NOTHING = new Contract.Ask(Optional.empty(), Optional.empty());

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final RearDomain ours = new RearDomain(test);

    @AutoClose
    private final UpstreamSeller upstream = new UpstreamSeller();

    @AutoClose
    private final HttpWire wire = new HttpWire(LOOPBACK);

    private final RearClient client = new RearClient(wire, SELF, () -> Instant.parse("2031-05-02T08:00:00Z"));

    private Endpoint ours() {
        return Endpoint.plain(ours.server.address().getAuthority());
    }

    private Endpoint upstream() {
        return Endpoint.plain(upstream.address());
    }

    private static <T> T yes(Told<T> told) {
        return switch (told) {
            case Told.Yes<T>(var value) -> value;
            default -> throw new AssertionError(told.toString());
        };
    }

    private static <T> Told.No<T> no(Told<T> told) {
        return switch (told) {
            case Told.No<T> no -> no;
            default -> throw new AssertionError(told.toString());
        };
    }

    private static <T> Told.Silent<T> silent(Told<T> told) {
        return switch (told) {
            case Told.Silent<T> silent -> silent;
            default -> throw new AssertionError(told.toString());
        };
    }

    private static Selector slices(Filter... filters) {
        return Selector.of(FlavorType.K8SLICE, List.of(filters)).orThrow();
    }

    private static Filter atLeast(Attribute attribute, String amount) {
        return Filter.range(attribute, Optional.of(amount), Optional.empty()).orThrow();
    }

    private static UUID id(int number) {
        return new UUID(7, number);
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void a_piece_is_found_reserved_bought_renewed_and_released_at_our_own_gateway(Dialect dialect) {
        var name = ours.offer();
        var found = yes(client.list(ours(), dialect, Optional.of(slices(atLeast(Attribute.CPU, "2"))), TRACE, LIMIT));
        assertThat(found.flavors()).extracting(Flavor::id).containsExactly(name);
        assertThat(yes(client.list(ours(), dialect, Optional.of(slices(atLeast(Attribute.CPU, "9"))), TRACE, LIMIT))
                        .flavors())
                .isEmpty();
        var held = yes(client.reserve(ours(), dialect, name, PIECE, id(1), TRACE));
        assertThat(yes(client.reserve(ours(), dialect, name, PIECE, id(1), TRACE)))
                .isEqualTo(held);
        var contract = yes(client.purchase(ours(), dialect, held.id(), NOTHING, id(2), TRACE));
        assertThat(yes(client.purchase(ours(), dialect, held.id(), NOTHING, id(3), TRACE))
                        .id())
                .isEqualTo(contract.id());
        assertThat(contract.flavor().id()).isEqualTo(name);
        assertThat(contract.buyer().id()).isEqualTo(SELF.id());

        var later = contract.expires().orElseThrow().plus(Duration.ofHours(1));
        var renewed = yes(client.renew(ours(), dialect, contract.id(), later, id(4), TRACE));
        assertThat(renewed.expires()).contains(later);
        var standing = yes(client.contract(ours(), dialect, contract.id(), TRACE));
        assertThat(standing.contract().expires()).contains(later);
        assertThat(standing.state()).contains(ContractCourse.ACTIVE);
        assertThat(yes(client.release(ours(), contract.id(), "no longer needed", id(5), TRACE)))
                .isTrue();
        assertThat(yes(client.release(ours(), "contract-of-nobody", "no longer needed", id(6), TRACE)))
                .isFalse();
    }

    @Test
    void a_hold_is_given_up_and_an_unknown_one_was_none() {
        var held = yes(client.reserve(ours(), Dialect.NODE, ours.offer(), PIECE, id(1), TRACE));
        assertThat(ours.claims()).isOne();
        assertThat(yes(client.cancel(ours(), held.id(), id(2), TRACE))).isTrue();
        assertThat(ours.claims()).isZero();
        assertThat(yes(client.cancel(ours(), "0a-1", id(3), TRACE))).isFalse();
    }

    @Test
    void what_our_gateway_refuses_comes_with_status_and_reason() {
        var name = ours.offer();
        var odd = Optional.<Configuration>of(new Configuration.Slice(Samples.vector("1900m", "4Gi", "10")));
        var wrong = no(client.reserve(ours(), Dialect.NODE, name, odd, id(1), TRACE));
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.why().kind()).isEqualTo(Refusal.Kind.MALFORMED);
        assertThat(wrong.why().message()).contains("1900m");
        assertThat(no(client.reserve(ours(), Dialect.NODE, "alps-example-k8slice-0", PIECE, id(2), TRACE))
                        .status())
                .isEqualTo(404);
        assertThat(no(client.purchase(ours(), Dialect.NODE, "0a-1", NOTHING, id(3), TRACE))
                        .status())
                .isEqualTo(404);
        yes(client.reserve(ours(), Dialect.NODE, name, Optional.empty(), id(4), TRACE));
        var other = new RearClient(wire, Samples.BUYER, Instant::now);
        var late = no(other.reserve(ours(), Dialect.NODE, name, PIECE, id(5), TRACE));
        assertThat(late.status()).isEqualTo(409);
        assertThat(late.retryAfter()).as("its last second is still good").contains(Duration.ofSeconds(901));
    }

    @Test
    void a_node_says_what_it_can_do_and_one_that_does_not_know_the_question_is_weak() {
        var able = yes(client.capabilities(ours(), TRACE));
        assertThat(able.weak()).isFalse();
        assertThat(able.nodeId()).contains(Samples.OWNER.id());
        assertThat(able.dialects()).containsExactlyInAnyOrder(Dialect.values());
        assertThat(able.flavorTypes()).containsExactlyInAnyOrder(FlavorType.values());
        assertThat(able.ttpSeconds()).isEqualTo(900);
        assertThat(yes(client.capabilities(upstream(), TRACE))).isEqualTo(Capabilities.WEAK);
        assertThat(Capabilities.WEAK.weak()).isTrue();
    }

    @Test
    void a_node_of_others_sells_and_breaks_where_it_is_known_to_break() {
        assertThat(yes(client.list(upstream(), Dialect.NODE, Optional.empty(), TRACE, LIMIT))
                        .flavors())
                .as("204")
                .isEmpty();
        upstream.flavors.add(Samples.flavor("alps.example-k8slice-7c1e", Samples.slice()));
        assertThat(yes(client.list(upstream(), Dialect.NODE, Optional.empty(), TRACE, LIMIT))
                        .flavors())
                .hasSize(1);
        Transaction held =
                yes(client.reserve(upstream(), Dialect.NODE, "alps.example-k8slice-7c1e", PIECE, id(1), TRACE));
        assertThat(held.expires()).isEqualTo("2035-01-01T00:00:00Z");
        var contract = yes(client.purchase(upstream(), Dialect.NODE, held.id(), NOTHING, id(2), TRACE));
        assertThat(contract.credentials().orElseThrow().kubeconfig()).contains("c2VjcmV0");
        var again = no(client.purchase(upstream(), Dialect.NODE, held.id(), NOTHING, id(2), TRACE));
        assertThat(again.status()).as("it does not know what it has sold").isEqualTo(500);
        assertThat(again.why().message()).contains("Error getting the Transaction");
    }

    @Test
    void brackets_are_encoded_once_and_filters_that_a_node_refuses_are_left_out_the_second_time() {
        upstream.flavors.add(Samples.flavor("one", Samples.slice()));
        var wanted = slices(atLeast(Attribute.CPU, "2"), atLeast(Attribute.LATENCY, "1"));
        assertThat(yes(client.list(upstream(), Dialect.NODE, Optional.of(wanted), TRACE, LIMIT))
                        .flavors())
                .hasSize(1);
        assertThat(upstream.heard)
                .containsExactly(
                        "GET /api/v2/flavors/k8slice?filter%5Bcpu%5D%5Brange%5D%5Bmin%5D=2"
                                + "&filter%5Blatency%5D%5Brange%5D%5Bmin%5D=1",
                        "GET /api/v2/flavors/k8slice?filter%5Bcpu%5D%5Brange%5D%5Bmin%5D=2");
        var machines = Selector.of(FlavorType.VM, List.of()).orThrow();
        assertThat(yes(client.list(upstream(), Dialect.NODE, Optional.of(machines), TRACE, LIMIT))
                        .flavors())
                .as("it knows no machines")
                .isEmpty();
    }

    @Test
    void of_what_nobody_took_in_is_surely_nothing_done_and_of_the_rest_not() {
        var nobody = Endpoint.plain("127.0.0.1:" + Ports.free());
        assertThat(silent(client.reserve(nobody, Dialect.NODE, "x", PIECE, id(1), TRACE))
                        .reached())
                .isFalse();
        upstream.mood = UpstreamSeller.Mood.RAVES;
        var raving = silent(client.reserve(upstream(), Dialect.NODE, "x", PIECE, id(2), TRACE));
        assertThat(raving.reached()).isTrue();
        assertThat(raving.why()).contains("cannot be read");
        upstream.mood = UpstreamSeller.Mood.HANGS;
        assertThat(silent(client.list(upstream(), Dialect.NODE, Optional.empty(), TRACE, Duration.ofMillis(300)))
                        .reached())
                .isTrue();
    }

    @Test
    void an_answer_that_is_too_long_is_none() {
        upstream.list = Optional.of("[" + " ".repeat(10 << 20) + "]");
        assertThat(client.list(upstream(), Dialect.NODE, Optional.empty(), TRACE, LIMIT))
                .isInstanceOf(Told.Silent.class);
        upstream.list = Optional.of("[" + " ".repeat(9 << 20) + "]");
        assertThat(client.list(upstream(), Dialect.NODE, Optional.empty(), TRACE, LIMIT))
                .isInstanceOf(Told.Yes.class);
    }

    @Test
    void what_may_not_be_called_is_not_called() {
        try (var careful = new HttpWire(CallbackPolicy.opening(List.of()))) {
            var closed = new RearClient(careful, SELF, Instant::now);
            assertThat(silent(closed.capabilities(upstream(), TRACE)).reached()).isFalse();
            assertThat(closed.capabilities(new Endpoint(upstream.address(), true, Optional.empty()), TRACE))
                    .isInstanceOf(Told.Silent.class);
            assertThat(closed.capabilities(Endpoint.plain("no host:at all"), TRACE))
                    .isInstanceOf(Told.Silent.class);
        }
        assertThat(upstream.heard).isEmpty();
    }
}
