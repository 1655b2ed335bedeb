package holdfast.drivers.qemu;

import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Result;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/// Lets the calls for one machine go one after the other.
final class Turns {
    private static final int LOCKS = 256;
    private static final Pattern LEASE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,63}");
    private static final int LONGEST_PART = 200;

    /// A fixed number of locks, each for some of the machines, so that locks of ended machines need no clearing
    /// away.
    private final List<ReentrantLock> locks = new ArrayList<>();

    private final Duration patience;

    /// @param patience how long a call waits for its turn
    Turns(Duration patience) {
        this.patience = patience;
        for (int i = 0; i < LOCKS; i++) locks.add(new ReentrantLock());
    }

    interface Work {
        Result run() throws IOException;
    }

    /// Does the work when its turn has come; what goes wrong with it is a failure, but silence is none yet.
    Result take(Key key, Work work) {
        if (!enter(key)) return new Result.Later("another step on this machine is under way");
        try {
            return work.run();
        } catch (QmpException e) {
            return new Result.Failed("QEMU refuses: " + e.getMessage());
        } catch (SilentException e) {
            return new Result.Later("waiting for an answer: " + e.getMessage());
        } catch (IOException e) {
            return new Result.Failed(key.part() + ": " + e.getMessage());
        } finally {
            leave(key);
        }
    }

    /// @return false if it is not our turn in time; else [#leave] must follow
    boolean enter(Key key) {
        return enter(key, patience);
    }

    /// The same with another `limit` of the wait.
    boolean enter(Key key, Duration limit) {
        check(key);
        try {
            return lock(key).tryLock(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void leave(Key key) {
        lock(key).unlock();
    }

    private ReentrantLock lock(Key key) {
        return locks.get(Math.floorMod(key.lease().hashCode(), locks.size()));
    }

    /// Keys become names of files and processes.
    private static void check(Key key) {
        if (!LEASE.matcher(key.lease()).matches())
            throw new IllegalArgumentException(
                    "a lease is letters, digits and hyphens, at most 64, not: " + key.lease());
        if (key.part().isEmpty() || key.part().length() > LONGEST_PART)
            throw new IllegalArgumentException("a part has 1.." + LONGEST_PART + " characters, not "
                    + key.part().length());
    }
}
