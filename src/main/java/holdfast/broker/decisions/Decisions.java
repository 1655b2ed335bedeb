package holdfast.broker.decisions;

import holdfast.broker.choice.Claim;
import holdfast.broker.choice.Grant;
import holdfast.broker.choice.Place;
import holdfast.broker.decisions.Matter.Verb;
import holdfast.broker.decisions.Question.Admit;
import holdfast.broker.decisions.Question.Take;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.jooq.JSONB;
import tools.jackson.databind.JsonNode;

/// Every decision with its answer, written in its transaction: so what was granted is in the log if and only if it is
/// booked, and a caller that lets a transaction end with a refusal has the refusal in the log.
///
/// Entries that come together are one batch. What was looked at is kept with the entry if it is not too much.
public final class Decisions {
    private final Platform platform;
    private final String book;
    private final String inside;
    private final IntSupplier most;

    /// @param book in which is booked what is granted
    /// @param inside in which is booked what is taken of items of reservations
    /// @param most how much is kept of what a decision looked at, in steps of all places: some 6 bytes each
    public Decisions(Platform platform, String book, String inside, IntSupplier most) {
        this.platform = platform;
        this.book = book;
        this.inside = inside;
        this.most = most;
    }

    /// Which entries.
    ///
    /// @param since the first instant
    /// @param until no longer
    /// @param after a number: only later entries
    public record Filter(
            Optional<UUID> reservation,
            Optional<String> project,
            Optional<Instant> since,
            Optional<Instant> until,
            long after) {
        public static final Filter ALL =
                new Filter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), 0);

        /// The same, only later entries.
        public Filter after(long number) {
            return new Filter(reservation, project, since, until, number);
        }
    }

    /// What will be written: made before the transaction, since to compress what was looked at takes its time.
    ///
    /// @param given what it looked at; none if that is too much, or if it is not the calendar that decided
    public record Entry(
            Instant at,
            Matter matter,
            boolean granted,
            JSONB asked,
            String book,
            List<String> places,
            JSONB answer,
            Optional<byte[]> given) {}

    /// What was decided on what there is in the calendar.
    public Entry entry(Matter matter, Question question, Answer<? extends Record> answer) {
        boolean small = question.steps() <= most.getAsInt();
        return entry(
                matter, question, answer, small ? Optional.of(Given.of(question).bytes()) : Optional.empty());
    }

    /// That something else than the calendar has refused what there would have been room for, such as that more is
    /// in use.
    public Entry refusal(Matter matter, Question question, Refusal why) {
        return entry(matter, question, Answer.<Grant>no(why), Optional.empty());
    }

    /// That a rule beside the calendar does not allow it: how much a project may have ahead, or a policy outside.
    /// What there would have been is taken back by then, so that no place is named.
    ///
    /// @param asked what was to be had
    public Entry denial(Matter matter, Object asked, Refusal why) {
        return new Entry(
                platform.now(),
                matter,
                false,
                Json.jsonb(asked),
                book,
                List.of(),
                Json.jsonb(Question.kept(Answer.<Grant>no(why))),
                Optional.empty());
    }

    private Entry entry(Matter matter, Question question, Answer<? extends Record> answer, Optional<byte[]> given) {
        return new Entry(
                platform.now(),
                matter,
                answer instanceof Answer.Yes,
                Json.jsonb(question.asked()),
                book(question),
                List.copyOf(places(question, answer)),
                Json.jsonb(Question.kept(answer)),
                given);
    }

    /// Writes entries in their order, with the versions of their places.
    public void write(Tx tx, List<Entry> entries) {
        var batch = tx.sql().batch("""
                        insert into decision (at, verb, who, project, reservation, allocation, granted, asked, versions, answer, given)
                        select ?::timestamptz, ?, ?, ?, ?::uuid, ?::uuid, ?, ?::jsonb,
                               (select coalesce(jsonb_object_agg(id, version), '{}') from place where book = ? and id = any (?::text[])),
                               ?::jsonb, ?::bytea""");
        for (var entry : entries) {
            var matter = entry.matter;
            batch = batch.bind(
                    entry.at.atOffset(ZoneOffset.UTC),
                    matter.verb().name(),
                    matter.who(),
                    matter.project(),
                    matter.reservation().orElse(null),
                    matter.allocation().orElse(null),
                    entry.granted,
                    entry.asked,
                    entry.book,
                    entry.places.toArray(String[]::new),
                    entry.answer,
                    entry.given.orElse(null));
        }
        batch.execute();
    }

    private String book(Question question) {
        return switch (question) {
            case Admit _ -> book;
            case Take _ -> inside;
        };
    }

    /// Accounts and zones, since whoever books a host books its zone; and what was taken.
    private static Collection<String> places(Question question, Answer<? extends Record> answer) {
        var places = new TreeSet<String>();
        switch (question) {
            case Admit(var _, var snapshot) ->
                snapshot.places().values().stream()
                        .filter(place -> !(place.about() instanceof Place.Host))
                        .map(Place::id)
                        .forEach(places::add);
            case Take(var draw) -> places.add(draw.item().toString());
        }
        if (answer instanceof Answer.Yes<? extends Record>(Grant grant)) {
            Stream.concat(grant.claims().stream(), grant.moves().stream().flatMap(move -> move.after().stream()))
                    .map(Claim::place)
                    .forEach(places::add);
        }
        return places;
    }

    /// Oldest first.
    ///
    /// @param most 1 or more
    public List<Decision> list(Tx tx, Filter filter, int most) {
        var where = new StringBuilder("seq > ?");
        var values = new ArrayList<Object>(List.of(filter.after));
        filter.reservation.ifPresent(id -> {
            where.append(" and reservation = ?::uuid");
            values.add(id);
        });
        filter.project.ifPresent(project -> {
            where.append(" and project = ?");
            values.add(project);
        });
        filter.since.ifPresent(since -> {
            where.append(" and at >= ?::timestamptz");
            values.add(since.atOffset(ZoneOffset.UTC));
        });
        filter.until.ifPresent(until -> {
            where.append(" and at < ?::timestamptz");
            values.add(until.atOffset(ZoneOffset.UTC));
        });
        values.add(most);
        return tx.sql()
                .fetch("select * from decision where " + where + " order by seq limit ?", values.toArray())
                .map(Decisions::read);
    }

    private static Decision read(org.jooq.Record row) {
        var matter = new Matter(
                Verb.valueOf(row.get("verb", String.class)),
                row.get("who", String.class),
                row.get("project", String.class),
                Optional.ofNullable(row.get("reservation", UUID.class)),
                Optional.ofNullable(row.get("allocation", UUID.class)));
        return new Decision(
                row.get("seq", Long.class),
                row.get("at", OffsetDateTime.class).toInstant(),
                matter,
                row.get("granted", Boolean.class),
                tree(row, "asked"),
                tree(row, "versions"),
                tree(row, "answer"),
                Optional.ofNullable(row.get("given", byte[].class)));
    }

    private static JsonNode tree(org.jooq.Record row, String column) {
        return Json.tree(row.get(column, JSONB.class).data());
    }

    /// As [holdfast.engine.Forgetter#forget].
    public int prune(Tx tx, Instant before, int limit) {
        return tx.sql().execute("""
                        delete from decision where seq = any (array(
                            select seq from decision where at < ?::timestamptz order by at, seq limit ?))""", before.atOffset(ZoneOffset.UTC), limit);
    }
}
