package holdfast.broker;

import holdfast.broker.Course.News;
import holdfast.broker.Reservation.Hold;
import holdfast.broker.Reservation.Part;
import holdfast.broker.Timers.Timer;
import holdfast.broker.choice.Claim;
import holdfast.broker.choice.Cut;
import holdfast.broker.choice.Hull;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.Placement;
import holdfast.broker.choice.ReadyOrder.What;
import holdfast.broker.choice.Steps;
import holdfast.calendar.Booking.Kind;
import holdfast.calendar.Profile;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.engine.Resource;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/// What is given back of a reservation that is not used in time (promise.md 4.4): all of it if nothing is in use, else
/// what is not. Of instances and whole hosts those slots stay that are in use, on their hosts; what a provider keeps
/// of the others is given back when the provider has agreed. What has a name counts as used: elements always, and
/// addresses as soon as the project has them.
final class Expiry {
    private final String broker;
    private final Platform platform;
    private final Admission admission;
    private final Inside inside;
    private final Units units;
    private final Holds holds;
    private final Consent consent;
    private final Settled settled;
    private final Life life;

    Expiry(
            String broker,
            Platform platform,
            Admission admission,
            Inside inside,
            Units units,
            Holds holds,
            Consent consent,
            Settled settled,
            Life life,
            Timers timers) {
        this.broker = broker;
        this.platform = platform;
        this.admission = admission;
        this.inside = inside;
        this.units = units;
        this.holds = holds;
        this.consent = consent;
        this.settled = settled;
        this.life = life;
        timers.when(Timer.EXPIRE, this::expire);
    }

    /// What of each item is in use, or planned.
    private record Use(Map<UUID, Capacities> amounts, Map<UUID, List<Placement>> seats) {
        boolean isThere(Part part) {
            var id = part.item().id();
            return switch (part.item().need()) {
                case Need.Quantity _ ->
                    !amounts.getOrDefault(id, Capacities.NONE).nothing();
                case Need.Hosts _, Need.Instances _ ->
                    !seats.getOrDefault(id, List.of()).isEmpty();
                case Need.Addresses _ ->
                    part.hold().filter(hold -> hold.phase() == Hold.Phase.OPEN).isPresent();
                case Need.Elements _ -> true;
            };
        }
    }

    /// An item with what is left of it.
    ///
    /// @param claims what is booked of it from then on
    /// @param released what it gives back, at most at one instant
    private record Less(Part part, List<Claim> claims, Capacities released) {}

    /// One that is being changed expires when that is over.
    private void expire(Tx tx, Resource resource) {
        var reservation = resource.as(Reservation.class);
        if (reservation.isUpdating()) {
            return;
        }
        var now = platform.now();
        var use = use(tx, reservation, now);
        if (reservation.items().stream().noneMatch(use::isThere)) {
            life.to(
                    tx,
                    resource,
                    News.UNUSED,
                    broker,
                    life.missed(reservation.expiry().orElse(now)));
        } else {
            reduce(tx, resource, reservation, use, now);
        }
    }

    private Use use(Tx tx, Reservation reservation, Instant now) {
        var amounts = reservation.items().stream()
                .map(part -> part.item().id())
                .collect(Collectors.toMap(id -> id, id -> inside.used(tx, id, Interval.since(now))));
        return new Use(amounts, inside.seats(tx, reservation.items(), now));
    }

    private void reduce(Tx tx, Resource resource, Reservation reservation, Use use, Instant now) {
        var before = new ArrayList<Claim>();
        var all = new ArrayList<Less>();
        for (var part : reservation.items()) {
            var claims = admission.claims(tx, part.item().id());
            before.addAll(claims);
            all.add(less(tx, part, claims, use, now));
        }
        var next = reservation.with(all.stream().map(Less::part).toList()).having(What.EXPIRY);
        if (next.items().equals(reservation.items())) {
            settled.write(tx, resource, next, broker, "all of it is in use");
            return;
        }
        var released = all.stream().map(Less::released).reduce(Capacities.NONE, Capacities::plus);
        all.stream().map(Less::part).filter(Part::isGivenBack).forEach(part -> holds.close(tx, part));
        var plan = new Plan(
                resource.withData(withoutUnused(reservation, next)),
                next.releasing(positive(released)),
                resource.name(),
                before,
                all.stream().flatMap(less -> less.claims().stream()).toList());
        var asked = consent.needed(plan);
        if (asked.isEmpty()) {
            admission.set(tx, plan.byItem(plan.after()), Kind.RESERVATION);
            settled.changed(tx, plan, broker);
        } else {
            consent.ask(tx, plan, asked, broker);
        }
    }

    /// What stands whatever providers say of the rest: it has expired, and what nobody uses is on its way out.
    private static Reservation withoutUnused(Reservation reservation, Reservation next) {
        return reservation
                .having(What.EXPIRY)
                .with(reservation.items().stream()
                        .map(part -> next.part(part.item().id())
                                .filter(Part::isGivenBack)
                                .orElse(part))
                        .toList());
    }

    private Less less(Tx tx, Part part, List<Claim> before, Use use, Instant now) {
        var id = part.item().id();
        return switch (part.item().need()) {
            case Need.Quantity quantity
            when part.placement().size() == 1 ->
                quantity(part, quantity, before, use.amounts().getOrDefault(id, Capacities.NONE), now);
            case Need.Hosts _, Need.Instances _
            when use.isThere(part) -> slots(tx, part, before, use.seats().getOrDefault(id, List.of()), now);
            case Need.Quantity _, Need.Hosts _, Need.Instances _, Need.Addresses _, Need.Elements _ ->
                use.isThere(part) ? new Less(part, before, Capacities.NONE) : nothing(part, before, now);
        };
    }

    /// What a provider keeps stays booked until the provider has let go of it.
    private static Less nothing(Part part, List<Claim> before, Instant now) {
        var claims = part.hold().isPresent() ? before : Hull.flat(Hull.until(before, now));
        return new Less(new Part(part.item(), List.of(), part.hold()), claims, most(before, now));
    }

    private static Less quantity(Part part, Need.Quantity quantity, List<Claim> before, Capacities used, Instant now) {
        var claims = new ArrayList<>(Hull.until(before, now));
        Hull.since(before, now)
                .forEach(claim -> claims.add(new Claim(
                        claim.item(),
                        claim.place(),
                        claim.when(),
                        least(claim.amount(), used),
                        claim.units(),
                        claim.firm())));
        var after = Hull.flat(claims);
        var steps = Steps.changed(quantity.steps(), now, amount -> least(amount, used));
        return after.equals(before)
                ? new Less(part, before, Capacities.NONE)
                : new Less(
                        new Part(part.item().asking(new Need.Quantity(steps)), part.placement(), part.hold()),
                        after,
                        most(before, now).minus(most(after, now)));
    }

    private Less slots(Tx tx, Part part, List<Claim> before, List<Placement> kept, Instant now) {
        long used = kept.stream().mapToLong(Placement::slots).sum();
        if (used == part.slots()) {
            return new Less(part, before, Capacities.NONE);
        }
        var need = part.item().need();
        var claims = new ArrayList<>(Hull.until(before, now));
        claims.addAll(Cut.of(need, Hull.since(before, now), part.placement(), kept, above(tx, part)));
        var after = Hull.flat(claims);
        var item = part.item().asking(exactly(need, used)).keeping(List.of());
        return new Less(
                new Part(item, kept, part.hold()), after, most(before, now).minus(most(after, now)));
    }

    private static Need exactly(Need need, long number) {
        return switch (need) {
            case Need.Hosts hosts -> new Need.Hosts(number, number, hosts.query());
            case Need.Instances slots ->
                new Need.Instances(slots.flavor(), number, number, slots.affinity(), slots.query());
            case Need.Quantity _, Need.Addresses _, Need.Elements _ -> need;
        };
    }

    /// Account and zone of each of its hosts.
    private Map<String, List<String>> above(Tx tx, Part part) {
        return units.at(tx, part.placement().stream().map(Placement::place).toList()).stream()
                .collect(Collectors.toMap(
                        Units.Unit::place,
                        unit -> List.of(Places.account(unit.provider()), Places.zone(unit.provider(), unit.zone()))));
    }

    private static Capacities most(List<Claim> claims, Instant now) {
        return Inside.shape(Hull.since(claims, now)).stream()
                .map(Profile.Step::amount)
                .reduce(Capacities.NONE, Capacities::max);
    }

    private static Capacities least(Capacities amount, Capacities used) {
        var least = new TreeMap<>(amount.amounts());
        least.replaceAll((name, value) -> Math.min(value, used.get(name)));
        return new Capacities(least);
    }

    private static Capacities positive(Capacities amount) {
        var positive = new TreeMap<>(amount.amounts());
        positive.values().removeIf(value -> value <= 0);
        return new Capacities(positive);
    }
}
