package holdfast.platform;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/// Time and chance, handed to everything that needs them, so that a simulation can decide both.
public final class Platform {
    private static final int COUNTER_BITS = 12;

    private final InstantSource clock;
    private final RandomGenerator random;
    private long last;

    private Platform(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /// The machine's clock and randomness. Not for secrets: those come from `java.security.SecureRandom`.
    public static Platform real() {
        return new Platform(InstantSource.system(), new RandomGenerator() {
            @Override
            public long nextLong() {
                return ThreadLocalRandom.current().nextLong();
            }
        });
    }

    /// The same `seed` and the same `clock` give the same run.
    public static Platform seeded(long seed, InstantSource clock) {
        return new Platform(clock, new SplittableRandom(seed));
    }

    /// The present, in microseconds: what a database row can hold.
    public Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /// A new identifier. Each is greater than the one before (version 7 of RFC 9562, counting within a
    /// millisecond): rows sort in the order in which they were made, and the indexes of busy tables stay compact.
    public UUID newId() {
        synchronized (random) {
            long now = clock.millis() << COUNTER_BITS;
            last = Math.max(last + 1, now);
            long high = (last >>> COUNTER_BITS << 16) | 0x7000 | (last & ((1 << COUNTER_BITS) - 1));
            long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
            return new UUID(high, low);
        }
    }
}
