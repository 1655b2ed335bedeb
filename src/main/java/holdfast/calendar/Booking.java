package holdfast.calendar;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/// An entry in the calendar: this much of a place, and these of its units, for this time.
///
/// A *firm* booking has its amounts at every instant of its time. One that is not firm is *lent* (promise.md 4.5): it
/// fits beside everything at its first instant, is not seen by what is firm, and must be gone when that needs the room.
///
/// @param book whose calendar it is in: the name of an actor
/// @param holder for whom: a sliver, a reservation, a contract
/// @param place of what: the id of a host, a link, a pool
/// @param when for how long; [java.time.Instant#MAX] as its end means without end
/// @param amount how much of the place's total, never negative; zero if only units are taken
/// @param units what is held alone, sorted; a unit's name is unique in its book; none if it is not firm
/// @param kind why it is held; no rule of the calendar depends on it
/// @param firm whether it lasts, whatever comes
public record Booking(
        String book,
        UUID holder,
        String place,
        Interval when,
        Capacities amount,
        Set<String> units,
        Kind kind,
        boolean firm) {
    /// The largest amount of one dimension.
    public static final long MOST = 1_000_000_000_000_000L;

    /// Why something is held.
    public enum Kind {
        TICKET,
        RESERVATION,
        ALLOCATION,
        HOLD,
        MAINTENANCE,
        OVERRUN;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Kind of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /// @throws IllegalArgumentException if an amount is negative or above [#MOST], or if it is not firm and has
    ///     units
    public Booking {
        amount.amounts().forEach((dimension, value) -> {
            if (value < 0 || value > MOST) {
                throw new IllegalArgumentException("amount of " + dimension + " is " + value
                        + "; a booking takes between 0 and " + MOST + " of a dimension");
            }
        });
        if (!firm && !units.isEmpty()) {
            throw new IllegalArgumentException("units " + units + " are held alone, which only a firm booking can be");
        }
        units = Collections.unmodifiableSet(new TreeSet<>(units));
    }

    /// A firm one for a ticket.
    public Booking(String book, UUID holder, String place, Interval when, Capacities amount, Set<String> units) {
        this(book, holder, place, when, amount, units, Kind.TICKET, true);
    }

    /// The same for another time.
    public Booking during(Interval other) {
        return new Booking(book, holder, place, other, amount, units, kind, firm);
    }

    /// The same time with other amounts and the same units.
    public Booking taking(Capacities other) {
        return new Booking(book, holder, place, when, other, units, kind, firm);
    }

    /// The same as another kind.
    public Booking as(Kind other) {
        return new Booking(book, holder, place, when, amount, units, other, firm);
    }

    /// The same, but not firm.
    ///
    /// @throws IllegalArgumentException if it has units
    public Booking lent() {
        return new Booking(book, holder, place, when, amount, units, kind, false);
    }
}
