package holdfast.broker;

import holdfast.broker.Course.News;
import holdfast.broker.Reservation.Hold;
import holdfast.broker.Reservation.Part;
import holdfast.broker.Timers.Timer;
import holdfast.broker.choice.Claim;
import holdfast.broker.choice.Hull;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.ReadyOrder.What;
import holdfast.broker.choice.Steps;
import holdfast.calendar.Booking.Kind;
import holdfast.calendar.Profile;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What is given back of a reservation that is not used in time (promise.md 4.4): all of it if nothing is in use, else
/// what is not. Of what a provider has opened nothing is given back: users start servers there by themselves, so that
/// nobody here knows that it is not in use.
final class Expiry {
    private final String broker;
    private final Platform platform;
    private final Admission admission;
    private final Inside inside;
    private final Settled settled;
    private final Life life;

    Expiry(
            String broker,
            Platform platform,
            Engine engine,
            Admission admission,
            Inside inside,
            Settled settled,
            Life life,
            Timers timers) {
        this.broker = broker;
        this.platform = platform;
        this.admission = admission;
        this.inside = inside;
        this.settled = settled;
        this.life = life;
        timers.when(Timer.EXPIRE, this::expire);
    }

    /// One that is being changed expires when that is over.
    private void expire(Tx tx, Resource resource) {
        var reservation = resource.as(Reservation.class);
        if (reservation.isUpdating()) {
            return;
        }
        var now = platform.now();
        boolean unused = reservation.items().stream()
                .allMatch(part -> !isOpen(part) && used(tx, part, now).nothing());
        if (unused) {
            life.to(tx, resource, News.UNUSED, broker);
        } else {
            reduce(tx, resource, reservation, now);
        }
    }

    private static boolean isOpen(Part part) {
        return part.hold().filter(hold -> hold.phase() == Hold.Phase.OPEN).isPresent();
    }

    private Capacities used(Tx tx, Part part, Instant now) {
        return inside.used(tx, part.item().id(), Interval.since(now));
    }

    private void reduce(Tx tx, Resource resource, Reservation reservation, Instant now) {
        var parts = new ArrayList<Part>();
        var released = Capacities.NONE;
        for (var part : reservation.items()) {
            var used = used(tx, part, now);
            var before = admission.claims(tx, part.item().id());
            var after = after(part, before, used, now);
            if (after.equals(before)) {
                parts.add(part);
                continue;
            }
            admission.set(tx, Map.of(part.item().id(), after), Kind.RESERVATION);
            inside.reshape(tx, part.item().id(), reservation.when().until(), Inside.shape(after));
            released = released.plus(most(before, now).minus(most(after, now)));
            parts.add(reduced(part, used, now));
        }
        var next = reservation.with(parts).having(What.EXPIRY).releasing(positive(released));
        var written = settled.write(tx, resource, next, broker, "what was not in use is given back");
        if (!next.items().equals(reservation.items())) {
            life.tell(tx, written, "reduced");
        }
    }

    private static List<Claim> after(Part part, List<Claim> before, Capacities used, Instant now) {
        if (part.hold().isPresent()) {
            return before;
        }
        var past = Hull.until(before, now);
        return switch (part.item().need()) {
            case Need.Quantity _
            when part.placement().size() == 1 -> {
                var all = new ArrayList<>(past);
                Hull.since(before, now)
                        .forEach(claim -> all.add(new Claim(
                                claim.item(),
                                claim.place(),
                                claim.when(),
                                least(claim.amount(), used),
                                claim.units(),
                                claim.firm())));
                yield Hull.flat(all);
            }
            case Need.Quantity _, Need.Instances _, Need.Hosts _, Need.Addresses _, Need.Elements _ ->
                used.nothing() ? Hull.flat(past) : before;
        };
    }

    private static Part reduced(Part part, Capacities used, Instant now) {
        return part.item().need() instanceof Need.Quantity(var steps)
                ? new Part(
                        part.item().asking(new Need.Quantity(Steps.changed(steps, now, amount -> least(amount, used)))),
                        part.placement(),
                        part.hold())
                : new Part(part.item(), List.of(), part.hold());
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
