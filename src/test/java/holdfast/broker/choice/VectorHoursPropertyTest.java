package holdfast.broker.choice;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class VectorHoursPropertyTest {
    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(Worlds.window(), Arbitraries.longs().between(0, 9))
                .as((window, amount) ->
                        new Step(Worlds.hours(window.getFirst(), window.getLast()), Capacities.of("vcpu", amount)))
                .list()
                .ofMaxSize(8);
    }

    @Property
    void they_are_the_sum_over_all_hours_ahead_and_only_become_fewer(
            @ForAll("steps") List<Step> steps, @ForAll @IntRange(max = 23) int now) {
        long sum = 0;
        for (int hour = now; hour < Worlds.HOURS; hour++) {
            for (var step : steps) {
                sum += step.when().contains(Worlds.at(hour)) ? step.amount().get("vcpu") : 0;
            }
        }
        var ahead = VectorHours.ahead(steps, Worlds.at(now)).get("vcpu");
        assertThat(ahead).isEqualTo(sum);
        assertThat(VectorHours.ahead(steps, Worlds.at(now).plusSeconds(1)).get("vcpu"))
                .isLessThanOrEqualTo(ahead);
    }

    @Example
    void a_begun_hour_counts_and_no_end_is_more_than_any_quota() {
        var step = new Step(Worlds.hours(0, 1), Capacities.of("vcpu", 1));
        assertThat(VectorHours.ahead(List.of(step), Worlds.at(0).plusSeconds(3_599))
                        .get("vcpu"))
                .isEqualTo(1);
        var open = new Step(new Interval(Worlds.START, Instant.MAX), Capacities.of("vcpu", 1_000_000_000_000_000L));
        assertThat(VectorHours.ahead(List.of(open, open), Worlds.START).get("vcpu"))
                .isEqualTo(Long.MAX_VALUE);
    }
}
