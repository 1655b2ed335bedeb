package holdfast.broker.market;

import static holdfast.protocol.rear.Samples.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.TestDatabase;
import holdfast.calendar.Booking;
import holdfast.calendar.Calendar;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.engine.Engine;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.K8Slice;
import holdfast.protocol.rear.Policy;
import holdfast.protocol.rear.Properties;
import holdfast.protocol.rear.Samples;
import holdfast.protocol.rear.Vector;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Which roots are measured anew (fluidos.md 6.4).
final class MeasuresTest {
    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private final Calendar calendar = new Calendar();
    private Instant now = Samples.BEGINNING;
    private final Market market = new Market(
            "broker",
            Platform.seeded(1, () -> now),
            new Engine(Platform.seeded(2, () -> now), test.database()),
            calendar,
            () -> HoldPolicy.USUAL);

    private <T> T run(Function<Tx, T> work) {
        return test.database().inTransaction(work);
    }

    private static Capacities cores(long cores) {
        return new Capacities(Map.of("core", cores, "ram", 1_000L, "disk", 1_000L));
    }

    private UUID offer(String place) {
        run(tx -> calendar.setTotal(tx, "broker", place, cores(8), now));
        var host = new Offer.Host("authority", UUID.randomUUID(), place, place, Vector.NONE);
        var kind = new K8Slice("arm64", vector("8", "8Gi", "10"), Optional.empty(), Properties.NONE, Policy.FREE);
        var id = UUID.randomUUID();
        var offer = new Offer(Samples.flavor("root-" + place, kind), now, Optional.of(host));
        run(tx -> market.offer(tx, id, offer, "operators", "admin"));
        return id;
    }

    private List<UUID> outdated() {
        List<UUID> outdated = run(market::outdated);
        outdated.forEach(root -> run(tx -> market.measure(tx, root)));
        return outdated;
    }

    @Test
    void what_cannot_have_changed_is_not_read() {
        var one = offer("h1");
        var other = offer("h2");
        outdated();
        assertThat(outdated()).isEmpty();
        run(tx -> tx.sql().execute("update resource set data = '[]' where id = ?", one));
        now = now.plus(Duration.ofMinutes(10));
        assertThat(outdated()).as("neither is read").isEmpty();
        run(tx -> calendar.setTotal(tx, "broker", "h2", cores(5), now));
        assertThat(outdated()).as("its host has changed").containsExactly(other);
        now = now.plus(Duration.ofHours(1));
        assertThatThrownBy(this::outdated).as("after an hour all are read").isInstanceOf(RuntimeException.class);
    }

    @Test
    void what_somebody_has_booked_counts_from_a_day_before_it_begins() {
        var root = offer("h1");
        var begins = now.plus(Duration.ofHours(26));
        var other = new Booking(
                "broker", UUID.randomUUID(), "h1", Interval.of(begins, Duration.ofHours(1)), cores(3), Set.of());
        run(tx -> calendar.book(tx, other).orThrow());
        outdated();
        assertThat(outdated()).isEmpty();
        now = begins.minus(Duration.ofDays(1)).minusSeconds(30);
        assertThat(outdated()).isEmpty();
        now = now.plusSeconds(60);
        assertThat(outdated()).containsExactly(root);
        assertThat(outdated()).isEmpty();
        now = begins.plus(Duration.ofHours(1));
        assertThat(outdated()).as("it is over").containsExactly(root);
    }
}
