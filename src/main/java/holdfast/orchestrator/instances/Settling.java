package holdfast.orchestrator.instances;

import holdfast.engine.Convoy;
import holdfast.engine.Signal;
import holdfast.platform.Platform;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/// Lets callers wait until what they asked for is done. Each change of anything wakes all of them; so that many who
/// wait do not keep the database busy, those who are awake look together, a hundred times a second at most.
final class Settling {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

    private final Platform platform;
    private final Signal changed;
    private final Convoy<UUID, Boolean> looks;

    /// @param busy those of some instances to which something is being done
    Settling(Platform platform, Signal changed, Function<List<UUID>, Set<UUID>> busy) {
        this.platform = platform;
        this.changed = changed;
        this.looks = new Convoy<>(some -> {
            var found = busy.apply(some);
            return some.stream().map(found::contains).toList();
        });
    }

    /// Waits until nothing is being done to an instance.
    ///
    /// @param most how long, whatever is being done then
    void await(UUID instance, Duration most) {
        var deadline = platform.now().plus(most);
        try {
            while (true) {
                long seen = changed.count();
                var left = Duration.between(platform.now(), deadline);
                if (!left.isPositive() || !looks.ask(instance)) {
                    return;
                }
                changed.await(seen, left);
                Thread.sleep(BETWEEN_LOOKS.compareTo(left) < 0 ? BETWEEN_LOOKS : left);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
