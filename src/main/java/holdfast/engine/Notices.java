package holdfast.engine;

import static holdfast.db.Tables.NOTICE;

import holdfast.platform.Json;
import holdfast.platform.Tx;

/// Where what users may want to hear of is told: in the transaction in which it happens, so it is told if and only if
/// it happened. Who numbers, shows and delivers notices is woken by [#told].
public final class Notices {
    private final Signal told;

    Notices(Signal told) {
        this.told = told;
    }

    public void tell(Tx tx, Notice notice) {
        tx.sql()
                .insertInto(NOTICE)
                .set(NOTICE.ID, notice.id())
                .set(NOTICE.TYPE, notice.type())
                .set(NOTICE.AT, notice.at())
                .set(NOTICE.KIND, notice.object().kind())
                .set(NOTICE.OBJECT, notice.object().id())
                .set(NOTICE.VERSION, notice.object().version())
                .set(NOTICE.PROJECT, notice.project())
                .set(NOTICE.RESERVATION, notice.reservation().orElse(null))
                .set(NOTICE.ZONE, notice.zone().orElse(null))
                .set(NOTICE.DATA, Json.jsonb(notice.data()))
                .execute();
        tx.afterCommit(told::raise);
    }

    /// Raised after notices were told, here or in another process of the database.
    public Signal told() {
        return told;
    }
}
