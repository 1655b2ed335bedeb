package holdfast.broker.market;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import holdfast.broker.market.RootRows.Locked;
import holdfast.calendar.Booking;
import holdfast.calendar.Calendar;
import holdfast.calendar.Judged;
import holdfast.calendar.Profile;
import holdfast.calendar.Violation;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Quantity;
import holdfast.core.Refusal;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.Vector;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/// Keeps what is sold and what the domain uses itself apart: two books, one truth.
///
/// In the market's book each claim is booked at its root with its exact amounts. In the broker's book all claims of a
/// root together are one holder at the host, in the units that it counts in: the hull. So no core is both sold and
/// used here, and thousands of small pieces cost the host a few bookings.
final class Backing {
    private static final Map<Dimension, String> EXACT = Map.of(
            Dimension.CPU, "cpu_nano",
            Dimension.MEMORY, "memory_byte",
            Dimension.PODS, "pod",
            Dimension.STORAGE, "storage_byte",
            Dimension.GPU_CORES, "gpu_core_nano",
            Dimension.GPU_MEMORY, "gpu_memory_byte",
            Dimension.COUNT, "count");
    private static final Set<Dimension> OF_NANO = Set.of(Dimension.CPU, Dimension.GPU_CORES);
    private static final BigInteger NANO = BigInteger.valueOf(1_000_000_000);

    /// How far ahead what others use counts: as long as what is bought lasts unless a term is asked for.
    private static final Duration AHEAD = Duration.ofDays(1);

    /// How much further is looked, so that it is known when something new comes into that time.
    private static final Duration SLACK = Duration.ofHours(1);

    private final String broker;
    private final String book;
    private final Calendar calendar;

    Backing(String broker, Calendar calendar) {
        this.broker = broker;
        this.book = broker + ".market";
        this.calendar = calendar;
    }

    /// What there is of a root from now on.
    ///
    /// @return what is sold of it already and more than that
    List<Violation> open(Tx tx, UUID root, Vector whole, Instant now) {
        return calendar.setTotal(tx, book, root.toString(), exact(whole), now);
    }

    /// What there is in the next day of hosts beside what others than the buyers of their roots use, step by step.
    /// Three queries for any number.
    ///
    /// @param hosts by root
    Map<UUID, Ahead> room(Tx tx, Map<UUID, Offer.Host> hosts, Instant now) {
        var day = Interval.of(now, AHEAD);
        var when = Interval.of(now, AHEAD.plus(SLACK));
        var places = hosts.values().stream().map(Offer.Host::place).collect(toSet());
        var free = calendar.profiles(tx, broker, places, when, holdfast.calendar.Quantity.FREE);
        var sold = calendar.held(tx, broker, hosts.keySet());
        return hosts.entrySet().stream().collect(toMap(Map.Entry::getKey, entry -> {
            var units = entry.getValue().units();
            var hulls = sold.getOrDefault(entry.getKey(), List.of());
            var profile = new Profile(units.names());
            var known = free.getOrDefault(entry.getValue().place(), new Profile(Set.of()));
            known.steps(when).forEach(step -> profile.add(step.when(), units.counted(step.amount())));
            hulls.stream()
                    .filter(hull -> hull.when().overlaps(when))
                    .forEach(hull -> profile.add(hull.when(), units.counted(hull.amount())));
            var rooms = profile.steps(day).stream()
                    .map(step -> new Room(step.when(), units.vector(step.amount())))
                    .toList();
            var changes = profile.steps(when).stream().map(step -> step.when().from());
            return new Ahead(rooms, until(now, changes));
        }));
    }

    /// What is known of the next day.
    ///
    /// @param until when time alone changes it, an hour after `now` at most
    record Ahead(List<Room> rooms, Instant until) {}

    /// Of what no host of ours is behind.
    Ahead nothing(Instant now) {
        return new Ahead(List.of(), until(now, Stream.of()));
    }

    /// The versions of the places of hosts.
    Map<String, Long> hosts(Tx tx, Collection<String> places) {
        return calendar.versions(tx, broker, places);
    }

    /// When the first of these instants comes or is a day ahead, whichever is next; in an hour at most.
    static Instant until(Instant now, Stream<Instant> changes) {
        var end = now.plus(AHEAD);
        return changes.filter(at -> at.isAfter(now))
                .map(at -> at.isAfter(end) ? at.minus(AHEAD) : at)
                .reduce(now.plus(SLACK), (one, other) -> one.isBefore(other) ? one : other);
    }

    /// What there is for the buyers of a root for a while.
    record Room(Interval when, Vector amounts) {}

    /// Takes the locks of the places of roots.
    ///
    /// @return their versions
    Map<UUID, Long> lock(Tx tx, Collection<UUID> roots) {
        return byRoot(Judged.lock(tx, book, places(roots)));
    }

    /// The versions of the places of roots.
    Map<UUID, Long> versions(Tx tx, Collection<UUID> roots) {
        return byRoot(calendar.versions(tx, book, places(roots)));
    }

    private static List<String> places(Collection<UUID> roots) {
        return roots.stream().map(UUID::toString).toList();
    }

    private static Map<UUID, Long> byRoot(Map<String, Long> versions) {
        return versions.entrySet().stream().collect(toMap(one -> UUID.fromString(one.getKey()), Map.Entry::getValue));
    }

    /// Whether all that is claimed of a root is booked, and nothing else.
    boolean isBooked(Tx tx, Locked locked, Instant now) {
        var bookings = locked.root().claims().stream()
                .map(claim -> booking(locked.id(), claim))
                .toList();
        var whole = exact(locked.root().whole().kind().vector());
        return Judged.isExactly(tx, book, locked.id().toString(), whole, bookings, now);
    }

    /// Books what has changed of roots, all or nothing. What is no longer claimed is free from `now` on. Where it
    /// is known of a root that just its claims are booked, and they leave room for what is new, the calendar does
    /// not add them up.
    Answer<Boolean> change(Tx tx, List<Change> changes, Instant now) {
        boolean oneStatement = changes.stream()
                .allMatch(change -> change.locked().offer().backing().isEmpty()
                        && change.difference().gone().isEmpty()
                        && change.difference().changed().isEmpty());
        return oneStatement
                ? fresh(tx, changes)
                : calendar.atomically(
                        tx,
                        () -> others(tx, changes, now)
                                .flatMap(_ -> fresh(tx, changes))
                                .flatMap(_ -> hulls(tx, changes, now)));
    }

    private Answer<Boolean> others(Tx tx, List<Change> changes, Instant now) {
        for (var change : changes) {
            for (var claim : change.difference().gone()) {
                calendar.release(tx, book, claim.transaction(), now);
            }
            for (var claim : change.difference().changed()) {
                var old = change.before().claim(claim.transaction()).orElseThrow();
                if (!old.amounts().equals(claim.amounts()) || !old.term().equals(claim.term())) {
                    var booked = calendar.replace(tx, book, claim.transaction(), List.of(booking(change.id(), claim)));
                    if (booked instanceof Answer.No<List<Booking>>(var why)) {
                        return Answer.no(why);
                    }
                }
            }
        }
        return Answer.yes(true);
    }

    private Answer<Boolean> fresh(Tx tx, List<Change> changes) {
        var bookings = new ArrayList<Booking>();
        var judged = new TreeMap<String, Long>();
        for (var change : changes) {
            var fresh = change.difference().fresh();
            fresh.forEach(claim -> bookings.add(booking(change.id(), claim)));
            if (!fresh.isEmpty() && isJudged(change)) {
                change.locked()
                        .booked()
                        .ifPresent(version -> judged.put(change.id().toString(), version));
            }
        }
        return bookings.isEmpty() || Judged.book(tx, book, bookings, judged)
                ? Answer.yes(true)
                : Answer.no(Refusal.noRoom("its owner has more use for it", Optional.empty()));
    }

    /// Whether nothing but what is new has changed, and there is room for it beside all that is claimed.
    private static boolean isJudged(Change change) {
        var after = change.after();
        return change.difference().gone().isEmpty()
                && change.difference().changed().isEmpty()
                && after.whole().equals(change.before().whole())
                && change.difference().fresh().stream().allMatch(claim -> Vector.NONE.fitsIn(after.free(claim.term())));
    }

    private Booking booking(UUID root, Claim claim) {
        return new Booking(book, claim.transaction(), root.toString(), claim.term(), exact(claim.amounts()), Set.of());
    }

    private Answer<Boolean> hulls(Tx tx, List<Change> changes, Instant now) {
        for (var change : changes) {
            var host = change.locked().offer().backing();
            if (host.isPresent()
                    && hull(tx, change.id(), host.get(), change.before(), change.after(), now)
                            instanceof Answer.No<List<Booking>>(var why)) {
                return Answer.no(why);
            }
        }
        return Answer.yes(true);
    }

    private Answer<List<Booking>> hull(Tx tx, UUID root, Offer.Host host, Root before, Root after, Instant now) {
        var wanted = hull(host.units(), after, now);
        return wanted.equals(hull(host.units(), before, now))
                ? Answer.yes(List.of())
                : calendar.replace(
                        tx,
                        broker,
                        root,
                        wanted.stream()
                                .map(step ->
                                        new Booking(broker, root, host.place(), step.when(), step.amount(), Set.of()))
                                .toList());
    }

    /// What all claims of a root together take of a host, step by step, from `now` on.
    private static List<Profile.Step> hull(Units units, Root root, Instant now) {
        var kind = root.whole().kind();
        var changes = new TreeMap<Instant, Capacities>();
        root.taken().from(now, (since, taken) -> changes.put(since, units.ceiling(kind.taking(taken))));
        var steps = new ArrayList<Profile.Step>();
        var amounts = Capacities.NONE;
        var since = now;
        for (var change : changes.entrySet()) {
            var next = change.getValue();
            if (next.equals(amounts)) {
                continue;
            }
            if (!amounts.nothing()) {
                steps.add(new Profile.Step(new Interval(since, change.getKey()), amounts));
            }
            amounts = next;
            since = change.getKey();
        }
        return steps;
    }

    /// In units of the market's book. What is finer than these is no piece of anything ([Dimension#unit]).
    private static Capacities exact(Vector amounts) {
        var units = new TreeMap<String, Long>();
        amounts.amounts().forEach((dimension, amount) -> units.put(EXACT.get(dimension), units(dimension, amount)));
        return new Capacities(units);
    }

    private static long units(Dimension dimension, Quantity amount) {
        return (OF_NANO.contains(dimension) ? amount.nano() : amount.nano().divide(NANO)).longValueExact();
    }
}
