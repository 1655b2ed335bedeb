package holdfast.notifications;

import static holdfast.db.Tables.NOTICE;

import holdfast.platform.Database;
import holdfast.platform.Tx;
import org.jooq.impl.DSL;

/// Gives notices the numbers that readers go by, once they are committed.
///
/// Who gives numbers holds the row of the last one until they are committed, so each number is seen after those before
/// it, whichever server gives them. A transaction that ends late gets its numbers late, holds up nobody, and is skipped
/// by nobody. Of notices that can be seen, the one that was written first is first: what happened to one object, under
/// the lock of its row, keeps its order.
final class Numbering {
    private static final int BATCH = 1_000;

    private static final String LOCK =
            "insert into notice_number (last) values (0) on conflict (one) do update set last = notice_number.last returning last";

    private static final String NUMBER = """
            with first as (select seq from notice where position is null order by seq limit ?),
                 next as (select seq, ?::bigint + row_number() over (order by seq) as position from first)
            update notice set position = next.position from next where notice.seq = next.seq""";

    private final Database database;
    private final NoticeBoard board;

    Numbering(Database database, NoticeBoard board) {
        this.database = database;
        this.board = board;
    }

    /// Numbers all that can be seen.
    ///
    /// @return the last number that was given, by whomever
    long run() {
        Given given;
        do {
            given = database.inTransaction(tx -> waits(tx) ? batch(tx) : new Given(0, board.last(tx)));
        } while (given.rows == BATCH);
        return given.last;
    }

    /// @param rows how many got a number
    /// @param last number that was given
    private record Given(int rows, long last) {}

    private static boolean waits(Tx tx) {
        return tx.sql().fetchExists(DSL.selectOne().from(NOTICE).where(NOTICE.POSITION.isNull()));
    }

    /// The statement that numbers begins after the lock is held, and so sees what the one who held it before did.
    private static Given batch(Tx tx) {
        long last = tx.sql().resultQuery(LOCK).fetchOptional(0, Long.class).orElseThrow();
        int rows = tx.sql().execute(NUMBER, BATCH, last);
        tx.sql().execute("update notice_number set last = ?", last + rows);
        return new Given(rows, last + rows);
    }
}
