package holdfast.pools.clouds.costs;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;

/// How time is charged for (aeolus.md 6.7).
public enum Billing {
    /// For each hour that was begun since the start, and for the hour at whose end it stops.
    HOUR,
    /// For each hour by the clock (UTC) in which it was there.
    WALL_CLOCK_HOUR,
    /// By what memory, processors and storage cost, each for itself.
    PER_PROPERTY;

    private static final long SECONDS = 3_600;
    private static final int FIRST_MINUTE = 1;
    private static final int LAST_MINUTE = 59;

    /// As it is written.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Billing> named(String word) {
        for (var billing : values()) {
            if (billing.word().equals(word)) {
                return Optional.of(billing);
            }
        }
        return Optional.empty();
    }

    /// How many hours are charged for; of what is charged by its properties, hours since the start.
    ///
    /// @param end not before `start`
    public long units(Instant start, Instant end) {
        return switch (this) {
            case HOUR, PER_PROPERTY -> begun(start, end);
            case WALL_CLOCK_HOUR -> begun(atMinute(start, FIRST_MINUTE), atMinute(end, LAST_MINUTE));
        };
    }

    private static long begun(Instant start, Instant end) {
        return (Duration.between(start, end).toSeconds() + SECONDS) / SECONDS;
    }

    private static Instant atMinute(Instant time, int minute) {
        return time.atOffset(ZoneOffset.UTC)
                .withMinute(minute)
                .withSecond(0)
                .withNano(0)
                .toInstant();
    }
}
