package holdfast.broker.choice;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

final class HullPropertyTest {
    private static final Instant DAY = Instant.parse("2031-01-01T00:00:00Z");

    private static Instant hour(int hour) {
        return DAY.plusSeconds(3_600L * hour);
    }

    @Provide
    Arbitrary<List<Claim>> claims() {
        var hours = Arbitraries.integers().between(0, 12);
        return Combinators.combine(
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.of("p/1", "p/1/h/a"),
                        hours,
                        Arbitraries.integers().between(1, 5),
                        Arbitraries.integers().between(1, 9))
                .as((item, place, from, length, amount) -> new Claim(
                        new UUID(0, item),
                        place,
                        new Interval(hour(from), hour(from + length)),
                        Capacities.of("vcpu", amount),
                        Set.of(),
                        true))
                .list()
                .ofMaxSize(6);
    }

    private static long at(List<Claim> claims, UUID item, String place, Instant instant) {
        return claims.stream()
                .filter(claim -> claim.item().equals(item)
                        && claim.place().equals(place)
                        && claim.when().contains(instant))
                .mapToLong(claim -> claim.amount().get("vcpu"))
                .sum();
    }

    @Property
    void at_each_instant_it_is_the_greater_of_both_and_said_once(
            @ForAll("claims") List<Claim> before, @ForAll("claims") List<Claim> after) {
        var hull = Hull.of(before, after);
        for (int item = 0; item < 2; item++) {
            for (var place : List.of("p/1", "p/1/h/a")) {
                for (int hour = 0; hour < 18; hour++) {
                    var id = new UUID(0, item);
                    var instant = hour(hour);
                    assertThat(at(hull, id, place, instant))
                            .isEqualTo(Math.max(at(before, id, place, instant), at(after, id, place, instant)));
                    assertThat(hull.stream()
                                    .filter(claim -> claim.item().equals(id)
                                            && claim.place().equals(place)
                                            && claim.when().contains(instant)))
                            .hasSizeLessThanOrEqualTo(1);
                }
            }
        }
    }

    @Property
    void what_was_and_what_is_left_are_the_whole(@ForAll("claims") List<Claim> claims) {
        var cut = hour(6);
        var parts = new ArrayList<>(Hull.until(claims, cut));
        parts.addAll(Hull.since(claims, cut));
        assertThat(new TreeSet<>(texts(Hull.flat(parts)))).isEqualTo(new TreeSet<>(texts(Hull.flat(claims))));
    }

    private static List<String> texts(List<Claim> claims) {
        return claims.stream().map(Claim::toString).toList();
    }

    @Property
    void a_demand_that_moves_as_a_whole_keeps_its_shape(@ForAll("claims") List<Claim> claims) {
        var steps = Steps.of(claims.stream()
                .map(claim -> new Step(claim.when(), claim.amount()))
                .toList());
        var term = new Interval(hour(0), hour(18));
        var later = new Interval(hour(3), hour(21));
        var moved = Steps.moved(steps, term, later).orThrow();
        assertThat(Steps.moved(moved, later, term).orThrow()).isEqualTo(steps);
    }

    @Property
    void a_demand_whose_term_becomes_another_stays_where_it_was_or_is_refused(
            @ForAll("claims") List<Claim> claims,
            @ForAll @IntRange(min = 0, max = 24) int from,
            @ForAll @IntRange(min = 1, max = 12) int length) {
        var steps = Steps.of(claims.stream()
                .map(claim -> new Step(claim.when(), claim.amount()))
                .toList());
        var term = new Interval(hour(0), hour(18));
        var next = new Interval(hour(from), hour(from + length));
        Assume.that(!steps.isEmpty());
        boolean lost = !term.contains(next)
                && steps.stream()
                        .anyMatch(step ->
                                !step.when().equals(term) && !step.when().overlaps(next));
        switch (Steps.moved(steps, term, next)) {
            case Answer.No<List<Step>> _ ->
                assertThat(lost || Steps.within(steps, next).isEmpty()).isTrue();
            case Answer.Yes<List<Step>>(var moved) -> {
                assertThat(lost).isFalse();
                assertThat(moved).allMatch(step -> next.contains(step.when()));
                for (int hour = from; hour < Math.min(18, from + length); hour++) {
                    assertThat(at(moved, hour(hour))).isEqualTo(at(steps, hour(hour)));
                }
            }
        }
    }

    private static Capacities at(List<Step> steps, Instant instant) {
        return steps.stream()
                .filter(step -> step.when().contains(instant))
                .map(Step::amount)
                .reduce(Capacities.NONE, Capacities::plus);
    }
}
