package holdfast.drivers.openstack;

import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Result;
import holdfast.drivers.openstack.Outcome.NotDoneException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// Sees to it that one thing is ordered once. An order whose answer was lost may still come true: until it is sure that
/// it did not, the same is not ordered again.
///
/// All of it is in memory, and nothing is wrong without it. After a restart the mark is looked for, as always; if an
/// order from before it comes true after a second one, there are two things with one mark, and the younger is removed.
/// One that comes true after its lease is over is in the list of what is ours, and is taken away as a stray.
final class Orders {
    private final InstantSource clock;
    private final Duration doubt;
    private final Set<Key> busy = ConcurrentHashMap.newKeySet();
    private final Map<Key, Instant> lost = new ConcurrentHashMap<>();
    private final Set<Key> begun = ConcurrentHashMap.newKeySet();
    private final Map<Key, Boolean> switched = new ConcurrentHashMap<>();
    private final Set<Key> restarting = ConcurrentHashMap.newKeySet();

    Orders(InstantSource clock, Duration doubt) {
        this.clock = clock;
        this.doubt = doubt;
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

    /// Orders a thing that was looked for and not found.
    ///
    /// @param what is waited for then, such as `the server node1`
    Result place(Key key, String what, Runnable order) {
        if (isInDoubt(key))
            return new Result.Later("waiting for the effect of an order that was not answered: " + what);
        try {
            order.run();
            begun.add(key);
            return new Result.Later("waiting for " + what);
        } catch (NotDoneException e) {
            if (!(e.outcome() instanceof Outcome.Unknown)) throw e;
            lost.put(key, clock.instant().plus(doubt));
            return new Result.Later(
                    "looking for " + what + " after an order that was not answered (" + e.getMessage() + ")");
        }
    }

    /// It is there.
    void seen(Key key) {
        lost.remove(key);
        begun.add(key);
    }

    /// It is there no more.
    void gone(Key key) {
        begun.remove(key);
        restarting.remove(key);
    }

    /// Whether it is there, or may be, as far as we remember.
    boolean isBegun(Key key) {
        return begun.contains(key) || isInDoubt(key);
    }

    /// Whether something may still appear under that key.
    boolean isInDoubt(Key key) {
        var now = clock.instant();
        lost.values().removeIf(until -> !now.isBefore(until));
        return lost.containsKey(key);
    }

    /// What a server was last switched to, if that is not seen yet.
    Optional<Boolean> switched(Key key) {
        return Optional.ofNullable(switched.get(key));
    }

    void switching(Key key, boolean on) {
        switched.put(key, on);
    }

    /// It has reached that state, or will not.
    void isSwitched(Key key) {
        switched.remove(key);
    }

    void restarting(Key key) {
        restarting.add(key);
    }

    /// Whether a server that is seen as it is wanted was told to restart before; that is over then.
    boolean isRestarted(Key key) {
        return restarting.remove(key);
    }
}
