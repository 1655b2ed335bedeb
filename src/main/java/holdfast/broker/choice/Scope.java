package holdfast.broker.choice;

import holdfast.core.Interval;
import java.time.Instant;
import java.util.Optional;

/// Which entries a window shows (promise.md 10.11).
public final class Scope {
    private Scope() {}

    /// Whether an entry is in scope: `inclusive` if it overlaps the window, else only if it lies inside.
    ///
    /// @param until end of the entry; none means without end
    public static boolean matches(Interval window, Instant from, Optional<Instant> until, boolean inclusive) {
        return matches(window, new Interval(from, until.orElse(Instant.MAX)), inclusive);
    }

    /// The same for an entry whose time is known.
    public static boolean matches(Interval window, Interval entry, boolean inclusive) {
        return inclusive ? window.overlaps(entry) : window.contains(entry);
    }
}
