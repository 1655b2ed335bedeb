package holdfast.notifications;

import static holdfast.db.Tables.NOTICE;
import static holdfast.db.Tables.NOTICE_NUMBER;

import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.db.tables.records.NoticeRecord;
import holdfast.engine.Notice;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import tools.jackson.databind.node.ObjectNode;

/// The notices that have a number, for reading. Numbers begin with 1, have no gaps, and are seen in their order: who
/// has seen one has seen, or could have, all before it.
public final class NoticeBoard {
    /// A notice that readers may see.
    ///
    /// @param position its number
    public record Numbered(long position, Notice notice) {
        /// As it goes over the wire (promise.md 5.3).
        public ObjectNode body() {
            var body = Json.object()
                    .put("id", notice.id().toString())
                    .put("sequence", position)
                    .put("type", notice.type())
                    .put("time", notice.at().toString());
            body.putObject("object")
                    .put("kind", notice.object().kind())
                    .put("id", notice.object().id().toString())
                    .put("version", notice.object().version());
            if (!notice.project().isEmpty()) {
                body.put("project", notice.project());
            }
            notice.reservation().ifPresent(id -> body.put("reservation", id.toString()));
            notice.zone().ifPresent(zone -> body.put("zone", zone));
            return body.set("data", notice.data());
        }
    }

    /// Some notices in their order.
    ///
    /// @param next where to go on: all up to there was looked at
    /// @param full whether there may be more at once
    public record Page(List<Numbered> notices, long next, boolean full) {}

    /// The last number that was given; 0 before the first.
    public long last(Tx tx) {
        return tx.sql()
                .select(NOTICE_NUMBER.LAST)
                .from(NOTICE_NUMBER)
                .fetchOptional(NOTICE_NUMBER.LAST)
                .orElse(0L);
    }

    /// Notices that `which` selects and that come after number `since`, at most `limit`.
    ///
    /// @throws RefusedException if that number was not given yet: it is of another database, or of this one before
    ///     it was restored from a backup
    public Page read(Tx tx, Condition which, long since, int limit) {
        long last = given(tx, since);
        var notices = tx.sql()
                .selectFrom(NOTICE)
                .where(NOTICE.POSITION.gt(since).and(NOTICE.POSITION.le(last)).and(which))
                .orderBy(NOTICE.POSITION)
                .limit(limit)
                .fetch(NoticeBoard::numbered);
        boolean full = notices.size() == limit;
        return new Page(notices, full ? notices.getLast().position() : last, full);
    }

    /// The newest notices that `which` selects, oldest first, at most `limit`.
    public Page newest(Tx tx, Condition which, int limit) {
        long last = last(tx);
        var notices = tx.sql()
                .selectFrom(NOTICE)
                .where(NOTICE.POSITION.le(last).and(which))
                .orderBy(NOTICE.POSITION.desc())
                .limit(limit)
                .fetch(NoticeBoard::numbered);
        return new Page(notices.reversed(), last, false);
    }

    /// The last number that was given, if `since` was.
    ///
    /// @throws RefusedException as [#read]
    long given(Tx tx, long since) {
        long last = last(tx);
        if (since > last) {
            throw new RefusedException(Refusal.clash("since is " + since + ", and the last notice is " + last
                    + "; if the server was restored from a backup, go on from since=" + last));
        }
        return last;
    }

    private static Numbered numbered(NoticeRecord row) {
        return new Numbered(
                row.getPosition(),
                new Notice(
                        row.getId(),
                        row.getType(),
                        row.getAt(),
                        new Notice.Thing(row.getKind(), row.getObject(), row.getVersion()),
                        row.getProject(),
                        Optional.ofNullable(row.getReservation()),
                        Optional.ofNullable(row.getZone()),
                        (ObjectNode) Json.tree(row.getData().data())));
    }
}
