package holdfast.calendar;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/// An entry in the calendar: this much of a place, and these of its units, for this time.
///
/// @param book whose calendar it is in: the name of an actor
/// @param holder for whom: a sliver, a reservation, a contract
/// @param place of what: the id of a host, a link, a pool
/// @param when for how long; [java.time.Instant#MAX] as its end means without end
/// @param amount how much of the place's total, never negative; zero if only units are taken
/// @param units what is held alone, sorted; a unit's name is unique in its book
public record Booking(String book, UUID holder, String place, Interval when, Capacities amount, Set<String> units) {
    /// The largest amount of one dimension.
    public static final long MOST = 1_000_000_000_000_000L;

    /// @throws IllegalArgumentException if an amount is negative or above [#MOST]
    public Booking {
        amount.amounts().forEach((dimension, value) -> {
            if (value < 0 || value > MOST) {
                throw new IllegalArgumentException("amount of " + dimension + " is " + value
                        + "; a booking takes between 0 and " + MOST + " of a dimension");
            }
        });
        units = Collections.unmodifiableSet(new TreeSet<>(units));
    }

    /// The same for another time.
    public Booking during(Interval other) {
        return new Booking(book, holder, place, other, amount, units);
    }
}
