package holdfast;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Goes as the clock of the machine does, and can be put forward: so a test need not ask for what is due in a few
/// seconds, and hope that it is asked in time.
public final class MovableClock implements InstantSource {
    private volatile Duration ahead = Duration.ZERO;

    @Override
    public Instant instant() {
        return InstantSource.system().instant().plus(ahead);
    }

    public void advance(Duration by) {
        ahead = ahead.plus(by);
    }
}
