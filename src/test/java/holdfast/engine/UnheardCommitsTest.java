package holdfast.engine;

import static holdfast.db.Tables.JOURNAL;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.engine.Creation.Newcomer;
import holdfast.engine.Processes.Request;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.platform.Faults;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The database commits, and the connection breaks before it can say so.
final class UnheardCommitsTest {
    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private final Engine engine = new Engine(Platform.real(), test.database());

    @BeforeEach
    void start() {
        engine.start(List.of(), false);
    }

    @AfterEach
    void stop() throws InterruptedException {
        test.database().inject(Faults.NONE);
        engine.stop();
    }

    @Test
    void a_process_that_goes_on_as_another_does_so_once_and_is_taken_up_again() throws InterruptedException {
        breaksAfter("outcomes", 1);
        var network = engine.make(newcomer()).orElseThrow().id();
        awaitActive(network);
        assertThat(states(network)).containsExactly("requested", "registering", "activating", "active");
    }

    @Test
    void an_end_that_nobody_heard_of_is_an_end() throws InterruptedException {
        breaksAfter("outcomes", 2);
        var network = engine.make(newcomer()).orElseThrow().id();
        awaitActive(network);
        assertThat(states(network)).containsExactly("requested", "registering", "activating", "active");
    }

    @Test
    void what_was_made_without_its_maker_hearing_of_it_is_led_on() throws InterruptedException {
        breaksAfter("arrivals", 1);
        var newcomer = newcomer();
        assertThat(heard(newcomer)).isFalse();
        awaitActive(newcomer.resource().id());
        assertThat(engine.make(newcomer)).as("made a second time").isEmpty();
    }

    private boolean heard(Newcomer newcomer) {
        try {
            return engine.make(newcomer).isPresent();
        } catch (DatabaseUnavailableException _) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The n-th commit of that thread from now on is not heard of.
    private void breaksAfter(String thread, int n) {
        var commits = new AtomicInteger();
        test.database().inject(new Faults() {
            @Override
            public void afterCommit(int all) {
                if (Thread.currentThread().getName().equals(thread) && commits.incrementAndGet() == n) {
                    throw new DataAccessException("broken", new SQLException("the connection is gone", "08006"));
                }
            }
        });
    }

    private Newcomer newcomer() {
        var fresh = engine.resources()
                .fresh(
                        UUID.randomUUID(),
                        "network",
                        Resources.ACTOR,
                        Optional.empty(),
                        "n",
                        "requested",
                        "physics",
                        Json.object().put("kind", "network"));
        return new Newcomer(fresh, Request.now("network.create", fresh.id(), "alice"));
    }

    private void awaitActive(UUID network) throws InterruptedException {
        while (true) {
            long seen = engine.changed().count();
            if (states(network).contains("active")) {
                return;
            }
            engine.changed().await(seen, Duration.ofSeconds(1));
        }
    }

    private List<String> states(UUID network) {
        return test
                .database()
                .inTransaction(tx -> engine.journal().latest(tx, JOURNAL.RESOURCE.eq(network), 100))
                .stream()
                .map(Journal.Entry::to)
                .toList();
    }
}
