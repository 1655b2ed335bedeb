package holdfast.federation.resale;

import holdfast.engine.Engine;
import holdfast.platform.Platform;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Lets whoever asked wait until others have answered: on a thread of its own in life, by going on with what is due in
/// simulations.
public interface Waiter {
    /// Never within a transaction.
    ///
    /// @param settled looks whether it is over
    void await(Duration longest, BooleanSupplier settled);

    /// Looks again after each change of anything.
    static Waiter of(Platform platform, Engine engine) {
        return (longest, settled) -> {
            var deadline = platform.now().plus(longest);
            long seen = engine.changed().count();
            while (!settled.getAsBoolean() && platform.now().isBefore(deadline)) {
                try {
                    engine.changed().await(seen, Duration.between(platform.now(), deadline));
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                    return;
                }
                seen = engine.changed().count();
            }
        };
    }
}
