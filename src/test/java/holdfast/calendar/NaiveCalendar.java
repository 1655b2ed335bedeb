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
    private final Map<UUID, Entry> entries = new TreeMap<>();
    private final Set<UUID> known = new HashSet<>();
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
                change(place, when, amount, 1);
                yield true;
            }
            case CalendarModelTest.Event.Book(var booking) -> book(booking);
            case CalendarModelTest.Event.Modify(var booking) -> {
                var own = bookings.stream()
                        .filter(other -> other.holder().equals(booking.holder())
                                && other.place().equals(booking.place()))
                        .toList();
                yield own.size() == 1 && exchange(own, List.of(booking));
            }
            case CalendarModelTest.Event.Extend(var holder, var when) -> extend(holder, when);
            case CalendarModelTest.Event.Release(var holder, var at) -> release(holder, at);
            case CalendarModelTest.Event.Replace(var holder, var wanted) ->
                wanted.stream()
                                        .map(booking -> booking.place() + booking.when())
                                        .distinct()
                                        .count()
                                == wanted.size()
                        && exchange(inOrder(holder), wanted);
            case CalendarModelTest.Event.Swap(var one, var other) -> {
                var both = bookings.stream()
                        .filter(booking ->
                                booking.holder().equals(one) || booking.holder().equals(other))
                        .toList();
                var wanted = new ArrayList<>(CalendarModelTest.swapped(inOrder(one)));
                wanted.addAll(CalendarModelTest.swapped(inOrder(other)));
                yield exchange(both, wanted);
            }
            case CalendarModelTest.Event.AddEntry(var entry) -> {
                add(entry);
                yield true;
            }
            case CalendarModelTest.Event.Decrease(var entry, var force) -> decrease(entry, force);
            case CalendarModelTest.Event.RemoveEntry(var id, var at) -> removeEntry(id, at);
        };
    }

    private void change(String place, Interval when, Capacities amount, int sign) {
        for (var dimension : DIMENSIONS) {
            for (int hour = hour(when.from()); hour < hour(when.until()); hour++) {
                hours(change, place, dimension)[hour] += sign * amount.get(dimension);
            }
        }
    }

    private boolean add(Entry entry) {
        boolean fresh = known.add(entry.id());
        if (fresh) {
            entries.put(entry.id(), entry);
            change(entry.place(), entry.when(), entry.change(), 1);
        }
        return fresh;
    }

    private boolean decrease(Entry entry, boolean force) {
        boolean fresh = add(entry.forced(force));
        boolean hurts = false;
        for (int hour = hour(entry.when().from()); hour < hour(entry.when().until()); hour++) {
            for (var dimension : DIMENSIONS) {
                hurts |= entry.change().get(dimension) < 0 && free(entry.place(), dimension, hour) < 0;
            }
        }
        if (hurts && !force && fresh) {
            known.remove(entry.id());
            entries.remove(entry.id());
            change(entry.place(), entry.when(), entry.change(), -1);
        }
        return force || !hurts;
    }

    private boolean removeEntry(UUID id, int at) {
        var entry = entries.remove(id);
        if (entry == null) {
            return false;
        }
        int from = Math.max(at, hour(entry.when().from()));
        if (from < hour(entry.when().until())) {
            change(entry.place(), new Interval(at(from), entry.when().until()), entry.change(), -1);
        }
        return true;
    }

    private boolean book(Booking booking) {
        var there = inOrder(booking.holder()).stream()
                .filter(other ->
                        other.place().equals(booking.place()) && other.when().equals(booking.when()))
                .toList();
        return there.isEmpty() ? exchange(List.of(), List.of(booking)) : there.contains(booking);
    }

    /// All at once: what takes more than before at some hour must fit there, and what is lent from some hour on
    /// more than before, there and then.
    private boolean exchange(List<Booking> old, List<Booking> wanted) {
        var before = List.copyOf(bookings);
        old.forEach(bookings::remove);
        bookings.addAll(wanted);
        boolean fits = unitsFree();
        for (var place : PLACES) {
            for (var dimension : DIMENSIONS) {
                for (int hour = 0; hour < HOURS; hour++) {
                    fits &= used(wanted, true, place, dimension, hour) <= used(old, true, place, dimension, hour)
                            || free(place, dimension, hour) >= 0;
                    fits &= begun(wanted, place, dimension, hour) <= begun(old, place, dimension, hour)
                            || free(place, dimension, hour) >= used(bookings, false, place, dimension, hour);
                }
            }
        }
        if (!fits) {
            bookings.clear();
            bookings.addAll(before);
        }
        return fits;
    }

    private boolean unitsFree() {
        for (int i = 0; i < bookings.size(); i++) {
            for (int j = 0; j < i; j++) {
                var one = bookings.get(i);
                var other = bookings.get(j);
                if (one.when().overlaps(other.when()) && one.units().stream().anyMatch(other.units()::contains)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static long begun(List<Booking> some, String place, String dimension, int hour) {
        return some.stream()
                .filter(booking -> !booking.firm()
                        && booking.place().equals(place)
                        && hour(booking.when().from()) == hour)
                .mapToLong(booking -> booking.amount().get(dimension))
                .sum();
    }

    private boolean extend(UUID holder, Interval when) {
        var own = inOrder(holder);
        if (own.stream().map(Booking::when).distinct().count() != 1) {
            return false;
        }
        return exchange(own, own.stream().map(booking -> booking.during(when)).toList());
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

    private List<Booking> inOrder(UUID holder) {
        return bookings.stream()
                .filter(booking -> booking.holder().equals(holder))
                .toList();
    }

    Capacities lent(String place, int hour) {
        var lent = new TreeMap<String, Long>();
        DIMENSIONS.forEach(dimension -> lent.put(dimension, used(bookings, false, place, dimension, hour)));
        return new Capacities(lent);
    }

    Set<Entry> entries(String place, Interval window) {
        return entries.values().stream()
                .filter(entry -> entry.place().equals(place) && entry.when().overlaps(window))
                .collect(Collectors.toSet());
    }

    long free(String place, String dimension, int hour) {
        return total(place, dimension, hour) - used(place, dimension, hour);
    }

    private long total(String place, String dimension, int hour) {
        return Math.max(0, hours(base, place, dimension)[hour] + hours(change, place, dimension)[hour]);
    }

    private long used(String place, String dimension, int hour) {
        return used(bookings, true, place, dimension, hour);
    }

    private static long used(List<Booking> some, boolean firm, String place, String dimension, int hour) {
        return some.stream()
                .filter(booking -> booking.firm() == firm
                        && booking.place().equals(place)
                        && booking.when().contains(at(hour)))
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
                                .filter(booking -> booking.firm()
                                        && booking.place().equals(place)
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
