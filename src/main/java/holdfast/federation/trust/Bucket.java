package holdfast.federation.trust;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A token bucket, exact: what is in it is counted in billionths of a token, and none is lost by asking often.
///
/// @param nanos what is in it
/// @param at when that was
record Bucket(long nanos, Instant at) {
    private static final long TOKEN = 1_000_000_000;

    /// How fast buckets are filled.
    ///
    /// @param perSecond tokens, 1 to 1,000,000
    /// @param burst the most that is in one, 1 to 1,000,000
    record Rate(int perSecond, int burst) {
        private static final int MOST = 1_000_000;

        Rate {
            if (perSecond < 1 || perSecond > MOST || burst < 1 || burst > MOST) {
                throw new IllegalArgumentException("from 1 to " + MOST + ": " + perSecond + ", " + burst);
            }
        }

        private long room() {
            return burst * TOKEN;
        }

        /// That nothing was taken from of late.
        Bucket full(Instant now) {
            return new Bucket(room(), now);
        }
    }

    /// As it is at a later time. A clock that goes back fills nothing, and empties nothing.
    Bucket refilled(Rate rate, Instant now) {
        if (!now.isAfter(at)) {
            return this;
        }
        var passed = Duration.between(at, now);
        long missing = rate.room() - nanos;
        // a nanosecond brings as many billionths as a second brings tokens
        long enough = Math.ceilDiv(missing, rate.perSecond());
        return passed.compareTo(Duration.ofNanos(enough)) >= 0
                ? rate.full(now)
                : new Bucket(nanos + passed.toNanos() * rate.perSecond(), now);
    }

    boolean isFull(Rate rate) {
        return nanos >= rate.room();
    }

    /// With one token less; empty if there is none.
    Optional<Bucket> take() {
        return nanos >= TOKEN ? Optional.of(new Bucket(nanos - TOKEN, at)) : Optional.empty();
    }

    /// How long until there is a token.
    Duration wait(Rate rate) {
        return Duration.ofNanos(Math.ceilDiv(Math.max(0, TOKEN - nanos), rate.perSecond()));
    }
}
