package holdfast.calendar;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// The words in which the calendar says no.
final class Refusals {
    private Refusals() {}

    static Refusal noRoom(Booking booking, Shortage shortage, Optional<Instant> earliest) {
        return Refusal.noRoom(
                booking.place() + " has " + Math.max(0, shortage.free()) + " " + shortage.dimension() + " free at "
                        + shortage.at() + " where " + shortage.wanted() + " are wanted, " + shortage.missing()
                        + " too few; " + wayOut(earliest),
                earliest);
    }

    static Refusal unitHeld(Booking booking, String unit, Interval held, Optional<Instant> earliest) {
        return Refusal.noRoom(
                "unit " + unit + " of " + booking.place() + " is held " + lasting(held) + "; " + wayOut(earliest),
                earliest);
    }

    private static String lasting(Interval held) {
        return held.until().equals(Instant.MAX)
                ? "from " + held.from() + " without end"
                : "from " + held.from() + " until " + held.until();
    }

    private static String wayOut(Optional<Instant> earliest) {
        return earliest.map(start -> "the same fits from " + start + " on")
                .orElse("ask for less, for another time or for another place");
    }

    static Refusal unitLost(Booking booking) {
        return Refusal.clash(
                "one of the units " + booking.units() + " was taken under another place at the same moment; ask again");
    }

    /// What was booked before is not what is asked for now, though the booking is the same.
    static Optional<Refusal> differs(Booking there, Booking wanted) {
        if (there.equals(wanted.during(there.when()))) {
            return Optional.empty();
        }
        return Optional.of(Refusal.clash(wanted.holder() + " already holds " + there.amount() + " " + there.units()
                + " of " + there.place() + " for this time" + nature(there) + ", not " + wanted.amount() + " "
                + wanted.units() + nature(wanted) + "; modify that booking instead"));
    }

    private static String nature(Booking booking) {
        return booking.kind() == Booking.Kind.TICKET && booking.firm()
                ? ""
                : " (" + (booking.firm() ? "" : "lent, ") + booking.kind().word() + ")";
    }

    static Refusal saidTwice(Booking booking) {
        return Refusal.malformed(
                "bookings",
                booking.holder() + " would hold two bookings of " + booking.place() + " for " + booking.when()
                        + "; say it once, with the sum of both");
    }

    static Refusal notLess(String dimension, long amount) {
        return Refusal.malformed(
                "change." + dimension,
                "the change of " + dimension + " is " + amount + " and not negative; say how much less there will be");
    }

    static Refusal noSuchEntry(UUID id) {
        return Refusal.notThere("there is no entry " + id + " that counts; list the entries of the place");
    }

    static Refusal tooShort(Interval when) {
        return Refusal.malformed("when", "the interval " + when + " has no whole microsecond; make it longer");
    }

    static Refusal notPositive(Duration length) {
        return Refusal.malformed(
                "duration", "the duration " + length + " is not positive; ask for at least a microsecond");
    }

    static Refusal noSuchPlace(String book, String place) {
        return Refusal.notThere("the book " + book + " has no place " + place + "; set its total first");
    }

    static Refusal holdsNothing(UUID holder) {
        return Refusal.notThere(holder + " holds nothing that could be changed; book first");
    }

    static Refusal ambiguous(UUID holder) {
        return Refusal.clash(holder
                + " holds bookings of different times, so that it is unclear which to change; release and book again");
    }

    static Refusal inUse(String place, long bookings, Instant last) {
        return Refusal.clash("place " + place + " has " + bookings + " bookings that have not ended, the last until "
                + last + "; release them, or set its total to nothing and remove it when they have ended");
    }

    static Refusal beyond(Duration length, Instant from, Instant horizon) {
        return Refusal.noRoom(
                length + " from " + from + " ends after the horizon " + horizon + "; ask for less or look further",
                Optional.empty());
    }

    static Refusal nowhere(Capacities amount, Duration length, Instant horizon, Optional<Instant> gaveUp) {
        var what = "has room for " + amount + " for " + length;
        return Refusal.noRoom(
                gaveUp.map(until -> "no start before " + until + " " + what
                                + "; the search was given up there, ask again from then on")
                        .orElse("no start " + what + " that ends by " + horizon + "; ask for less or look further"),
                Optional.empty());
    }
}
