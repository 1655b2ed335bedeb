package holdfast.engine;

import holdfast.platform.Database;
import holdfast.platform.DatabaseUnavailableException;
import holdfast.platform.Platform;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings one actor of this process its messages, one after the other, several in one transaction when there are
/// several. It is woken for mail of its own only, and looks by itself now and then.
final class Mailman {
    /// How often it looks by itself.
    static final Duration SWEEP = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(Mailman.class);
    private static final int BATCH = 64;

    private final Platform platform;
    private final Database database;
    private final Post post;
    private final Actor actor;
    private final Signal bell;
    private final Signal changed;
    private final Thread thread;

    Mailman(Platform platform, Database database, Post post, Actor actor, Signal changed) {
        this.platform = platform;
        this.database = database;
        this.post = post;
        this.actor = actor;
        this.bell = post.bell(actor.name());
        this.changed = changed;
        this.thread = Thread.ofVirtual().name("mail for " + actor.name()).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void stop() throws InterruptedException {
        thread.interrupt();
        thread.join(Duration.ofSeconds(5));
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                long seen = bell.count();
                if (!delivered()) {
                    bell.await(seen, SWEEP);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return whether there may be more that nobody rings for
    private boolean delivered() throws InterruptedException {
        try {
            return deliver(BATCH);
        } catch (DatabaseUnavailableException e) {
            return e.isCrowded() ? oneByOne(e) : later(e);
        } catch (RuntimeException e) {
            return oneByOne(e);
        }
    }

    private boolean oneByOne(RuntimeException why) {
        LOG.debug("mail for {} is delivered one by one after: {}", actor.name(), why.toString());
        try {
            return deliverOne();
        } catch (DatabaseUnavailableException e) {
            return later(e);
        }
    }

    private boolean later(DatabaseUnavailableException why) {
        LOG.warn("mail for {} waits for the database: {}", actor.name(), why.getMessage());
        return false;
    }

    /// Takes and handles up to `limit` messages in one transaction; all or none.
    ///
    /// @return whether it were so many
    private boolean deliver(int limit) {
        return database.inTransaction(tx -> {
            var envelopes = post.take(tx, actor.name(), limit);
            if (!envelopes.isEmpty()) {
                actor.onAll(tx, envelopes);
                tx.afterCommit(changed::raise);
            }
            return envelopes.size() == limit;
        });
    }

    /// Handles each waiting message in a transaction of its own; one that cannot be handled waits ever longer and
    /// lets the others pass.
    private boolean deliverOne() {
        var first = database.inTransaction(tx -> post.peek(tx, actor.name()));
        if (first.isEmpty()) {
            return false;
        }
        var envelope = first.get();
        try {
            deliver(1);
        } catch (DatabaseUnavailableException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("{} could not take in {} from {}", actor.name(), envelope.message(), envelope.sender(), e);
            database.inTransaction(tx -> {
                var until = platform.now().plus(Step.Retry.QUICK.pause(1 + post.attempts(tx, envelope.id())));
                post.postpone(tx, envelope.id(), until, String.valueOf(e.getMessage()));
                return until;
            });
        }
        return true;
    }
}
