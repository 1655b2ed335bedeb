package holdfast.calendar;

import holdfast.core.Interval;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Record;

/// The statements on the table of entries.
final class EntryRows {
    private static final String COLUMNS = """
            e.id, e.book, e.place, calendar_micros(lower(e.during)) as since, calendar_micros(upper(e.during)) as until,
            e.dimensions, e.amounts, e.origin, e.source, e.project, e.forced, calendar_micros(e.created) as created
            """;

    private EntryRows() {}

    /// Whether it is new.
    static boolean insert(Tx tx, Entry entry) {
        return tx.sql()
                        .execute(
                                "insert into capacity_entry (id, book, place, during, dimensions, amounts, origin, source, project, forced, created)"
                                        + " values (?::uuid, ?, ?, " + Sql.RANGE
                                        + ", ?::text[], ?::bigint[], ?, ?, ?, ?, ?::timestamptz) on conflict do nothing",
                                entry.id(),
                                entry.book(),
                                entry.place(),
                                Sql.from(entry.when()),
                                Sql.until(entry.when()),
                                Sql.dimensions(entry.change()),
                                Sql.amounts(entry.change()),
                                entry.origin().word(),
                                entry.source(),
                                entry.project(),
                                entry.forced(),
                                Micros.sql(entry.created()))
                == 1;
    }

    /// Whether it still counted.
    static boolean remove(Tx tx, UUID id, Instant at) {
        return tx.sql()
                        .execute(
                                "update capacity_entry set removed = ?::timestamptz where id = ?::uuid and removed is null",
                                Micros.sql(at),
                                id)
                == 1;
    }

    static Optional<Entry> find(Tx tx, UUID id) {
        return tx.sql()
                .resultQuery(
                        "select " + COLUMNS + " from capacity_entry e where e.id = ?::uuid and e.removed is null", id)
                .fetchOptional(EntryRows::entry);
    }

    static List<Entry> ofSource(Tx tx, String book, String source) {
        return tx.sql()
                .resultQuery(
                        "select " + COLUMNS
                                + " from capacity_entry e where e.book = ? and e.source = ? and e.removed is null order by e.place, e.id",
                        book,
                        source)
                .fetch(EntryRows::entry);
    }

    static List<Entry> list(Tx tx, String book, Collection<String> places, Interval when) {
        return tx.sql()
                .resultQuery(
                        "select e.* from (select ?::text as book, " + Sql.RANGE
                                + " as during) w, lateral unnest(?::text[]) as wanted (id), lateral (select " + COLUMNS
                                + " from capacity_entry e where e.book = w.book and e.place = wanted.id and e.removed is null"
                                + " and e.during && w.during offset 0) e order by e.place, e.since, e.created, e.id",
                        book,
                        Sql.from(when),
                        Sql.until(when),
                        Sql.sorted(places))
                .fetch(EntryRows::entry);
    }

    /// Forgets entries that count no longer, the oldest first; their amounts stay summed up.
    static int prune(Tx tx, String before, int limit) {
        return tx.sql().execute("""
                delete from capacity_entry where id in (
                    select id from capacity_entry where least(removed, upper(during)) <= ?::timestamptz
                     order by least(removed, upper(during)) limit ?)""", before, limit);
    }

    private static Entry entry(Record row) {
        return new Entry(
                row.get("id", UUID.class),
                row.get("book", String.class),
                row.get("place", String.class),
                Sql.interval(row, "since", "until"),
                Sql.capacities(row, "dimensions", "amounts"),
                Entry.Origin.of(row.get("origin", String.class)),
                row.get("source", String.class),
                row.get("project", String.class),
                row.get("forced", Boolean.class),
                Micros.instant(row.get("created", Long.class)));
    }
}
