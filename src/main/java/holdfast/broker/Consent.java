package holdfast.broker;

import holdfast.broker.Reservation.Hold;
import holdfast.broker.Reservation.Part;
import holdfast.broker.Timers.Timer;
import holdfast.calendar.Booking.Kind;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.Message.Amended;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/// Changes of reservations that providers have to agree to, because they keep something for them. If one does not
/// agree, the others are asked to take it back; but what has made way for somebody else has done so, and its provider
/// is asked until it follows.
final class Consent {
    /// How long after a provider did not take a change back it is asked again.
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final String broker;
    private final Platform platform;
    private final Resources resources;
    private final Items items;
    private final Holds holds;
    private final Timers timers;
    private final Life life;
    private final Settled settled;

    Consent(
            String broker,
            Platform platform,
            Engine engine,
            Items items,
            Holds holds,
            Timers timers,
            Life life,
            Settled settled) {
        this.broker = broker;
        this.platform = platform;
        this.resources = engine.resources();
        this.items = items;
        this.holds = holds;
        this.timers = timers;
        this.life = life;
        this.settled = settled;
        timers.when(Timer.SETTLE, this::insist);
    }

    /// The items whose providers have to agree; those of an offer have not been asked for anything.
    Set<UUID> needed(Plan plan) {
        var asked = new TreeSet<UUID>();
        if (plan.kind() == Kind.RESERVATION) {
            for (var part : plan.next().items()) {
                var before = plan.old().part(part.item().id()).orElseThrow();
                if (!part.isGivenBack() && holds.differs(plan.resource(), before, part, plan.next())) {
                    asked.add(part.item().id());
                }
            }
        }
        return asked;
    }

    /// Asks them; what is booked is what is needed before and after.
    Resource ask(Tx tx, Plan plan, Set<UUID> asked, String who) {
        var name = Optional.of(plan.name())
                .filter(other -> !other.equals(plan.resource().name()));
        var update = new Update.Asked(plan.next(), name, plan.before(), plan.after(), asked, Set.of());
        items.stay(tx, plan.resource().id());
        var marked = revised(plan.old(), asked).in(Optional.of(update));
        var resource = settled.write(tx, plan.resource(), marked, who, "is to change");
        amend(tx, resource, plan.next(), asked);
        return resource;
    }

    /// Providers that keep something for those who have made way are asked to keep it where that is now.
    ///
    /// @param moved their items, by reservation
    void follow(Tx tx, Map<UUID, Set<UUID>> moved) {
        moved.forEach((id, those) -> resources.lock(tx, id).ifPresent(resource -> {
            items.stay(tx, id);
            askToFollow(tx, resource, new Update.MadeWay(those));
        }));
    }

    private void askToFollow(Tx tx, Resource resource, Update.MadeWay way) {
        var reservation = resource.as(Reservation.class);
        var marked = revised(reservation, way.waits()).in(Optional.of(way));
        amend(tx, settled.write(tx, resource, marked, broker, "is kept elsewhere"), reservation, way.waits());
    }

    private void followed(Tx tx, Resource resource, Update.MadeWay way) {
        var reservation = resource.as(Reservation.class);
        var next = reservation.in(way.waits().isEmpty() ? Optional.empty() : Optional.of(way));
        var after = settled.write(tx, resource, next, broker, "a provider keeps it elsewhere");
        if (way.waits().isEmpty()) {
            settled.settle(tx, after);
        }
    }

    /// With the next revision of what these providers keep.
    private static Reservation revised(Reservation reservation, Set<UUID> asked) {
        return reservation.with(reservation.items().stream()
                .map(part -> asked.contains(part.item().id())
                        ? part.hold().map(hold -> part.with(hold.revised())).orElse(part)
                        : part)
                .toList());
    }

    /// @param wanted what it is to be, without the revisions that the resource has
    private void amend(Tx tx, Resource resource, Reservation wanted, Set<UUID> asked) {
        var known = resource.as(Reservation.class);
        for (var part : wanted.items()) {
            var id = part.item().id();
            if (asked.contains(id)) {
                var hold = known.part(id).flatMap(Part::hold).orElseThrow();
                holds.amend(tx, resource, part.with(hold), wanted.when());
            }
        }
    }

    /// A provider has answered.
    void heard(Tx tx, Amended told) {
        var item = told.sliver().value();
        var found = items.reservation(tx, item).flatMap(id -> resources.lock(tx, id));
        if (found.isEmpty()) {
            return;
        }
        var resource = found.get();
        var reservation = resource.as(Reservation.class);
        boolean current = reservation
                .part(item)
                .flatMap(Part::hold)
                .filter(hold -> hold.revision() == told.revision())
                .isPresent();
        if (current && reservation.update().isPresent()) {
            switch (reservation.update().get()) {
                case Update.Asked asked
                when asked.waits().contains(item) ->
                    told.refusal()
                            .ifPresentOrElse(
                                    why -> takeBack(tx, resource, asked, item, why),
                                    () -> agreed(tx, resource, asked.answered(item)));
                case Update.TakenBack back
                when back.waits().contains(item) -> {
                    if (told.refusal().isPresent()) {
                        againLater(tx, resource);
                    } else {
                        takenBack(tx, resource, back.answered(item));
                    }
                }
                case Update.MadeWay way
                when way.waits().contains(item) -> {
                    if (told.refusal().isPresent()) {
                        againLater(tx, resource);
                    } else {
                        followed(tx, resource, way.answered(item));
                    }
                }
                case Update.Asked _, Update.TakenBack _, Update.MadeWay _, Update.Refused _ -> {}
            }
        }
    }

    private void againLater(Tx tx, Resource resource) {
        timers.at(tx, Timer.SETTLE, resource, Optional.of(platform.now().plus(PAUSE)));
    }

    private void agreed(Tx tx, Resource resource, Update.Asked asked) {
        var reservation = resource.as(Reservation.class);
        if (!asked.waits().isEmpty()) {
            settled.write(tx, resource, reservation.in(Optional.of(asked)), broker, "a provider agrees");
            return;
        }
        var parts = asked.next().items().stream()
                .map(part -> new Part(
                        part.item(),
                        part.placement(),
                        reservation.part(part.item().id()).flatMap(Part::hold)))
                .toList();
        // its servers may have been kept meanwhile
        var images = asked.next().warnAt().equals(reservation.warnAt())
                ? reservation.images()
                : Optional.<Reservation.Images>empty();
        var next = asked.next().with(parts).keeping(images);
        settled.book(tx, reservation, asked.after());
        settled.changed(
                tx,
                new Plan(resource, next, asked.name().orElse(resource.name()), asked.before(), asked.after()),
                broker);
    }

    /// All but the one that has refused become again what they were.
    private void takeBack(Tx tx, Resource resource, Update.Asked asked, UUID refused, Refusal why) {
        var others = new TreeSet<>(asked.waits());
        others.addAll(asked.agreed());
        others.remove(refused);
        askBack(tx, resource, new Update.TakenBack(why, asked.before(), others));
    }

    private void askBack(Tx tx, Resource resource, Update.TakenBack back) {
        var reservation = resource.as(Reservation.class);
        var marked = revised(reservation, back.waits()).in(Optional.of(back));
        var known = settled.write(tx, resource, marked, broker, back.why().message());
        amend(tx, known, reservation, back.waits());
        if (back.waits().isEmpty()) {
            takenBack(tx, known, back);
        }
    }

    private void insist(Tx tx, Resource resource) {
        var reservation = resource.as(Reservation.class);
        switch (reservation.update().orElse(null)) {
            case Update.TakenBack back ->
                askBack(tx, resource, new Update.TakenBack(back.why(), back.before(), open(reservation, back.waits())));
            case Update.MadeWay way -> {
                var rest = new Update.MadeWay(open(reservation, way.waits()));
                if (rest.waits().isEmpty()) {
                    followed(tx, resource, rest);
                } else {
                    askToFollow(tx, resource, rest);
                }
            }
            case Update.Asked _, Update.Refused _ -> {}
            case null -> {}
        }
    }

    /// Those of which something is still kept.
    private static Set<UUID> open(Reservation reservation, Set<UUID> waits) {
        var open = new TreeSet<>(waits);
        reservation.items().stream()
                .filter(part -> part.hold()
                        .filter(hold -> hold.phase() == Hold.Phase.CLOSED)
                        .isPresent())
                .forEach(part -> open.remove(part.item().id()));
        return open;
    }

    private void takenBack(Tx tx, Resource resource, Update.TakenBack back) {
        var reservation = resource.as(Reservation.class);
        if (!back.waits().isEmpty()) {
            settled.write(tx, resource, reservation.in(Optional.of(back)), broker, "a provider has taken it back");
            return;
        }
        settled.book(tx, reservation, back.before());
        var refused = reservation.in(Optional.of(new Update.Refused(back.why())));
        var after = settled.write(tx, resource, refused, broker, "is as it was");
        settled.settle(tx, after);
        life.tell(
                tx, after, "not-updated", Json.object().put("reason", back.why().message()));
    }
}
