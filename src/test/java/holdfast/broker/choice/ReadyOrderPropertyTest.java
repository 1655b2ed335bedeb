package holdfast.broker.choice;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.broker.choice.ReadyOrder.Due;
import holdfast.broker.choice.ReadyOrder.What;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ReadyOrderPropertyTest {
    @Provide
    Arbitrary<List<Due>> due() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.of(What.class),
                        Arbitraries.integers().between(0, 5))
                .as((hour, what, id) -> new Due(Worlds.at(hour), what, Worlds.id(id)))
                .list()
                .uniqueElements()
                .ofMaxSize(12);
    }

    @Property
    void ends_come_before_expiries_starts_and_warnings_of_the_same_instant(@ForAll("due") List<Due> due) {
        var order = due.stream().sorted(ReadyOrder.comparator()).toList();
        assertThat(due.reversed().stream().sorted(ReadyOrder.comparator()).toList())
                .isEqualTo(order);
        for (int i = 1; i < order.size(); i++) {
            var before = order.get(i - 1);
            var after = order.get(i);
            assertThat(before.at()).isBeforeOrEqualTo(after.at());
            if (before.at().equals(after.at())) {
                assertThat(rank(before.what())).isLessThanOrEqualTo(rank(after.what()));
                assertThat(before.what().priority())
                        .isGreaterThanOrEqualTo(after.what().priority());
            }
        }
    }

    private static int rank(What what) {
        return List.of("END", "EXPIRY", "START", "WARNING").indexOf(what.name());
    }
}
