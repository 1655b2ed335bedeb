package holdfast.calendar;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/// The statements on what places have in all, and on where that is less than what is booked.
final class Totals {
    private Totals() {}

    /// From `since` on the total is `total`, whatever was planned before; signed changes are still added to it.
    static void set(Tx tx, String book, String place, Capacities total, String since) {
        tx.sql().execute("insert into place (book, id) values (?, ?) on conflict do nothing", book, place);
        Bookings.lock(tx, book, List.of(place));
        tx.sql().execute("""
                delete from place_capacity c using (select ?::text as book, ?::text as place, ?::timestamptz as since) w
                 where c.book = w.book and c.place = w.place and c.since >= w.since""", book, place, since);
        tx.sql().execute("""
                with w as (select ?::text as book, ?::text as place, ?::timestamptz as since, ?::text[] as dimensions, ?::bigint[] as amounts),
                     wanted as (select t.dimension, t.amount from w, lateral unnest(w.dimensions, w.amounts) as t (dimension, amount)
                                union all
                                select distinct c.dimension, 0::bigint from w join place_capacity c using (book, place)
                                 where c.dimension <> all (w.dimensions))
                insert into place_capacity (book, place, dimension, since, amount)
                select w.book, w.place, wanted.dimension, w.since, wanted.amount from w, wanted
                 where wanted.amount <> coalesce((select c.amount from place_capacity c
                                                   where c.book = w.book and c.place = w.place and c.dimension = wanted.dimension
                                                   order by c.since desc limit 1), 0)""", book, place, since, Sql.dimensions(total), Sql.amounts(total));
    }

    /// Adds `change` to the total for all of `when`.
    static void change(Tx tx, String book, String place, Interval when, Capacities change) {
        var amounts = Sql.amounts(change);
        add(tx, book, place, Sql.from(when), Sql.dimensions(change), amounts);
        if (Micros.of(when.until()) != Micros.END) {
            var opposite = Arrays.stream(amounts).map(amount -> -amount).toArray(Long[]::new);
            add(tx, book, place, Sql.until(when), Sql.dimensions(change), opposite);
        }
        tx.sql().execute("delete from place_change where book = ? and place = ? and amount = 0", book, place);
    }

    /// The total is that of the steps and nothing else at any time, whatever was planned or changed before.
    static void carve(Tx tx, String book, String place, List<Profile.Step> steps) {
        tx.sql().execute("insert into place (book, id) values (?, ?) on conflict do nothing", book, place);
        Bookings.lock(tx, book, List.of(place));
        tx.sql().execute("delete from place_capacity where book = ? and place = ?", book, place);
        tx.sql().execute("delete from place_change where book = ? and place = ?", book, place);
        steps.forEach(step -> change(tx, book, place, step.when(), step.amount()));
    }

    private static void add(Tx tx, String book, String place, String since, String[] dimensions, Long[] amounts) {
        tx.sql().execute("""
                insert into place_change (book, place, dimension, since, amount)
                select ?, ?, t.dimension, ?::timestamptz, t.amount from unnest(?::text[], ?::bigint[]) as t (dimension, amount)
                on conflict (book, place, dimension, since) do update set amount = place_change.amount + excluded.amount""", book, place, since, dimensions, amounts);
    }

    /// Where more is booked than there is, from `since` on.
    static List<Violation> overbooked(Tx tx, String book, String[] places, Instant since) {
        return tx.sql()
                .resultQuery("""
                        with s as (select * from calendar_steps(?, ?::text[],
                                                        tstzrange(?::timestamptz, 'infinity'), null)
                                    where used > total)
                        select s.place, s.dimension, calendar_micros(s.since) as since, calendar_micros(s.until) as until,
                               s.used - s.total as missing,
                               array(select distinct b.holder from booking b
                                      where place_hash(b.book, b.place) = place_hash(w.book, s.place) and b.book = w.book and b.place = s.place
                                        and b.firm and b.during && tstzrange(s.since, s.until)
                                        and s.dimension = any (b.dimensions)) as holders
                          from s, (select ?::text as book) as w order by s.place, s.since, s.dimension""", book, places, Micros.sql(since), book)
                .fetch(row -> new Violation.Overbooked(
                        book,
                        row.get("place", String.class),
                        row.get("dimension", String.class),
                        Sql.interval(row, "since", "until"),
                        row.get("missing", Long.class),
                        Arrays.stream(row.get("holders", UUID[].class)).sorted().toList()));
    }

    /// Replaces what was before `before` by its sum: no question about later is answered otherwise.
    static int prune(Tx tx, String before) {
        int gone = tx.sql().execute("""
                delete from place_capacity c using (select ?::timestamptz as before) w
                 where c.since < w.before and exists (
                       select 1 from place_capacity later
                        where later.book = c.book and later.place = c.place and later.dimension = c.dimension
                          and later.since > c.since and later.since <= w.before)""", before);
        int folded = tx.sql().execute("""
                with old as (delete from place_change where since < ?::timestamptz and exists (
                                    select 1 from place_change other where other.book = place_change.book and other.place = place_change.place
                                       and other.dimension = place_change.dimension and other.since < place_change.since)
                             returning book, place, dimension, amount),
                     sums as (select book, place, dimension, sum(amount)::bigint as amount from old group by 1, 2, 3)
                update place_change c set amount = c.amount + sums.amount
                  from sums
                 where c.book = sums.book and c.place = sums.place and c.dimension = sums.dimension
                   and c.since = (select min(first.since) from place_change first
                                   where first.book = c.book and first.place = c.place and first.dimension = c.dimension)""", before);
        return gone + folded;
    }
}
