package holdfast.federation.buying;

import holdfast.platform.Database;
import holdfast.platform.Platform;
import java.time.Duration;
import java.util.UUID;

/// Sellers that break when they are asked for two things at once are asked for one, by whichever replica
/// (fluidos.md 5.10, U10).
final class OneAtATime {
    /// Longer than any question takes: who has not given its turn back by then is gone.
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final Platform platform;
    private final Database database;

    OneAtATime(Platform platform, Database database) {
        this.platform = platform;
        this.database = database;
    }

    /// @param process which asks; one that had its turn and died over it has it still
    /// @return whether it is its turn
    boolean begin(UUID peer, UUID process) {
        var now = platform.now();
        return database.inTransaction(tx -> tx.sql().execute("""
                        insert into seller_busy (peer, process, until) values (?, ?, ?::timestamptz)
                        on conflict (peer) do update set process = excluded.process, until = excluded.until
                        where seller_busy.until <= ?::timestamptz or seller_busy.process = excluded.process
                        """, peer, process, now.plus(LONGEST), now) == 1);
    }

    void end(UUID peer, UUID process) {
        database.inTransaction(
                tx -> tx.sql().execute("delete from seller_busy where peer = ? and process = ?", peer, process));
    }
}
