package holdfast.engine;

import static holdfast.db.Tables.JOURNAL;

import holdfast.db.tables.records.JournalRecord;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;

/// Who moved what from which state to which, when and why. Written with the change; never edited.
public final class Journal {
    private final Platform platform;

    public Journal(Platform platform) {
        this.platform = platform;
    }

    /// @param seq increases with time, with gaps
    /// @param from empty for the first state
    public record Entry(
            long seq,
            Instant at,
            UUID resource,
            String type,
            String name,
            String project,
            String actor,
            Optional<String> from,
            String to,
            String who,
            String why) {}

    /// Selects entries about one resource.
    public static Condition about(UUID resource) {
        return JOURNAL.RESOURCE.eq(resource);
    }

    /// Selects entries about resources of one type.
    public static Condition typed(String type) {
        return JOURNAL.TYPE.eq(type);
    }

    void write(Tx tx, Resource resource, Optional<String> from, String who, String why) {
        tx.sql()
                .insertInto(JOURNAL)
                .set(JOURNAL.AT, platform.now())
                .set(JOURNAL.RESOURCE, resource.id())
                .set(JOURNAL.TYPE, resource.type())
                .set(JOURNAL.NAME, resource.name())
                .set(JOURNAL.PROJECT, resource.project())
                .set(JOURNAL.ACTOR, resource.actor())
                .set(JOURNAL.FROM_STATE, from.orElse(null))
                .set(JOURNAL.TO_STATE, resource.state())
                .set(JOURNAL.WHO, who)
                .set(JOURNAL.WHY, why)
                .execute();
    }

    /// Entries that `condition` selects with a number greater than `after`, oldest first, at most `limit`.
    public List<Entry> read(Tx tx, Condition condition, long after, int limit) {
        return tx.sql()
                .selectFrom(JOURNAL)
                .where(JOURNAL.SEQ.gt(after).and(condition))
                .orderBy(JOURNAL.SEQ)
                .limit(limit)
                .fetch(Journal::entry);
    }

    /// The newest entries that `condition` selects, oldest first, at most `limit`.
    public List<Entry> latest(Tx tx, Condition condition, int limit) {
        return tx.sql()
                .selectFrom(JOURNAL)
                .where(condition)
                .orderBy(JOURNAL.SEQ.desc())
                .limit(limit)
                .fetch(Journal::entry)
                .reversed();
    }

    private static Entry entry(JournalRecord row) {
        return new Entry(
                row.getSeq(),
                row.getAt(),
                row.getResource(),
                row.getType(),
                row.getName(),
                row.getProject(),
                row.getActor(),
                Optional.ofNullable(row.getFromState()),
                row.getToState(),
                row.getWho(),
                row.getWhy());
    }
}
