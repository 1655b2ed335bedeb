package holdfast.engine;

import static holdfast.db.Tables.REGISTRY;

import holdfast.platform.Tx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jooq.impl.DSL;

/// Notices that types or handlers have changed, here or at another server on the same database. Whoever claims a
/// process looks first, so that no process begins with what was known yesterday.
public final class Registry {
    private final List<Reader> readers = new CopyOnWriteArrayList<>();
    private long seen = -1;

    /// Reads anew what it keeps in memory.
    public interface Reader {
        void read(Tx tx);
    }

    /// Is called now and then, with the first look and after each change.
    public void add(Reader reader) {
        readers.add(reader);
    }

    /// Says that something has changed, in the transaction of the change.
    public void changed(Tx tx) {
        tx.sql()
                .insertInto(REGISTRY)
                .set(REGISTRY.VERSION, 1L)
                .onConflict(REGISTRY.ONE)
                .doUpdate()
                .set(REGISTRY.VERSION, REGISTRY.VERSION.plus(1))
                .execute();
    }

    /// Lets those who keep something in memory read it anew, if it has changed since the last look.
    public synchronized void refresh(Tx tx) {
        long version = tx.sql()
                .select(DSL.coalesce(DSL.max(REGISTRY.VERSION), 0L))
                .from(REGISTRY)
                .fetchSingle()
                .value1();
        if (version != seen) {
            readers.forEach(reader -> reader.read(tx));
            seen = version;
        }
    }
}
