package holdfast.broker;

import holdfast.broker.Directory.Area;
import holdfast.broker.Directory.Where;
import holdfast.broker.choice.Counting;
import holdfast.broker.choice.Flavor;
import holdfast.broker.choice.PropertyQuery;
import holdfast.broker.choice.Quadruple;
import holdfast.calendar.Calendar;
import holdfast.core.Answer;
import holdfast.core.Interval;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What there is at providers, what is reserved of it, in use and free, at an instant or over a window (promise.md
/// 6.4). For whatever interface: it reads and changes nothing. Totals are for everybody to see; who holds what is not
/// in them.
///
/// An account stands for all that its provider gives; its zones are parts of it ([Ledgers]). Each question is a handful
/// of queries, however many pools there are, and reads what is booked in its window.
public final class CapacityMap {
    /// How far ahead a start is looked for, and how many are tried.
    private static final Duration HORIZON = Duration.ofDays(90);
    private static final int DECISIONS = 200;

    private final Platform platform;
    private final Resources resources;
    private final Ledgers.Reader ledgers;
    private final Snapshots snapshots;

    CapacityMap(String broker, Platform platform, Resources resources, Calendar calendar, Snapshots snapshots) {
        this.platform = platform;
        this.resources = resources;
        this.ledgers = new Ledgers.Reader(broker, platform, calendar);
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
        return read(tx, where, when, true).map(ledgers -> {
            var whole = ledgers.whole();
            var parts = ledgers.areas().stream()
                    .map(area -> new Part(area, standing(ledgers.of(area), when)))
                    .toList();
            return new Standings(standing(whole, when), parts);
        });
    }

    /// The shortest window that there is.
    public static Interval instant(Instant at) {
        return new Interval(at, at.plusNanos(1_000));
    }

    private static Standing standing(Ledgers.Pool pool, Interval when) {
        var worst = Quadruple.worst(pool.dimensions(), pool.instants(when), pool::at);
        return new Standing(worst, pool.dimensions(), pool.unlimited());
    }

    /// What changes in a window, and when.
    ///
    /// @param when bounded
    /// @param inclusive counts all that is booked in the window; else only what lies inside of it ([Scope]). What
    ///     there
    ///     is is the same either way.
    /// @param limit at most so many stretches, at least one
    public Answer<Course> profile(Tx tx, Where where, Interval when, boolean inclusive, int limit) {
        return read(tx, where, when, inclusive).map(ledgers -> {
            var whole = ledgers.whole();
            var moments = new ArrayList<Moment>();
            var instants = List.copyOf(whole.instants(when));
            for (int i = 0; i < instants.size() && moments.size() <= limit; i++) {
                var until = i + 1 < instants.size() ? instants.get(i + 1) : when.until();
                var moment = new Moment(new Interval(instants.get(i), until), whole.at(instants.get(i)));
                if (!moments.isEmpty() && moments.getLast().quadruple.equals(moment.quadruple)) {
                    var last = moments.removeLast();
                    moment = new Moment(new Interval(last.when.from(), until), last.quadruple);
                }
                moments.add(moment);
            }
            boolean truncated = moments.size() > limit;
            return new Course(
                    truncated ? moments.subList(0, limit) : moments, whole.dimensions(), whole.unlimited(), truncated);
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

    private Answer<Ledgers> read(Tx tx, Where where, Interval when, boolean inclusive) {
        return areas(tx, where).map(areas -> ledgers.read(tx, areas, when, inclusive));
    }
}
