package holdfast.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.core.Capacities;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a timer asks again and again, a few places at a time.
class AuditTest extends CalendarFixture {
    @Test
    void rounds_see_all_places_of_a_book_in_turn_and_no_other_book() {
        for (var place : List.of("a", "b", "c", "d")) {
            in(tx -> calendar.setTotal(tx, BOOK, place, cores(4), at(-1)));
            booked(1, place, hours(0, 2), cores(4));
        }
        in(tx -> calendar.setTotal(tx, "authority", "a", Capacities.NONE, at(-1)));
        for (var place : List.of("b", "d")) {
            in(tx -> calendar.changeTotal(tx, BOOK, place, hours(1, 9), cores(-1))
                    .orThrow());
        }
        var found = new ArrayList<Violation>();
        var first = round(Optional.empty());
        assertThat(first.next()).contains("b");
        found.addAll(first.violations());
        var second = round(first.next());
        assertThat(second.next()).contains("d");
        found.addAll(second.violations());
        var last = round(second.next());
        assertThat(last.next()).isEmpty();
        found.addAll(last.violations());
        assertThat(found)
                .containsExactly(
                        new Violation.Overbooked(BOOK, "b", "core", hours(1, 2), 1, List.of(holder(1))),
                        new Violation.Overbooked(BOOK, "d", "core", hours(1, 2), 1, List.of(holder(1))));
        assertThat(audit()).isEqualTo(found);
        assertThat(round("authority").violations()).isEmpty();
        assertThat(round("nobody's")).isEqualTo(new AuditRound(List.of(), Optional.empty()));
    }

    @Test
    void a_round_of_no_places_is_a_mistake() {
        assertThatThrownBy(() -> in(tx -> calendar.audit(tx, BOOK, Optional.empty(), 0)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void damage_is_seen_where_the_database_would_not_let_it_happen() {
        booked(1, "host", hours(0, 2), cores(10), "gpu");
        in(tx -> {
            tx.sql().execute("set local session_replication_role = replica");
            tx.sql()
                    .execute(
                            "update booking set amounts = '{12}', during = tstzrange('2030-01-07T12:00Z', '2030-01-07T13:00Z')");
            return true;
        });
        assertThat(round("broker").violations())
                .containsExactly(
                        new Violation.Overbooked(BOOK, "host", "core", hours(0, 1), 2, List.of(holder(1))),
                        new Violation.UnitTwice(BOOK, "gpu", hours(0, 2), List.of(holder(1), holder(1))));
    }

    private AuditRound round(Optional<String> after) {
        return in(tx -> calendar.audit(tx, BOOK, after, 2));
    }

    private AuditRound round(String book) {
        return in(tx -> calendar.audit(tx, book, Optional.empty(), 10));
    }
}
