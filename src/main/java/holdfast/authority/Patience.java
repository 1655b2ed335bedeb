package holdfast.authority;

import holdfast.authority.Driver.Key;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// How long a driver waits for a cloud at which nothing of an instance was begun, and what it gave up there (aeolus.md
/// 7, row 1). In memory: after a restart of ours the wait begins anew.
public final class Patience {
    private final InstantSource clock;
    private final Duration limit;
    private final Map<Key, Instant> awaySince = new ConcurrentHashMap<>();
    private final Set<Key> givenUp = ConcurrentHashMap.newKeySet();

    /// @param limit how long a cloud may be away before nothing is begun there
    public Patience(InstantSource clock, Duration limit) {
        this.clock = clock;
        this.limit = limit;
    }

    /// The cloud has answered.
    public void answered(Key key) {
        awaySince.remove(key);
    }

    /// The cloud did not answer.
    ///
    /// @param asked when it was asked
    /// @return whether that goes on for too long
    public boolean isOver(Key key, Instant asked) {
        var since = awaySince.computeIfAbsent(key, _ -> asked);
        return !clock.instant().isBefore(since.plus(limit));
    }

    /// Nothing of it was begun, and nothing will be.
    public void giveUp(Key key) {
        givenUp.add(key);
    }

    public boolean isGivenUp(Key key) {
        return givenUp.contains(key);
    }

    /// Nothing of it is of use any more.
    public void forget(Key key) {
        awaySince.remove(key);
        givenUp.remove(key);
    }
}
