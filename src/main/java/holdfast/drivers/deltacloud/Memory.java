package holdfast.drivers.deltacloud;

import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Result;
import holdfast.authority.Patience;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// What was asked of the cloud and not seen yet. All of it is in memory, and nothing is wrong without it: after a
/// restart marks are looked for, as always. If an order from before comes true after a second one, there are two
/// instances with one mark, of which the younger is taken away.
final class Memory {
    private static final List<Duration> PAUSES =
            List.of(Duration.ofSeconds(2), Duration.ofSeconds(10), Duration.ofSeconds(30));

    private final InstantSource clock;
    private final Limits limits;
    private final Patience patience;
    private final Set<Key> busy = ConcurrentHashMap.newKeySet();
    private final Map<Key, String> ids = new ConcurrentHashMap<>();
    private final Map<Key, Doubt> doubts = new ConcurrentHashMap<>();
    private final Map<Key, Asked> asked = new ConcurrentHashMap<>();
    private final Map<Key, Integer> tries = new ConcurrentHashMap<>();

    /// An order that may have had its effect.
    ///
    /// @param until when it surely has none if it is not seen
    record Doubt(String why, Instant until) {}

    private record Asked(String action, Instant at) {}

    Memory(InstantSource clock, Limits limits, Patience patience) {
        this.clock = clock;
        this.limits = limits;
        this.patience = patience;
    }

    /// Lets one caller at a time work on a thing; the others are told to come back.
    Result alone(Key key, Supplier<Result> work) {
        if (!busy.add(key)) return new Result.Later("waiting for another step on " + key.part());
        try {
            return work.get();
        } finally {
            busy.remove(key);
        }
    }

    /// It is there, under that id.
    void seen(Key key, String id) {
        ids.put(key, id);
        doubts.remove(key);
        patience.answered(key);
    }

    Optional<String> id(Key key) {
        return Optional.ofNullable(ids.get(key));
    }

    /// It is not there.
    void missed(Key key) {
        ids.remove(key);
        asked.remove(key);
        patience.answered(key);
    }

    /// Something was ordered, and there was no answer that can be relied on.
    ///
    /// @param slow the effect may take its time
    void doubt(Key key, String why, boolean slow) {
        doubts.put(key, new Doubt(why, slow ? clock.instant().plus(limits.doubt()) : clock.instant()));
    }

    Optional<Doubt> doubt(Key key) {
        return Optional.ofNullable(doubts.get(key));
    }

    /// Whether something may still appear under that key.
    boolean isInDoubt(Key key) {
        return doubt(key).filter(one -> clock.instant().isBefore(one.until())).isPresent();
    }

    void settle(Key key) {
        doubts.remove(key);
        asked.remove(key);
        tries.remove(key);
    }

    /// Whether an action was asked for a moment ago, and may still show its effect.
    boolean isAsked(Key key, String action) {
        return Optional.ofNullable(asked.get(key))
                .filter(one -> one.action.equals(action) && clock.instant().isBefore(one.at.plus(Limits.NO_EFFECT)))
                .isPresent();
    }

    void asking(Key key, String action) {
        asked.put(key, new Asked(action, clock.instant()));
        tries.remove(key);
    }

    /// How long to wait after another failure of an action; empty = enough (aeolus.md 6.8).
    Optional<Duration> failed(Key key) {
        int n = tries.merge(key, 1, Integer::sum);
        if (n <= PAUSES.size()) return Optional.of(PAUSES.get(n - 1));
        tries.remove(key);
        return Optional.empty();
    }

    /// Nothing of it is of use any more.
    void forget(Key key) {
        patience.forget(key);
        ids.remove(key);
        settle(key);
    }
}
