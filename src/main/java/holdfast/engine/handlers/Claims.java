package holdfast.engine.handlers;

import static holdfast.db.Tables.HANDLER_CALL;
import static holdfast.db.Tables.HANDLER_TAKEN;
import static holdfast.db.Tables.PROCESS;

import holdfast.engine.Engine;
import holdfast.engine.Journal.Cursor;
import holdfast.engine.handlers.Call.State;
import holdfast.platform.Database;
import holdfast.platform.Tx;
import java.util.List;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;

/// Which calls wait to be delivered, and who has them: of each queue one subscriber, on whichever server.
final class Claims {
    private static final Field<Long> PLACE = DSL.field("handler_call.tx::text::bigint", Long.class);
    /// The oldest transaction that is open, and whether there is anything to read: mostly there is not.
    private static final String NOW = """
            select pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
                   exists (select from handler_call where state = 'open' and (tx, seq) > (?::text::xid8, ?))""";

    private final Database database;
    private final Engine engine;

    Claims(Database database, Engine engine) {
        this.database = database;
        this.engine = engine;
    }

    /// An open call in the order in which calls were put up for delivery.
    record Offered(Cursor cursor, Call call) {}

    /// Open calls that were put up after `after`; those of running transactions come later.
    Feed.Page<Offered> read(Cursor after, int limit) {
        return database.inTransaction(tx -> {
            var now = tx.sql()
                    .resultQuery(NOW, String.valueOf(after.tx()), after.seq())
                    .fetchSingle();
            long oldest = now.get(0, long.class);
            if (!now.get(1, boolean.class)) {
                return new Feed.Page<>(List.of(), later(after, oldest), false, false);
            }
            var offered = tx.sql()
                    .select(HANDLER_CALL.fields())
                    .select(PLACE)
                    .from(HANDLER_CALL)
                    .where(HANDLER_CALL.STATE.eq(State.OPEN.word()))
                    .and(DSL.condition(
                            "(handler_call.tx, handler_call.seq) > (?::text::xid8, ?)",
                            String.valueOf(after.tx()),
                            after.seq()))
                    .and(DSL.condition("handler_call.tx < ?::text::xid8", String.valueOf(oldest)))
                    .and(DSL.exists(DSL.selectOne()
                            .from(PROCESS)
                            .where(PROCESS.ID.eq(HANDLER_CALL.PROCESS).and(PROCESS.RESULT.isNull()))))
                    .orderBy(DSL.field("handler_call.tx"), HANDLER_CALL.SEQ)
                    .limit(limit)
                    .fetch(Claims::offered);
            if (offered.size() == limit) {
                return new Feed.Page<>(offered, offered.getLast().cursor(), true, false);
            }
            boolean pending = tx.sql()
                    .fetchExists(DSL.selectOne()
                            .from(HANDLER_CALL)
                            .where(HANDLER_CALL.STATE.eq(State.OPEN.word()))
                            .and(DSL.condition("handler_call.tx >= ?::text::xid8", String.valueOf(oldest))));
            return new Feed.Page<>(offered, later(after, oldest), false, pending);
        });
    }

    private static Cursor later(Cursor after, long oldest) {
        var end = new Cursor(oldest, 0);
        return end.compareTo(after) > 0 ? end : after;
    }

    private static Offered offered(Record row) {
        return new Offered(new Cursor(row.get(PLACE), row.get(HANDLER_CALL.SEQ)), Calls.read(row.into(HANDLER_CALL)));
    }

    /// Takes a call for one subscriber of a queue.
    ///
    /// @return false if another has it, or it is no longer open
    boolean take(Call call, String queue, UUID taker) {
        return database.inTransaction(tx -> isOpen(tx, call)
                && tx.sql()
                                .insertInto(HANDLER_TAKEN)
                                .set(HANDLER_TAKEN.CALL, call.id())
                                .set(HANDLER_TAKEN.QUEUE, queue)
                                .set(HANDLER_TAKEN.TAKER, taker)
                                .set(HANDLER_TAKEN.SERVER, engine.id())
                                .onConflictDoNothing()
                                .execute()
                        == 1);
    }

    /// Whether it still waits for an answer to this offer.
    boolean isOpen(Call call) {
        return database.inTransaction(tx -> isOpen(tx, call));
    }

    private static boolean isOpen(Tx tx, Call call) {
        return tx.sql()
                .fetchExists(
                        HANDLER_CALL,
                        HANDLER_CALL
                                .ID
                                .eq(call.id())
                                .and(HANDLER_CALL.STATE.eq(State.OPEN.word()))
                                .and(HANDLER_CALL.OFFERS.eq(call.offers())));
    }

    /// A subscriber has gone: what it has not answered is for another.
    void release(UUID taker) {
        database.inTransaction(tx -> {
            return release(tx, HANDLER_TAKEN.TAKER.eq(taker));
        });
    }

    /// The same for the subscribers of servers that are gone.
    void releaseDead() {
        database.inTransaction(tx -> {
            var dead = tx.sql().fetch("""
                            select dead.server from (select distinct server from handler_taken where server <> ?) dead
                             where pg_try_advisory_xact_lock(hashtextextended(dead.server::text, 0))""", engine.id()).getValues(0, UUID.class);
            return dead.isEmpty() ? 0 : release(tx, HANDLER_TAKEN.SERVER.in(dead));
        });
    }

    private int release(Tx tx, Condition which) {
        tx.sql() // calls before what is taken of them, as those do who send again
                .select(HANDLER_CALL.ID)
                .from(HANDLER_CALL)
                .where(HANDLER_CALL.ID.in(
                        DSL.select(HANDLER_TAKEN.CALL).from(HANDLER_TAKEN).where(which)))
                .orderBy(HANDLER_CALL.ID)
                .forUpdate()
                .fetch();
        return offerAgain(
                tx,
                tx.sql()
                        .deleteFrom(HANDLER_TAKEN)
                        .where(which)
                        .returning(HANDLER_TAKEN.CALL)
                        .fetch(HANDLER_TAKEN.CALL));
    }

    private int offerAgain(Tx tx, List<UUID> calls) {
        if (calls.isEmpty()) {
            return 0;
        }
        tx.afterCommit(engine.changed()::raise);
        return tx.sql()
                .update(HANDLER_CALL)
                .set(HANDLER_CALL.OFFERS, HANDLER_CALL.OFFERS.plus(1))
                .set(Calls.TX, Calls.THIS_TRANSACTION)
                .where(HANDLER_CALL
                        .ID
                        .eq(DSL.any(calls.toArray(UUID[]::new)))
                        .and(HANDLER_CALL.STATE.eq(State.OPEN.word())))
                .execute();
    }
}
