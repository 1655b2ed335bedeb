package holdfast.calendar;

import holdfast.core.Interval;
import java.time.Duration;
import java.time.Instant;

/// Instants as microseconds since 1970, which is what the database keeps. The two ends of `long` are the open ends of
/// time.
final class Micros {
    static final long BEGINNING = Long.MIN_VALUE;
    static final long END = Long.MAX_VALUE;
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

    private Micros() {}

    /// The microsecond that contains `instant`; an open end if it is outside the years 1 to 9999.
    static long of(Instant instant) {
        if (instant.isBefore(FIRST)) {
            return BEGINNING;
        }
        if (instant.isAfter(LAST)) {
            return END;
        }
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
    }

    /// The instant; [Instant#MIN] and [Instant#MAX] for the open ends.
    static Instant instant(long micros) {
        if (micros == BEGINNING) {
            return Instant.MIN;
        }
        if (micros == END) {
            return Instant.MAX;
        }
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000), Math.floorMod(micros, 1_000_000) * 1_000L);
    }

    /// The whole microseconds in `duration`, rounded up, so that what is found is never too short.
    static long of(Duration duration) {
        if (duration.compareTo(Duration.between(FIRST, LAST)) > 0) {
            return END;
        }
        return Math.addExact(Math.multiplyExact(duration.getSeconds(), 1_000_000L), (duration.getNano() + 999) / 1_000);
    }

    /// `from` plus `length`, never beyond the open end.
    static long plus(long from, long length) {
        long sum = from + length;
        return from == END || length == END || sum < from ? END : sum;
    }

    static Interval interval(long from, long until) {
        return new Interval(instant(from), instant(until));
    }

    /// Whether something is left of it in whole microseconds.
    static boolean isEmpty(Interval interval) {
        return of(interval.from()) >= of(interval.until());
    }

    /// How the database reads it.
    static String sql(Instant instant) {
        long micros = of(instant);
        if (micros == BEGINNING) {
            return "-infinity";
        }
        return micros == END ? "infinity" : instant(micros).toString();
    }
}
