package holdfast.broker;

import static holdfast.db.Tables.BOOKING;
import static holdfast.db.Tables.RESERVATION_ITEM;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.calendar.Booking;
import holdfast.calendar.Calendar;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.engine.Engine;
import holdfast.engine.Resources;
import holdfast.inventory.Models;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What is over is forgotten after a while.
class ForgettingTest {
    private static final UUID ITEM = new UUID(1, 2);

    @AutoClose
    private final TestDatabase db = TestDatabase.fresh();

    private Instant now = Instant.parse("2030-01-07T08:00:00Z");
    private final Platform platform = Platform.seeded(7, () -> now);
    private final Calendar calendar = new Calendar();
    private final Engine engine = new Engine(platform, db.database());

    ForgettingTest() {
        var supply = new Supply("broker", platform, engine, calendar, new Models(platform));
        new Broker("broker", platform, engine, calendar, supply);
    }

    private UUID reservation(boolean over) {
        var id = platform.newId();
        db.database().inTransaction(tx -> {
            var fresh = engine.resources()
                    .fresh(
                            id,
                            "reservation",
                            "broker",
                            Optional.empty(),
                            "expo",
                            over ? "ended" : "active",
                            "physics",
                            Json.object());
            return engine.resources().insert(tx, over ? fresh.removedAt(now) : fresh, "alice", "");
        });
        return id;
    }

    private boolean isThere(UUID reservation) {
        return db.database()
                .inTransaction(tx -> engine.resources().find(tx, reservation).isPresent());
    }

    private int bookings() {
        return db.database().inTransaction(tx -> tx.sql().fetchCount(BOOKING));
    }

    private void book(Duration time) {
        db.database()
                .inTransaction(tx -> calendar.book(
                                tx, new Booking("broker", ITEM, "place", Interval.of(now, time), amount(1), Set.of()))
                        .orThrow());
    }

    private static Capacities amount(long vcpus) {
        return new Capacities(Map.of("vcpu", vcpus));
    }

    private void pass(int days) throws InterruptedException {
        now = now.plus(Duration.ofDays(days));
        for (int turn = 0; engine.runDue(Set.of(Resources.ACTOR)); turn++) {
            assertThat(turn).isLessThan(100);
        }
    }

    @Test
    void what_ended_is_forgotten_after_ninety_days_with_its_bookings_and_the_rest_stays() throws Exception {
        engine.keepHouse();
        var over = reservation(true);
        var active = reservation(false);
        db.database().inTransaction(tx -> {
            calendar.setTotal(tx, "broker", "place", amount(10), now);
            return tx.sql()
                    .execute(
                            "insert into reservation_item (id, reservation, project, during, live, movable)"
                                    + " values (?, ?, 'physics', 'empty', false, false)",
                            ITEM,
                            over);
        });
        book(Duration.ofDays(1));
        book(Duration.ofDays(400));
        pass(89);
        assertThat(isThere(over)).isTrue();
        assertThat(bookings()).isEqualTo(2);
        pass(3);
        assertThat(isThere(over)).isFalse();
        assertThat(isThere(active)).isTrue();
        assertThat(bookings()).isEqualTo(1);
        assertThat(db.database().<Integer>inTransaction(tx -> tx.sql().fetchCount(RESERVATION_ITEM)))
                .isZero();
    }

    @Test
    void an_operator_says_how_long() throws Exception {
        engine.keepHouse();
        var over = reservation(true);
        db.database()
                .inTransaction(tx -> engine.settings().set(tx, "records.over.keep.days", Optional.of("2"), "admin"));
        pass(1);
        assertThat(isThere(over)).isTrue();
        pass(2);
        assertThat(isThere(over)).isFalse();
    }
}
