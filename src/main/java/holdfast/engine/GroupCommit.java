package holdfast.engine;

import static java.util.Objects.requireNonNull;

import holdfast.platform.DatabaseUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes what several threads have to write at about the same time in one transaction: under load the cost of
/// statements and of the commit is shared.
///
/// @param <T> what is written
/// @param <R> what its writer learns
public final class GroupCommit<T, R> {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final int LARGEST_BATCH = 256;
    private static final int MOMENT = 100; // microseconds
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final Batch<T, R> batch;
    private final Outage outage;
    private final BlockingQueue<Waiting<T, R>> queue = new ArrayBlockingQueue<>(4 * LARGEST_BATCH);
    private final Thread thread;
    private volatile boolean stopped;

    private record Waiting<T, R>(T item, CompletableFuture<R> written) {}

    /// Writes items durably, in a transaction of its own.
    public interface Batch<T, R> {
        /// @return a result for each item, in their order
        List<R> write(List<T> items);
    }

    /// What happens to items while the database is away.
    public enum Outage {
        /// They wait: what was done must be recorded.
        WAIT,
        /// Their writers are told.
        FAIL
    }

    /// @param name of its thread
    public GroupCommit(String name, Batch<T, R> batch, Outage outage) {
        this.batch = batch;
        this.outage = outage;
        this.thread = new Thread(this::run, name);
    }

    /// From now on what is given is written; once.
    public void start() {
        thread.setDaemon(true);
        thread.start();
    }

    boolean started() {
        return thread.isAlive();
    }

    /// How many wait behind those that are being written.
    int waiting() {
        return queue.size();
    }

    /// Stops after the batch that is being written; what is queued behind it is refused.
    public void stop() throws InterruptedException {
        thread.interrupt();
        thread.join(Duration.ofSeconds(5));
        stopped = true;
        refuseAll();
    }

    private void refuseAll() {
        var rest = new ArrayList<Waiting<T, R>>();
        queue.drainTo(rest);
        fail(rest, new IllegalStateException("no more is written here: it has stopped"));
    }

    /// Returns when `item` is written durably.
    ///
    /// @throws DatabaseUnavailableException if the database does not take it and nobody waits for that
    /// @throws IllegalStateException if it cannot be written, with the reason
    public R write(T item) throws InterruptedException {
        var waiting = new Waiting<T, R>(item, new CompletableFuture<>());
        queue.put(waiting);
        if (stopped) {
            refuseAll();
        }
        try {
            return waiting.written.get();
        } catch (ExecutionException e) {
            var why = requireNonNull(e.getCause());
            throw why instanceof DatabaseUnavailableException away
                    ? away
                    : new IllegalStateException("could not be written: " + why.getMessage(), why);
        }
    }

    private void run() {
        int last = 1;
        while (!Thread.currentThread().isInterrupted()) {
            var next = List.<Waiting<T, R>>of();
            try {
                next = next(last);
                last = next.size();
                writeOrSplit(next);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (Throwable e) { // such as a lack of memory: others still have something to write
                LOG.error("{} cannot be written", next.size(), e);
            } finally {
                fail(next, new IllegalStateException("it was given up"));
            }
        }
    }

    /// Tells those who have not heard yet.
    private static <T, R> void fail(List<Waiting<T, R>> waiting, RuntimeException why) {
        waiting.forEach(one -> one.written.completeExceptionally(why));
    }

    /// Who was in the last batch wakes now and may have more: each is waited for a moment, or the first of them
    /// would have a transaction of its own and the others the next.
    ///
    /// @param last how many were in the last batch
    private List<Waiting<T, R>> next(int last) throws InterruptedException {
        var next = new ArrayList<Waiting<T, R>>();
        next.add(queue.take());
        queue.drainTo(next, LARGEST_BATCH - 1);
        try {
            Waiting<T, R> one;
            while (next.size() < last && (one = queue.poll(MOMENT, TimeUnit.MICROSECONDS)) != null) {
                next.add(one);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // what is taken is written first
        }
        return next;
    }

    /// A batch that cannot be written is written one by one, so that one bad item does not hold up the others.
    private void writeOrSplit(List<Waiting<T, R>> all) throws InterruptedException {
        while (true) {
            try {
                var results = batch.write(all.stream().map(Waiting::item).toList());
                for (int i = 0; i < all.size(); i++) {
                    all.get(i).written.complete(results.get(i));
                }
                return;
            } catch (RuntimeException e) {
                var unavailable = e instanceof DatabaseUnavailableException why ? why : null;
                if (all.size() > 1 && (unavailable == null || unavailable.isCrowded())) {
                    for (var waiting : all) {
                        writeOrSplit(List.of(waiting));
                    }
                    return;
                }
                if (unavailable == null || outage == Outage.FAIL) {
                    fail(all, e);
                    return;
                }
                LOG.warn("{} wait for the database: {}", all.size(), e.getMessage());
                Thread.sleep(PAUSE);
            }
        }
    }
}
