package holdfast.federation.trust;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// How often each caller may ask (fluidos.md 6.12). A bucket that is full again is forgotten: it is as a new one. When
/// too many are not full, callers that are new share one.
public final class Buckets {
    private static final int MOST = 10_000;
    private static final String SHARED = "";

    private final Bucket.Rate rate;
    private final InstantSource clock;
    private final Map<String, Bucket> buckets = new HashMap<>();

    /// @param perSecond questions, 1 to 1,000,000
    /// @param burst of them at once, 1 to 1,000,000
    public Buckets(int perSecond, int burst, InstantSource clock) {
        this.rate = new Bucket.Rate(perSecond, burst);
        this.clock = clock;
    }

    /// Counts one question.
    ///
    /// @return how long to wait, if it came too soon; it is not counted then
    public synchronized Optional<Duration> late(String caller) {
        var now = clock.instant();
        var key = key(caller);
        var before = buckets.get(key);
        var bucket = before == null ? rate.full(now) : before.refilled(rate, now);
        var after = bucket.take();
        buckets.put(key, after.orElse(bucket));
        return after.isPresent() ? Optional.empty() : Optional.of(bucket.wait(rate));
    }

    private String key(String caller) {
        if (buckets.size() < MOST || buckets.containsKey(caller)) {
            return caller;
        }
        var now = clock.instant();
        buckets.values().removeIf(bucket -> bucket.refilled(rate, now).isFull(rate));
        return buckets.size() < MOST ? caller : SHARED;
    }

    /// How many are remembered.
    synchronized int size() {
        return buckets.size();
    }
}
