package holdfast.broker;

import holdfast.broker.choice.Dimensions;
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
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.impl.DSL;
import tools.jackson.databind.node.ObjectNode;

/// Capacity is gone that was promised: says who is hurt, the weakest and nobody in vain, marks them and tells them
/// (promise.md 4.6, 6.11). What they can get instead is found by [Mending].
public final class Losses {
    /// How many bookings of one place are looked at.
    private static final int MOST = 10_000;
    /// The priority of what has none.
    private static final int ORDINARY = 50;
    /// As the index has it, so without variables.
    private static final Condition AT_RISK =
            DSL.condition("type = 'reservation' and removed is null and data ->> 'atRisk' = 'true'");
    /// Who loses a host loses what it has of its zone, too.
    private static final Comparator<String> NARROWEST_FIRST = Comparator.<String>comparingInt(
                    place -> Places.isAccount(place) ? 2 : Places.isZone(place) ? 1 : 0)
            .thenComparing(Comparator.naturalOrder());

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

    /// Somebody who will not get what was promised.
    ///
    /// @param losses what of it is lost
    record Hurt(Resource owner, List<Loss> losses) {
        Hurt {
            losses = List.copyOf(losses);
        }

        private Hurt and(Loss loss) {
            var all = new ArrayList<>(losses);
            all.add(loss);
            return new Hurt(owner, all);
        }
    }

    /// What is lost at a place.
    ///
    /// @param amount at most, at one instant
    record Loss(String place, Interval when, Capacities amount) {}

    /// Those who will not get what they were promised, the weakest first, each once; who is at risk already gives
    /// up what he has before anybody else. Changes nothing.
    ///
    /// @param violations where there is too little
    public List<Resource> victims(Tx tx, List<Violation> violations) {
        return hurt(tx, violations, atRisk(tx).keySet()).stream()
                .map(Hurt::owner)
                .toList();
    }

    /// The same with what each of them loses.
    ///
    /// @param already those who are at risk, who give up what they have before anybody else does; so capacity that
    ///     is back goes to the strongest of them
    List<Hurt> hurt(Tx tx, List<Violation> violations, Set<UUID> already) {
        var hurt = new LinkedHashMap<UUID, Hurt>();
        deficits(violations).forEach((place, deficit) -> {
            var first = new HashSet<>(already);
            first.addAll(hurt.keySet());
            victims(tx, place, deficit, first)
                    .forEach((owner, loss) ->
                            hurt.merge(owner.id(), new Hurt(owner, List.of(loss)), (known, _) -> known.and(loss)));
        });
        return List.copyOf(hurt.values());
    }

    private static Map<String, List<Step>> deficits(List<Violation> violations) {
        var deficits = new TreeMap<String, List<Step>>(NARROWEST_FIRST);
        for (var violation : violations) {
            if (violation instanceof Overbooked less) {
                deficits.computeIfAbsent(less.place(), _ -> new ArrayList<>())
                        .add(new Step(less.when(), Capacities.of(less.dimension(), less.missing())));
            }
        }
        return deficits;
    }

    /// @param already those who are hurt anyway: what they had is given up first
    private Map<Resource, Loss> victims(Tx tx, String place, List<Step> deficit, Set<UUID> already) {
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
        var missing = Steps.merged(deficit);
        var hurt = new LinkedHashMap<Resource, Loss>();
        for (var claim : Victims.of(missing, claims).hurt()) {
            Optional.ofNullable(byHolder.get(claim.id()))
                    .ifPresent(owner -> hurt.putIfAbsent(owner, loss(place, missing, claim)));
        }
        return hurt;
    }

    /// What is missing while it is claimed, and no more than is claimed.
    private static Loss loss(String place, List<Step> missing, Held claim) {
        var its = missing.stream()
                .filter(step -> step.when().overlaps(claim.when()))
                .toList();
        var most = its.stream().map(Step::amount).reduce(Capacities.NONE, Capacities::max);
        var amounts = new TreeMap<String, Long>();
        most.amounts()
                .forEach((name, amount) ->
                        amounts.put(name, Math.min(amount, claim.amount().get(name))));
        amounts.values().removeIf(amount -> amount == 0);
        var all = hull(its);
        var from = all.from().isBefore(claim.when().from()) ? claim.when().from() : all.from();
        var until = all.until().isAfter(claim.when().until()) ? claim.when().until() : all.until();
        return new Loss(place, new Interval(from, until), new Capacities(amounts));
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

    /// The reservations that are at risk.
    Map<UUID, Resource> atRisk(Tx tx) {
        return resources.list(tx, AT_RISK, MOST).stream().collect(Collectors.toMap(Resource::id, Function.identity()));
    }

    /// Marks those who are hurt as at risk, and tells each of them once.
    ///
    /// @return who is hurt
    public List<Resource> suffered(Tx tx, List<Violation> violations, String who) {
        var hurt = hurt(tx, violations, atRisk(tx).keySet());
        hurt.stream()
                .sorted(Comparator.comparing(victim -> victim.owner.id()))
                .forEach(victim -> suffered(tx, victim, who));
        return hurt.stream().map(Hurt::owner).toList();
    }

    /// Marks one, unless it is at risk already.
    void suffered(Tx tx, Hurt victim, String who) {
        reservation(tx, victim.owner.id())
                .filter(resource -> !resource.as(Reservation.class).atRisk())
                .ifPresent(resource -> {
                    var data = Json.array();
                    victim.losses.forEach(loss -> data.add(told(loss)));
                    var since = hullOf(victim.losses).from();
                    mark(
                            tx,
                            resource,
                            true,
                            who,
                            "at-risk",
                            Json.object().put("since", since.toString()).set("lost", data));
                });
    }

    /// What was lost is back.
    void restored(Tx tx, UUID id, String who) {
        reservation(tx, id)
                .filter(resource -> resource.as(Reservation.class).atRisk())
                .ifPresent(resource -> mark(tx, resource, false, who, "restored", Json.object()));
    }

    private Optional<Resource> reservation(Tx tx, UUID id) {
        return resources
                .lock(tx, id)
                .filter(resource -> resource.type().equals(Reservations.TYPE)
                        && resource.removed().isEmpty());
    }

    private static Interval hullOf(List<Loss> losses) {
        return hull(
                losses.stream().map(loss -> new Step(loss.when, loss.amount)).toList());
    }

    private static ObjectNode told(Loss loss) {
        var when = loss.when;
        return Json.object()
                .put("place", Places.isAccount(loss.place) ? "account" : Places.name(loss.place))
                .put("start", when.from().toString())
                .put("end", when.isBounded() ? when.until().toString() : null)
                .set("amounts", Json.toTree(Dimensions.counted(loss.amount).amounts()));
    }

    private void mark(Tx tx, Resource resource, boolean risk, String who, String event, ObjectNode besides) {
        var marked = resources.update(
                tx,
                resource.state(),
                resource.withData(resource.as(Reservation.class).risking(risk, platform.now())),
                who,
                event);
        var when = marked.as(Reservation.class).when();
        var data = Json.object()
                .put("state", marked.state())
                .put("start", when.from().toString())
                .put("end", when.isBounded() ? when.until().toString() : null);
        data.setAll(besides);
        notices.tell(
                tx,
                new Notice(
                        platform.newId(),
                        Reservations.TYPE + "." + event,
                        platform.now(),
                        Notice.Thing.of(marked),
                        marked.project(),
                        Optional.of(marked.id()),
                        Optional.empty(),
                        data));
    }
}
