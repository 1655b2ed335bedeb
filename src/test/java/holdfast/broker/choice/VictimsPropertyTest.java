package holdfast.broker.choice;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.broker.choice.Victims.Held;
import holdfast.broker.choice.Victims.Strength;
import holdfast.core.Capacities;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class VictimsPropertyTest {
    @Provide
    Arbitrary<List<Held>> claims() {
        return Combinators.combine(
                        Arbitraries.of(Strength.class),
                        Arbitraries.of(20, 50, 80),
                        Worlds.window(),
                        Arbitraries.longs().between(0, 4),
                        Arbitraries.longs().between(0, 4))
                .as((strength, priority, window, vcpu, memory) -> new Held(
                        Worlds.id(0),
                        strength,
                        priority,
                        Worlds.START,
                        Worlds.hours(window.getFirst(), window.getLast()),
                        amount(vcpu, memory)))
                .list()
                .ofMaxSize(8)
                .map(list -> {
                    var numbered = new ArrayList<Held>();
                    for (var one : list) {
                        numbered.add(new Held(
                                Worlds.id(numbered.size()),
                                one.strength(),
                                one.priority(),
                                Worlds.at(numbered.size() % 3),
                                one.when(),
                                one.amount()));
                    }
                    return numbered;
                });
    }

    @Provide
    Arbitrary<List<Step>> deficits() {
        return Combinators.combine(
                        Worlds.window(),
                        Arbitraries.longs().between(0, 6),
                        Arbitraries.longs().between(0, 6))
                .as((window, vcpu, memory) ->
                        new Step(Worlds.hours(window.getFirst(), window.getLast()), amount(vcpu, memory)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(Steps::of);
    }

    private static Capacities amount(long vcpu, long memory) {
        return new Capacities(Map.of("vcpu", vcpu, "memory_mb", memory));
    }

    @Property
    void nobody_is_hurt_who_need_not_be(@ForAll("deficits") List<Step> deficit, @ForAll("claims") List<Held> claims) {
        var chosen = Victims.of(deficit, claims);
        var least = missing(deficit, claims);
        assertThat(missing(deficit, chosen.hurt()))
                .as("all that can be covered is")
                .isEqualTo(least);
        assertThat(chosen.uncovered().isEmpty()).isEqualTo(least == 0);
        for (var one : chosen.hurt()) {
            var others = new ArrayList<>(chosen.hurt());
            others.remove(one);
            assertThat(missing(deficit, others)).as(one + " is needed").isGreaterThan(least);
            var weaker = claims.stream()
                    .filter(other -> Victims.weakestFirst().compare(other, one) < 0)
                    .toList();
            assertThat(missing(deficit, weaker))
                    .as("the weaker ones do not do instead of " + one)
                    .isGreaterThan(least);
        }
    }

    /// What is missing in all hours and dimensions together.
    private static long missing(List<Step> deficit, List<Held> hurt) {
        long missing = 0;
        for (int hour = 0; hour < Worlds.HOURS; hour++) {
            var now = Worlds.at(hour);
            for (var name : List.of("vcpu", "memory_mb")) {
                long wanted = deficit.stream()
                        .filter(step -> step.when().contains(now))
                        .mapToLong(step -> step.amount().get(name))
                        .sum();
                long given = hurt.stream()
                        .filter(one -> one.when().contains(now))
                        .mapToLong(one -> one.amount().get(name))
                        .sum();
                missing += Math.max(0, wanted - given);
            }
        }
        return missing;
    }

    @Example
    void the_order_of_strength() {
        var order = List.of(
                held(Strength.PREEMPTIBLE, 80, 1),
                held(Strength.HELD, 20, 1),
                held(Strength.RESERVED, 20, 1),
                held(Strength.HELD, 50, 1),
                held(Strength.FIRM, 50, 1),
                held(Strength.RESERVED, 50, 2),
                held(Strength.RESERVED, 50, 1),
                held(Strength.ACTIVE, 20, 1),
                held(Strength.IN_USE, 0, 1));
        assertThat(order).isSortedAccordingTo(Victims.weakestFirst());
        assertThat(order).doesNotHaveDuplicates();
    }

    private static Held held(Strength strength, int priority, int since) {
        return new Held(Worlds.id(1), strength, priority, Worlds.at(since), Worlds.hours(1, 2), Capacities.NONE);
    }
}
