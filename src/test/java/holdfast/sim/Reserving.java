package holdfast.sim;

import static holdfast.db.Tables.NOTICE;

import holdfast.broker.Reservation;
import holdfast.broker.ReservationChange;
import holdfast.broker.ReservationRequest;
import holdfast.broker.choice.Affinity;
import holdfast.broker.choice.Flavor;
import holdfast.broker.choice.Item;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.PropertyQuery;
import holdfast.calendar.Calendar;
import holdfast.core.Answer;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.engine.Resource;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/// What users of a world with a cloud do with reservations.
final class Reserving {
    static final Duration HOUR = Duration.ofHours(1);
    static final Duration MINUTE = Duration.ofMinutes(1);

    final World world;
    private int items;

    Reserving(World world) {
        this.world = world;
        world.withCloud();
    }

    Item item(Need need) {
        return Item.of(new UUID(77, ++items), need);
    }

    Item hosts(long count) {
        return item(new Need.Hosts(count, count, PropertyQuery.everything()));
    }

    Item instances(long count, Flavor flavor) {
        return item(new Need.Instances(flavor, count, count, Affinity.NONE, PropertyQuery.everything()));
    }

    Item vcpus(long count, Interval when) {
        return item(Need.Quantity.of(Capacities.of("vcpu", count), when));
    }

    /// From `after` from now on, for an hour.
    Interval in(Duration after) {
        return Interval.of(world.now().plus(after), HOUR);
    }

    Answer<Resource> ask(ReservationRequest request) {
        return world.look(tx -> world.broker.reservations().create(tx, World.ALICE, request));
    }

    Resource reserve(Interval when, Item... wanted) {
        var made = ask(ReservationRequest.of("expo", when, List.of(wanted))).orThrow();
        world.settle();
        return now(made);
    }

    Answer<Resource> update(Resource reservation, ReservationChange change) {
        return world.look(tx -> world.broker.reservations().update(tx, reservation.id(), change, "alice"));
    }

    /// Has it changed, with all that its providers say to it.
    Resource change(Resource reservation, ReservationChange change) {
        update(reservation, change).orThrow();
        world.settle();
        return now(reservation);
    }

    Refusal refused(Resource reservation, ReservationChange change) {
        return refusal(update(reservation, change));
    }

    static Refusal refusal(Answer<Resource> answer) {
        return switch (answer) {
            case Answer.Yes<Resource>(var made) -> throw new AssertionError("done: " + made);
            case Answer.No<Resource>(var why) -> why;
        };
    }

    Resource now(Resource reservation) {
        return world.look(
                tx -> world.engine.resources().find(tx, reservation.id()).orElseThrow());
    }

    static Reservation of(Resource resource) {
        return resource.as(Reservation.class);
    }

    Resource cancel(Resource reservation) {
        return world.look(tx -> world.broker
                .reservations()
                .cancel(tx, reservation.id(), "alice")
                .orThrow());
    }

    void pass(Duration time) {
        world.settleFor(time, Duration.ofMinutes(10));
    }

    List<String> told(Resource reservation) {
        return world.look(tx -> tx.sql()
                .select(NOTICE.TYPE)
                .from(NOTICE)
                .where(NOTICE.OBJECT.eq(reservation.id()))
                .orderBy(NOTICE.SEQ)
                .fetch(NOTICE.TYPE));
    }

    /// The most of an amount that is booked at all accounts in a window.
    long booked(String dimension, Interval when) {
        return world.look(tx -> new Calendar()
                .usage(tx, "broker", when).entrySet().stream()
                        .filter(usage -> usage.getKey().matches("p/[^/]+"))
                        .mapToLong(usage -> usage.getValue().used().get(dimension))
                        .sum());
    }

    /// Everything that is booked for a reservation.
    List<holdfast.calendar.Booking> bookings(Resource reservation) {
        return world.look(tx -> of(reservation).items().stream()
                .flatMap(part -> new Calendar().held(tx, "broker", part.item().id()).stream())
                .toList());
    }
}
