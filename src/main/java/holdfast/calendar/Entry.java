package holdfast.calendar;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/// A reason for which there is more or less of a place for a time.
///
/// @param when for how long; [Instant#MAX] as its end means until it is removed
/// @param change more if positive, less if negative; not nothing
/// @param source who says so: a provider, an operator, the holder of what is overrun
/// @param project whose it is
/// @param forced whether it was written though somebody is hurt by it
/// @param created when it was said
public record Entry(
        UUID id,
        String book,
        String place,
        Interval when,
        Capacities change,
        Origin origin,
        String source,
        String project,
        boolean forced,
        Instant created) {
    /// How it is known.
    public enum Origin {
        /// Somebody said so.
        DECLARED,
        /// It was seen outside.
        DETECTED,
        /// It is to be, such as maintenance.
        PLANNED,
        /// Somebody's time is over and the thing is still there.
        OVERRUN;

        /// As it is written.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Origin of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /// @throws IllegalArgumentException if it changes nothing, or an amount by more than [Booking#MOST]
    public Entry {
        if (change.nothing()) {
            throw new IllegalArgumentException("an entry of " + place + " changes nothing");
        }
        change.amounts().forEach((dimension, amount) -> {
            if (Math.abs(amount) > Booking.MOST) {
                throw new IllegalArgumentException(
                        "change of " + dimension + " is " + amount + "; at most " + Booking.MOST + " can be");
            }
        });
    }

    /// What is missing when it does not count any more.
    Entry opposite() {
        return new Entry(
                id, book, place, when, Capacities.NONE.minus(change), origin, source, project, forced, created);
    }

    Entry forced(boolean other) {
        return new Entry(id, book, place, when, change, origin, source, project, other, created);
    }
}
