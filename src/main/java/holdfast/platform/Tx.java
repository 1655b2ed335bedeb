package holdfast.platform;

import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One transaction of [Database#inTransaction], while it lasts. Handed down to whatever reads or writes in it.
public final class Tx {
    private static final Logger LOG = LoggerFactory.getLogger(Tx.class);

    private final DSLContext sql;
    private final List<Runnable> afterCommit = new ArrayList<>();
    private boolean ended;

    Tx(DSLContext sql) {
        this.sql = sql;
    }

    /// Statements in this transaction.
    ///
    /// @throws IllegalStateException when the transaction has ended: it was kept where it should not have been
    public DSLContext sql() {
        if (ended) throw new IllegalStateException("this transaction has ended");
        return sql;
    }

    /// Has `action` run once the transaction is committed, on the same thread, in the order of asking; not at all
    /// if it is not committed. For telling threads of this process; what must not be lost is written, not told. An
    /// exception of `action` is logged and changes nothing.
    public void afterCommit(Runnable action) {
        if (ended) throw new IllegalStateException("this transaction has ended");
        afterCommit.add(action);
    }

    void end() {
        ended = true;
    }

    void committed() {
        for (var action : afterCommit) {
            try {
                action.run();
            } catch (RuntimeException e) {
                LOG.error("an action after a commit failed", e);
            }
        }
    }
}
