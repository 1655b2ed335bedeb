package holdfast.calendar;

import static holdfast.calendar.CalendarModelTest.DIMENSIONS;
import static holdfast.calendar.CalendarModelTest.HOURS;
import static holdfast.calendar.CalendarModelTest.PLACES;
import static holdfast.calendar.CalendarModelTest.at;
import static holdfast.calendar.CalendarModelTest.hour;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/// The calendar as one would explain it on a napkin: a number for each hour, and a list of bookings.
final class NaiveCalendar {
    private final Map<String, long[]> base = new TreeMap<>();
    private final Map<String, long[]> change = new TreeMap<>();
    private final List<Booking> bookings = new ArrayList<>();

    boolean tell(CalendarModelTest.Event event) {
        return switch (event) {
            case CalendarModelTest.Event.SetTotal(var place, var total, var from) -> {
                for (var dimension : DIMENSIONS) {
                    for (int hour = from; hour < HOURS; hour++) {
                        hours(base, place, dimension)[hour] = total.get(dimension);
                    }
                }
                yield true;
            }
            case CalendarModelTest.Event.ChangeTotal(var place, var when, var amount) -> {
                for (var dimension : DIMENSIONS) {
                    for (int hour = hour(when.from()); hour < hour(when.until()); hour++) {
                        hours(change, place, dimension)[hour] += amount.get(dimension);
                    }
                }
                yield true;
            }
            case CalendarModelTest.Event.Book(var booking) -> book(booking);
            case CalendarModelTest.Event.Modify(var booking) -> {
                var own = bookings.stream()
                        .filter(other -> other.holder().equals(booking.holder())
                                && other.place().equals(booking.place()))
                        .toList();
                yield own.size() == 1 && move(own.getFirst(), booking);
            }
            case CalendarModelTest.Event.Extend(var holder, var when) -> extend(holder, when);
            case CalendarModelTest.Event.Release(var holder, var at) -> release(holder, at);
        };
    }

    private boolean book(Booking booking) {
        for (var other : bookings) {
            if (other.holder().equals(booking.holder())
                    && other.place().equals(booking.place())
                    && other.when().equals(booking.when())) {
                return other.equals(booking);
            }
        }
        for (int hour = hour(booking.when().from()); hour < hour(booking.when().until()); hour++) {
            for (var dimension : DIMENSIONS) {
                long wanted = booking.amount().get(dimension);
                if (wanted > 0 && free(booking.place(), dimension, hour) < wanted) {
                    return false;
                }
            }
        }
        return unitsFree(booking) && bookings.add(booking);
    }

    private boolean unitsFree(Booking booking) {
        return bookings.stream()
                .noneMatch(other -> other.when().overlaps(booking.when())
                        && other.units().stream().anyMatch(booking.units()::contains));
    }

    private boolean move(Booking old, Booking wanted) {
        if (old.equals(wanted)) {
            return true;
        }
        bookings.remove(old);
        boolean fits = unitsFree(wanted);
        for (int hour = hour(wanted.when().from()); hour < hour(wanted.when().until()); hour++) {
            for (var dimension : DIMENSIONS) {
                long amount = wanted.amount().get(dimension);
                boolean more =
                        old.when().contains(at(hour)) ? amount > old.amount().get(dimension) : amount > 0;
                fits &= !more || free(wanted.place(), dimension, hour) >= amount;
            }
        }
        bookings.add(fits ? wanted : old);
        return fits;
    }

    private boolean extend(UUID holder, Interval when) {
        var own = held(holder);
        if (own.stream().map(Booking::when).distinct().count() != 1) {
            return false;
        }
        var before = List.copyOf(bookings);
        for (var booking : own) {
            if (!move(booking, booking.during(when))) {
                bookings.clear();
                bookings.addAll(before);
                return false;
            }
        }
        return true;
    }

    private boolean release(UUID holder, int at) {
        boolean any = false;
        for (var booking : held(holder)) {
            if (at(at).isBefore(booking.when().until())) {
                any = true;
                bookings.remove(booking);
                if (booking.when().from().isBefore(at(at))) {
                    bookings.add(booking.during(new Interval(booking.when().from(), at(at))));
                }
            } else {
                any |= !booking.when().from().isBefore(at(at));
            }
        }
        return any;
    }

    Set<UUID> holders() {
        return bookings.stream().map(Booking::holder).collect(Collectors.toSet());
    }

    Set<Booking> held(UUID holder) {
        return bookings.stream()
                .filter(booking -> booking.holder().equals(holder))
                .collect(Collectors.toSet());
    }

    long free(String place, String dimension, int hour) {
        return total(place, dimension, hour) - used(place, dimension, hour);
    }

    private long total(String place, String dimension, int hour) {
        return Math.max(0, hours(base, place, dimension)[hour] + hours(change, place, dimension)[hour]);
    }

    private long used(String place, String dimension, int hour) {
        return bookings.stream()
                .filter(booking ->
                        booking.place().equals(place) && booking.when().contains(at(hour)))
                .mapToLong(booking -> booking.amount().get(dimension))
                .sum();
    }

    Usage usage(String place, Interval window) {
        var total = new TreeMap<String, Long>();
        var used = new TreeMap<String, Long>();
        var free = new TreeMap<String, Long>();
        for (int hour = hour(window.from()); hour < hour(window.until()); hour++) {
            for (var dimension : DIMENSIONS) {
                total.merge(dimension, total(place, dimension, hour), Math::min);
                used.merge(dimension, used(place, dimension, hour), Math::max);
                free.merge(dimension, free(place, dimension, hour), Math::min);
            }
        }
        var units = new HashSet<String>();
        bookings.stream()
                .filter(booking ->
                        booking.place().equals(place) && booking.when().overlaps(window))
                .forEach(booking -> units.addAll(booking.units()));
        return new Usage(new Capacities(total), new Capacities(used), new Capacities(free), units);
    }

    Set<String> violatedHours() {
        var violated = new TreeSet<String>();
        for (var place : PLACES) {
            for (var dimension : DIMENSIONS) {
                for (int hour = 0; hour < HOURS; hour++) {
                    long missing = -free(place, dimension, hour);
                    if (missing > 0) {
                        int now = hour;
                        var holders = new TreeSet<UUID>();
                        bookings.stream()
                                .filter(booking -> booking.place().equals(place)
                                        && booking.when().contains(at(now))
                                        && booking.amount().get(dimension) > 0)
                                .forEach(booking -> holders.add(booking.holder()));
                        violated.add(place + " " + dimension + " " + hour + " " + missing + " " + holders);
                    }
                }
            }
        }
        return violated;
    }

    private static long[] hours(Map<String, long[]> of, String place, String dimension) {
        return of.computeIfAbsent(place + " " + dimension, _ -> new long[HOURS]);
    }

    @Override
    public String toString() {
        return bookings.toString();
    }
}
