package holdfast.broker.choice;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.broker.choice.ItemUpdates.Phase;
import holdfast.broker.choice.Updates.Change;
import holdfast.broker.choice.Updates.Terms;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class UpdatesPropertyTest {
    private static final Terms OLD =
            new Terms(Worlds.hours(4, 8), new Capacities(Map.of("vcpu", 10L, "memory_mb", 100L)));

    @Provide
    Arbitrary<Change> changes() {
        var hour = Arbitraries.integers().between(0, 12).map(Worlds::at).optional();
        var amounts = Arbitraries.maps(
                Arbitraries.of("vcpu", "memory_mb", "volume"),
                Arbitraries.longs().between(-1, 20));
        return Combinators.combine(hour, hour, amounts).as(Change::new);
    }

    @Property
    void a_start_that_is_over_stays_and_use_is_always_covered(
            @ForAll("changes") Change change,
            @ForAll @IntRange(max = 10) int now,
            @ForAll @IntRange(max = 10) int allocated) {
        var use = Capacities.of("vcpu", allocated);
        var answer = Updates.rules(OLD, change, use, Worlds.at(now));
        int start = change.start().map(Worlds::hour).orElse(4);
        int end = change.end().map(Worlds::hour).orElse(8);
        boolean allowed = now < 8
                && end > start
                && end >= now
                && (now >= 4 ? start == 4 : start >= now)
                && change.amounts().values().stream().allMatch(amount -> amount >= 0)
                && change.amounts().getOrDefault("vcpu", 10L) >= allocated;
        assertThat(answer instanceof Answer.Yes<Terms>).as(answer.toString()).isEqualTo(allowed);
        if (answer instanceof Answer.Yes<Terms>(var terms)) {
            assertThat(terms.when()).isEqualTo(Worlds.hours(start, end));
            for (var name : List.of("vcpu", "memory_mb", "volume")) {
                assertThat(terms.amount().get(name))
                        .isEqualTo(
                                change.amounts().getOrDefault(name, OLD.amount().get(name)));
            }
        }
    }

    @Example
    void a_start_a_minute_ago_is_now() {
        var now = Worlds.at(2);
        assertThat(Updates.rules(OLD, start(60), Capacities.NONE, now)
                        .orThrow()
                        .when()
                        .from())
                .isEqualTo(now);
        assertThat(Updates.rules(OLD, start(61), Capacities.NONE, now)).isInstanceOf(Answer.No.class);
    }

    private static Change start(int secondsAgo) {
        return new Change(Optional.of(Worlds.at(2).minusSeconds(secondsAgo)), Optional.empty(), Map.of());
    }

    @Example
    void nothing_changes_nothing_and_an_end_now_ends() {
        var none = new Change(Optional.empty(), Optional.empty(), Map.of());
        assertThat(Updates.rules(OLD, none, Capacities.NONE, Worlds.at(5))).isEqualTo(Answer.yes(OLD));
        var end = new Change(Optional.empty(), Optional.of(Worlds.at(5)), Map.of());
        assertThat(Updates.rules(OLD, end, Capacities.NONE, Worlds.at(5))
                        .orThrow()
                        .when())
                .isEqualTo(Worlds.hours(4, 5));
    }

    @Provide
    Arbitrary<Integer> counts() {
        return Arbitraries.integers().between(1, 5);
    }

    @Property
    void hosts_are_gained_and_lost_down_to_those_in_use(
            @ForAll("counts") int has, @ForAll("counts") int wanted, @ForAll("counts") int used, @ForAll Phase phase) {
        Assume.that(used <= has);
        var answer = ItemUpdates.rules(hosts(has), hosts(wanted), used, false, phase);
        assertThat(answer instanceof Answer.Yes<Need>).isEqualTo(wanted >= used);
    }

    @Property
    void instances_change_down_to_those_in_use_and_while_they_run_in_nothing_else(
            @ForAll("counts") int has,
            @ForAll("counts") int wanted,
            @ForAll("counts") int used,
            @ForAll Phase phase,
            @ForAll Affinity affinity) {
        Assume.that(used <= has);
        var answer = ItemUpdates.rules(instances(has, Affinity.NONE), instances(wanted, affinity), used, false, phase);
        boolean same = has == wanted && affinity == Affinity.NONE;
        assertThat(answer instanceof Answer.Yes<Need>)
                .isEqualTo(same
                        || wanted >= used
                                && (phase == Phase.PENDING || phase == Phase.ACTIVE && affinity == Affinity.NONE));
    }

    @Example
    void a_flavor_of_the_cloud_and_the_network_of_addresses_never_change() {
        assertThat(ItemUpdates.rules(instances(1, Affinity.NONE), instances(2, Affinity.NONE), 1, true, Phase.PENDING))
                .isInstanceOf(Answer.No.class);
        var old = new Need.Addresses("n", 2, Set.of("a"));
        assertThat(address(old, new Need.Addresses("m", 2, Set.of("a")))).isFalse();
        assertThat(address(old, new Need.Addresses("n", 2, Set.of("b")))).isFalse();
        assertThat(address(old, new Need.Addresses("n", 1, Set.of("a")))).isFalse();
        assertThat(address(old, new Need.Addresses("n", 3, Set.of()))).isTrue();
        assertThat(ItemUpdates.rules(old, hosts(1), 1, false, Phase.PENDING)).isInstanceOf(Answer.No.class);
    }

    private static boolean address(Need old, Need wanted) {
        return ItemUpdates.rules(old, wanted, 2, false, Phase.ACTIVE) instanceof Answer.Yes<Need>;
    }

    private static Need hosts(int number) {
        return new Need.Hosts(number, number, PropertyQuery.everything());
    }

    private static Need instances(int number, Affinity affinity) {
        return new Need.Instances(Worlds.SMALL, number, number, affinity, PropertyQuery.everything());
    }
}
