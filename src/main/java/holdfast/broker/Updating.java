package holdfast.broker;

import static java.util.stream.Collectors.groupingBy;

import holdfast.broker.Course.News;
import holdfast.broker.Reservation.Hold;
import holdfast.broker.Reservation.Part;
import holdfast.broker.Reservation.Update;
import holdfast.broker.Timers.Timer;
import holdfast.broker.choice.Claim;
import holdfast.broker.choice.Hull;
import holdfast.calendar.Booking.Kind;
import holdfast.core.Answer;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.WindowPolicy;
import holdfast.protocol.Message.Amended;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/// Changes of reservations that are there (promise.md 4.4): all of a change or nothing.
///
/// What no provider keeps is changed at once. Otherwise the booking first becomes what is needed before and after, then
/// each provider is asked, and when all have agreed the booking shrinks to what is needed after. If one does not agree,
/// the others are asked to take it back, and all is as it was.
final class Updating {
    /// How long after a provider did not take a change back it is asked again.
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final String broker;
    private final Platform platform;
    private final Resources resources;
    private final Admission admission;
    private final Inside inside;
    private final Items items;
    private final Holds holds;
    private final Timers timers;
    private final Life life;

    Updating(
            String broker,
            Platform platform,
            Engine engine,
            Admission admission,
            Inside inside,
            Items items,
            Holds holds,
            Timers timers,
            Life life) {
        this.broker = broker;
        this.platform = platform;
        this.resources = engine.resources();
        this.admission = admission;
        this.inside = inside;
        this.items = items;
        this.holds = holds;
        this.timers = timers;
        this.life = life;
        timers.when(Timer.SETTLE, this::insist);
    }

    /// Everything about a change that is decided.
    ///
    /// @param before claims of all items now
    /// @param after claims of all items then
    private record Plan(Resource resource, Reservation next, String name, List<Claim> before, List<Claim> after) {
        Reservation old() {
            return resource.as(Reservation.class);
        }

        Plan with(List<Part> parts, List<Claim> claims) {
            return new Plan(resource, next.with(parts), name, before, claims);
        }

        Set<UUID> ids() {
            var ids = new TreeSet<UUID>();
            next.items().forEach(part -> ids.add(part.item().id()));
            return ids;
        }
    }

    /// Changes it at once, or begins to: then it [Reservation#isUpdating].
    Answer<Resource> update(Tx tx, Resource resource, ReservationChange change, WindowPolicy policy, String who) {
        if (change.isOnlyName()) {
            return Answer.yes(
                    change.name().map(name -> renamed(tx, resource, name, who)).orElse(resource));
        }
        var old = resource.as(Reservation.class);
        var state = Course.of(resource.state());
        if (state != Course.HELD && state != Course.RESERVED && state != Course.ACTIVE) {
            return Answer.no(Refusal.clash("the reservation is " + resource.state() + "; "
                    + (state.isLeaving() ? "only its name can change" : "ask again when it is reserved or active")));
        }
        if (old.isUpdating()) {
            return Answer.no(Refusal.clash(
                    "another change of the reservation is under way; ask again when its providers have answered"));
        }
        var now = platform.now();
        var rest = Interval.since(now);
        return new Revision(old, change, item -> inside.used(tx, item, rest), policy, now)
                .make()
                .flatMap(next -> become(tx, resource, next, change.name().orElse(resource.name()), now, who));
    }

    private Resource renamed(Tx tx, Resource resource, String name, String who) {
        var after = resources.update(tx, resource.state(), resource.renamed(name), who, "renamed");
        life.tell(tx, after, "updated");
        return after;
    }

    private Answer<Resource> become(Tx tx, Resource resource, Reservation next, String name, Instant now, String who) {
        var old = resource.as(Reservation.class);
        if (!next.when().until().isAfter(now)) {
            var ended = resources.update(
                    tx, resource.state(), resource.withData(next).renamed(name), who, "ends now");
            return Answer.yes(life.to(tx, ended, News.OVER, who).orElse(ended));
        }
        var before = next.items().stream()
                .flatMap(part -> admission.claims(tx, part.item().id()).stream())
                .toList();
        if (new Again(old, next, before, now).isNothing()) {
            return Answer.yes(changed(tx, new Plan(resource, next, name, before, before), who));
        }
        return decided(tx, new Plan(resource, next, name, before, before), now, who);
    }

    private Answer<Resource> decided(Tx tx, Plan undecided, Instant now, String who) {
        var again = new Again(undecided.old(), undecided.next, undecided.before, now);
        return admission
                .again(tx, again.wishes(undecided.resource.project()), now)
                .flatMap(grant -> {
                    var plan = undecided.with(again.parts(grant), again.claims(grant));
                    var fault = overused(tx, plan, now);
                    if (fault.isPresent()) {
                        return Answer.no(fault.get());
                    }
                    var asked = asked(plan);
                    var booked = asked.isEmpty() ? plan.after : Hull.of(plan.before, plan.after);
                    return admission
                            .book(tx, grant, byItem(plan.ids(), booked), kind(plan.resource))
                            .map(_ -> {
                                life.moved(tx, grant);
                                return asked.isEmpty() ? changed(tx, plan, who) : ask(tx, plan, asked, who);
                            });
                });
    }

    private Optional<Refusal> overused(Tx tx, Plan plan, Instant now) {
        return byItem(plan.ids(), Hull.since(plan.after, now)).entrySet().stream()
                .flatMap(item -> inside.fault(tx, item.getKey(), Inside.shape(item.getValue())).stream())
                .findFirst();
    }

    private static Kind kind(Resource resource) {
        return Course.of(resource.state()) == Course.HELD ? Kind.HOLD : Kind.RESERVATION;
    }

    private static Map<UUID, List<Claim>> byItem(Set<UUID> ids, List<Claim> claims) {
        var byItem = new LinkedHashMap<UUID, List<Claim>>();
        ids.forEach(id -> byItem.put(id, List.of()));
        claims.stream()
                .collect(groupingBy(Claim::item))
                .forEach((item, all) -> byItem.computeIfPresent(item, (_, _) -> all));
        return byItem;
    }

    // -------------------------------------------------------------------------------------------------------------
    // with the consent of providers

    /// The items whose providers have to agree; those of an offer have not been asked for anything.
    private Set<UUID> asked(Plan plan) {
        var asked = new TreeSet<UUID>();
        if (kind(plan.resource) == Kind.RESERVATION) {
            for (var part : plan.next.items()) {
                var before = plan.old().part(part.item().id()).orElseThrow();
                if (holds.differs(plan.resource, before, part, plan.next)) {
                    asked.add(part.item().id());
                }
            }
        }
        return asked;
    }

    private Resource ask(Tx tx, Plan plan, Set<UUID> asked, String who) {
        var update = new Update.Asked(plan.next, plan.name, plan.before, plan.after, asked, Set.of());
        items.stay(tx, plan.resource.id());
        var marked = revised(plan.old(), asked).in(Optional.of(update));
        var resource = write(tx, plan.resource, marked, who, "is to change");
        amend(tx, resource, plan.next, asked);
        return resource;
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
                        timers.at(
                                tx,
                                Timer.SETTLE,
                                resource,
                                Optional.of(platform.now().plus(PAUSE)));
                    } else {
                        takenBack(tx, resource, back.answered(item));
                    }
                }
                case Update.Asked _, Update.TakenBack _, Update.Refused _ -> {}
            }
        }
    }

    private void agreed(Tx tx, Resource resource, Update.Asked asked) {
        var reservation = resource.as(Reservation.class);
        if (!asked.waits().isEmpty()) {
            write(tx, resource, reservation.in(Optional.of(asked)), broker, "a provider agrees");
            return;
        }
        var parts = asked.next().items().stream()
                .map(part -> new Part(
                        part.item(),
                        part.placement(),
                        reservation.part(part.item().id()).flatMap(Part::hold)))
                .toList();
        var next = asked.next().with(parts);
        set(tx, reservation, asked.after());
        changed(tx, new Plan(resource, next, asked.name(), asked.before(), asked.after()), broker);
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
        var known = write(tx, resource, marked, broker, back.why().message());
        amend(tx, known, reservation, back.waits());
        if (back.waits().isEmpty()) {
            takenBack(tx, known, back);
        }
    }

    private void insist(Tx tx, Resource resource) {
        var reservation = resource.as(Reservation.class);
        if (reservation.update().orElse(null) instanceof Update.TakenBack back) {
            var open = new TreeSet<>(back.waits());
            reservation.items().stream()
                    .filter(part -> part.hold()
                            .filter(hold -> hold.phase() == Hold.Phase.CLOSED)
                            .isPresent())
                    .forEach(part -> open.remove(part.item().id()));
            askBack(tx, resource, new Update.TakenBack(back.why(), back.before(), open));
        }
    }

    private void takenBack(Tx tx, Resource resource, Update.TakenBack back) {
        var reservation = resource.as(Reservation.class);
        if (!back.waits().isEmpty()) {
            write(tx, resource, reservation.in(Optional.of(back)), broker, "a provider has taken it back");
            return;
        }
        set(tx, reservation, back.before());
        var refused = reservation.in(Optional.of(new Update.Refused(back.why())));
        var after = write(tx, resource, refused, broker, "is as it was");
        settle(tx, after);
        life.tell(
                tx, after, "not-updated", Json.object().put("reason", back.why().message()));
    }

    /// Books these claims, except those of items that are gone.
    private void set(Tx tx, Reservation reservation, List<Claim> claims) {
        var ids = new TreeSet<UUID>();
        reservation.items().stream()
                .filter(part -> part.hold()
                        .filter(hold -> hold.phase() == Hold.Phase.CLOSED)
                        .isEmpty())
                .forEach(part -> ids.add(part.item().id()));
        admission.set(tx, byItem(ids, claims), Kind.RESERVATION);
    }

    // -------------------------------------------------------------------------------------------------------------
    // done

    private Resource changed(Tx tx, Plan plan, String who) {
        var next = plan.next.in(Optional.empty());
        var after = write(tx, plan.resource.renamed(plan.name), next, who, "changed");
        items.retimed(tx, after.id(), next.when());
        byItem(plan.ids(), plan.after)
                .forEach((item, claims) ->
                        inside.reshape(tx, item, plan.old().when().until(), Inside.shape(claims)));
        settle(tx, after);
        life.tell(tx, after, "updated");
        return after;
    }

    /// What was put off or has another time now is due then.
    private void settle(Tx tx, Resource resource) {
        var reservation = resource.as(Reservation.class);
        timers.set(tx, resource);
        var state = Course.of(resource.state());
        if (!reservation.pinned() && (state == Course.RESERVED || state == Course.HELD)) {
            items.mayMove(
                    tx,
                    reservation.items().stream()
                            .filter(part -> part.hold().isEmpty())
                            .map(part -> part.item().id())
                            .toList());
        }
    }

    private Resource write(Tx tx, Resource resource, Reservation next, String who, String why) {
        return resources.update(tx, resource.state(), resource.withData(next), who, why);
    }
}
