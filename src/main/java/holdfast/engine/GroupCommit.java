package holdfast.engine;

import holdfast.engine.Judge.Ended;
import holdfast.engine.Progress.Verdict;
import holdfast.platform.Database;
import holdfast.platform.DatabaseUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Records the outcomes of steps that end at about the same time in one transaction: under load the cost of a commit is
/// shared.
final class GroupCommit {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final int LARGEST_BATCH = 256;
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final Database database;
    private final StepWriter writer;
    private final Signal changed;
    private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(4 * LARGEST_BATCH);
    private final Thread thread = new Thread(this::run, "group-commit");

    private record Waiting(Ended ended, CompletableFuture<Written> written) {}

    /// What the caller learns: the resource as it is now, or that the claim was lost and somebody else goes on.
    sealed interface Written {
        /// @param verdict what really follows: a process that was overtaken ends whatever its step said
        record Taken(Resource resource, Verdict verdict) implements Written {}

        record Lost() implements Written {}
    }

    GroupCommit(Database database, StepWriter writer, Signal changed) {
        this.database = database;
        this.writer = writer;
        this.changed = changed;
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /// Stops after what is queued. What was not recorded runs again after the next start.
    void stop() throws InterruptedException {
        thread.interrupt();
        thread.join(Duration.ofSeconds(5));
    }

    /// Records `ended` durably; returns when it is.
    ///
    /// @throws RuntimeException what the change that goes with the step threw
    Written write(Ended ended) throws InterruptedException {
        var waiting = new Waiting(ended, new CompletableFuture<>());
        queue.put(waiting);
        try {
            return waiting.written.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("could not record step " + ended.step() + ": " + e.getMessage(), e);
        }
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                var batch = new ArrayList<Waiting>();
                batch.add(queue.take());
                queue.drainTo(batch, LARGEST_BATCH - 1);
                writeOrSplit(batch);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// A batch that cannot be written is written one by one, so that one bad step does not hold up the others.
    private void writeOrSplit(List<Waiting> batch) throws InterruptedException {
        while (true) {
            try {
                var taken = database.inTransaction(tx ->
                        writer.write(tx, batch.stream().map(Waiting::ended).toList()));
                changed.raise();
                batch.forEach(waiting -> waiting.written.complete(
                        taken.getOrDefault(waiting.ended.process().id(), new Written.Lost())));
                return;
            } catch (DatabaseUnavailableException e) {
                LOG.warn("the database is away; {} step outcomes wait for it: {}", batch.size(), e.getMessage());
                Thread.sleep(PAUSE);
            } catch (RuntimeException e) {
                if (batch.size() == 1) {
                    batch.getFirst().written.completeExceptionally(e);
                } else {
                    for (var waiting : batch) {
                        writeOrSplit(List.of(waiting));
                    }
                }
                return;
            }
        }
    }
}
