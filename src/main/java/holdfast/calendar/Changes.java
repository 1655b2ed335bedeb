package holdfast.calendar;

import static holdfast.core.Answer.no;
import static holdfast.core.Answer.yes;

import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;

/// How bookings that are there become others, and the locks for it. Whatever changes together is one statement, so
/// that nothing of it competes with itself, and only what is more than before at some instant needs room there.
final class Changes {
    private Changes() {}

    // -------------------------------------------------------------------------------------------------------------
    // what is held by some holders

    /// Gives each holder what its move says, all or nothing.
    static Answer<List<Booking>> moveAll(Tx tx, List<Move> moves) {
        var wanted = new ArrayList<Booking>();
        for (var move : moves) {
            for (var booking : move.bookings()) {
                if (Micros.isEmpty(booking.when())) {
                    return no(Refusals.tooShort(booking.when()));
                }
                wanted.add(rounded(booking));
            }
        }
        var twice = saidTwice(wanted);
        if (twice.isPresent()) {
            return no(Refusals.saidTwice(twice.get()));
        }
        var places = placesOf(wanted);
        held(tx, moves).forEach(row -> add(places, row.booking()));
        var nowhere = lockAll(tx, places);
        for (var booking : wanted) {
            if (nowhere.getOrDefault(booking.book(), Set.of()).contains(booking.place())) {
                return no(Refusals.noSuchPlace(booking.book(), booking.place()));
            }
        }
        return atomically(
                tx,
                () -> exchange(tx, held(tx, moves), wanted)
                        .<Answer<List<Booking>>>map(Answer::no)
                        .orElseGet(() -> yes(wanted)));
    }

    /// The same place and time twice for one holder would be taken for one booking later on.
    private static Optional<Booking> saidTwice(List<Booking> bookings) {
        record Key(String book, UUID holder, String place, Interval when) {}
        var seen = new HashSet<Key>();
        return bookings.stream()
                .filter(booking ->
                        !seen.add(new Key(booking.book(), booking.holder(), booking.place(), booking.when())))
                .findFirst();
    }

    private static List<Bookings.Row> held(Tx tx, List<Move> moves) {
        var holders = new TreeMap<String, Set<UUID>>();
        for (var move : moves) {
            if (!holders.computeIfAbsent(move.book(), _ -> new TreeSet<>()).add(move.holder())) {
                throw new IllegalArgumentException(move.holder() + " is moved twice in " + move.book());
            }
        }
        var rows = new ArrayList<Bookings.Row>();
        holders.forEach((book, ids) -> rows.addAll(Bookings.of(tx, book, ids)));
        return rows;
    }

    /// Makes `wanted` of `rows`: what is the same stays, the others are written over, what is missing is added and
    /// what is left over is deleted. Both happen while it takes nothing, so that the one statement in between sees
    /// all of before and all of after.
    private static Optional<Refusal> exchange(Tx tx, List<Bookings.Row> rows, List<Booking> wanted) {
        var same = new HashMap<Booking, ArrayDeque<Bookings.Row>>();
        rows.forEach(row ->
                same.computeIfAbsent(row.booking(), _ -> new ArrayDeque<>()).add(row));
        var others = new ArrayList<Booking>();
        for (var booking : wanted) {
            if (same.getOrDefault(booking, new ArrayDeque<>()).poll() == null) {
                others.add(booking);
            }
        }
        var free = new ArrayDeque<Long>();
        var leaving = new TreeMap<Long, Booking>();
        same.values().forEach(left -> left.forEach(row -> leaving.put(row.id(), row.booking())));
        free.addAll(leaving.keySet());
        if (others.size() > free.size()) {
            free.addAll(Bookings.insertEmpty(tx, others.subList(free.size(), others.size())));
        }
        var contents = new ArrayList<Bookings.Row>();
        others.forEach(booking -> contents.add(new Bookings.Row(free.remove(), booking)));
        var over = List.copyOf(free);
        over.forEach(id -> contents.add(new Bookings.Row(id, empty(Objects.requireNonNull(leaving.get(id))))));
        var refusal = write(tx, contents);
        if (refusal.isEmpty() && !over.isEmpty()) {
            Bookings.delete(tx, over);
        }
        return refusal;
    }

    private static Booking empty(Booking booking) {
        return new Booking(
                booking.book(),
                booking.holder(),
                booking.place(),
                booking.when(),
                Capacities.NONE,
                Set.of(),
                booking.kind(),
                booking.firm());
    }

    // -------------------------------------------------------------------------------------------------------------
    // rows that are there

    /// Writes the i-th booking over the i-th row, all or nothing.
    ///
    /// @return the bookings as the database gives them back
    static Answer<List<Booking>> rewrite(Tx tx, List<Bookings.Row> rows, List<Booking> wanted) {
        var written = wanted.stream().map(Changes::rounded).toList();
        var contents = new ArrayList<Bookings.Row>();
        for (int i = 0; i < rows.size(); i++) {
            if (!rows.get(i).booking().equals(written.get(i))) {
                contents.add(new Bookings.Row(rows.get(i).id(), written.get(i)));
            }
        }
        return atomically(
                tx,
                () -> write(tx, contents).<Answer<List<Booking>>>map(Answer::no).orElseGet(() -> yes(written)));
    }

    /// Writes the rows anew. After a refusal the caller goes back to where it was.
    private static Optional<Refusal> write(Tx tx, List<Bookings.Row> contents) {
        if (contents.isEmpty()) {
            return Optional.empty();
        }
        var overbooked = Bookings.rewrite(tx, contents);
        if (overbooked.isPresent()) {
            return Optional.of(noRoom(contents, overbooked.get()));
        }
        if (Bookings.insertUnits(tx, contents)) {
            return Optional.empty();
        }
        var withUnits = contents.stream()
                .map(Bookings.Row::booking)
                .filter(booking -> !booking.units().isEmpty())
                .toList();
        return withUnits.stream()
                .flatMap(booking -> Bookings.heldByOthers(tx, booking)
                        .map(held -> Refusals.unitHeld(booking, held.unit(), held.when(), Optional.empty()))
                        .stream())
                .findFirst()
                .or(() -> Optional.of(Refusals.unitLost(withUnits.getFirst())));
    }

    private static Refusal noRoom(List<Bookings.Row> contents, Bookings.Overbooked wrong) {
        var ours = contents.stream()
                .map(Bookings.Row::booking)
                .filter(booking -> booking.book().equals(wrong.book())
                        && booking.place().equals(wrong.place())
                        && booking.when().contains(wrong.at())
                        && (booking.firm() || !wrong.firm())
                        && booking.amount().get(wrong.dimension()) > 0)
                .toList();
        long wanted = ours.stream()
                .mapToLong(booking -> booking.amount().get(wrong.dimension()))
                .sum();
        var shortage = new Shortage(wrong.dimension(), wrong.at(), wanted, wrong.total() - wrong.used() + wanted);
        return Refusals.noRoom(ours.getFirst(), shortage, Optional.empty());
    }

    /// Lets go on without end what ends with its holder, as far as it is firm and nobody comes later.
    ///
    /// @param besides places that are left as they are
    /// @return what cannot go on
    static List<Booking> holdOn(Tx tx, String book, UUID holder, Set<String> besides) {
        var rows = lockHeld(tx, book, holder);
        var ending = new ArrayList<Booking>();
        for (var row : rows) {
            var booking = row.booking();
            if (besides.contains(booking.place()) || isFollowed(booking, rows)) {
                continue;
            }
            var open = booking.during(new Interval(booking.when().from(), Instant.MAX));
            if (!booking.firm() || rewrite(tx, List.of(row), List.of(open)) instanceof Answer.No) {
                ending.add(booking);
            }
        }
        return ending;
    }

    /// Whether another one is the next step of the same demand.
    private static boolean isFollowed(Booking booking, List<Bookings.Row> rows) {
        return rows.stream()
                .map(Bookings.Row::booking)
                .anyMatch(next -> next.place().equals(booking.place())
                        && !next.when().from().isBefore(booking.when().until()));
    }

    /// As the database gives it back.
    static Booking rounded(Booking booking) {
        var when = booking.when();
        return booking.during(Micros.interval(Micros.of(when.from()), Micros.of(when.until())));
    }

    // -------------------------------------------------------------------------------------------------------------
    // locks

    /// The places of these bookings by book.
    static Map<String, Set<String>> placesOf(Collection<Booking> bookings) {
        var places = new TreeMap<String, Set<String>>();
        bookings.forEach(booking -> add(places, booking));
        return places;
    }

    private static void add(Map<String, Set<String>> places, Booking booking) {
        places.computeIfAbsent(booking.book(), _ -> new TreeSet<>()).add(booking.place());
    }

    /// Locks places by book and id.
    ///
    /// @return those that there are not
    static Map<String, Set<String>> lockAll(Tx tx, Map<String, Set<String>> places) {
        var nowhere = new TreeMap<String, Set<String>>();
        places.forEach((book, ids) -> {
            var missing = new TreeSet<>(ids);
            missing.removeAll(Bookings.lock(tx, book, ids));
            nowhere.put(book, missing);
        });
        return nowhere;
    }

    /// The holder's bookings, once the locks of their places are taken.
    static List<Bookings.Row> lockHeld(Tx tx, String book, UUID holder) {
        var rows = Bookings.of(tx, book, Set.of(holder));
        if (rows.isEmpty()) {
            return rows;
        }
        Bookings.lock(tx, book, rows.stream().map(row -> row.booking().place()).toList());
        return Bookings.of(tx, book, Set.of(holder));
    }

    /// Takes back what `work` wrote if it refuses.
    static <T> Answer<T> atomically(Tx tx, Supplier<Answer<T>> work) {
        return tx.keptIf(work, answer -> answer instanceof Answer.Yes);
    }
}
