package holdfast.broker.choice;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.broker.choice.Alternatives.Alternative;
import holdfast.broker.choice.Alternatives.Kind;
import holdfast.broker.choice.Worlds.World;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// What is offered instead of what was refused.
class AlternativesPropertyTest {
    private static final int ENOUGH = 1_000;

    @Provide
    Arbitrary<World> worlds() {
        return Worlds.worlds();
    }

    @Provide
    Arbitrary<Ask> asks() {
        return ChoicePropertyTest.asksFor(2);
    }

    @Provide
    Arbitrary<Ask> single() {
        return ChoicePropertyTest.asksFor(1);
    }

    @Property(tries = 300)
    void whatever_is_offered_is_accepted_when_it_is_sent_unchanged(
            @ForAll("worlds") World world, @ForAll("asks") Ask ask) {
        var snapshot = world.snapshot(Set.of(1, 4));
        if (Choice.decide(ask, snapshot) instanceof Answer.Yes<Grant>) {
            return;
        }
        var offers = Alternatives.of(ask, snapshot, Worlds.at(48), ENOUGH);
        for (var offer : offers) {
            assertThat(offer.ask()).isNotEqualTo(ask);
            assertThat(Choice.decide(offer.ask(), snapshot))
                    .as(offer.toString())
                    .isInstanceOf(Answer.Yes.class);
            assertThat(offer.ask().when().until()).isBeforeOrEqualTo(Worlds.at(48));
        }
        assertThat(offers).isSortedAccordingTo(Comparator.comparing(Alternative::distance));
    }

    @Property(tries = 300)
    void nothing_fits_before_the_earliest_nor_longer_than_the_shorter(
            @ForAll("worlds") World world, @ForAll("single") Ask ask) {
        var snapshot = world.snapshot();
        if (Choice.decide(ask, snapshot) instanceof Answer.Yes<Grant>
                || ask.items().getFirst().need() instanceof Need.Hosts && world.limit() < 32) {
            return; // hosts of different sizes under a tight limit may be missed
        }
        var offers = Alternatives.of(ask, snapshot, Worlds.at(Worlds.HOURS), ENOUGH);
        int from = Worlds.hour(ask.when().from());
        int length = (int) ask.when().length().toHours();
        Optional<Ask> earliest = Optional.empty();
        for (int start = from; start + length + world.cleaning() <= Worlds.HOURS && earliest.isEmpty(); start++) {
            earliest = Optional.of(during(ask, Worlds.hours(start, start + length)))
                    .filter(later -> new Brute(snapshot).possible(later));
        }
        if (earliest.isPresent()) {
            assertThat(when(offers, Kind.EARLIEST)).isEqualTo(earliest.map(Ask::when));
        }
        Optional<Ask> longest = Optional.empty();
        for (int hours = length - 1; hours > 0 && longest.isEmpty(); hours--) {
            longest = Optional.of(during(ask, Worlds.hours(from, from + hours)))
                    .filter(shorter -> new Brute(snapshot).possible(shorter));
        }
        assertThat(when(offers, Kind.SHORTER)).isEqualTo(longest.map(Ask::when));
    }

    private static Optional<Interval> when(List<Alternative> offers, Kind kind) {
        return offers.stream()
                .filter(offer -> offer.kind() == kind)
                .map(offer -> offer.ask().when())
                .findFirst();
    }

    private static Ask during(Ask ask, Interval when) {
        return Ask.of(
                ask.project(),
                when,
                ask.items().stream()
                        .map(item -> item.need() instanceof Need.Quantity(var steps)
                                ? item.asking(Need.Quantity.of(steps.getFirst().amount(), when))
                                : item)
                        .toList());
    }

    @Property(tries = 300)
    void one_more_than_the_most_is_refused(@ForAll("worlds") World world, @ForAll("single") Ask ask) {
        var snapshot = world.snapshot();
        if (Choice.decide(ask, snapshot) instanceof Answer.Yes<Grant>
                || !(ask.items().getFirst().need() instanceof Need.Instances need)) {
            return;
        }
        var most = Alternatives.of(ask, snapshot, Worlds.at(48), ENOUGH).stream()
                .filter(offer -> offer.kind() == Kind.MAX)
                .map(offer -> ((Need.Instances) offer.ask().items().getFirst().need()).max())
                .findFirst()
                .orElse(0L);
        var more = new Need.Instances(need.flavor(), most + 1, most + 1, need.affinity(), need.query());
        assertThat(new Brute(snapshot)
                        .possible(ask.asking(List.of(ask.items().getFirst().asking(more)))))
                .isFalse();
    }

    @Example
    void a_demand_in_steps_is_moved_as_a_whole() {
        var world = new World(
                1,
                List.of(4, 4, 2, 2),
                0,
                100,
                List.of(),
                List.of(new Worlds.Loose(0, 0, 6, 6), new Worlds.Loose(1, 0, 23, 4)));
        var steps = List.of(
                new Step(Worlds.hours(1, 3), Capacities.of(Dimensions.VCPU, 2)),
                new Step(Worlds.hours(3, 5), Capacities.of(Dimensions.VCPU, 7)));
        var ask = Ask.of("mine", Worlds.hours(1, 5), List.of(Item.of(Worlds.id(0), new Need.Quantity(steps))));
        var offers = Alternatives.of(ask, world.snapshot(), Worlds.at(48), ENOUGH);
        var earliest = offers.stream()
                .filter(offer -> offer.kind() == Kind.EARLIEST)
                .findFirst()
                .orElseThrow();
        assertThat(earliest.ask().when()).isEqualTo(Worlds.hours(4, 8));
        assertThat(earliest.distance()).isEqualTo(Duration.ofHours(3));
        assertThat(offers)
                .anyMatch(offer ->
                        offer.kind() == Kind.SHORTER && offer.ask().when().equals(Worlds.hours(1, 3)));
    }

    @Example
    void the_longest_that_fits_ends_where_room_ends_and_leaves_time_to_clean() {
        var busy = List.of(
                new Worlds.Busy(0, 2, 3, 1),
                new Worlds.Busy(0, 4, 5, 1),
                new Worlds.Busy(0, 7, 12, 0),
                new Worlds.Busy(1, 0, 20, 0),
                new Worlds.Busy(2, 0, 20, 0),
                new Worlds.Busy(3, 0, 20, 0));
        var slot = new Need.Instances(Worlds.SMALL, 1, 1, Affinity.NONE, PropertyQuery.everything());
        var ask = Ask.of("mine", Worlds.hours(1, 9), List.of(Item.of(Worlds.id(0), slot)));
        for (int cleaning = 0; cleaning <= 1; cleaning++) {
            var world = new World(1, List.of(4, 4, 4, 4), cleaning, 100, busy, List.of());
            assertThat(when(Alternatives.of(ask, world.snapshot(), Worlds.at(48), ENOUGH), Kind.SHORTER))
                    .contains(Worlds.hours(1, 7 - cleaning));
        }
    }

    @Example
    void another_zone_is_offered_at_the_same_time() {
        var world = new World(1, List.of(2, 2, 4, 4), 0, 100, List.of(), List.of());
        var item = Item.of(Worlds.id(0), Need.Quantity.of(Capacities.of(Dimensions.VCPU, 8), Worlds.hours(1, 5)));
        var ask = Ask.of("mine", Worlds.hours(1, 5), List.of(item.in(List.of(Worlds.zone(0)))));
        assertThat(Alternatives.of(ask, world.snapshot(), Worlds.at(48), ENOUGH).getFirst())
                .isEqualTo(new Alternative(
                        Kind.ZONES, ask.asking(List.of(item.in(List.of(Worlds.zone(1))))), Duration.ZERO));
    }
}
