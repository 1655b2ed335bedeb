package holdfast.broker;

import static holdfast.db.Tables.RESERVATION_ITEM;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;

import holdfast.core.Interval;
import holdfast.engine.Resource;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.Record2;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// Which reservation an item belongs to, for those who know only who holds a booking.
final class Items {
    /// An item of a reservation that was made.
    ///
    /// @param until none if it has no end
    record Row(
            UUID id,
            UUID reservation,
            String project,
            Instant since,
            @Nullable Instant until,
            boolean movable) {
        static Row of(UUID id, Resource reservation, Interval when, boolean movable) {
            return new Row(
                    id,
                    reservation.id(),
                    reservation.project(),
                    when.from(),
                    when.isBounded() ? when.until() : null,
                    movable);
        }
    }

    /// Those of any number of reservations. One statement.
    void insert(Tx tx, List<Row> rows) {
        tx.sql().execute("""
                        insert into reservation_item (id, reservation, project, during, live, movable)
                        select id, reservation, project, tstzrange(since, until), true, movable
                          from jsonb_to_recordset(?::jsonb) as i (id uuid, reservation uuid, project text, since timestamptz,
                                                                  until timestamptz, movable boolean)""", Json.text(rows));
    }

    /// They have begun, or are being changed: from now on they stay where they are.
    void stay(Tx tx, UUID reservation) {
        tx.sql()
                .update(RESERVATION_ITEM)
                .set(RESERVATION_ITEM.MOVABLE, false)
                .where(RESERVATION_ITEM.RESERVATION.eq(reservation))
                .execute();
    }

    /// These may go elsewhere again.
    void mayMove(Tx tx, Collection<UUID> items) {
        tx.sql()
                .update(RESERVATION_ITEM)
                .set(RESERVATION_ITEM.MOVABLE, true)
                .where(RESERVATION_ITEM.ID.in(items))
                .execute();
    }

    void retimed(Tx tx, UUID reservation, Interval when) {
        tx.sql()
                .execute(
                        "update reservation_item set during = tstzrange(?::timestamptz, ?::timestamptz) where reservation = ?",
                        when.from(),
                        when.isBounded() ? when.until() : null,
                        reservation);
    }

    void over(Tx tx, UUID reservation) {
        tx.sql()
                .update(RESERVATION_ITEM)
                .set(RESERVATION_ITEM.LIVE, false)
                .set(RESERVATION_ITEM.MOVABLE, false)
                .where(RESERVATION_ITEM.RESERVATION.eq(reservation))
                .execute();
    }

    Optional<UUID> reservation(Tx tx, UUID item) {
        return tx.sql()
                .select(RESERVATION_ITEM.RESERVATION)
                .from(RESERVATION_ITEM)
                .where(RESERVATION_ITEM.ID.eq(item))
                .fetchOptional(RESERVATION_ITEM.RESERVATION);
    }

    /// The reservations of many items; those that are no items are left out.
    Map<UUID, UUID> reservations(Tx tx, Collection<UUID> items) {
        return tx.sql()
                .select(RESERVATION_ITEM.ID, RESERVATION_ITEM.RESERVATION)
                .from(RESERVATION_ITEM)
                .where(RESERVATION_ITEM.ID.eq(DSL.any(items.toArray(UUID[]::new))))
                .fetchMap(RESERVATION_ITEM.ID, RESERVATION_ITEM.RESERVATION);
    }

    /// Those of a project whose reservations are not over.
    Set<UUID> live(Tx tx, String project) {
        return tx.sql()
                .select(RESERVATION_ITEM.ID)
                .from(RESERVATION_ITEM)
                .where(RESERVATION_ITEM.PROJECT.eq(project).and(RESERVATION_ITEM.LIVE.isTrue()))
                .fetchSet(RESERVATION_ITEM.ID);
    }

    /// Those that may still go elsewhere, by reservation: at most `limit` items, those first that begin first.
    Map<UUID, Set<UUID>> movable(Tx tx, Instant now, int limit) {
        return tx.sql()
                .select(RESERVATION_ITEM.RESERVATION, RESERVATION_ITEM.ID)
                .from(RESERVATION_ITEM)
                .where(RESERVATION_ITEM
                        .LIVE
                        .isTrue()
                        .and(RESERVATION_ITEM.MOVABLE.isTrue())
                        .and(DSL.condition("lower(during) > ?::timestamptz", now)))
                .orderBy(DSL.field("lower(during)"))
                .limit(limit)
                .collect(groupingBy(Record2::value1, mapping(Record2::value2, toSet())));
    }

    /// Which projects have something at each of these places after `now`.
    Map<String, Set<String>> projects(Tx tx, String book, Collection<String> places, Instant now) {
        var projects = new HashMap<String, Set<String>>();
        tx.sql()
                .fetch("""
                        select distinct b.place, i.project from (select ?::text as book) as w, unnest(?::text[]) as wanted (id),
                               lateral (select b.place, b.holder from booking b
                                         where place_hash(b.book, b.place) = place_hash(w.book, wanted.id) and b.book = w.book and b.place = wanted.id
                                           and b.during && tstzrange(?::timestamptz, null) offset 0) b
                          join reservation_item i on i.id = b.holder""", book, places.toArray(String[]::new), now)
                .forEach(row -> projects.computeIfAbsent(row.get(0, String.class), _ -> new HashSet<>())
                        .add(row.get(1, String.class)));
        return projects;
    }
}
