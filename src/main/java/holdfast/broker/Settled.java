package holdfast.broker;

import holdfast.broker.Reservation.Hold;
import holdfast.broker.choice.Claim;
import holdfast.calendar.Booking.Kind;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// What is written when a change of a reservation has come to its end, whether it was done or not.
final class Settled {
    private final Resources resources;
    private final Admission admission;
    private final Inside inside;
    private final Items items;
    private final Timers timers;
    private final Life life;

    Settled(Engine engine, Admission admission, Inside inside, Items items, Timers timers, Life life) {
        this.resources = engine.resources();
        this.admission = admission;
        this.inside = inside;
        this.items = items;
        this.timers = timers;
        this.life = life;
    }

    /// Books these claims, except those of items that are gone.
    void book(Tx tx, Reservation reservation, List<Claim> claims) {
        var ids = new TreeSet<UUID>();
        reservation.items().stream()
                .filter(part -> part.hold()
                        .filter(hold -> hold.phase() == Hold.Phase.CLOSED)
                        .isEmpty())
                .forEach(part -> ids.add(part.item().id()));
        admission.set(tx, Plan.byItem(ids, claims), Kind.RESERVATION);
    }

    /// It has changed, and so has what is booked.
    Resource changed(Tx tx, Plan plan, String who) {
        var next = plan.next().in(Optional.empty());
        var after = write(tx, plan.resource().renamed(plan.name()), next, who, "changed");
        items.retimed(tx, after.id(), next.when());
        plan.byItem(plan.after())
                .forEach((item, claims) ->
                        inside.reshape(tx, item, plan.old().when().until(), Inside.shape(claims)));
        settle(tx, after);
        life.tell(tx, after, plan.event(), plan.isOnlyElsewhere() ? way(plan) : Json.object());
        return after;
    }

    /// From where to where.
    private static ObjectNode way(Plan plan) {
        return Json.object()
                .set("from", Json.toTree(plan.old().places()))
                .set("to", Json.toTree(plan.next().places()));
    }

    /// What was put off or has another time now is due then.
    void settle(Tx tx, Resource resource) {
        var reservation = resource.as(Reservation.class);
        timers.set(tx, resource);
        var state = Course.of(resource.state());
        if (!reservation.pinned() && (state == Course.RESERVED || state == Course.HELD)) {
            items.mayMove(
                    tx,
                    reservation.items().stream()
                            .filter(part ->
                                    state == Course.RESERVED || part.hold().isEmpty())
                            .map(part -> part.item().id())
                            .toList());
        }
    }

    Resource write(Tx tx, Resource resource, Reservation next, String who, String why) {
        return resources.update(tx, resource.state(), resource.withData(next), who, why);
    }
}
