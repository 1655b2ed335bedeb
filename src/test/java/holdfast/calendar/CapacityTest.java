package holdfast.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Totals that change over time, and the questions about what is free.
class CapacityTest extends CalendarFixture {
    @Test
    void a_total_that_changes_over_time_is_followed() {
        in(tx -> calendar.setTotal(tx, BOOK, "host", cores(4), at(10)));
        assertThat(booked(1, "host", hours(0, 11), cores(5))).isFalse();
        assertThat(booked(1, "host", hours(0, 10), cores(10))).isTrue();
        in(tx -> calendar.changeTotal(tx, BOOK, "host", hours(12, 14), cores(2)).orThrow());
        assertThat(booked(2, "host", hours(12, 14), cores(6))).isTrue();
        assertThat(booked(3, "host", hours(11, 13), cores(5))).isFalse();
        in(tx -> calendar.changeTotal(tx, BOOK, "host", hours(14, 20), cores(-100))
                .orThrow());
        assertThat(booked(4, "host", hours(14, 15), cores(1))).isFalse();
        assertThat(booked(4, "host", hours(20, 21), cores(4))).isTrue();
        assertThat(in(tx -> calendar.profiles(tx, BOOK, List.of("host"), hours(0, 24), Quantity.TOTAL))
                        .get("host")
                        .steps(hours(0, 24)))
                .extracting(Profile.Step::when, Profile.Step::amount)
                .containsExactly(
                        tuple(hours(0, 10), cores(10)),
                        tuple(hours(10, 12), cores(4)),
                        tuple(hours(12, 14), cores(6)),
                        tuple(hours(14, 20), cores(0)),
                        tuple(hours(20, 24), cores(4)));
    }

    @Test
    void a_place_is_empty_before_its_total_begins() {
        in(tx -> calendar.setTotal(tx, BOOK, "new", cores(10), at(5)));
        assertThat(free(List.of("new"), hours(0, 10)).get("new").least()).isEqualTo(Capacities.NONE);
        assertThat(free(List.of("new"), hours(5, 10)).get("new").least()).isEqualTo(cores(10));
        assertThat(booked(1, "new", hours(4, 6), cores(1))).isFalse();
    }

    @Test
    void a_loss_below_what_is_booked_is_reported_and_lets_nothing_new_in() {
        booked(1, "host", hours(0, 10), cores(6));
        booked(2, "host", hours(2, 4), cores(4));
        var hurt = in(tx ->
                calendar.changeTotal(tx, BOOK, "host", hours(3, 8), cores(-5)).orThrow());
        assertThat(hurt)
                .containsExactly(
                        new Violation.Overbooked(BOOK, "host", "core", hours(3, 4), 5, List.of(holder(1), holder(2))),
                        new Violation.Overbooked(BOOK, "host", "core", hours(4, 8), 1, List.of(holder(1))));
        assertThat(violations()).isEqualTo(hurt);
        assertThat(audit()).isEqualTo(hurt);
        assertThat(booked(3, "host", hours(7, 9), cores(1))).isFalse();
        assertThat(booked(3, "host", hours(8, 9), cores(4))).isTrue();
        assertThat(free(List.of("host"), hours(0, 10)).get("host").least()).isEqualTo(Capacities.NONE);
    }

    @Test
    void who_is_hurt_by_a_loss_may_still_shrink_end_and_extend_past_it() {
        booked(1, "host", hours(0, 10), cores(6), "gpu");
        in(tx -> calendar.changeTotal(tx, BOOK, "host", hours(3, 8), cores(-5)).orThrow());
        assertThat(extended(1, hours(0, 12))).isInstanceOf(Answer.Yes.class);
        assertThat(extended(1, hours(0, 11))).isInstanceOf(Answer.Yes.class);
        assertThat(modified(1, hours(0, 11), cores(7), "gpu")).isFalse();
        assertThat(modified(1, hours(0, 11), cores(6), "gpu", "gpu-2")).isTrue();
        assertThat(modified(1, hours(0, 11), cores(5))).isTrue();
        assertThat(audit()).isEmpty();
        assertThat(released(1, at(5))).isEqualTo(1);
    }

    @Test
    void a_loss_that_is_over_is_forgotten_by_the_opposite_change() {
        in(tx -> calendar.changeTotal(tx, BOOK, "host", new Interval(at(3), Instant.MAX), cores(-5))
                .orThrow());
        in(tx -> calendar.changeTotal(tx, BOOK, "host", new Interval(at(3), Instant.MAX), cores(5))
                .orThrow());
        assertThat(booked(1, "host", hours(0, 1000), cores(10))).isTrue();
    }

    @Test
    void telling_the_same_total_again_keeps_the_maintenance_that_is_planned() {
        in(tx -> calendar.changeTotal(tx, BOOK, "host", hours(3, 8), cores(-10)).orThrow());
        in(tx -> calendar.setTotal(tx, BOOK, "host", cores(10), at(0)));
        assertThat(booked(1, "host", hours(3, 4), cores(1))).isFalse();
        assertThat(booked(1, "host", hours(8, 9), cores(10))).isTrue();
    }

    @Test
    void a_dimension_that_the_new_total_does_not_name_is_gone() {
        in(tx -> calendar.setTotal(tx, BOOK, "host", new Capacities(Map.of("core", 10L, "ram", 64L)), at(0)));
        in(tx -> calendar.setTotal(tx, BOOK, "host", cores(10), at(5)));
        assertThat(booked(1, "host", hours(0, 5), Capacities.of("ram", 64))).isTrue();
        assertThat(booked(2, "host", hours(4, 6), Capacities.of("ram", 1))).isFalse();
    }

    @Test
    void bookings_and_totals_may_have_no_end() {
        assertThat(booked(1, "host", new Interval(NOON, Instant.MAX), cores(6))).isTrue();
        assertThat(held(1).getFirst().when().until()).isEqualTo(Instant.MAX);
        var refusal = refusal(book(holder(2), "host", hours(1_000_000, 1_000_001), cores(5)));
        assertThat(refusal.earliest()).isEmpty();
        assertThat(refusal(book(holder(2), "host", new Interval(at(1), Instant.MAX), cores(5)))
                        .earliest())
                .isEmpty();
        assertThat(released(1, at(5))).isEqualTo(1);
        assertThat(booked(2, "host", new Interval(at(5), Instant.MAX), cores(10)))
                .isTrue();
    }

    @Test
    void a_place_is_removed_once_its_bookings_have_ended() {
        booked(1, "host", hours(0, 2), cores(1), "gpu");
        assertThat(removed(at(1))).isPresent();
        assertThat(removed(at(2))).isEmpty();
        assertThat(removed(at(2))).isEmpty();
        assertThat(places()).isEmpty();
    }

    @Test
    void what_is_free_is_told_for_many_places_at_once() {
        in(tx -> calendar.setTotal(tx, BOOK, "other", new Capacities(Map.of("core", 8L, "ram", 64L)), at(-1)));
        booked(1, "host", hours(0, 2), cores(3), "a", "b");
        booked(2, "host", hours(1, 3), cores(3), "c");
        booked(3, "other", hours(0, 1), Capacities.of("ram", 10), "d");
        assertThat(free(List.of("other", "host", "unknown"), hours(0, 2)))
                .isEqualTo(Map.of(
                        "host", new Free(cores(4), Set.of("a", "b", "c")),
                        "other", new Free(new Capacities(Map.of("core", 8L, "ram", 54L)), Set.of("d"))));
        assertThat(usage(hours(2, 4)))
                .containsEntry("host", new Usage(cores(10), cores(3), cores(7), Set.of("c")))
                .containsOnlyKeys("host", "other");
    }

    @Test
    void the_earliest_start_has_both_amounts_and_units() {
        in(tx -> calendar.setTotal(tx, BOOK, "other", cores(10), at(-1)));
        booked(1, "host", hours(0, 5), cores(8));
        booked(2, "host", hours(4, 8), Capacities.NONE, "gpu-0");
        booked(3, "host", hours(0, 6), Capacities.NONE, "gpu-1");
        booked(4, "other", hours(0, 9), cores(9));
        var gpus = List.of(Set.of("gpu-0", "gpu-1"), Set.of("gpu-0", "gpu-1"));
        assertThat(earliest(List.of(new Candidate("host", gpus)), cores(4), 2))
                .isEqualTo(new Slot("host", hours(8, 10), List.of("gpu-0", "gpu-1")));
        assertThat(earliest(List.of(new Candidate("host", List.of(Set.of("gpu-1", "gpu-0")))), cores(4), 2))
                .isEqualTo(new Slot("host", hours(6, 8), List.of("gpu-1")));
        assertThat(earliest(List.of(new Candidate("other", List.of()), new Candidate("host", List.of())), cores(4), 2))
                .isEqualTo(new Slot("host", hours(5, 7), List.of()));
        assertThat(earliest(List.of(new Candidate("host", List.of()), new Candidate("other", List.of())), cores(1), 2))
                .isEqualTo(new Slot("host", hours(0, 2), List.of()));
        assertThat(searched(List.of(new Candidate("host", List.of())), cores(11), 1, 99))
                .isInstanceOf(Answer.No.class);
    }

    @Test
    void free_windows_lie_between_the_bookings() {
        booked(1, "host", hours(1, 2), cores(8), "gpu");
        booked(2, "host", hours(2, 4), cores(2), "gpu");
        booked(3, "host", hours(6, 7), cores(10), "gpu");
        assertThat(windows(cores(5), hours(0, 8))).containsExactly(hours(0, 1), hours(2, 6), hours(7, 8));
        assertThat(windows(List.of("gpu", "idle"), hours(0, 8)))
                .isEqualTo(Map.of("gpu", List.of(hours(0, 1), hours(4, 6), hours(7, 8)), "idle", List.of(hours(0, 8))));
    }

    @Test
    void old_bookings_are_pruned_and_nothing_else() {
        booked(1, "host", hours(0, 1), cores(1), "gpu");
        booked(2, "host", hours(0, 2), cores(1));
        booked(3, "host", hours(1, 3), cores(1));
        for (int hour = 0; hour < 6; hour++) {
            var from = at(hour);
            in(tx -> calendar.setTotal(tx, BOOK, "host", cores(20 + from.hashCode() % 7), from));
            in(tx -> calendar.changeTotal(tx, BOOK, "host", new Interval(from, Instant.MAX), cores(1))
                    .orThrow());
        }
        var before = usage(hours(2, 9));
        assertThat(pruned(at(2), 1)).isEqualTo(1);
        assertThat(pruned(at(2), 10)).isEqualTo(1);
        assertThat(pruned(at(2), 10)).isZero();
        assertThat(usage(hours(2, 9))).isEqualTo(before);
        assertThat(held(3)).hasSize(1);
    }
}
