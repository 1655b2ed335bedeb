package holdfast.federation.buying;

import static holdfast.protocol.rear.Samples.quantity;
import static holdfast.protocol.rear.Samples.vector;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Capacities;
import holdfast.protocol.rear.Attribute;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.Filter;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.Samples;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Vector;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Of a flavor of 8 CPUs, 32Gi, 110 pods and 40Gi of storage, cut from 1, 2Gi, 5 in steps of 500m, 1Gi, 5.
final class SizingTest {
    private static final Flavor WHOLE = Samples.flavor("root", Samples.slice());

    private static Selector selector(Filter... filters) {
        return Selector.of(FlavorType.K8SLICE, List.of(filters)).orThrow();
    }

    private static Filter range(Attribute attribute, String min, String max) {
        return Filter.range(
                        attribute,
                        Optional.of(min).filter(text -> !text.isEmpty()),
                        Optional.of(max).filter(text -> !text.isEmpty()))
                .orThrow();
    }

    private static Vector amounts(Selector selector) {
        return Sizing.piece(WHOLE, selector).orElseThrow().amounts();
    }

    @Test
    void a_machine_gets_at_least_what_it_needs_and_its_share_of_pods() {
        var selector = Sizing.selector(Capacities.of(2, 5, 10));
        assertThat(selector.matches(WHOLE)).isTrue();
        assertThat(amounts(selector)).isEqualTo(vector("2", "5Gi", "30").with(Dimension.STORAGE, quantity("10Gi")));
        assertThat(amounts(selector).get(Dimension.STORAGE).text()).isEqualTo("10Gi");
        assertThat(Sizing.machines(amounts(selector))).isEqualTo(Capacities.of(2, 5, 10));
    }

    @Test
    void an_exact_amount_that_is_no_piece_does_not_fit() {
        var odd = Filter.match(Attribute.CPU, "1300m").orThrow();
        assertThat(Sizing.piece(WHOLE, selector(odd))).isEmpty();
    }

    @Test
    void a_limit_alone_asks_for_the_smallest_piece() {
        var few = range(Attribute.CPU, "", "4");
        assertThat(amounts(selector(few, range(Attribute.MEMORY, "3Gi", "")))).isEqualTo(vector("1", "3Gi", "15"));
    }

    @Test
    void without_amounts_all_of_it_is_asked_for() {
        var piece = Sizing.piece(WHOLE, selector()).orElseThrow();
        assertThat(piece.configuration()).isEmpty();
        assertThat(piece.amounts()).isEqualTo(WHOLE.kind().vector());
    }
}
