package holdfast.orchestrator.instances;

import holdfast.engine.Signal;
import holdfast.platform.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// Lets callers wait until what they asked for is done. Each change of anything wakes all of them; so that many who
/// wait do not keep the database busy, all together look at most two hundred times a second.
final class Settling {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);

    private final Platform platform;
    private final Signal changed;
    private final AtomicInteger waiting = new AtomicInteger();

    Settling(Platform platform, Signal changed) {
        this.platform = platform;
        this.changed = changed;
    }

    /// Looks until nothing is being done to it.
    ///
    /// @param most how long, whatever is being done then
    /// @return what was seen last
    Optional<InstanceView> await(Duration most, Supplier<Optional<InstanceView>> look) {
        var deadline = platform.now().plus(most);
        waiting.incrementAndGet();
        try {
            while (true) {
                long seen = changed.count();
                var now = look.get();
                var left = Duration.between(platform.now(), deadline);
                if (now.isEmpty() || now.get().doing().isEmpty() || !left.isPositive()) {
                    return now;
                }
                changed.await(seen, left);
                pause(deadline);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return look.get();
        } finally {
            waiting.decrementAndGet();
        }
    }

    /// Until the turn of this one comes.
    private void pause(Instant deadline) throws InterruptedException {
        var left = Duration.between(platform.now(), deadline);
        var turn = BETWEEN_LOOKS.multipliedBy(waiting.get());
        if (left.isPositive()) {
            Thread.sleep(turn.compareTo(left) < 0 ? turn : left);
        }
    }
}
