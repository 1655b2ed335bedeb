package holdfast.broker;

import holdfast.broker.Directory.Area;
import holdfast.broker.Directory.Where;
import holdfast.broker.choice.Counting;
import holdfast.broker.choice.Dimensions;
import holdfast.broker.choice.Flavor;
import holdfast.broker.choice.Ledger;
import holdfast.broker.choice.PropertyQuery;
import holdfast.broker.choice.Quadruple;
import holdfast.broker.choice.Scope;
import holdfast.broker.choice.Step;
import holdfast.calendar.Booking;
import holdfast.calendar.Calendar;
import holdfast.calendar.Profile;
import holdfast.calendar.Quantity;
import holdfast.calendar.Whole;
import holdfast.core.Answer;
import holdfast.core.Interval;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/// What there is at providers, what is reserved of it, in use and free, at an instant or over a window (promise.md
/// 6.4). For whatever interface: it reads and changes nothing. Totals are for everybody to see; who holds what is not
/// in them.
///
/// An account stands for all that its provider gives; its zones are parts of it. Each question is a handful of queries,
/// however many pools there are, and reads what is booked in its window.
public final class CapacityMap {
    /// The book whose places are the items of reservations: what is allocated under them.
    static final String INSIDE = "broker.in";
    /// From here on a number stands for "not limited".
    private static final long UNLIMITED = Booking.MOST / 2;
    /// How far ahead a start is looked for, and how many are tried.
    private static final Duration HORIZON = Duration.ofDays(90);
    private static final int DECISIONS = 200;

    private final String broker;
    private final Platform platform;
    private final Resources resources;
    private final Calendar calendar;
    private final Snapshots snapshots;

    CapacityMap(String broker, Platform platform, Resources resources, Calendar calendar, Snapshots snapshots) {
        this.broker = broker;
        this.platform = platform;
        this.resources = resources;
        this.calendar = calendar;
        this.snapshots = snapshots;
    }

    /// How a pool stands.
    ///
    /// @param dimensions what is counted there
    /// @param unlimited what is not, because there is no limit
    public record Standing(Quadruple quadruple, Set<String> dimensions, Set<String> unlimited) {}

    /// How a pool with a name stands.
    public record Part(Area area, Standing standing) {}

    /// How all of it stands, and each account and zone of it.
    ///
    /// @param whole the sum of the accounts, or of the zones if one was named
    public record Standings(Standing whole, List<Part> parts) {}

    /// A stretch of time in which nothing changes.
    public record Moment(Interval when, Quadruple quadruple) {}

    /// A window as stretches without gaps; neighbours differ.
    ///
    /// @param truncated whether there are more than were asked for
    public record Course(List<Moment> moments, Set<String> dimensions, Set<String> unlimited, boolean truncated) {}

    /// How many instances there is room for.
    ///
    /// @param count for all of the window; [Long#MAX_VALUE] = more than can be counted
    /// @param earliest from when on there is room for as many as were wanted, as long as the window; empty if no
    ///     such
    ///     time was found in 90 days
    public record Room(long count, Optional<Instant> earliest) {}

    /// How things stand over a window: for each dimension at the earliest instant at which least of it is
    /// available.
    ///
    /// @param when bounded; for an instant the shortest one, [#instant]
    public Answer<Standings> quadruple(Tx tx, Where where, Interval when) {
        return read(tx, where, when, true).map(known -> {
            var parts = new ArrayList<Part>();
            known.ledgers.forEach((area, ledger) ->
                    parts.add(new Part(area, standing(ledger, when, known.loose.getOrDefault(area, Set.of())))));
            return new Standings(standing(known.whole(when), when, known.unlimited()), parts);
        });
    }

    /// The shortest window that there is.
    public static Interval instant(Instant at) {
        return new Interval(at, at.plusNanos(1_000));
    }

    private static Standing standing(Ledger ledger, Interval when, Set<String> unlimited) {
        return new Standing(Quadruple.over(ledger, when), ledger.dimensions(), unlimited);
    }

    /// What changes in a window, and when.
    ///
    /// @param when bounded
    /// @param inclusive counts all that is booked in the window; else only what lies inside of it ([Scope]). What
    ///     there
    ///     is is the same either way.
    /// @param limit at most so many stretches, at least one
    public Answer<Course> profile(Tx tx, Where where, Interval when, boolean inclusive, int limit) {
        return read(tx, where, when, inclusive).map(known -> {
            var whole = known.whole(when);
            var moments = new ArrayList<Moment>();
            var instants = List.copyOf(whole.instants(when));
            for (int i = 0; i < instants.size() && moments.size() <= limit; i++) {
                var until = i + 1 < instants.size() ? instants.get(i + 1) : when.until();
                var moment = new Moment(new Interval(instants.get(i), until), Quadruple.at(whole, instants.get(i)));
                if (!moments.isEmpty() && moments.getLast().quadruple.equals(moment.quadruple)) {
                    var last = moments.removeLast();
                    moment = new Moment(new Interval(last.when.from(), until), last.quadruple);
                }
                moments.add(moment);
            }
            boolean truncated = moments.size() > limit;
            return new Course(
                    truncated ? moments.subList(0, limit) : moments, whole.dimensions(), known.unlimited(), truncated);
        });
    }

    /// How many instances of one size fit for all of the window, and when as many as wanted do.
    ///
    /// @param when what of it is over does not count; its end must be in the future
    /// @param wanted 1 to 10,000
    public Answer<Room> flavor(Tx tx, Where where, Flavor flavor, Interval when, long wanted) {
        return areas(tx, where).map(areas -> {
            var names = new TreeSet<String>();
            areas.forEach(area -> {
                names.add(area.place());
                names.add(Places.account(area.id()));
            });
            var now = platform.now();
            var window = when.from().isBefore(now) ? new Interval(now, when.until()) : when;
            var snapshot = snapshots
                    .read(tx, now)
                    .with(place -> names.contains(place.id())
                            || place.zone().filter(names::contains).isPresent());
            long count = Counting.flavor(snapshot, flavor, PropertyQuery.everything(), window);
            var earliest = count >= wanted
                    ? Optional.of(window.from())
                    : Counting.earliest(
                            snapshot, flavor, wanted, window, window.until().plus(HORIZON), DECISIONS);
            return new Room(count, earliest);
        });
    }

    private Answer<List<Area>> areas(Tx tx, Where where) {
        return Directory.read(tx, resources).areas(where);
    }

    /// What was read of some pools.
    private record Known(boolean zoned, Map<Area, Ledger> ledgers, Map<Area, Set<String>> loose, Instant now) {
        /// Those that the others are parts of.
        private List<Area> tops() {
            return ledgers.keySet().stream()
                    .filter(area -> area.zone().isPresent() == zoned)
                    .toList();
        }

        Set<String> unlimited() {
            var all = new TreeSet<String>();
            tops().forEach(area -> all.addAll(Objects.requireNonNull(loose.get(area))));
            return all;
        }

        Ledger whole(Interval when) {
            var some = tops().stream()
                    .map(ledgers::get)
                    .map(Objects::requireNonNull)
                    .toList();
            var names = new TreeSet<String>();
            some.forEach(ledger -> names.addAll(ledger.dimensions()));
            tops().forEach(area -> names.removeAll(Objects.requireNonNull(loose.get(area))));
            return Ledger.sum(names, some, when, now);
        }
    }

    private Answer<Known> read(Tx tx, Where where, Interval when, boolean inclusive) {
        return areas(tx, where).map(areas -> read(tx, areas, where.zone().isPresent(), when, inclusive));
    }

    private Known read(Tx tx, List<Area> areas, boolean zoned, Interval when, boolean inclusive) {
        var places = areas.stream().map(Area::place).toList();
        var totals = calendar.profiles(tx, broker, places, when, Quantity.TOTAL);
        var uses = uses(tx, when);
        var unlimited = new HashMap<Area, Set<String>>();
        var builders = new HashMap<String, Ledger.Builder>();
        for (var area : areas) {
            var total = Objects.requireNonNull(totals.get(area.place()));
            var without = unlimited(area, total, when);
            unlimited.put(area, without);
            var names = new TreeSet<>(total.dimensions());
            names.removeAll(without);
            builders.put(area.place(), new Ledger.Builder(names, uses));
        }
        calendar.forEachBooking(tx, broker, places, when, booking -> {
            if (Scope.matches(when, booking.when(), inclusive)) {
                tell(Objects.requireNonNull(builders.get(booking.place())), booking);
            }
        });
        var now = platform.now();
        var ledgers = new LinkedHashMap<Area, Ledger>();
        for (var area : areas) {
            var total = Objects.requireNonNull(totals.get(area.place()));
            ledgers.put(area, Objects.requireNonNull(builders.get(area.place())).build(total, now));
        }
        return new Known(zoned, ledgers, unlimited, now);
    }

    private static void tell(Ledger.Builder builder, Booking booking) {
        switch (booking.kind()) {
            case ALLOCATION, OVERRUN -> builder.allocated(booking.when(), booking.amount(), booking.firm());
            case TICKET, RESERVATION, HOLD, MAINTENANCE -> {
                if (booking.firm()) {
                    builder.committed(booking.holder(), booking.when(), booking.amount());
                } else {
                    builder.allocated(booking.when(), booking.amount(), false);
                }
            }
        }
    }

    /// What is allocated under items of reservations.
    private Map<UUID, List<Step>> uses(Tx tx, Interval when) {
        var uses = new HashMap<UUID, List<Step>>();
        calendar.forEachBooking(
                tx,
                INSIDE,
                when,
                booking -> uses.computeIfAbsent(UUID.fromString(booking.place()), _ -> new ArrayList<>())
                        .add(new Step(booking.when(), booking.amount())));
        return uses;
    }

    /// Accounts may have as much as they like of what their provider names no limit of; zones limit no instances
    /// but what hosts do.
    private static Set<String> unlimited(Area area, Profile total, Interval when) {
        var least = total.min(when);
        var names = new TreeSet<String>();
        for (var name : total.dimensions()) {
            boolean loose = area.zone().isPresent() && name.equals(Dimensions.INSTANCE);
            if (least.get(name) >= (loose ? Whole.ALL : UNLIMITED)) {
                names.add(name);
            }
        }
        return names;
    }
}
