package holdfast.engine;

import holdfast.engine.Judge.Claimed;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs claimed processes here, each in a thread of its own, at most 256 at a time. Room is taken first, so that
/// nothing is claimed that would have to wait.
final class Crew {
    private static final Logger LOG = LoggerFactory.getLogger(Crew.class);
    private static final int AT_ONCE = 256;

    private final Semaphore room = new Semaphore(AT_ONCE);
    private final Map<UUID, Thread> running = new ConcurrentHashMap<>();
    private final Work work;

    /// What is done with one claimed process, until it ends, waits or is lost.
    interface Work {
        void run(Claimed process) throws InterruptedException;
    }

    Crew(Work work) {
        this.work = work;
    }

    /// Takes room for up to `most`.
    ///
    /// @return how much there was
    int take(int most) {
        int taken = 0;
        while (taken < most && room.tryAcquire()) {
            taken++;
        }
        return taken;
    }

    /// As [#take(int)]; if there is no room it waits for some.
    int take(int most, Duration longest) throws InterruptedException {
        return room.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS) ? 1 + take(most - 1) : 0;
    }

    /// Gives back room for which nothing was claimed.
    void giveBack(int rest) {
        room.release(rest);
    }

    /// Begins with one for which room was taken.
    void start(Claimed process) {
        var thread = Thread.ofVirtual()
                .name(process.definition().name() + " " + process.id())
                .unstarted(() -> run(process));
        running.put(process.id(), thread); // it may be here a second time, under a newer claim
        thread.start();
    }

    private void run(Claimed process) {
        try {
            work.run(process);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error(
                    "{} {} could not go on; it is taken up again in a moment",
                    process.definition().name(),
                    process.id(),
                    e);
        } finally {
            running.remove(process.id(), Thread.currentThread());
            room.release();
        }
    }

    /// Those that run now.
    Set<UUID> running() {
        return Set.copyOf(running.keySet());
    }

    /// Waits until none runs.
    void await(Duration longest) throws InterruptedException {
        if (room.tryAcquire(AT_ONCE, longest.toMillis(), TimeUnit.MILLISECONDS)) {
            room.release(AT_ONCE);
        }
    }
}
