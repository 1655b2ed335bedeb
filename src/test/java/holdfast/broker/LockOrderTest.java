package holdfast.broker;

import static holdfast.Latches.await;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.calendar.Calendar;
import holdfast.core.Capacities;
import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes.Request;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.SqlErrors;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What ends locks itself and then its places; what decides has the places and may have to touch others. They meet, and
/// must not wait for each other.
final class LockOrderTest {
    private static final UUID RESERVATION = new UUID(1, 1);
    private static final List<String> PLACE = List.of("lab");

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private final Engine engine = new Engine(Platform.real(), test.database());
    private final Calendar calendar = new Calendar();
    private final Queue<String> errors = new ConcurrentLinkedQueue<>();

    @Test
    @Timeout(30)
    void who_has_places_gives_them_up_rather_than_wait_for_who_wants_one() throws Exception {
        test.database().inTransaction(this::prepare);
        var reservationIsHeld = new CountDownLatch(1);
        var placeIsHeld = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var ends = threads.submit(() -> test.database().inTransaction(tx -> {
                engine.resources().lock(tx, RESERVATION);
                reservationIsHeld.countDown();
                await(placeIsHeld);
                return calendar.lock(tx, "broker", PLACE);
            }));
            var decides = threads.submit(() -> test.database().inTransaction(tx -> {
                await(reservationIsHeld);
                calendar.lock(tx, "broker", PLACE);
                placeIsHeld.countDown();
                return noting(() -> engine.resources().lock(tx, RESERVATION));
            }));
            assertThat(ends.get()).containsExactlyElementsOf(PLACE);
            assertThat(decides.get()).isPresent();
        }
        assertThat(errors)
                .isNotEmpty()
                .allSatisfy(state -> assertThat(state)
                        .as("a lock that is not waited for, and no deadlock")
                        .isEqualTo("55P03"));
    }

    @Test
    @Timeout(30)
    void a_process_of_what_somebody_has_locked_is_written_without_waiting() throws Exception {
        test.database().inTransaction(this::prepare);
        engine.definitions().add(ProcessDefinition.timer("reservation.look", _ -> Outcome.done()));
        test.database().inTransaction(tx -> {
            engine.resources().lock(tx, RESERVATION);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                return threads.submit(() -> test.database()
                                .inTransaction(other -> engine.processes()
                                        .schedule(other, Request.now("reservation.look", RESERVATION, "broker"))
                                        .orThrow()))
                        .get();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    private boolean prepare(Tx tx) {
        calendar.setTotal(tx, "broker", PLACE.getFirst(), Capacities.of("core", 4), Instant.EPOCH);
        return engine.resources()
                .insert(
                        tx,
                        engine.resources()
                                .fresh(
                                        RESERVATION,
                                        Reservations.TYPE,
                                        "broker",
                                        Optional.empty(),
                                        "r",
                                        "active",
                                        "physics",
                                        Json.object()),
                        "alice",
                        "a test wants it");
    }

    private <T> T noting(Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            errors.add(SqlErrors.state(e).orElse(e.toString()));
            throw e;
        }
    }
}
