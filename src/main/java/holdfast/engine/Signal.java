package holdfast.engine;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Says that there may be work. Raising it is cheap and may happen any number of times; one who waits wakes once.
public final class Signal {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition raised = lock.newCondition();
    private final List<Signal> branches = new CopyOnWriteArrayList<>();
    private long count;
    private Runnable echo = () -> {};

    /// One that is raised with this one, and also by itself: then other server processes are told as of this one,
    /// and here only those are woken who wait for the branch.
    public Signal branch() {
        var branch = new Signal();
        branch.echo(() -> echo.run());
        branches.add(branch);
        return branch;
    }

    /// Also runs `listener` on every [#raise]: how other server processes are told.
    public void echo(Runnable listener) {
        echo = listener;
    }

    public void raise() {
        raiseHere();
        echo.run();
    }

    /// Wakes who waits in this process only.
    public void raiseHere() {
        lock.lock();
        try {
            count++;
            raised.signalAll();
        } finally {
            lock.unlock();
        }
        branches.forEach(Signal::raiseHere);
    }

    /// How often it was raised; to be read before looking for work, and given to [#await] after.
    public long count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until it was raised after `seen` was read, at most for `limit`.
    public void await(long seen, Duration limit) throws InterruptedException {
        lock.lock();
        try {
            long left = limit.toNanos();
            while (count == seen && left > 0) {
                left = raised.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
