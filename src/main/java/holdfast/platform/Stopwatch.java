package holdfast.platform;

import java.time.Duration;

/// How long something took on this machine, for metrics; never for a decision, which goes by the [Platform]'s time.
public final class Stopwatch {
    private final long began = System.nanoTime();

    private Stopwatch() {}

    public static Stopwatch start() {
        return new Stopwatch();
    }

    /// The time since the start.
    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - began);
    }
}
