package holdfast.platform;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One transaction of [Database#inTransaction], while it lasts. Handed down to whatever reads or writes in it.
public final class Tx {
    private static final Logger LOG = LoggerFactory.getLogger(Tx.class);

    private final DSLContext sql;
    private final boolean first;
    private final List<Consumer<Tx>> lockedFirst;
    private final List<Runnable> afterCommit = new ArrayList<>();
    private final List<Runnable> afterRollback = new ArrayList<>();
    private final Map<Object, Gathered<?>> gathered = new LinkedHashMap<>();
    private boolean lastLocked;
    private boolean ended;

    /// @param lockedFirst what the next try is to lock first
    Tx(DSLContext sql, boolean first, List<Consumer<Tx>> lockedFirst) {
        this.sql = sql;
        this.first = first;
        this.lockedFirst = lockedFirst;
    }

    /// Whether its work is done for the first time: no earlier try has lost a race.
    public boolean isFirstTry() {
        return first;
    }

    /// Statements in this transaction.
    ///
    /// @throws IllegalStateException when the transaction has ended: it was kept where it should not have been
    public DSLContext sql() {
        if (ended) throw new IllegalStateException("this transaction has ended");
        return sql;
    }

    /// Notes that locks are held which all take last, those of the calendar's places: whoever holds something else
    /// may wait for one of them.
    public void lastLocked() {
        lastLocked = true;
    }

    /// Whether to give up, as one who has lost a race, rather than wait for a lock that others take before those
    /// which this transaction holds: they may wait for us.
    public boolean mustNotWait() {
        return lastLocked;
    }

    /// Takes a lock that is not waited for. If somebody else has it the transaction starts again, and then waits
    /// for it before it does anything else.
    ///
    /// @param now fails at once if the lock is not to be had
    /// @param first waits for it
    public <T> T withoutWaiting(Supplier<T> now, Consumer<Tx> first) {
        lockedFirst.add(first);
        var locked = now.get();
        lockedFirst.removeLast();
        return locked;
    }

    /// What is written together.
    private record Gathered<T>(List<T> items, Consumer<List<T>> write) {
        void flush() {
            write.accept(items);
        }
    }

    /// Has `item` written before the commit, in one go with all others under the same `key`, in the order of
    /// asking. Who reads what may have been written so flushes first.
    ///
    /// @param write of the first that asked counts
    @SuppressWarnings("unchecked")
    public <T> void gather(Object key, T item, Consumer<List<T>> write) {
        if (ended) throw new IllegalStateException("this transaction has ended");
        ((Gathered<T>) gathered.computeIfAbsent(key, _ -> new Gathered<>(new ArrayList<T>(), write))).items.add(item);
    }

    /// Writes what was gathered so far.
    public void flush() {
        while (!gathered.isEmpty()) {
            var all = List.copyOf(gathered.values());
            gathered.clear();
            all.forEach(Gathered::flush);
        }
    }

    /// Takes back what `work` wrote and gathered, the locks that it took and what it wanted done after the commit,
    /// unless its result is to be kept. What is to be done after a rollback of what was taken back is done at once.
    public <T> T keptIf(Supplier<T> work, Predicate<T> keep) {
        flush();
        int kept = afterCommit.size();
        int owed = afterRollback.size();
        boolean last = lastLocked;
        sql().execute("savepoint attempt");
        var result = work.get();
        if (keep.test(result)) {
            flush();
        } else {
            gathered.clear();
            sql.execute("rollback to savepoint attempt");
            lastLocked = last;
            takeSince(kept, afterCommit);
            run(takeSince(owed, afterRollback));
        }
        sql.execute("release savepoint attempt");
        return result;
    }

    /// Takes out of `actions` what was asked for since there were `first`.
    private static List<Runnable> takeSince(int first, List<Runnable> actions) {
        var later = actions.subList(first, actions.size());
        var taken = List.copyOf(later);
        later.clear();
        return taken;
    }

    /// Has `action` run once the transaction is committed, on the same thread, in the order of asking; not at all
    /// if it is not committed, or if the part that asked for it is taken back. For telling threads of this process;
    /// what must not be lost is written, not told. An exception of `action` is logged and changes nothing.
    public void afterCommit(Runnable action) {
        if (ended) throw new IllegalStateException("this transaction has ended");
        afterCommit.add(action);
    }

    /// Has `action` run if the transaction, or the part that asks for it, comes to nothing, or if nobody heard what
    /// became of it: for giving back what this process has taken for it.
    public void afterRollback(Runnable action) {
        if (ended) throw new IllegalStateException("this transaction has ended");
        afterRollback.add(action);
    }

    void end() {
        ended = true;
    }

    void committed() {
        run(afterCommit);
    }

    void rolledBack() {
        run(afterRollback);
    }

    private static void run(List<Runnable> actions) {
        for (var action : actions) {
            try {
                action.run();
            } catch (RuntimeException e) {
                LOG.error("an action after a transaction failed", e);
            }
        }
    }
}
