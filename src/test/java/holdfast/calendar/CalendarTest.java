package holdfast.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import holdfast.TestDatabase;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CalendarTest {
    private static final Instant NOON = Instant.parse("2030-01-07T12:00:00Z");
    private static final String BOOK = "broker";

    @AutoClose
    private static final TestDatabase db = TestDatabase.fresh();

    private final Calendar calendar = new Calendar();

    @BeforeEach
    void a_host_with_ten_cores() {
        db.empty();
        in(tx -> calendar.setTotal(tx, BOOK, "host", cores(10), at(-1000)));
    }

    @Test
    void what_ends_at_noon_and_what_starts_at_noon_do_not_touch() {
        assertThat(booked(1, "host", hours(-2, 0), cores(10), "gpu")).isTrue();
        assertThat(booked(2, "host", hours(0, 2), cores(10), "gpu")).isTrue();
        assertThat(booked(3, "host", hours(2, 4), cores(10), "gpu")).isTrue();
        assertThat(booked(4, "host", hours(-1, 3), cores(1))).isFalse();
    }

    @Test
    void a_term_that_ends_between_two_microseconds_still_meets_the_next_one() {
        var seam = NOON.plusNanos(1_234);
        assertThat(book(holder(1), "host", new Interval(at(-1), seam), cores(10))).isInstanceOf(Answer.Yes.class);
        assertThat(book(holder(2), "host", new Interval(seam, at(1)), cores(10))).isInstanceOf(Answer.Yes.class);
        assertThat(held(1).getFirst().when().until()).isEqualTo(NOON.plusNanos(1_000));
        var refusal = refusal(book(holder(3), "host", new Interval(NOON, NOON.plusNanos(10)), cores(1)));
        assertThat(refusal.kind()).isEqualTo(Refusal.Kind.MALFORMED);
    }

    @Test
    void three_short_ones_after_another_take_the_room_of_one() {
        assertThat(booked(1, "host", hours(0, 24), cores(6))).isTrue();
        for (int hour = 0; hour < 24; hour++) {
            assertThat(booked(10 + hour, "host", hours(hour, hour + 1), cores(4))).isTrue();
        }
        assertThat(booked(99, "host", hours(5, 6), cores(1))).isFalse();
        assertThat(used(hours(0, 24))).isEqualTo(cores(10));
    }

    @Test
    void a_refusal_names_place_dimension_instant_deficit_and_the_earliest_start() {
        booked(1, "host", hours(2, 5), cores(8));
        booked(2, "host", hours(5, 6), cores(4));
        var refusal = refusal(book(holder(3), "host", hours(0, 4), cores(5)));
        assertThat(refusal.kind()).isEqualTo(Refusal.Kind.NO_ROOM);
        assertThat(refusal.message())
                .isEqualTo("host has 2 core free at 2030-01-07T14:00:00Z where 5 are wanted, 3 too few; "
                        + "the same fits from 2030-01-07T17:00:00Z on");
        assertThat(refusal.earliest()).contains(at(5));
        assertThat(booked(3, "host", hours(5, 9), cores(5))).isTrue();
    }

    @Test
    void a_refusal_over_a_unit_names_it_and_when_it_is_held() {
        booked(1, "host", hours(1, 2), Capacities.NONE, "gpu-1");
        var refusal = refusal(book(holder(2), "host", hours(0, 3), Capacities.NONE, "gpu-0", "gpu-1"));
        assertThat(refusal.kind()).isEqualTo(Refusal.Kind.NO_ROOM);
        assertThat(refusal.message())
                .startsWith("unit gpu-1 of host is held from 2030-01-07T13:00:00Z until 2030-01-07T14:00:00Z;");
        assertThat(refusal.earliest()).contains(at(2));
        assertThat(held(2)).isEmpty();
    }

    @Test
    void a_dimension_that_the_place_does_not_have_has_no_room() {
        var refusal = refusal(book(holder(1), "host", hours(0, 1), Capacities.of("fpga", 1)));
        assertThat(refusal.message()).startsWith("host has 0 fpga free at 2030-01-07T12:00:00Z where 1 are wanted");
        assertThat(refusal.earliest()).isEmpty();
    }

    @Test
    void a_place_that_nobody_described_is_not_there() {
        assertThat(refusal(book(holder(1), "elsewhere", hours(0, 1), cores(1))).kind()).isEqualTo(Refusal.Kind.NOT_THERE);
    }

    @Test
    void told_twice_is_once_and_told_otherwise_is_a_clash() {
        var first = book(holder(1), "host", hours(0, 1), cores(6), "gpu");
        assertThat(book(holder(1), "host", hours(0, 1), cores(6), "gpu")).isEqualTo(first);
        assertThat(used(hours(0, 1))).isEqualTo(cores(6));
        assertThat(refusal(book(holder(1), "host", hours(0, 1), cores(5), "gpu")).kind()).isEqualTo(Refusal.Kind.CLASH);
        assertThat(held(1)).hasSize(1);
    }

    @Test
    void the_books_of_two_actors_do_not_see_each_other() {
        in(tx -> calendar.setTotal(tx, "authority", "host", cores(10), at(-1)));
        assertThat(booked(1, "host", hours(0, 1), cores(10), "gpu")).isTrue();
        var other = new Booking("authority", holder(1), "host", hours(0, 1), cores(10), Set.of("gpu"));
        assertThat(answered(other)).isInstanceOf(Answer.Yes.class);
    }

    @Test
    void several_bookings_are_all_or_nothing() {
        in(tx -> calendar.setTotal(tx, BOOK, "other", cores(3), at(-1)));
        var one = new Booking(BOOK, holder(1), "host", hours(0, 1), cores(4), Set.of("gpu"));
        var two = new Booking(BOOK, holder(1), "other", hours(0, 1), cores(4), Set.of());
        assertThat(bookedAll(one, two)).isInstanceOf(Answer.No.class);
        assertThat(used(hours(0, 1))).isEqualTo(Capacities.NONE);
        assertThat(held(1)).isEmpty();
        assertThat(booked(2, "host", hours(0, 1), cores(10), "gpu")).isTrue();
    }

    @Test
    void several_bookings_of_one_place_count_together() {
        var one = new Booking(BOOK, holder(1), "host", hours(0, 2), cores(6), Set.of());
        var two = new Booking(BOOK, holder(1), "host", hours(1, 3), cores(6), Set.of());
        assertThat(refusal(bookedAll(one, two)).message())
                .startsWith("host has 4 core free at 2030-01-07T13:00:00Z");
    }

    @Test
    void a_unit_is_held_once_even_if_it_is_asked_for_at_another_place() {
        in(tx -> calendar.setTotal(tx, BOOK, "other", cores(10), at(-1)));
        assertThat(booked(1, "host", hours(0, 1), cores(1), "gpu")).isTrue();
        assertThat(booked(2, "other", hours(0, 1), cores(1), "gpu")).isFalse();
    }

    @Test
    void release_before_the_start_leaves_nothing() {
        booked(1, "host", hours(1, 3), cores(10), "gpu");
        assertThat(released(1, at(1))).isEqualTo(1);
        assertThat(held(1)).isEmpty();
        assertThat(booked(2, "host", hours(1, 3), cores(10), "gpu")).isTrue();
    }

    @Test
    void release_in_the_middle_keeps_the_past_and_frees_the_rest() {
        booked(1, "host", hours(0, 4), cores(10), "gpu");
        assertThat(released(1, at(1))).isEqualTo(1);
        assertThat(released(1, at(1))).isZero();
        assertThat(released(1, at(2))).isZero();
        assertThat(held(1).getFirst().when()).isEqualTo(hours(0, 1));
        assertThat(booked(2, "host", hours(0, 2), cores(1))).isFalse();
        assertThat(booked(3, "host", hours(1, 4), cores(10), "gpu")).isTrue();
    }

    @Test
    void release_ends_all_that_the_holder_has_at_the_same_instant() {
        booked(1, "host", hours(0, 4), cores(3));
        booked(1, "host", hours(0, 6), cores(4));
        booked(1, "host", hours(3, 6), cores(1));
        assertThat(released(1, at(2))).isEqualTo(3);
        assertThat(held(1)).extracting(Booking::when).containsExactly(hours(0, 2), hours(0, 2));
        assertThat(used(hours(0, 9))).isEqualTo(cores(7));
    }

    @Test
    void release_of_a_stranger_does_nothing() {
        assertThat(released(7, NOON)).isZero();
    }

    @Test
    void an_extension_does_not_compete_with_itself() {
        booked(1, "host", hours(0, 2), cores(7), "gpu");
        assertThat(extended(1, hours(0, 5))).isInstanceOf(Answer.Yes.class);
        var held = held(1);
        assertThat(held).containsExactly(new Booking(BOOK, holder(1), "host", hours(0, 5), cores(7), Set.of("gpu")));
        assertThat(booked(2, "host", hours(4, 5), cores(4))).isFalse();
        assertThat(booked(2, "host", hours(4, 5), cores(3), "gpu")).isFalse();
    }

    @Test
    void an_extension_into_somebody_elses_booking_is_refused_and_changes_nothing() {
        in(tx -> calendar.setTotal(tx, BOOK, "other", cores(10), at(-1)));
        booked(1, "host", hours(0, 2), cores(7), "gpu");
        booked(1, "other", hours(0, 2), cores(7));
        booked(2, "other", hours(4, 5), cores(7));
        var before = held(1);
        var refusal = refusal(extended(1, hours(0, 5)));
        assertThat(refusal.message()).startsWith("other has 3 core free at 2030-01-07T16:00:00Z where 7 are wanted");
        assertThat(held(1)).isEqualTo(before);
        assertThat(booked(3, "host", hours(2, 4), cores(10), "gpu")).isTrue();
        assertThat(refusal(extended(1, hours(0, 3))).message()).contains("host");
    }

    @Test
    void an_extension_of_a_held_unit_stops_at_the_next_holder() {
        booked(1, "host", hours(0, 2), Capacities.NONE, "gpu");
        booked(2, "host", hours(3, 4), Capacities.NONE, "gpu");
        assertThat(extended(1, hours(0, 3))).isInstanceOf(Answer.Yes.class);
        assertThat(refusal(extended(1, hours(0, 4))).message()).startsWith("unit gpu of host is held");
        assertThat(extended(1, hours(0, 1))).isInstanceOf(Answer.Yes.class);
        assertThat(booked(3, "host", hours(1, 3), Capacities.NONE, "gpu")).isTrue();
    }

    @Test
    void a_booking_may_grow_by_what_is_free_beside_it() {
        booked(1, "host", hours(0, 2), cores(4), "gpu-0");
        booked(2, "host", hours(0, 2), cores(3), "gpu-1");
        assertThat(modified(1, cores(8), "gpu-0")).isFalse();
        assertThat(modified(1, cores(7), "gpu-0", "gpu-1")).isFalse();
        assertThat(modified(1, cores(7), "gpu-0", "gpu-2")).isTrue();
        assertThat(modified(1, cores(1), "gpu-2")).isTrue();
        assertThat(booked(3, "host", hours(0, 2), cores(6), "gpu-0")).isTrue();
    }

    @Test
    void a_total_that_changes_over_time_is_followed() {
        in(tx -> calendar.setTotal(tx, BOOK, "host", cores(4), at(10)));
        assertThat(booked(1, "host", hours(0, 11), cores(5))).isFalse();
        assertThat(booked(1, "host", hours(0, 10), cores(10))).isTrue();
        in(tx -> calendar.changeTotal(tx, BOOK, "host", hours(12, 14), cores(2)).orThrow());
        assertThat(booked(2, "host", hours(12, 14), cores(6))).isTrue();
        assertThat(booked(3, "host", hours(11, 13), cores(5))).isFalse();
        in(tx -> calendar.changeTotal(tx, BOOK, "host", hours(14, 20), cores(-100)).orThrow());
        assertThat(booked(4, "host", hours(14, 15), cores(1))).isFalse();
        assertThat(booked(4, "host", hours(20, 21), cores(4))).isTrue();
        assertThat(in(tx -> calendar.profiles(tx, BOOK, List.of("host"), hours(0, 24), Quantity.TOTAL)).get("host").steps(hours(0, 24)))
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
        var hurt = in(tx -> calendar.changeTotal(tx, BOOK, "host", hours(3, 8), cores(-5)).orThrow());
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
        in(tx -> calendar.changeTotal(tx, BOOK, "host", new Interval(at(3), Instant.MAX), cores(-5)).orThrow());
        in(tx -> calendar.changeTotal(tx, BOOK, "host", new Interval(at(3), Instant.MAX), cores(5)).orThrow());
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
        assertThat(refusal(book(holder(2), "host", new Interval(at(1), Instant.MAX), cores(5))).earliest()).isEmpty();
        assertThat(released(1, at(5))).isEqualTo(1);
        assertThat(booked(2, "host", new Interval(at(5), Instant.MAX), cores(10))).isTrue();
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
        assertThat(earliest(List.of(new Candidate("host", gpus)), cores(4), 2)).isEqualTo(new Slot("host", hours(8, 10), List.of("gpu-0", "gpu-1")));
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
        assertThat(windows(cores(5), hours(0, 8)))
                .containsExactly(hours(0, 1), hours(2, 6), hours(7, 8));
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
            in(tx -> calendar.changeTotal(tx, BOOK, "host", new Interval(from, Instant.MAX), cores(1)).orThrow());
        }
        var before = usage(hours(2, 9));
        assertThat(pruned(at(2), 1)).isEqualTo(1);
        assertThat(pruned(at(2), 10)).isEqualTo(1);
        assertThat(pruned(at(2), 10)).isZero();
        assertThat(usage(hours(2, 9))).isEqualTo(before);
        assertThat(held(3)).hasSize(1);
    }

    // ------------------------------------------------------------------------------------------------------------------

    private <R> R in(Function<Tx, R> work) {
        return db.database().inTransaction(work);
    }

    private Answer<Booking> book(UUID holder, String place, Interval when, Capacities amount, String... units) {
        return in(tx -> calendar.book(tx, new Booking(BOOK, holder, place, when, amount, Set.of(units))));
    }

    private boolean booked(int holder, String place, Interval when, Capacities amount, String... units) {
        return book(holder(holder), place, when, amount, units) instanceof Answer.Yes;
    }

    private Answer<Slot> searched(List<Candidate> candidates, Capacities amount, int hours, int horizon) {
        return in(tx -> calendar.earliest(tx, BOOK, candidates, amount, Duration.ofHours(hours), NOON, at(horizon)));
    }

    private List<Booking> held(int holder) {
        return in(tx -> calendar.held(tx, BOOK, holder(holder)));
    }

    private int released(int holder, Instant at) {
        return in(tx -> calendar.release(tx, BOOK, holder(holder), at));
    }

    private Answer<List<Booking>> extended(int holder, Interval when) {
        return in(tx -> calendar.extend(tx, BOOK, holder(holder), when));
    }

    private Answer<List<Booking>> bookedAll(Booking... bookings) {
        return in(tx -> calendar.bookAll(tx, List.of(bookings)));
    }

    private Answer<Booking> answered(Booking booking) {
        return in(tx -> calendar.book(tx, booking));
    }

    private Optional<Refusal> removed(Instant now) {
        return in(tx -> calendar.removePlace(tx, BOOK, "host", now));
    }

    private int pruned(Instant before, int limit) {
        return in(tx -> calendar.prune(tx, before, limit));
    }

    private List<Violation> audit() {
        return in(calendar::audit);
    }

    private List<Violation> violations() {
        return in(tx -> calendar.violations(tx, BOOK, at(0)));
    }

    private List<String> places() {
        return in(tx -> calendar.places(tx, BOOK));
    }

    private Map<String, Usage> usage(Interval when) {
        return in(tx -> calendar.usage(tx, BOOK, Optional.empty(), when));
    }

    private Map<String, Free> free(List<String> places, Interval when) {
        return in(tx -> calendar.free(tx, BOOK, places, when));
    }

    private List<Interval> windows(Capacities amount, Interval when) {
        return in(tx -> calendar.freeWindows(tx, BOOK, "host", amount, when));
    }

    private Map<String, List<Interval>> windows(List<String> units, Interval when) {
        return in(tx -> calendar.freeWindows(tx, BOOK, units, when));
    }

    private boolean modified(int holder, Capacities amount, String... units) {
        return modified(holder, hours(0, 2), amount, units);
    }

    private boolean modified(int holder, Interval when, Capacities amount, String... units) {
        return in(tx -> calendar.modify(tx, new Booking(BOOK, holder(holder), "host", when, amount, Set.of(units)))) instanceof Answer.Yes;
    }

    private Slot earliest(List<Candidate> candidates, Capacities amount, int hours) {
        return searched(candidates, amount, hours, 1000).orThrow();
    }

    private Capacities used(Interval when) {
        return in(tx -> calendar.usage(tx, BOOK, Optional.of(List.of("host")), when)).get("host").used();
    }

    private static Refusal refusal(Answer<?> answer) {
        assertThat(answer).isInstanceOf(Answer.No.class);
        return ((Answer.No<?>) answer).why();
    }

    private static Capacities cores(long cores) {
        return Capacities.of("core", cores);
    }

    private static UUID holder(int number) {
        return new UUID(0, number);
    }

    private static Instant at(int hour) {
        return NOON.plus(Duration.ofHours(hour));
    }

    private static Interval hours(int from, int until) {
        return new Interval(at(from), at(until));
    }
}
