package holdfast.engine;

import static holdfast.db.Tables.RESTORED;

import holdfast.platform.Database;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/// Since when a database has been told of all that was done for it: from its beginning, or since it was filled from a
/// backup. A database is filled while nobody runs on it, so this is read once.
final class Epoch implements Supplier<Instant> {
    private final Database database;
    private volatile Optional<Instant> known = Optional.empty();

    Epoch(Database database) {
        this.database = database;
    }

    @Override
    public Instant get() {
        var begun = known.orElseGet(() -> database.inTransaction(Epoch::read));
        known = Optional.of(begun);
        return begun;
    }

    private static Instant read(Tx tx) {
        return Optional.ofNullable(tx.sql().selectFrom(RESTORED).fetchOne(RESTORED.AT))
                .orElse(Instant.MIN);
    }

    /// Another one begins. A clock that was ahead when the backup was made must not make older things look newer,
    /// so it is not before anything in the database.
    static int begin(Tx tx) {
        return tx.sql().execute("""
                insert into restored (at) select greatest(now(), max(created)) from resource
                    on conflict (one) do update set at = excluded.at""");
    }
}
