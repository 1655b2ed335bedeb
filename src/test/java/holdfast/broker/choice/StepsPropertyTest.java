package holdfast.broker.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.core.Capacities;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class StepsPropertyTest {
    @Provide
    Arbitrary<List<Step>> parts() {
        return Combinators.combine(
                        Worlds.window(),
                        Arbitraries.of("vcpu", "volume"),
                        Arbitraries.longs().between(0, 2))
                .as((window, name, amount) ->
                        new Step(Worlds.hours(window.getFirst(), window.getLast()), Capacities.of(name, amount)))
                .list()
                .ofMaxSize(8);
    }

    @Property
    void the_sum_at_each_instant_is_what_was_asked_and_neighbours_differ(@ForAll("parts") List<Step> parts) {
        var segments = Steps.of(parts);
        for (int hour = 0; hour < Worlds.HOURS; hour++) {
            assertThat(at(segments, hour).reduce(Capacities.NONE, Capacities::plus))
                    .isEqualTo(at(parts, hour).reduce(Capacities.NONE, Capacities::plus));
            assertThat(at(segments, hour).count()).isLessThanOrEqualTo(1);
        }
        for (int i = 1; i < segments.size(); i++) {
            var before = segments.get(i - 1);
            var after = segments.get(i);
            assertThat(before.when().until()).isBeforeOrEqualTo(after.when().from());
            assertThat(before.when().until().equals(after.when().from())
                            && before.amount().equals(after.amount()))
                    .isFalse();
        }
        assertThat(segments).noneMatch(step -> step.amount().nothing());
        assertThat(Steps.of(segments)).isEqualTo(segments);
    }

    private static Stream<Capacities> at(List<Step> steps, int hour) {
        return steps.stream()
                .filter(step -> step.when().contains(Worlds.at(hour)))
                .map(Step::amount);
    }

    @Example
    void a_rolling_demand_comes_again_and_again() {
        var amount = Capacities.of("vcpu", 2);
        assertThat(Steps.rolling(Worlds.hours(1, 2), Duration.ofHours(3), Worlds.at(7), amount))
                .extracting(Step::when)
                .containsExactly(Worlds.hours(1, 2), Worlds.hours(4, 5));
        assertThat(Steps.rolling(Worlds.hours(1, 2), Duration.ofHours(1), Worlds.at(7), amount))
                .containsExactly(new Step(Worlds.hours(1, 7), amount));
        assertThatThrownBy(() -> Steps.rolling(Worlds.hours(1, 2), Duration.ofSeconds(1), Worlds.at(7), amount))
                .hasMessage("steps is 1001; it must be between 0 and 1000");
        assertThatThrownBy(() -> Steps.rolling(Worlds.hours(1, 2), Duration.ZERO, Worlds.at(7), amount))
                .hasMessageContaining("must be positive");
    }
}
