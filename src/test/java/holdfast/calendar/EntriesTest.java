package holdfast.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

/// More and less of a place, with the reason.
class EntriesTest extends CalendarFixture {
    private final Entries entries = new Entries(calendar);

    @Test
    void more_and_less_for_a_window_show_before_inside_and_after() {
        assertThat(added(1, hours(2, 4), 5)).isInstanceOf(Answer.Yes.class);
        assertThat(added(2, hours(3, 6), -8)).isInstanceOf(Answer.Yes.class);
        assertThat(total(1)).isEqualTo(10);
        assertThat(total(2)).isEqualTo(15);
        assertThat(total(3)).isEqualTo(7);
        assertThat(total(4)).isEqualTo(2);
        assertThat(total(6)).isEqualTo(10);
        assertThat(booked(1, "host", hours(2, 3), cores(15))).isTrue();
        assertThat(booked(2, "host", hours(4, 5), cores(3))).isFalse();
        assertThat(listed(hours(0, 3))).extracting(Entry::id).containsExactly(id(1));
        assertThat(listed(hours(0, 9))).containsExactly(entry(1, hours(2, 4), 5), entry(2, hours(3, 6), -8));
    }

    @Test
    void what_is_told_twice_counts_once() {
        added(1, hours(0, 2), -3).orThrow();
        added(1, hours(0, 2), -3).orThrow();
        assertThat(total(0)).isEqualTo(7);
    }

    @Test
    void what_is_removed_counts_no_longer_from_then_on() {
        added(1, hours(0, 6), -3).orThrow();
        added(2, hours(1, 9), 2).orThrow();
        booked(1, "host", hours(6, 9), cores(12));
        assertThat(removed(1, 2).orThrow()).isEmpty();
        assertThat(total(1)).isEqualTo(9);
        assertThat(total(2)).isEqualTo(12);
        assertThat(removed(2, 4).orThrow())
                .containsExactly(new Violation.Overbooked(BOOK, "host", "core", hours(6, 9), 2, List.of(holder(1))));
        assertThat(listed(hours(0, 9))).isEmpty();
        assertThat(refusal(removed(2, 4)).kind()).isEqualTo(Refusal.Kind.NOT_THERE);
        assertThat(total(4)).isEqualTo(10);
    }

    @Test
    void less_that_hurts_is_refused_with_the_list_and_changes_nothing() {
        booked(1, "host", hours(0, 4), cores(4));
        booked(2, "host", hours(2, 6), cores(3));
        booked(3, "host", hours(6, 9), cores(9));
        var impact = decreased(1, hours(1, 5), -5, false).orThrow();
        assertThat(impact.taken()).isFalse();
        assertThat(impact.hurt()).containsExactly(holder(1), holder(2));
        assertThat(impact.violations())
                .containsExactly(
                        new Violation.Overbooked(BOOK, "host", "core", hours(2, 4), 2, List.of(holder(1), holder(2))));
        assertThat(total(2)).isEqualTo(10);
        assertThat(listed(hours(0, 9))).isEmpty();
        assertThat(violations()).isEmpty();
        assertThat(decreased(1, hours(1, 5), -3, false).orThrow()).isEqualTo(new Impact(true, List.of()));
        assertThat(listed(hours(0, 9))).containsExactly(entry(1, hours(1, 5), -3));
    }

    @Test
    void what_is_forced_names_every_victim_once() {
        booked(1, "host", hours(0, 6), cores(4));
        booked(2, "host", hours(1, 2), cores(6));
        booked(3, "host", hours(3, 4), cores(6));
        booked(4, "host", hours(8, 9), cores(9));
        var rehearsed =
                in(tx -> entries.rehearse(tx, entry(1, hours(0, 7), -7))).orThrow();
        assertThat(total(0)).isEqualTo(10);
        var impact = decreased(1, hours(0, 7), -7, true).orThrow();
        assertThat(impact.taken()).isTrue();
        assertThat(impact.hurt()).containsExactly(holder(1), holder(2), holder(3));
        assertThat(rehearsed.hurt()).isEqualTo(impact.hurt());
        assertThat(violations()).isEqualTo(impact.violations());
        assertThat(listed(hours(0, 9)).getFirst().forced()).isTrue();
        assertThat(total(0)).isEqualTo(3);
    }

    @Test
    void less_hurts_nobody_who_was_hurt_elsewhere_before() {
        in(tx -> calendar.setTotal(tx, BOOK, "host", Capacities.of(10, 64, 0), at(-1)));
        booked(1, "host", hours(0, 9), Capacities.of(6, 6, 0));
        in(tx -> calendar.changeTotal(tx, BOOK, "host", hours(4, 9), cores(-5)).orThrow());
        assertThat(decreased(1, hours(0, 4), -4, false).orThrow().taken()).isTrue();
        var memory = new Entry(
                id(2),
                BOOK,
                "host",
                hours(0, 9),
                Capacities.of("ram", -58),
                Entry.Origin.PLANNED,
                "me",
                "p",
                false,
                NOON);
        assertThat(in(tx -> entries.decrease(tx, memory, false)).orThrow().taken())
                .isTrue();
        assertThat(decreased(3, hours(5, 6), -1, false).orThrow().taken()).isFalse();
    }

    @Test
    void nonsense_is_refused() {
        assertThat(refusal(decreased(1, hours(0, 1), 5, true)).field()).contains("change.core");
        assertThatThrownBy(() -> entry(1, hours(0, 1), 0)).isInstanceOf(IllegalArgumentException.class);
        var elsewhere =
                new Entry(id(1), BOOK, "nowhere", hours(0, 1), cores(1), Entry.Origin.DECLARED, "me", "p", false, NOON);
        assertThat(refusal(in(tx -> entries.add(tx, elsewhere))).kind()).isEqualTo(Refusal.Kind.NOT_THERE);
        assertThat(found(1)).isEmpty();
    }

    @Test
    void entries_that_count_no_longer_are_forgotten_with_old_bookings() {
        added(1, hours(0, 2), -3).orThrow();
        added(2, hours(0, 9), -1).orThrow();
        added(3, new Interval(at(0), Instant.MAX), -1).orThrow();
        removed(3, 1).orThrow();
        pruned(at(2), 10);
        assertThat(rows()).isEqualTo(1);
        assertThat(total(3)).isEqualTo(9);
    }

    // ------------------------------------------------------------------------------------------------------------

    private Optional<Entry> found(int number) {
        return in(tx -> entries.find(tx, id(number)));
    }

    private int rows() {
        return in(tx -> tx.sql().fetchCount(DSL.table("capacity_entry")));
    }

    private static UUID id(int number) {
        return new UUID(7, number);
    }

    private static Entry entry(int number, Interval when, long cores) {
        return new Entry(
                id(number), BOOK, "host", when, cores(cores), Entry.Origin.DECLARED, "operator", "lab", false, NOON);
    }

    private Answer<List<Violation>> added(int number, Interval when, long cores) {
        return in(tx -> entries.add(tx, entry(number, when, cores)));
    }

    private Answer<Impact> decreased(int number, Interval when, long cores, boolean force) {
        return in(tx -> entries.decrease(tx, entry(number, when, cores), force));
    }

    private Answer<List<Violation>> removed(int number, int hour) {
        return in(tx -> entries.remove(tx, id(number), at(hour)));
    }

    private List<Entry> listed(Interval when) {
        return in(tx -> entries.list(tx, BOOK, List.of("host"), when));
    }

    private long total(int hour) {
        return usage(hours(hour, hour + 1)).get("host").total().get("core");
    }
}
