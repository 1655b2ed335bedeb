package holdfast.calendar;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Places of somebody who keeps by heart what is booked there, and judges it: what it books there need not be summed
/// up. It is believed only while nobody else has changed the place since it looked, which the place's version tells.
public final class Judged {
    private Judged() {}

    private record Fence(
            String book, String place, @Nullable String owner, long epoch, long version) {}

    /// Takes the locks of places until the end of the transaction.
    ///
    /// @return their versions; a place that is not known is not in the map
    public static Map<String, Long> lock(Tx tx, String book, Collection<String> places) {
        var versions = new TreeMap<String, Long>();
        tx.sql()
                .resultQuery(
                        "select id, version from place where book = ? and id = any (?::text[]) order by id for no key update",
                        book,
                        Sql.sorted(places))
                .forEach(row -> versions.put(row.get("id", String.class), row.get("version", Long.class)));
        tx.lastLocked();
        return versions;
    }

    /// Whether a place has at least `total` from `since` on, and just these bookings that end after then, firm and
    /// without units. Reads all of them.
    public static boolean isExactly(
            Tx tx, String book, String place, Capacities total, Collection<Booking> bookings, Instant since) {
        var when = Interval.since(since);
        var there = new HashMap<Booking, Integer>();
        Views.forEachBooking(tx, book, List.of(place), when, one -> there.merge(one, 1, Integer::sum));
        var wanted = new HashMap<Booking, Integer>();
        bookings.stream()
                .filter(one -> one.when().until().isAfter(since))
                .forEach(one -> wanted.merge(Changes.rounded(one), 1, Integer::sum));
        return there.equals(wanted)
                && Views.profiles(tx, book, List.of(place), when, Quantity.TOTAL)
                        .getOrDefault(place, new Profile(total.amounts().keySet()))
                        .fits(total, when);
    }

    /// Books firm bookings without units of holders that hold nothing yet, all of them or none.
    ///
    /// @param judged the versions of those of their places where the caller has looked at all that is booked, under
    ///     [#lock], and found room for all of these together
    /// @return whether they are booked
    public static boolean book(Tx tx, String book, List<Booking> bookings, Map<String, Long> judged) {
        var fence = judged.entrySet().stream()
                .map(one -> new Fence(book, one.getKey(), null, 0, one.getValue()))
                .toList();
        return tx.sql()
                .resultQuery(
                        "select calendar_book_judged(?::jsonb, ?::jsonb) as written",
                        Bookings.rows(bookings),
                        Json.text(fence))
                .fetchSingle()
                .get("written", Boolean.class);
    }
}
