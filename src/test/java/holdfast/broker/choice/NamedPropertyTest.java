package holdfast.broker.choice;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.calendar.Profile;
import holdfast.calendar.UnitTimeline;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/// Addresses and elements: what has a name.
class NamedPropertyTest {
    private static final List<String> ADDRESSES = List.of("fip:1", "fip:2", "fip:3", "fip:4");
    private static final Interval WHEN = Worlds.hours(4, 8);

    private record Use(int address, int from, int until) {
        boolean inTheWay() {
            return Worlds.hours(from, until).overlaps(WHEN);
        }
    }

    @Provide
    Arbitrary<List<Use>> uses() {
        return Combinators.combine(Arbitraries.integers().between(0, 3), Worlds.window())
                .as((address, window) -> new Use(address, window.getFirst(), window.getLast()))
                .list()
                .ofMaxSize(4);
    }

    @Provide
    Arbitrary<Set<String>> required() {
        return Arbitraries.of(ADDRESSES).set().ofMaxSize(2);
    }

    @Property
    void addresses_are_given_exactly_if_enough_and_all_required_are_free(
            @ForAll("uses") List<Use> uses,
            @ForAll("required") Set<String> required,
            @ForAll @IntRange(min = 2, max = 5) int count,
            @ForAll @IntRange(min = 1, max = 5) int quota) {
        var taken = uses.stream()
                .filter(Use::inTheWay)
                .map(use -> ADDRESSES.get(use.address))
                .toList();
        var free = ADDRESSES.stream().filter(one -> !taken.contains(one)).toList();
        var item = Item.of(Worlds.id(0), new Need.Addresses("n", count, required));
        var ask = Ask.of("mine", WHEN, List.of(item));
        var answer = Choice.decide(ask, snapshot(uses, quota));
        boolean possible = free.size() >= count && free.containsAll(required) && count <= quota;
        assertThat(answer instanceof Answer.Yes<Grant>).as(answer.toString()).isEqualTo(possible);
        if (answer instanceof Answer.Yes<Grant>(var grant)) {
            var units = grant.claims().stream()
                    .flatMap(claim -> claim.units().stream())
                    .toList();
            assertThat(units).hasSize(count).containsAll(required).isSubsetOf(free);
            assertThat(grant.claims())
                    .filteredOn(claim -> claim.place().equals("p"))
                    .extracting(Claim::amount)
                    .containsExactly(Capacities.of("address", count));
        }
    }

    @Property
    void an_update_may_keep_its_own_addresses(@ForAll("uses") List<Use> uses) {
        var own = uses.stream()
                .map(use -> new Claim(
                        Worlds.id(0),
                        "n",
                        Worlds.hours(use.from, use.until),
                        Capacities.NONE,
                        Set.of(ADDRESSES.get(use.address)),
                        true))
                .toList();
        var item = Item.of(Worlds.id(0), new Need.Addresses("n", 4, Set.of()));
        assertThat(Choice.decide(Ask.of("mine", WHEN, List.of(item)).replacing(own), snapshot(uses, 4)))
                .isInstanceOf(Answer.Yes.class);
    }

    @Property
    void addresses_that_nobody_has_reserved_come_first(@ForAll("uses") List<Use> uses) {
        var used = uses.stream().map(use -> ADDRESSES.get(use.address)).toList();
        var item = Item.of(Worlds.id(0), new Need.Addresses("n", 1, Set.of()));
        if (Choice.decide(Ask.of("mine", WHEN, List.of(item)), snapshot(uses, 4))
                instanceof Answer.Yes<Grant>(var grant)) {
            var given = grant.placements().get(Worlds.id(0)).getFirst().place();
            boolean untouched = used.containsAll(ADDRESSES);
            assertThat(used.contains(given)).isEqualTo(untouched);
        }
    }

    @Example
    void one_element_is_shared_by_many_or_held_by_one() {
        var snapshot = snapshot(List.of(), 4);
        var shared = new Need.Elements(List.of(new Need.Element("image", false)));
        var alone = new Need.Elements(List.of(new Need.Element("image", true)));
        assertThat(decide(snapshot, shared, shared)).isInstanceOf(Answer.Yes.class);
        assertThat(decide(snapshot, alone, shared)).isInstanceOf(Answer.No.class);
        assertThat(decide(snapshot, alone, alone)).isInstanceOf(Answer.No.class);
        assertThat(decide(snapshot, alone)).isInstanceOf(Answer.Yes.class);
        var twice = new Need.Elements(List.of(new Need.Element("image", false), new Need.Element("image", false)));
        assertThat(decide(snapshot, twice)).isInstanceOf(Answer.No.class);
    }

    @Example
    void an_element_that_is_a_host_is_a_lease_of_it_and_counts_above() {
        var world = new Worlds.World(1, List.of(4, 4, 4, 4), 1, 100, List.of(), List.of());
        var alone = new Need.Elements(
                List.of(new Need.Element(Worlds.host(1), true), new Need.Element(Worlds.host(2), false)));
        var grant = Choice.decide(Ask.of("mine", WHEN, List.of(Item.of(Worlds.id(0), alone))), world.snapshot())
                .orThrow();
        assertThat(grant.claims())
                .extracting(
                        Claim::place,
                        claim -> claim.amount().get("vcpu"),
                        claim -> claim.amount().get("whole"))
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(Worlds.host(1), 4L, 0L),
                        org.assertj.core.groups.Tuple.tuple(Worlds.host(1), 0L, Dimensions.ALL),
                        org.assertj.core.groups.Tuple.tuple(Worlds.zone(0), 4L, 0L),
                        org.assertj.core.groups.Tuple.tuple(Worlds.account(0), 4L, 0L),
                        org.assertj.core.groups.Tuple.tuple(Worlds.host(2), 0L, 1L));
    }

    private static Answer<Grant> decide(Snapshot snapshot, Need... needs) {
        var items = new java.util.ArrayList<Item>();
        for (var need : needs) {
            items.add(Item.of(Worlds.id(items.size()), need));
        }
        return Choice.decide(Ask.of("mine", WHEN, items), snapshot);
    }

    private static Snapshot snapshot(List<Use> uses, int quota) {
        var places = new TreeMap<String, Place>();
        places.put("p", place("p", Optional.empty(), "address", quota, new Place.Account()));
        places.put("n", place("n", Optional.empty(), "none", 0, new Place.Network(ADDRESSES)));
        places.put("image", place("image", Optional.empty(), "whole", Dimensions.ALL, new Place.Thing()));
        Map<String, UnitTimeline> units = new HashMap<>();
        for (var use : uses) {
            units.computeIfAbsent(ADDRESSES.get(use.address), _ -> new UnitTimeline())
                    .hold(Worlds.hours(use.from, use.until));
        }
        return new Snapshot(Worlds.START, places, units, List.of());
    }

    private static Place place(String id, Optional<String> zone, String dimension, long total, Place.About about) {
        var free = new Profile(Set.of(dimension));
        free.add(new Interval(Worlds.START, Instant.MAX), Capacities.of(dimension, total));
        return new Place(id, "p", zone, free, about);
    }
}
