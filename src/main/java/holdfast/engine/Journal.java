package holdfast.engine;

import static holdfast.db.Tables.JOURNAL;

import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.db.tables.records.JournalRecord;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.StepNumber;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Workflow.Role;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;

/// Who moved what from which state to which, when and why. Written with the change; never edited.
///
/// Entries have one order for all readers: by transaction, and by number within it. Who reads on is shown an entry once
/// every transaction that began before its own has ended, so that a reader who goes on after the last entry that it saw
/// misses none and gets none twice, however the transactions overlap. Who asks for the newest is shown all there are.
public final class Journal {
    private static final Field<Long> TX = DSL.field("journal.tx::text::bigint", Long.class);
    /// Without the number of the transaction, whose type the database driver would ask for on each connection.
    private static final List<Field<?>> COLUMNS = Arrays.stream(JOURNAL.fields())
            .filter(field -> !field.getName().equals("tx"))
            .toList();

    private static final Field<Long> OLDEST_OPEN =
            DSL.field("pg_snapshot_xmin(pg_current_snapshot())::text::bigint", Long.class);
    private static final Field<Long> NEXT =
            DSL.field("pg_snapshot_xmax(pg_current_snapshot())::text::bigint", Long.class);

    static final String STATE = "state";
    static final String CHANGE = "change";

    private final Platform platform;

    public Journal(Platform platform) {
        this.platform = platform;
    }

    /// @param kind `state`, `change` (of content), `progress` or `step` (of a workflow)
    /// @param number of the resource, see [Resource#number]
    /// @param from empty for the first state
    /// @param trace of the workflow that a step belongs to
    public record Entry(
            Cursor cursor,
            String kind,
            Instant at,
            UUID resource,
            long number,
            String type,
            String name,
            String project,
            String actor,
            Optional<String> from,
            String to,
            String who,
            String why,
            Optional<String> trace) {
        /// Its number: increases with time, with gaps.
        public long seq() {
            return cursor.seq;
        }
    }

    /// A place in the order of entries.
    ///
    /// @param tx number of a transaction
    /// @param seq number of an entry
    public record Cursor(long tx, long seq) implements Comparable<Cursor> {
        private static final Pattern TEXT = Pattern.compile("(\\d{1,18})-(\\d{1,18})");

        /// Before all entries.
        public static final Cursor START = new Cursor(0, 0);

        /// @return empty if it is not of the form `742-19`
        public static Optional<Cursor> parse(String text) {
            var parts = TEXT.matcher(text);
            return parts.matches()
                    ? Optional.of(new Cursor(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2))))
                    : Optional.empty();
        }

        public String text() {
            return tx + "-" + seq;
        }

        @Override
        public int compareTo(Cursor other) {
            return tx == other.tx ? Long.compare(seq, other.seq) : Long.compare(tx, other.tx);
        }
    }

    /// Some entries in their order.
    ///
    /// @param next where to go on
    /// @param full whether there may be more at once
    /// @param pending whether entries are written that may not be shown yet: look again soon
    public record Page(List<Entry> entries, Cursor next, boolean full, boolean pending) {}

    /// Selects entries about one resource.
    public static Condition about(UUID resource) {
        return JOURNAL.RESOURCE.eq(resource);
    }

    /// Selects entries about resources of one type.
    public static Condition typed(String type) {
        return JOURNAL.TYPE.eq(type);
    }

    /// Notes a change of content that left the state as it was.
    public void changed(Tx tx, Resource resource, String who, String why) {
        write(tx, CHANGE, resource, Optional.of(resource.state()), who, why, Optional.empty());
    }

    /// Notes how far the process under way has come.
    public void progress(Tx tx, Resource resource, String who, String why) {
        write(tx, "progress", resource, Optional.of(resource.state()), who, why, Optional.empty());
    }

    /// Notes that a numbered step of a workflow was taken, with the change that it is (fluidos.md 4).
    ///
    /// @param role of this domain in the workflow
    /// @param detail in words
    public void step(Tx tx, Resource resource, Trace trace, Role role, StepNumber step, String detail) {
        steps(tx, List.of(new Taken(resource, trace, role, step, detail)));
    }

    /// A step that was taken, as [#step] notes it.
    public record Taken(Resource resource, Trace trace, Role role, StepNumber step, String detail) {
        private JournalRecord row(Instant now) {
            var why = step.text(trace.workflow(), role) + ": " + detail;
            return Journal.row(
                    now,
                    "step",
                    resource,
                    Optional.of(resource.state()),
                    resource.actor(),
                    why,
                    Optional.of(trace.id()));
        }
    }

    /// Several, in their order, with one statement.
    public void steps(Tx tx, List<Taken> steps) {
        if (!steps.isEmpty()) {
            var now = platform.now();
            tx.sql()
                    .insertInto(JOURNAL)
                    .set(steps.stream().map(step -> step.row(now)).toList())
                    .execute();
        }
    }

    private void write(
            Tx tx,
            String kind,
            Resource resource,
            Optional<String> from,
            String who,
            String why,
            Optional<String> trace) {
        tx.sql()
                .insertInto(JOURNAL)
                .set(row(platform.now(), kind, resource, from, who, why, trace))
                .execute();
    }

    private static JournalRecord row(
            Instant now,
            String kind,
            Resource resource,
            Optional<String> from,
            String who,
            String why,
            Optional<String> trace) {
        var row = new JournalRecord();
        row.setAt(now);
        row.setKind(kind);
        row.setResource(resource.id());
        row.setNumber(resource.number());
        row.setType(resource.type());
        row.setName(resource.name());
        row.setProject(resource.project());
        row.setActor(resource.actor());
        row.setFromState(from.orElse(null));
        row.setToState(resource.state());
        row.setWho(who);
        row.setWhy(why);
        row.setTrace(trace.orElse(null));
        return row;
    }

    /// Entries that `condition` selects and that come after `after`, in their order, at most `limit`.
    ///
    /// @throws RefusedException if `after` lies in the future: it is of another database, or of this one before it
    ///     was
    ///     restored from a backup
    public Page read(Tx tx, Condition condition, Cursor after, int limit) {
        // Asked for first: what is older than that is visible to each later statement.
        var bounds = tx.sql().select(OLDEST_OPEN, NEXT).fetchSingle();
        if (after.tx > bounds.value2()) {
            throw new RefusedException(Refusal.clash("the journal has no place " + after.text()
                    + ": it was restored from a backup since; read it anew, from after=0 or without 'after'"));
        }
        var horizon = DSL.field("?::text::xid8", Object.class, String.valueOf(bounds.value1()));
        var entries = tx.sql()
                .select(COLUMNS)
                .select(TX)
                .from(JOURNAL)
                .where(DSL.condition(
                        "(journal.tx, journal.seq) > (?::text::xid8, ?)", String.valueOf(after.tx), after.seq))
                .and(DSL.condition("journal.tx < {0}", horizon))
                .and(condition)
                .orderBy(DSL.field("journal.tx"), JOURNAL.SEQ)
                .limit(limit)
                .fetch(Journal::entry);
        if (entries.size() == limit) {
            return new Page(entries, entries.getLast().cursor(), true, false);
        }
        boolean pending =
                tx.sql().fetchExists(DSL.selectOne().from(JOURNAL).where(DSL.condition("journal.tx >= {0}", horizon)));
        var end = new Cursor(bounds.value1(), 0);
        return new Page(entries, end.compareTo(after) > 0 ? end : after, false, pending);
    }

    /// The place after the entry of that number, or where it would be: for readers who know only the number.
    public Cursor after(Tx tx, long seq) {
        return tx.sql()
                .select(TX, JOURNAL.SEQ)
                .from(JOURNAL)
                .where(JOURNAL.SEQ.le(seq))
                .orderBy(JOURNAL.SEQ.desc())
                .limit(1)
                .fetchOptional(row -> new Cursor(row.value1(), row.value2()))
                .orElse(Cursor.START);
    }

    /// The place after all entries that those who read on may be shown by now.
    public Cursor end(Tx tx) {
        return new Cursor(tx.sql().select(OLDEST_OPEN).fetchSingle().value1(), 0);
    }

    /// The newest entries that `condition` selects, oldest first, at most `limit`: all that is committed, also what
    /// those who read on are not shown yet.
    public List<Entry> latest(Tx tx, Condition condition, int limit) {
        return tx.sql()
                .select(COLUMNS)
                .select(TX)
                .from(JOURNAL)
                .where(condition)
                .orderBy(DSL.field("journal.tx").desc(), JOURNAL.SEQ.desc())
                .limit(limit)
                .fetch(Journal::entry)
                .reversed();
    }

    private static Entry entry(Record row) {
        return new Entry(
                new Cursor(row.get(TX), row.get(JOURNAL.SEQ)),
                row.get(JOURNAL.KIND),
                row.get(JOURNAL.AT),
                row.get(JOURNAL.RESOURCE),
                row.get(JOURNAL.NUMBER),
                row.get(JOURNAL.TYPE),
                row.get(JOURNAL.NAME),
                row.get(JOURNAL.PROJECT),
                row.get(JOURNAL.ACTOR),
                Optional.ofNullable(row.get(JOURNAL.FROM_STATE)),
                row.get(JOURNAL.TO_STATE),
                row.get(JOURNAL.WHO),
                row.get(JOURNAL.WHY),
                Optional.ofNullable(row.get(JOURNAL.TRACE)));
    }
}
