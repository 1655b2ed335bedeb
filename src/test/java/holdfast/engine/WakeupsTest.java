package holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.Statements;
import holdfast.TestDatabase;
import holdfast.platform.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Server processes on one database that wake each other.
final class WakeupsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int CHANGES = 20;

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private final Engine one = new Engine(Platform.real(), test.database());
    private final Engine other = new Engine(Platform.real(), test.database());

    @BeforeEach
    void start() throws InterruptedException {
        one.start(List.of(), true);
        one.changed().await(0, PATIENCE); // it listens
    }

    @AfterEach
    void stop() throws InterruptedException {
        one.stop();
        other.stop();
    }

    @Test
    void who_is_alone_tells_nobody_and_who_comes_is_told() throws InterruptedException {
        var began = Instant.now();
        long told = Statements.of("wakeups-out", this::change);
        var looks = Duration.between(began, Instant.now()).toSeconds() + 2;
        assertThat(told).as("begin and look, once a second").isLessThanOrEqualTo(2 * looks);

        other.start(List.of(), true);
        other.changed().await(0, PATIENCE); // it listens
        long seen = other.changed().count();
        one.changed().raise();
        other.changed().await(seen, PATIENCE);
        assertThat(other.changed().count()).isGreaterThan(seen);
    }

    /// Now and then, so that there is something to tell each time.
    private void change() {
        try {
            for (int n = 0; n < CHANGES; n++) {
                one.changed().raise();
                one.changed().await(one.changed().count(), Duration.ofMillis(20));
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
