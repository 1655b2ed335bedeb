package holdfast.calendar;

import holdfast.core.Copies;
import holdfast.engine.Engine;
import holdfast.engine.Notice;
import holdfast.engine.Notices;
import holdfast.platform.Database;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Looks each minute at some more places, book after book and for ever, for what must not be (promise.md 6.5): more
/// promised than there is, or a unit with two holders. What is found is told once and never corrected; where a place
/// lost capacity those who are hurt know already, so it is only counted.
public final class Auditor {
    /// The name of its task.
    public static final String TASK = "calendar.audit";
    /// Of the notice.
    public static final String VIOLATION = "audit.violation";

    private static final Logger LOG = LoggerFactory.getLogger(Auditor.class);
    private static final UUID SPACE = new UUID(0, 0);
    private static final int PLACES = 500;

    private final Platform platform;
    private final Notices notices;
    private final Calendar calendar;

    /// From the engine's next start on it is done.
    public Auditor(Platform platform, Database database, Engine engine, Calendar calendar) {
        this.platform = platform;
        this.notices = engine.notices();
        this.calendar = calendar;
        engine.tasks().add(TASK, Duration.ofMinutes(1), () -> database.inTransaction(this::round));
    }

    private record Position(String book, Optional<String> after, Instant began) {}

    private String round(Tx tx) {
        var books =
                tx.sql().fetch("select distinct book from place order by book").getValues(0, String.class);
        var at = position(tx, books);
        if (at.isEmpty()) {
            return "there are no places";
        }
        var book = at.get().book;
        var round = calendar.audit(tx, book, at.get().after, PLACES);
        round.violations().forEach(violation -> note(tx, violation));
        if (round.next().isEmpty()) {
            tx.sql()
                    .execute(
                            "delete from audit_finding where book = ? and seen < ?::timestamptz",
                            book,
                            sql(at.get().began));
        }
        tx.sql().execute("""
                insert into audit_position (book, after, began) values (?, ?, ?::timestamptz)
                on conflict (one) do update set book = excluded.book, after = excluded.after, began = excluded.began""", book, round.next().orElse(""), sql(at.get().began));
        return round.violations().size() + " violations in " + book;
    }

    /// Where this round begins; after the end of a book, with the next book.
    private Optional<Position> position(Tx tx, List<String> books) {
        if (books.isEmpty()) {
            return Optional.empty();
        }
        var last = tx.sql()
                .resultQuery("select book, after, calendar_micros(began) as began from audit_position for update")
                .fetchOptional(row -> new Position(
                        row.get("book", String.class),
                        Optional.of(row.get("after", String.class)).filter(after -> !after.isEmpty()),
                        Micros.instant(row.get("began", Long.class))));
        if (last.flatMap(Position::after).isPresent()) {
            return last;
        }
        var next = books.stream()
                .filter(book -> last.isEmpty() || book.compareTo(last.get().book) > 0)
                .findFirst()
                .orElse(books.getFirst());
        return Optional.of(new Position(next, Optional.empty(), platform.now()));
    }

    private record Finding(String name, String dimension, long missing, boolean lost) {
        static Finding of(Tx tx, Violation violation) {
            return switch (violation) {
                case Violation.Overbooked over ->
                    new Finding(
                            over.place(), over.dimension(), over.missing(), Auditor.lost(tx, over) >= over.missing());
                case Violation.UnitTwice twice -> new Finding(twice.unit(), "", 1, false);
            };
        }
    }

    /// How much the place has lost at that time, as far as there is an entry for it, or it was seen to have less
    /// than before.
    private static long lost(Tx tx, Violation.Overbooked over) {
        return announced(tx, over) + seen(tx, over);
    }

    private static long seen(Tx tx, Violation.Overbooked over) {
        return tx.sql()
                .resultQuery("""
                        select coalesce(max(c.amount) - (array_agg(c.amount order by c.since desc))[1], 0)::bigint as lost
                          from place_capacity c
                         where c.book = ? and c.place = ? and c.dimension = ? and c.since <= ?::timestamptz""", over.book(), over.place(), over.dimension(), Sql.from(over.when()))
                .fetchSingle()
                .get("lost", Long.class);
    }

    private static long announced(Tx tx, Violation.Overbooked over) {
        return tx.sql()
                .resultQuery(
                        """
                        select coalesce(-sum(t.amount), 0)::bigint as lost
                          from capacity_entry e, lateral unnest(e.dimensions, e.amounts) as t (dimension, amount)
                         where e.book = ? and e.place = ? and t.dimension = ? and t.amount < 0
                           and e.during @> ?::timestamptz and (e.removed is null or e.removed > ?::timestamptz)""", over.book(), over.place(), over.dimension(), Sql.from(over.when()), Sql.from(over.when()))
                .fetchSingle()
                .get("lost", Long.class);
    }

    private void note(Tx tx, Violation violation) {
        var finding = Finding.of(tx, violation);
        var now = sql(platform.now());
        boolean fresh = tx.sql()
                .resultQuery(
                        """
                        insert into audit_finding as f (book, name, dimension, during, missing, lost, found, seen)
                        values (?, ?, ?, tstzrange(?::timestamptz, ?::timestamptz), ?, ?, ?::timestamptz, ?::timestamptz)
                        on conflict (book, name, dimension) do update
                           set seen = excluded.seen, missing = excluded.missing, during = excluded.during, lost = excluded.lost or f.lost and excluded.missing <= f.missing
                         where f.seen < excluded.seen
                        returning found = seen as fresh""",
                        violation.book(),
                        finding.name,
                        finding.dimension,
                        Sql.from(violation.when()),
                        Sql.until(violation.when()),
                        finding.missing,
                        finding.lost,
                        now,
                        now)
                .fetchOptional("fresh", Boolean.class)
                .orElse(false); // another instant of the same
        if (fresh && !finding.lost) {
            LOG.error("the audit found {}", violation);
            tell(tx, violation, finding);
        }
    }

    /// Everybody may hear that there is something; who is hurt is not said.
    private void tell(Tx tx, Violation violation, Finding finding) {
        notices.tell(
                tx,
                new Notice(
                        platform.newId(),
                        VIOLATION,
                        platform.now(),
                        new Notice.Thing(
                                finding.dimension.isEmpty() ? "unit" : "place",
                                Copies.id(violation.book() + " " + finding.name, SPACE),
                                1),
                        "",
                        Optional.empty(),
                        Optional.empty(),
                        data(violation, finding)));
    }

    private static ObjectNode data(Violation violation, Finding finding) {
        return Json.object()
                .put("book", violation.book())
                .put("name", finding.name)
                .put("dimension", finding.dimension)
                .put("missing", finding.missing)
                .put("from", Sql.from(violation.when()))
                .put("until", Sql.until(violation.when()));
    }

    private static String sql(Instant instant) {
        return Micros.sql(instant);
    }

    /// What was found and not mended since, counted: `lost` where a place lost capacity, `unknown` where nothing
    /// explains it.
    public static Map<String, Long> findings(Tx tx) {
        var counts = new LinkedHashMap<String, Long>(Map.of("lost", 0L, "unknown", 0L));
        tx.sql()
                .resultQuery("select lost, count(*) as count from audit_finding group by lost")
                .forEach(row ->
                        counts.put(row.get("lost", Boolean.class) ? "lost" : "unknown", row.get("count", Long.class)));
        return counts;
    }
}
