package holdfast.federation.mail;

import holdfast.engine.Engine;
import holdfast.engine.Post;
import holdfast.engine.Post.Envelope;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/// The seller's side of an exchange of mail: takes in what the buyer brings, gives out what waits for it, and lets it
/// wait for more without a transaction or a connection of its own.
///
/// After something was sent, one of those who wait looks for all of them.
public final class Postbox {
    private final Platform platform;
    private final Database database;
    private final Post post;
    private final ReentrantLock looking = new ReentrantLock();
    private Look last = new Look(-1, Set.of());

    /// Under which contracts something waits.
    ///
    /// @param sent what had been sent when it was read
    private record Look(long sent, Set<String> contracts) {}

    /// Never within a transaction.
    public Postbox(Platform platform, Database database, Engine engine) {
        this.platform = platform;
        this.database = database;
        this.post = engine.post();
        engine.forgetting(new DeadLetters(platform, engine)::prune);
    }

    /// One exchange.
    ///
    /// @param contract our record of it
    /// @param brought what the buyer says, all or nothing of it taken in
    /// @param taken what the buyer has taken in of what it was given
    /// @param longest how long to wait if nothing is there for the buyer; not at all if that is not positive
    /// @return what waits for the buyer, and the ids of all that was brought
    public Mail exchange(UUID contract, List<Envelope> brought, List<UUID> taken, Duration longest) {
        long seen = post.sentAbroad().count();
        var waiting = database.inTransaction(tx -> {
            brought.forEach(envelope -> post.takeIn(tx, contract, envelope));
            post.acknowledge(tx, contract, taken);
            return waiting(tx, contract);
        });
        var ids = brought.stream().map(Envelope::id).toList();
        return new Mail(waiting.isEmpty() ? await(contract, seen, platform.now().plus(longest)) : waiting, ids);
    }

    private List<Letter> waiting(Tx tx, UUID contract) {
        return Sack.of(tx, post, contract);
    }

    private List<Letter> await(UUID contract, long before, Instant deadline) {
        long seen = before;
        try {
            while (platform.now().isBefore(deadline)) {
                post.sentAbroad().await(seen, Duration.between(platform.now(), deadline));
                seen = post.sentAbroad().count();
                if (somethingWaits(contract, seen)) {
                    return database.inTransaction(tx -> waiting(tx, contract));
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return List.of();
    }

    private boolean somethingWaits(UUID contract, long sent) {
        looking.lock();
        try {
            if (last.sent < sent) {
                last = new Look(sent, database.inTransaction(post::abroad));
            }
            return last.contracts.contains(contract.toString());
        } finally {
            looking.unlock();
        }
    }
}
