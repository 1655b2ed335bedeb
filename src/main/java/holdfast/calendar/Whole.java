package holdfast.calendar;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// How whole hosts and parts of them are promised in one book (promise.md 6.1, I3). A host has [#ALL] of a dimension of
/// its own, of which a part takes a little and somebody who wants the host alone takes all. It is held longer than the
/// rest by the time that cleaning takes: parts do not mind each other then, but beside a whole host there is a gap.
///
/// The sum of amounts sees to it, so that it holds for a host that grows, too. Where there is cleaning the holder has
/// two bookings of different times at the host, so that they are changed by [Calendar#replace].
public final class Whole {
    /// The dimension.
    public static final String DIMENSION = "whole";

    /// What each host has of it: more than the parts that a host can have.
    public static final long ALL = 1_000_000;

    private Whole() {}

    /// What a host has, so that it can be promised in parts or as a whole.
    public static Capacities total(Capacities host) {
        return host.plus(Capacities.of(DIMENSION, ALL));
    }

    /// The bookings of somebody who is alone on a host.
    ///
    /// @param cleaning how long before and after nobody else may be there; not negative
    public static List<Booking> alone(Booking booking, Duration cleaning) {
        return taking(booking, ALL, cleaning);
    }

    /// The bookings of somebody who shares a host.
    ///
    /// @param parts how many machines it is, at least one
    /// @param cleaning how long after it nobody may have the host alone; not negative
    public static List<Booking> shared(Booking booking, long parts, Duration cleaning) {
        return taking(booking, parts, cleaning);
    }

    /// Whether it takes nothing but the whole, as what lasts until a host is clean does.
    static boolean isAlone(Booking booking) {
        return booking.amount().amounts().keySet().equals(Set.of(DIMENSION));
    }

    private static List<Booking> taking(Booking booking, long amount, Duration cleaning) {
        var when = booking.when();
        long until = Micros.plus(Micros.of(when.until()), Micros.of(cleaning));
        var longer = new Interval(when.from(), Micros.instant(until));
        var whole = Capacities.of(DIMENSION, amount);
        if (longer.equals(when)) {
            return List.of(booking.taking(booking.amount().plus(whole)));
        }
        var bookings = new ArrayList<>(List.of(booking));
        bookings.add(new Booking(
                booking.book(),
                booking.holder(),
                booking.place(),
                longer,
                whole,
                Set.of(),
                booking.kind(),
                booking.firm()));
        return bookings;
    }
}
