package holdfast.calendar;

import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.platform.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;

/// How a booking that is there becomes another one, and the locks for it.
final class Changes {
    private Changes() {}

    /// Changes a booking under the lock of its place, asking for room only where it takes more than before.
    static Optional<Refusal> move(Tx tx, Bookings.Row row, Booking wanted) {
        var old = row.booking();
        if (rounded(wanted).equals(old)) {
            return Optional.empty();
        }
        var grown = new TreeMap<String, Long>();
        wanted.amount().amounts().forEach((dimension, amount) -> {
            if (amount > old.amount().get(dimension)) {
                grown.put(dimension, amount);
            }
        });
        var shortage = shortage(tx, wanted, wanted.when(), new Capacities(grown));
        for (var part : without(wanted.when(), old.when())) {
            shortage = shortage.or(() -> shortage(tx, wanted, part, wanted.amount()));
        }
        if (shortage.isPresent()) {
            return Optional.of(Refusals.noRoom(wanted, shortage.get(), Optional.empty()));
        }
        var held = Bookings.heldByOthers(tx, wanted);
        if (held.isPresent()) {
            return Optional.of(
                    Refusals.unitHeld(wanted, held.get().unit(), held.get().when(), Optional.empty()));
        }
        return Bookings.update(tx, row.id(), wanted) ? Optional.empty() : Optional.of(Refusals.unitLost(wanted));
    }

    private static Optional<Shortage> shortage(Tx tx, Booking wanted, Interval part, Capacities amount) {
        return amount.nothing()
                ? Optional.empty()
                : Bookings.shortage(tx, wanted.book(), wanted.place(), part, amount, wanted.holder());
    }

    /// What is in `whole` and not in `part`.
    private static List<Interval> without(Interval whole, Interval part) {
        if (!whole.overlaps(part)) {
            return List.of(whole);
        }
        var rest = new ArrayList<Interval>();
        if (whole.from().isBefore(part.from())) {
            rest.add(new Interval(whole.from(), part.from()));
        }
        if (part.until().isBefore(whole.until())) {
            rest.add(new Interval(part.until(), whole.until()));
        }
        return rest;
    }

    /// As the database gives it back.
    static Booking rounded(Booking booking) {
        var when = booking.when();
        return booking.during(Micros.interval(Micros.of(when.from()), Micros.of(when.until())));
    }

    /// Locks the places of all bookings, by book and id.
    static void lockAll(Tx tx, List<Booking> bookings) {
        var places = new TreeMap<String, Set<String>>();
        bookings.forEach(booking ->
                places.computeIfAbsent(booking.book(), _ -> new TreeSet<>()).add(booking.place()));
        places.forEach((book, ids) -> Bookings.lock(tx, book, ids));
    }

    /// The holder's bookings, once the locks of their places are taken.
    static List<Bookings.Row> lockHeld(Tx tx, String book, UUID holder) {
        var rows = Bookings.of(tx, book, holder);
        if (rows.isEmpty()) {
            return rows;
        }
        Bookings.lock(tx, book, rows.stream().map(row -> row.booking().place()).toList());
        return Bookings.of(tx, book, holder);
    }

    /// Takes back what `work` wrote if it refuses.
    static <T> Answer<T> atomically(Tx tx, Supplier<Answer<T>> work) {
        tx.sql().execute("savepoint calendar");
        var answer = work.get();
        if (answer instanceof Answer.No<T>) {
            tx.sql().execute("rollback to savepoint calendar");
        }
        tx.sql().execute("release savepoint calendar");
        return answer;
    }
}
