package holdfast.outside;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Waits for what happens in another process, which cannot call back. The longer it has waited the more rarely it
/// looks, as looking takes away time of that process: each 20 ms at first, each 250 ms in the end.
public final class Await {
    private static final Duration SHORTEST = Duration.ofMillis(20);
    private static final Duration LONGEST = Duration.ofMillis(250);

    private Await() {}

    static <T> T value(String what, Duration limit, Supplier<Optional<T>> look) {
        long began = System.nanoTime();
        while (true) {
            var found = look.get();
            if (found.isPresent()) return found.get();
            long waited = System.nanoTime() - began;
            if (waited > limit.toNanos())
                throw new AssertionError("waited " + limit.toMillis() + " ms in vain for " + what);
            LockSupport.parkNanos(Math.clamp(waited / 8, SHORTEST.toNanos(), LONGEST.toNanos()));
        }
    }

    /// @return how long it took
    public static Duration that(String what, Duration limit, BooleanSupplier look) {
        long began = System.nanoTime();
        value(what, limit, () -> look.getAsBoolean() ? Optional.of(true) : Optional.empty());
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /// Until there is nothing more of what `left` finds.
    static void nothing(String what, Duration limit, Supplier<? extends Collection<?>> left) {
        var seen = new AtomicReference<Collection<?>>(List.of());
        try {
            that("no " + what, limit, () -> {
                seen.set(left.get());
                return seen.get().isEmpty();
            });
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "; left: " + seen.get(), e);
        }
    }

    /// Lets time pass, so that a fault strikes at a certain moment.
    static void pass(long millis) {
        long until = System.nanoTime() + Duration.ofMillis(millis).toNanos();
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime())
            LockSupport.parkNanos(left);
    }
}
