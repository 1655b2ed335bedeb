package holdfast.broker;

import holdfast.broker.choice.Step;
import holdfast.broker.choice.Steps;
import holdfast.broker.choice.Victims;
import holdfast.broker.choice.Victims.Held;
import holdfast.broker.choice.Victims.Strength;
import holdfast.calendar.Booking;
import holdfast.calendar.Calendar;
import holdfast.calendar.Violation;
import holdfast.calendar.Violation.Overbooked;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.engine.Engine;
import holdfast.engine.Notice;
import holdfast.engine.Notices;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Capacity is gone that was promised: says who is hurt, the weakest and nobody in vain, and tells them (promise.md
/// 4.6, 6.11).
public final class Losses {
    /// How many bookings of one place are looked at.
    private static final int MOST = 10_000;
    /// The priority of what has none.
    private static final int ORDINARY = 50;

    private final String broker;
    private final Platform platform;
    private final Resources resources;
    private final Notices notices;
    private final Calendar calendar;
    private final Owners owners;

    Losses(String broker, Platform platform, Engine engine, Calendar calendar, Owners owners) {
        this.broker = broker;
        this.platform = platform;
        this.resources = engine.resources();
        this.notices = engine.notices();
        this.calendar = calendar;
        this.owners = owners;
    }

    /// Those who will not get what they were promised, the weakest first, each once. Changes nothing.
    ///
    /// @param violations where there is too little, those of parts of a place before those of the whole
    public List<Resource> victims(Tx tx, List<Violation> violations) {
        var hurt = new LinkedHashMap<UUID, Resource>();
        deficits(violations)
                .forEach((place, deficit) -> victims(tx, place, deficit, hurt.keySet())
                        .forEach(victim -> hurt.putIfAbsent(victim.id(), victim)));
        return List.copyOf(hurt.values());
    }

    private static Map<String, List<Step>> deficits(List<Violation> violations) {
        var deficits = new LinkedHashMap<String, List<Step>>();
        for (var violation : violations) {
            if (violation instanceof Overbooked less) {
                deficits.computeIfAbsent(less.place(), _ -> new ArrayList<>())
                        .add(new Step(less.when(), Capacities.of(less.dimension(), less.missing())));
            }
        }
        return deficits;
    }

    /// @param already those who are hurt anyway: what they had is given up first
    private Collection<Resource> victims(Tx tx, String place, List<Step> deficit, Set<UUID> already) {
        var bookings = calendar.bookings(tx, broker, place, hull(deficit), MOST).stream()
                .filter(Booking::firm)
                .toList();
        var byHolder =
                owners.of(tx, bookings.stream().map(Booking::holder).distinct().toList());
        var claims = new ArrayList<Held>();
        for (var booking : bookings) {
            var owner = Optional.ofNullable(byHolder.get(booking.holder()));
            boolean lost = owner.filter(one -> already.contains(one.id())).isPresent();
            claims.add(new Held(
                    booking.holder(),
                    lost ? Strength.PREEMPTIBLE : owner.map(Losses::strength).orElse(Strength.FIRM),
                    owner.map(Losses::priority).orElse(ORDINARY),
                    owner.map(Resource::created).orElse(Instant.EPOCH),
                    booking.when(),
                    booking.amount()));
        }
        var hurt = new LinkedHashSet<Resource>();
        Victims.of(Steps.merged(deficit), claims)
                .hurt()
                .forEach(claim -> Optional.ofNullable(byHolder.get(claim.id())).ifPresent(hurt::add));
        return hurt;
    }

    private static Interval hull(List<Step> deficit) {
        return new Interval(
                deficit.stream()
                        .map(step -> step.when().from())
                        .min(Comparator.naturalOrder())
                        .orElseThrow(),
                deficit.stream()
                        .map(step -> step.when().until())
                        .max(Comparator.naturalOrder())
                        .orElseThrow());
    }

    private static Strength strength(Resource owner) {
        if (!owner.type().equals(Reservations.TYPE)) {
            return Strength.FIRM;
        }
        return switch (Course.of(owner.state())) {
            case HELD -> Strength.HELD;
            case STARTING, ACTIVE -> Strength.ACTIVE;
            default -> Strength.RESERVED;
        };
    }

    private static int priority(Resource owner) {
        return owner.type().equals(Reservations.TYPE)
                ? owner.as(Reservation.class).priority()
                : ORDINARY;
    }

    /// Marks those who are hurt as at risk, and tells each of them once.
    ///
    /// @return who is hurt
    public List<Resource> suffered(Tx tx, List<Violation> violations, String who) {
        var hurt = victims(tx, violations);
        hurt.stream()
                .filter(victim -> victim.type().equals(Reservations.TYPE))
                .map(Resource::id)
                .sorted()
                .forEach(id -> resources.lock(tx, id).ifPresent(victim -> mark(tx, victim, who)));
        return hurt;
    }

    private void mark(Tx tx, Resource victim, String who) {
        var reservation = victim.as(Reservation.class);
        if (reservation.atRisk() || victim.removed().isPresent()) {
            return;
        }
        var marked = resources.update(
                tx, victim.state(), victim.withData(reservation.risking(true)), who, "its capacity is gone");
        var data = Json.object()
                .put("state", marked.state())
                .put("start", reservation.when().from().toString())
                .put(
                        "end",
                        reservation.when().isBounded()
                                ? reservation.when().until().toString()
                                : null);
        notices.tell(
                tx,
                new Notice(
                        platform.newId(),
                        Reservations.TYPE + ".at-risk",
                        platform.now(),
                        Notice.Thing.of(marked),
                        marked.project(),
                        Optional.of(marked.id()),
                        Optional.empty(),
                        data));
    }
}
