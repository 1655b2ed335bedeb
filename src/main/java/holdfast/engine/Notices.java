package holdfast.engine;

import static holdfast.db.Tables.NOTICE;

import holdfast.db.tables.records.NoticeRecord;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.util.List;

/// Where what users may want to hear of is told: in the transaction in which it happens, so it is told if and only if
/// it happened. Who numbers, shows and delivers notices is woken by [#told].
public final class Notices {
    private final Signal told;

    Notices(Signal told) {
        this.told = told;
    }

    public void tell(Tx tx, Notice notice) {
        tell(tx, List.of(notice));
    }

    /// Several, in their order, with one statement.
    public void tell(Tx tx, List<Notice> notices) {
        if (!notices.isEmpty()) {
            tx.sql()
                    .insertInto(NOTICE)
                    .set(notices.stream().map(Notices::row).toList())
                    .execute();
            tx.afterCommit(told::raise);
        }
    }

    private static NoticeRecord row(Notice notice) {
        var row = new NoticeRecord();
        row.setId(notice.id());
        row.setType(notice.type());
        row.setAt(notice.at());
        row.setKind(notice.object().kind());
        row.setObject(notice.object().id());
        row.setVersion(notice.object().version());
        row.setProject(notice.project());
        row.setReservation(notice.reservation().orElse(null));
        row.setZone(notice.zone().orElse(null));
        row.setData(Json.jsonb(notice.data()));
        return row;
    }

    /// Raised after notices were told, here or in another process of the database.
    public Signal told() {
        return told;
    }
}
