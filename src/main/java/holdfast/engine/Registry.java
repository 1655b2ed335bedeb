package holdfast.engine;

import static holdfast.db.Tables.REGISTRY;

import holdfast.platform.Database;
import holdfast.platform.Tx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Notices that types, handlers or settings have changed, here or at another server on the same database. Whoever
/// claims a process looks first, so that no process begins with what was known yesterday.
public final class Registry {
    private final Database database;
    private final Signal due;
    private final List<Reader> readers = new CopyOnWriteArrayList<>();
    private volatile long seen = -1;

    /// Reads anew what it keeps in memory.
    public interface Reader {
        void read(Tx tx);
    }

    /// @param due raised when something has changed, so that all servers look
    Registry(Database database, Signal due) {
        this.database = database;
        this.due = due;
    }

    /// Is called now and then, with the first look and after each change.
    public void add(Reader reader) {
        readers.add(reader);
    }

    /// Says that something has changed, in the transaction of the change. This server knows at once, the others
    /// when they are woken.
    public void changed(Tx tx) {
        tx.sql()
                .insertInto(REGISTRY)
                .set(REGISTRY.VERSION, 1L)
                .onConflict(REGISTRY.ONE)
                .doUpdate()
                .set(REGISTRY.VERSION, REGISTRY.VERSION.plus(1))
                .execute();
        tx.afterCommit(this::tell);
    }

    private void tell() {
        database.inTransaction(tx -> {
            refresh(tx);
            return true;
        });
        due.raise();
    }

    /// The version that is kept in memory, at least. Who goes by that without a look asks for it first, and takes
    /// what it did back if it then sees another.
    long seen() {
        return seen;
    }

    /// Lets those who keep something in memory read it anew, if it has changed since the last look.
    public synchronized void refresh(Tx tx) {
        long version = tx.sql()
                .select(REGISTRY.VERSION)
                .from(REGISTRY)
                .where(REGISTRY.ONE)
                .fetchOptional(REGISTRY.VERSION)
                .orElse(0L);
        if (version != seen) {
            readers.forEach(reader -> reader.read(tx));
            seen = version;
        }
    }
}
