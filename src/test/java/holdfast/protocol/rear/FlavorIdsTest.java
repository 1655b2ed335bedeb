package holdfast.protocol.rear;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class FlavorIdsTest {
    private static final String LONG = "a.very.long.domain.with.many.parts.example";

    @Test
    void names_of_our_own_are_names_as_in_dns_and_short_enough_for_what_is_derived() {
        assertThat(FlavorIds.fresh("alps.example", FlavorType.K8SLICE, 0x7c1e09ab44L))
                .isEqualTo("alps-example-k8slice-7c1e09ab44");
        assertThat(FlavorIds.fresh("Alps.Example!", FlavorType.VM, -1)).isEqualTo("alps-example-vm-ffffffffff");
        for (var domain : List.of(LONG, "...", "", "\u00e4", "-a-"))
            for (var type : FlavorType.values())
                assertThat(FlavorIds.fresh(domain, type, Long.MIN_VALUE))
                        .hasSizeLessThanOrEqualTo(49)
                        .satisfies(name -> assertThat(FlavorIds.valid(name)).isTrue());
    }

    @Test
    void what_is_offered_again_tells_whose_it_is() {
        var name =
                FlavorIds.again(LONG, FlavorType.K8SLICE, "n4tor1no00", "alps-example-k8slice-7c1e09ab44", 0xabcdefL);
        assertThat(name)
                .matches("a-very-long-domain-w-k8slice-abcdef-o[0-9a-f]{8}")
                .hasSizeLessThanOrEqualTo(49);
        assertThat(FlavorIds.tag(name)).hasValue(FlavorIds.origin("n4tor1no00", "alps-example-k8slice-7c1e09ab44"));
        assertThat(FlavorIds.tag("alps-example-k8slice-7c1e09ab44")).isEmpty();
    }

    @Test
    void contracts_have_names_of_their_own_that_fit_a_label() {
        assertThat(FlavorIds.contract("alps-example-k8slice-7c1e09ab44", 0))
                .isEqualTo("contract-alps-example-k8slice-7c1e09ab44-9a48");
        var names = IntStream.range(0, 2000)
                .mapToObj(count -> FlavorIds.contract(LONG + LONG, count))
                .toList();
        assertThat(names)
                .doesNotHaveDuplicates()
                .allSatisfy(
                        name -> assertThat(name).hasSizeLessThanOrEqualTo(63).matches("[-a-z0-9]*[a-z0-9]"));
        assertThat(FlavorIds.contract("a.b", 3)).isEqualTo("contract-a-b-2e73-3");
    }

    @Test
    void transactions_are_named_by_an_id_and_the_time() {
        assertThat(FlavorIds.transaction(
                        UUID.fromString("5b0f6f0a-1c2d-4e3f-8a9b-0c1d2e3f4a5b"), Samples.BEGINNING.plusNanos(7)))
                .isEqualTo("5b0f6f0a1c2d4e3f8a9b0c1d2e3f4a5b-1748764800000000007");
    }

    @Test
    void customers_of_a_supernode_are_buyers_of_their_own() {
        assertThat(FlavorIds.customer("super1", "one"))
                .startsWith("super1.")
                .isNotEqualTo(FlavorIds.customer("super1", "two"));
    }

    @Test
    void names_that_peers_cannot_use_are_told() {
        for (var name : List.of("a", "a.b-c.1", "x".repeat(253)))
            assertThat(FlavorIds.valid(name)).as(name).isTrue();
        for (var name : List.of("", "A", "a_b", "-a", "a-", "a..b", ".a", "a b", "x".repeat(254)))
            assertThat(FlavorIds.valid(name)).as(name).isFalse();
    }
}
