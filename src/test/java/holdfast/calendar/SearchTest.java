package holdfast.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/// The times of units, and the joint search for amounts and units, against brute force over 30 seconds.
class SearchTest {
    private static final int SECONDS = 30;
    private static final List<String> UNITS = List.of("a", "b", "c", "d");

    @Provide
    Arbitrary<List<Interval>> holds() {
        var second = Arbitraries.integers().between(0, SECONDS);
        return Combinators.combine(second, second)
                .as((a, b) -> List.of(Math.min(a, b), Math.max(a, b)))
                .filter(ends -> ends.get(0) < ends.get(1))
                .map(ends -> seconds(ends.get(0), ends.get(1)))
                .list()
                .ofMaxSize(8);
    }

    @Provide
    Arbitrary<List<List<Interval>>> holdsOfUnits() {
        return holds().list().ofSize(UNITS.size());
    }

    @Provide
    Arbitrary<List<Set<String>>> devices() {
        return Arbitraries.of(UNITS).set().ofMinSize(1).ofMaxSize(3).list().ofMaxSize(4);
    }

    @Property
    void a_timeline_knows_when_its_unit_is_free(
            @ForAll("holds") List<Interval> holds,
            @ForAll @IntRange(max = SECONDS - 1) int from,
            @ForAll @IntRange(min = 1, max = SECONDS) int length) {
        var timeline = new UnitTimeline();
        holds.forEach(timeline::hold);
        var window = seconds(from, Math.min(SECONDS, from + length));
        assertThat(timeline.isFree(window)).isEqualTo(holds.stream().noneMatch(window::overlaps));
        var free = timeline.freeWindows(window);
        for (int t = from; t < Math.min(SECONDS, from + length); t++) {
            var now = at(t);
            assertThat(free.stream().anyMatch(part -> part.contains(now)))
                    .isEqualTo(holds.stream().noneMatch(hold -> hold.contains(now)));
        }
        for (int i = 1; i < free.size(); i++) {
            assertThat(free.get(i - 1).until()).isBefore(free.get(i).from());
        }
    }

    @Property
    void the_earliest_start_is_the_first_second_at_which_brute_force_finds_room(
            @ForAll("holds") List<Interval> bookings,
            @ForAll("holdsOfUnits") List<List<Interval>> holds,
            @ForAll("devices") List<Set<String>> devices,
            @ForAll @IntRange(min = 1, max = 6) int core,
            @ForAll @IntRange(min = 1, max = 10) int length) {
        var free = new Profile(Set.of("core"));
        free.add(new Interval(Instant.MIN, Instant.MAX), Capacities.of("core", 6));
        bookings.forEach(booking -> free.add(booking, Capacities.of("core", -2)));
        var timelines = new TreeMap<String, UnitTimeline>();
        for (int i = 0; i < UNITS.size(); i++) {
            var timeline = new UnitTimeline();
            holds.get(i).forEach(timeline::hold);
            timelines.put(UNITS.get(i), timeline);
        }
        var search = new Search(free, timelines);
        var demand = Capacities.of("core", core);
        var found = search.earliest(demand, devices, Duration.ofSeconds(length), at(0), at(SECONDS));

        Fit expected = new Fit.Never();
        for (int start = 0; start + length <= SECONDS && expected instanceof Fit.Never; start++) {
            var window = seconds(start, start + length);
            if (free.fits(demand, window) && canChoose(devices, 0, new HashSet<>(), window, holds)) {
                expected = new Fit.At(at(start));
            }
        }
        assertThat(found.fit()).isEqualTo(expected);
        if (found.fit() instanceof Fit.At(var start)) {
            var window = Interval.of(start, Duration.ofSeconds(length));
            assertThat(found.units()).hasSize(devices.size()).doesNotHaveDuplicates();
            for (int i = 0; i < devices.size(); i++) {
                assertThat(devices.get(i)).contains(found.units().get(i));
                assertThat(timelines.get(found.units().get(i)).isFree(window)).isTrue();
            }
        }
    }

    @Property
    void a_choice_is_found_whenever_there_is_one(@ForAll("devices") List<Set<String>> devices) {
        var search = new Search(new Profile(Set.of()), Map.of());
        var everFree = new ArrayList<List<Interval>>();
        UNITS.forEach(_ -> everFree.add(List.of()));
        assertThat(search.choose(devices, seconds(0, 1)).isPresent())
                .isEqualTo(canChoose(devices, 0, new HashSet<>(), seconds(0, 1), everFree));
    }

    private static boolean canChoose(
            List<Set<String>> devices, int next, Set<String> taken, Interval window, List<List<Interval>> holds) {
        if (next == devices.size()) {
            return true;
        }
        for (var unit : devices.get(next)) {
            if (holds.get(UNITS.indexOf(unit)).stream().noneMatch(window::overlaps) && taken.add(unit)) {
                if (canChoose(devices, next + 1, taken, window, holds)) {
                    return true;
                }
                taken.remove(unit);
            }
        }
        return false;
    }

    private static Instant at(int second) {
        return Instant.ofEpochSecond(second);
    }

    private static Interval seconds(int from, int until) {
        return new Interval(at(from), at(until));
    }
}
