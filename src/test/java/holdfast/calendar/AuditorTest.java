package holdfast.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.engine.Engine;
import holdfast.platform.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the continuous audit finds, in simulated time.
class AuditorTest extends CalendarFixture {
    private Instant now = NOON;
    private Engine engine;

    @BeforeEach
    void a_server() {
        now = NOON;
        var platform = Platform.seeded(1, () -> now);
        engine = new Engine(platform, db.database());
        new Auditor(platform, db.database(), engine, calendar);
        engine.keepHouse();
    }

    @Test
    void what_was_damaged_behind_the_triggers_is_found_within_minutes_and_told_once() throws InterruptedException {
        in(tx -> calendar.setTotal(tx, "authority", "host", cores(10), at(-1)));
        booked(1, "host", hours(0, 2), cores(10), "gpu");
        booked(2, "host", hours(4, 6), cores(3));
        pass(Duration.ofMinutes(5));
        assertThat(told()).isEmpty();
        behindTheTriggers("update booking set amounts = '{12}' where amounts = '{10}'");
        behindTheTriggers("update booking_unit set during = tstzrange('2030-01-08T12:00Z', '2030-01-08T13:00Z')");
        pass(Duration.ofMinutes(5));
        assertThat(told())
                .containsExactly(
                        "{\"book\": \"broker\", \"from\": \"2030-01-07T12:00:00Z\", \"name\": \"host\", \"until\": \"2030-01-07T14:00:00Z\","
                                + " \"missing\": 2, \"dimension\": \"core\"}",
                        "{\"book\": \"broker\", \"from\": \"2030-01-08T12:00:00Z\", \"name\": \"gpu\", \"until\": \"2030-01-08T13:00:00Z\","
                                + " \"missing\": 1, \"dimension\": \"\"}");
        assertThat(findings()).isEqualTo(Map.of("lost", 0L, "unknown", 2L));
        assertThat(in(tx -> calendar.held(tx, BOOK, holder(1))).getFirst().amount())
                .isEqualTo(cores(12));
    }

    @Test
    void what_is_mended_is_counted_no_more_and_told_again_if_it_comes_back() throws InterruptedException {
        booked(1, "host", hours(0, 2), cores(10));
        behindTheTriggers("update booking set amounts = '{11}'");
        pass(Duration.ofMinutes(3));
        behindTheTriggers("update booking set amounts = '{10}'");
        pass(Duration.ofMinutes(3));
        assertThat(findings()).isEqualTo(Map.of("lost", 0L, "unknown", 0L));
        behindTheTriggers("update booking set amounts = '{11}'");
        pass(Duration.ofMinutes(3));
        assertThat(told()).hasSize(2);
    }

    @Test
    void where_a_place_lost_capacity_those_who_are_hurt_know_it_and_it_is_only_counted() throws InterruptedException {
        booked(1, "host", hours(0, 2), cores(10));
        var entry = new Entry(
                holder(9), BOOK, "host", hours(1, 3), cores(-4), Entry.Origin.PLANNED, "admin", "admins", true, NOON);
        in(tx -> new Entries(calendar).decrease(tx, entry, true).orThrow());
        pass(Duration.ofMinutes(3));
        assertThat(told()).isEmpty();
        assertThat(findings()).isEqualTo(Map.of("lost", 1L, "unknown", 0L));
    }

    @Test
    void a_place_that_is_seen_to_have_less_than_before_has_lost_it_too() throws InterruptedException {
        booked(1, "host", hours(0, 2), cores(10));
        in(tx -> calendar.setTotal(tx, BOOK, "host", cores(0), now));
        pass(Duration.ofMinutes(3));
        assertThat(told()).isEmpty();
        assertThat(findings()).isEqualTo(Map.of("lost", 1L, "unknown", 0L));
        behindTheTriggers("update booking set amounts = '{11}'");
        pass(Duration.ofMinutes(3));
        assertThat(findings()).as("so much it never had").isEqualTo(Map.of("lost", 0L, "unknown", 1L));
    }

    @Test
    void many_places_are_looked_at_some_at_a_time_and_all_in_turn() throws InterruptedException {
        execute("insert into place (book, id) select 'broker', 'p' || i from generate_series(1, 1200) i");
        booked(1, "host", hours(0, 2), cores(10));
        execute(
                "insert into place_capacity (book, place, dimension, since, amount) values ('broker', 'p999', 'core', '2030-01-01Z', 1)");
        booked(2, "p999", hours(0, 2), cores(1));
        behindTheTriggers("update booking set amounts = '{2}' where place = 'p999'");
        pass(Duration.ofMinutes(2));
        assertThat(told()).isEmpty();
        pass(Duration.ofMinutes(2));
        assertThat(told()).hasSize(1);
    }

    private void pass(Duration time) throws InterruptedException {
        for (var end = now.plus(time); now.isBefore(end); now = now.plusSeconds(60)) {
            while (engine.runDue(Set.of("resources"))) {
                assertThat(now).isBefore(end);
            }
        }
    }

    private void behindTheTriggers(String sql) {
        in(tx -> {
            tx.sql().execute("set local session_replication_role = replica");
            return tx.sql().execute(sql);
        });
    }

    private List<String> told() {
        return in(tx -> tx.sql()
                .fetch("select data::text from notice where type = 'audit.violation' order by seq")
                .getValues(0, String.class));
    }

    private Map<String, Long> findings() {
        return in(Auditor::findings);
    }
}
