package holdfast.orchestrator.instances;

import holdfast.engine.Convoy;
import holdfast.engine.Signal;
import holdfast.platform.Platform;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Lets callers wait until what they asked for is done. They are woken when this server has done it; what another
/// server of the database has done they find by a look now and then, which those share who look at the same time.
final class Settling {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
    /// Whoever waits for an instance is woken by some others, too: nothing is kept of those who wait.
    private static final int BELLS = 512;

    private final Platform platform;
    private final Convoy<UUID, Boolean> looks;
    private final List<Signal> bells = Stream.generate(Signal::new).limit(BELLS).toList();

    /// @param busy those of some instances to which something is being done
    Settling(Platform platform, Function<List<UUID>, Set<UUID>> busy) {
        this.platform = platform;
        this.looks = new Convoy<>(some -> {
            var found = busy.apply(some);
            return some.stream().map(found::contains).toList();
        });
    }

    private Signal bell(UUID instance) {
        return bells.get(Math.floorMod(instance.hashCode(), BELLS));
    }

    /// Nothing is being done to an instance any more.
    void over(UUID instance) {
        bell(instance).raise();
    }

    /// How often somebody was woken for an instance; to be asked in the transaction that begins something with it.
    long woken(UUID instance) {
        return bell(instance).count();
    }

    /// Waits until nothing is being done to an instance.
    ///
    /// @param most how long, whatever is being done then
    /// @param begun [#woken] when something was begun that is surely not over before somebody is woken; who knows
    ///     that looks when it is over, and not before
    /// @param look at it; empty if it is gone
    /// @return as it is then
    Optional<InstanceView> await(
            UUID instance, Duration most, Optional<Long> begun, Supplier<Optional<InstanceView>> look) {
        var deadline = platform.now().plus(most);
        var bell = bell(instance);
        try {
            if (begun.isPresent()) {
                bell.await(begun.get(), shorter(most));
                var now = look.get();
                if (now.flatMap(InstanceView::doing).isEmpty()) {
                    return now;
                }
            }
            while (true) {
                long seen = bell.count();
                var left = Duration.between(platform.now(), deadline);
                if (!left.isPositive() || !looks.ask(instance)) {
                    break;
                }
                bell.await(seen, shorter(left));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return look.get();
    }

    private static Duration shorter(Duration left) {
        return BETWEEN_LOOKS.compareTo(left) < 0 ? BETWEEN_LOOKS : left;
    }
}
