package holdfast.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/// Against a model that keeps one number for each of 40 seconds.
class ProfileTest {
    private static final int SECONDS = 40;

    private record Change(int from, int until, int core, int ram) {}

    private record Model(long[] core, long[] ram) {
        Model() {
            this(new long[SECONDS], new long[SECONDS]);
        }

        boolean fits(long wantedCore, long wantedRam, int from, int until) {
            for (int t = from; t < until; t++) {
                if (wantedCore > 0 && core[t] < wantedCore || wantedRam > 0 && ram[t] < wantedRam) {
                    return false;
                }
            }
            return true;
        }
    }

    @Provide
    Arbitrary<List<Change>> changes() {
        var second = Arbitraries.integers().between(0, SECONDS);
        var amount = Arbitraries.integers().between(-4, 6);
        return Combinators.combine(second, second, amount, amount)
                .as((a, b, core, ram) -> new Change(Math.min(a, b), Math.max(a, b), core, ram))
                .filter(change -> change.from < change.until)
                .list()
                .ofMaxSize(60);
    }

    @Property
    void every_question_is_answered_as_by_the_model(
            @ForAll("changes") List<Change> changes,
            @ForAll @IntRange(max = SECONDS - 1) int from,
            @ForAll @IntRange(min = 1, max = SECONDS) int length,
            @ForAll @IntRange(max = 6) int core,
            @ForAll @IntRange(max = 6) int ram) {
        var profile = new Profile(Set.of("core", "ram"));
        var model = new Model();
        for (var change : changes) {
            apply(profile, model, change);
        }
        int until = Math.min(SECONDS, from + length);
        var window = seconds(from, until);
        var demand = new Capacities(Map.of("core", (long) core, "ram", (long) ram));

        long leastCore = Long.MAX_VALUE;
        long mostCore = Long.MIN_VALUE;
        long leastRam = Long.MAX_VALUE;
        int violation = -1;
        for (int t = from; t < until; t++) {
            leastCore = Math.min(leastCore, model.core[t]);
            mostCore = Math.max(mostCore, model.core[t]);
            leastRam = Math.min(leastRam, model.ram[t]);
            if (violation < 0 && !model.fits(core, ram, t, t + 1)) {
                violation = t;
            }
            assertThat(profile.at(at(t)).get("core")).isEqualTo(model.core[t]);
        }
        assertThat(profile.min(window).get("core")).isEqualTo(leastCore);
        assertThat(profile.min(window).get("ram")).isEqualTo(leastRam);
        assertThat(profile.max(window).get("core")).isEqualTo(mostCore);
        assertThat(profile.fits(demand, window)).isEqualTo(violation < 0);
        assertThat(profile.firstViolation(demand, window).map(Shortage::at))
                .isEqualTo(violation < 0 ? java.util.Optional.empty() : java.util.Optional.of(at(violation)));
        assertThat(profile.earliest(demand, Duration.ofSeconds(length), at(from), at(SECONDS)))
                .isEqualTo(earliest(model, core, ram, length, from));
        assertThat(profile.windows(demand, window)).isEqualTo(windows(model, core, ram, from, until));
        assertThat(profile.steps(window)).isEqualTo(steps(model, from, until));
    }

    @Property
    void what_is_added_and_taken_back_leaves_no_trace(@ForAll("changes") List<Change> changes) {
        var profile = new Profile(Set.of("core", "ram"));
        var model = new Model();
        for (var change : changes) {
            apply(profile, model, change);
        }
        assertThat(profile.changes()).isLessThanOrEqualTo(2 * changes.size());
        for (var change : changes.reversed()) {
            apply(profile, model, new Change(change.from, change.until, -change.core, -change.ram));
        }
        assertThat(profile.changes()).isZero();
    }

    @Property
    void the_order_of_arrival_does_not_matter(@ForAll("changes") List<Change> changes) {
        var there = new Profile(Set.of("core", "ram"));
        var back = new Profile(Set.of("core", "ram"));
        changes.forEach(change -> apply(there, new Model(), change));
        changes.reversed().forEach(change -> apply(back, new Model(), change));
        assertThat(there.steps(seconds(0, SECONDS))).isEqualTo(back.steps(seconds(0, SECONDS)));
        assertThat(there.changes()).isEqualTo(back.changes());
    }

    @Property
    void one_made_of_its_own_steps_is_the_same(@ForAll("changes") List<Change> changes, @ForAll boolean ever) {
        var profile = new Profile(Set.of("core", "ram"));
        changes.forEach(change -> apply(profile, new Model(), change));
        var window = ever ? new Interval(Instant.MIN, Instant.MAX) : seconds(0, SECONDS);
        var builder = new ProfileBuilder();
        for (var step : profile.steps(window)) {
            builder.booked(
                    Micros.of(step.when().from()),
                    Micros.of(step.when().until()),
                    new String[] {"core", "ram"},
                    new long[] {step.amount().get("core"), step.amount().get("ram")});
        }
        var again = builder.build(Quantity.USED, Micros.of(window.from()), Micros.of(window.until()));
        assertThat(again.steps(window)).isEqualTo(profile.steps(window));
        assertThat(again.changes()).isEqualTo(profile.changes());
        assertThat(again.max(window)).isEqualTo(profile.max(window));
        assertThat(again.min(seconds(3, 30))).isEqualTo(profile.min(seconds(3, 30)));
        again.add(seconds(5, 20), Capacities.of("core", 1));
        assertThat(again.at(at(7)).get("core")).isEqualTo(profile.at(at(7)).get("core") + 1);
    }

    @Example
    void a_change_without_end_lasts_for_ever() {
        var profile = new Profile(Set.of("core"));
        profile.add(new Interval(Instant.MIN, Instant.MAX), Capacities.of("core", 8));
        profile.add(new Interval(at(5), Instant.MAX), Capacities.of("core", -3));
        assertThat(profile.changes()).isEqualTo(1);
        assertThat(profile.at(at(1_000_000_000))).isEqualTo(Capacities.of("core", 5));
        assertThat(profile.maxLength(Capacities.of("core", 5), at(0))).isEmpty();
        assertThat(profile.maxLength(Capacities.of("core", 6), at(0))).contains(Duration.ofSeconds(5));
        assertThat(profile.maxLength(Capacities.of("core", 6), at(5))).contains(Duration.ZERO);
    }

    @Example
    void the_certificate_names_dimension_instant_and_deficit() {
        var profile = new Profile(Set.of("core", "ram"));
        profile.add(new Interval(Instant.MIN, Instant.MAX), Capacities.of(8, 64, 0));
        profile.add(seconds(3, 9), Capacities.of("ram", -60));
        assertThat(profile.firstViolation(Capacities.of(4, 16, 0), seconds(0, 10)))
                .contains(new Shortage("ram", at(3), 16, 4));
        assertThat(profile.firstViolation(Capacities.of("gpu", 1), seconds(2, 10)))
                .contains(new Shortage("gpu", at(2), 1, 0));
    }

    @Example
    void a_search_over_too_many_gaps_says_where_it_gave_up() {
        var profile = new Profile(Set.of("core"));
        int gaps = Profile.MOST_SKIPS + 10;
        for (int i = 0; i < gaps; i++) {
            profile.add(seconds(2 * i, 2 * i + 1), Capacities.of("core", 1));
        }
        var fit = profile.earliest(Capacities.of("core", 1), Duration.ofSeconds(2), at(0), at(3 * gaps));
        assertThat(fit).isEqualTo(new Fit.Unknown(at(2 * Profile.MOST_SKIPS + 2)));
    }

    @Example
    void a_dimension_that_it_was_not_made_for_is_a_mistake() {
        var profile = new Profile(Set.of("core"));
        assertThatThrownBy(() -> profile.add(seconds(0, 1), Capacities.of("ram", 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no dimension ram");
    }

    private static void apply(Profile profile, Model model, Change change) {
        var amount = new Capacities(Map.of("core", (long) change.core, "ram", (long) change.ram));
        profile.add(seconds(change.from, change.until), amount);
        for (int t = change.from; t < change.until; t++) {
            model.core[t] += change.core;
            model.ram[t] += change.ram;
        }
    }

    private static Fit earliest(Model model, int core, int ram, int length, int from) {
        for (int start = from; start + length <= SECONDS; start++) {
            if (model.fits(core, ram, start, start + length)) {
                return new Fit.At(at(start));
            }
        }
        return new Fit.Never();
    }

    private static List<Interval> windows(Model model, int core, int ram, int from, int until) {
        var windows = new ArrayList<Interval>();
        int start = -1;
        for (int t = from; t <= until; t++) {
            boolean fits = t < until && model.fits(core, ram, t, t + 1);
            if (fits && start < 0) {
                start = t;
            } else if (!fits && start >= 0) {
                windows.add(seconds(start, t));
                start = -1;
            }
        }
        return windows;
    }

    private static List<Profile.Step> steps(Model model, int from, int until) {
        var steps = new ArrayList<Profile.Step>();
        int start = from;
        for (int t = from + 1; t <= until; t++) {
            if (t == until || model.core[t] != model.core[start] || model.ram[t] != model.ram[start]) {
                var amount = new Capacities(Map.of("core", model.core[start], "ram", model.ram[start]));
                steps.add(new Profile.Step(seconds(start, t), amount));
                start = t;
            }
        }
        return steps;
    }

    private static Instant at(int second) {
        return Instant.ofEpochSecond(second);
    }

    private static Interval seconds(int from, int until) {
        return new Interval(at(from), at(until));
    }
}
