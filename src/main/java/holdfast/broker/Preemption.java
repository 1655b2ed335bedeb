package holdfast.broker;

import static java.util.Objects.requireNonNull;

import holdfast.broker.choice.Snapshot;
import holdfast.broker.choice.Step;
import holdfast.broker.choice.Victims;
import holdfast.broker.choice.Victims.Held;
import holdfast.broker.choice.Victims.Strength;
import holdfast.calendar.Booking;
import holdfast.calendar.Calendar;
import holdfast.calendar.Profile;
import holdfast.calendar.Quantity;
import holdfast.core.Capacities;
import holdfast.core.CloudSupply;
import holdfast.core.Copies;
import holdfast.core.Interval;
import holdfast.engine.Engine;
import holdfast.engine.Outcome;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Sees to it that what is lent is gone before somebody firm needs its room (promise.md 4.5, 6.11). What is lent and in
/// nobody's way stays.
///
/// One timer for each pool: it looks at the calendar, tells those in the way that they must leave, and looks again when
/// the next conflict comes near. Whoever books something firm, or lends, has it look at once by [#watch]; so it does
/// not matter why something is booked: a new reservation, one that grows, or one that moved. What stands by is in
/// nobody's way until it is activated.
final class Preemption {
    private static final String LOOK = "pool.preempt";
    /// How long before the room is needed those who were told are taken away.
    private static final Duration FAREWELL = Duration.ofMinutes(1);
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final String broker;
    private final Platform platform;
    private final Resources resources;
    private final Processes processes;
    private final Policies policies;
    private final Calendar calendar;
    private final Units units;
    private final AllocationLife life;
    private final StandBy standBy;

    Preemption(
            String broker,
            Platform platform,
            Engine engine,
            Calendar calendar,
            Units units,
            Policies policies,
            AllocationLife life,
            StandBy standBy) {
        this.broker = broker;
        this.platform = platform;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.policies = policies;
        this.calendar = calendar;
        this.units = units;
        this.life = life;
        this.standBy = standBy;
        engine.definitions()
                .add(ProcessDefinition.timer(
                        LOOK,
                        context -> Outcome.done(tx -> resources
                                .lock(tx, context.resource().id())
                                .filter(pool -> pool.removed().isEmpty())
                                .ifPresent(pool -> look(tx, pool)))));
    }

    /// How long before the room is needed those who are in the way are told.
    Duration notice() {
        return policies.preemptionNotice();
    }

    /// What may be lent from now on.
    Snapshot lending(Tx tx, Instant now, Reach reach, Snapshots snapshots) {
        return snapshots.lending(tx, now, reach, notice(), standBy);
    }

    /// Something firm was booked at these places, or something was lent: looks at their pools when this transaction
    /// has ended. Costs one query if nothing is lent there.
    void watch(Tx tx, Collection<String> places) {
        calendar.lent(tx, broker, places, platform.now()).keySet().stream()
                .map(Places::provider)
                .distinct()
                .sorted()
                .forEach(provider -> processes
                        .schedule(tx, Request.now(LOOK, Copies.id(broker, provider), broker))
                        .orThrow());
    }

    private void look(Tx tx, Resource pool) {
        calendar.lock(tx, broker, Set.of(pool.as(Pool.class).place())); // as those have it who ask for a look
        processes.cancelTimers(tx, pool.id(), Set.of(LOOK));
        var now = platform.now();
        var soon = now.plus(notice());
        var lent = lent(tx, pool.as(Pool.class), now);
        var allocations = resources
                .list(
                        tx,
                        Resources.withIds(lent.stream().map(Booking::holder).collect(Collectors.toSet())),
                        Math.max(1, lent.size()))
                .stream()
                .filter(one -> one.type().equals(Allocations.TYPE))
                .collect(Collectors.toMap(Resource::id, Function.identity()));
        var staying = lent.stream()
                .filter(booking -> stays(Optional.ofNullable(allocations.get(booking.holder()))))
                .map(booking -> untilItsEnd(booking, Optional.ofNullable(allocations.get(booking.holder())), now))
                .collect(Collectors.groupingBy(Booking::place, TreeMap::new, Collectors.toList()));
        var free = standBy.lendable(
                tx,
                calendar.profiles(tx, broker, staying.keySet(), Interval.since(now), Quantity.FREE),
                new Interval(now, soon.plus(MOMENT)));
        var leaving = new HashMap<UUID, Instant>();
        var later = new TreeSet<Instant>();
        // hosts come before zones and accounts, so that who leaves for a host is counted above
        for (var at : staying.descendingMap().entrySet()) {
            var claims = at.getValue().stream()
                    .filter(booking -> !leaving.containsKey(booking.holder()))
                    .toList();
            var missing = missing(free.getOrDefault(at.getKey(), new Profile(Set.of())), claims, now);
            var near = missing.stream()
                    .filter(step -> !step.when().from().isAfter(soon))
                    .toList();
            Victims.of(near, held(claims, allocations))
                    .hurt()
                    .forEach(victim -> leaving.merge(
                            victim.id(),
                            near.getFirst().when().from(),
                            (one, other) -> one.isBefore(other) ? one : other));
            missing.stream()
                    .map(step -> step.when().from())
                    .filter(instant -> instant.isAfter(soon))
                    .forEach(later::add);
        }
        resources
                .lockAll(tx, leaving.keySet())
                .forEach(victim -> recall(tx, victim, requireNonNull(leaving.get(victim.id())), now));
        if (!later.isEmpty()) {
            var next = later.getFirst().minus(notice());
            processes.schedule(tx, Request.at(next, LOOK, pool.id(), broker)).orThrow();
        }
    }

    private void recall(Tx tx, Resource victim, Instant needed, Instant now) {
        var leaves = needed.minus(FAREWELL);
        if (stays(Optional.of(victim))) {
            life.recall(tx, victim, leaves.isBefore(now) ? now : leaves, needed);
        }
    }

    private List<Booking> lent(Tx tx, Pool pool, Instant now) {
        var places = new ArrayList<>(List.of(pool.place()));
        pool.supply()
                .map(CloudSupply::zones)
                .orElse(List.of())
                .forEach(zone -> places.add(Places.zone(pool.provider(), zone)));
        units.hosts(tx, pool.provider()).forEach(unit -> places.add(unit.place()));
        return calendar.lentBookings(tx, broker, places, now);
    }

    /// Whether it is not on its way out; what nobody here made always stays.
    private static boolean stays(Optional<Resource> allocation) {
        return allocation
                .map(resource -> resource.as(Allocation.class).leaves().isEmpty()
                        && switch (AllocationCourse.of(resource.state())) {
                            case INITIALIZED, BUILDING, ACTIVE -> true;
                            case SCHEDULED, ERROR, DELETING, DELETED, LOST, CANCELLED -> false;
                        })
                .orElse(true);
    }

    /// What is lent is booked without end.
    private static Booking untilItsEnd(Booking booking, Optional<Resource> allocation, Instant now) {
        return allocation
                .flatMap(resource -> resource.as(Allocation.class).end())
                .filter(end -> end.isAfter(now))
                .map(end -> booking.during(new Interval(booking.when().from(), end)))
                .orElse(booking);
    }

    private static List<Held> held(List<Booking> claims, Map<UUID, Resource> allocations) {
        return claims.stream()
                .filter(booking -> allocations.containsKey(booking.holder()))
                .map(booking -> new Held(
                        booking.holder(),
                        Strength.PREEMPTIBLE,
                        0,
                        booking.when().from(),
                        booking.when(),
                        booking.amount()))
                .toList();
    }

    /// What of these claims does not fit beside what is firm.
    private static List<Step> missing(Profile free, List<Booking> claims, Instant now) {
        var steps = new ArrayList<Step>();
        for (var step : free.steps(Interval.since(now))) {
            var lent = claims.stream()
                    .filter(booking -> booking.when().contains(step.when().from()))
                    .map(Booking::amount)
                    .reduce(Capacities.NONE, Capacities::plus);
            var missing = new TreeMap<String, Long>();
            lent.amounts().forEach((dimension, amount) -> {
                if (amount > step.amount().get(dimension)) {
                    missing.put(dimension, amount - Math.max(0, step.amount().get(dimension)));
                }
            });
            if (!missing.isEmpty()) {
                steps.add(new Step(step.when(), new Capacities(missing)));
            }
        }
        return steps;
    }
}
