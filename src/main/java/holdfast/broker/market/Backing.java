package holdfast.broker.market;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import holdfast.calendar.Booking;
import holdfast.calendar.Calendar;
import holdfast.calendar.Profile;
import holdfast.calendar.Violation;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Quantity;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.Vector;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

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
    Map<UUID, List<Room>> room(Tx tx, Map<UUID, Offer.Host> hosts, Instant now) {
        var when = Interval.of(now, AHEAD);
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
            return profile.steps(when).stream()
                    .map(step -> new Room(step.when(), units.vector(step.amount())))
                    .toList();
        }));
    }

    /// What there is for the buyers of a root for a while.
    record Room(Interval when, Vector amounts) {}

    /// Books what has changed between two states of a root, all or nothing. What is no longer claimed is free from
    /// `now` on.
    Answer<List<Booking>> change(Tx tx, UUID root, Offer offer, Root before, Root after, Instant now) {
        return calendar.atomically(tx, () -> {
            for (var claim : before.claims()) {
                if (after.claim(claim.transaction()).isEmpty()) {
                    calendar.release(tx, book, claim.transaction(), now);
                }
            }
            for (var claim : after.claims()) {
                var old = before.claim(claim.transaction());
                if (old.filter(one -> one.amounts().equals(claim.amounts())
                                && one.term().equals(claim.term()))
                        .isPresent()) {
                    continue;
                }
                var booking = new Booking(
                        book, claim.transaction(), root.toString(), claim.term(), exact(claim.amounts()), Set.of());
                var booked = old.isPresent()
                        ? calendar.replace(tx, book, claim.transaction(), List.of(booking))
                        : calendar.book(tx, booking).map(List::of);
                if (booked instanceof Answer.No<List<Booking>> no) {
                    return no;
                }
            }
            return offer.backing()
                    .map(host -> hull(tx, root, host, before, after, now))
                    .orElseGet(() -> Answer.yes(List.of()));
        });
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
