package holdfast.broker;

import holdfast.broker.Thing.Kind;
import holdfast.broker.choice.Ask;
import holdfast.broker.choice.Need;
import holdfast.broker.choice.Place;
import holdfast.broker.choice.Snapshot;
import holdfast.calendar.Booking;
import holdfast.calendar.Calendar;
import holdfast.calendar.Profile.Step;
import holdfast.calendar.Quantity;
import holdfast.calendar.Violation;
import holdfast.calendar.Whole;
import holdfast.core.Capacities;
import holdfast.core.CloudSupply;
import holdfast.core.Copies;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/// Things that exist and are claimed for a time, alone or with others (promise.md 4.7). Each is a place in the broker's
/// book that has [Whole#DIMENSION] as long as it is there: whoever shares it takes 1, whoever is alone takes all. The
/// place is made when somebody asks for the thing first.
final class Elements {
    private static final int MOST = 10_000;
    private static final Capacities WHOLE = Capacities.of(Whole.DIMENSION, Whole.ALL);

    private final String broker;
    private final Platform platform;
    private final Resources resources;
    private final Calendar calendar;
    private final Owners owners;
    private final Losses losses;

    Elements(String broker, Platform platform, Engine engine, Calendar calendar, Owners owners, Losses losses) {
        this.broker = broker;
        this.platform = platform;
        this.resources = engine.resources();
        this.calendar = calendar;
        this.owners = owners;
        this.losses = losses;
    }

    /// The same snapshot with the things that a request names and that are there; hosts are in it already.
    Snapshot with(Tx tx, Ask ask, Snapshot snapshot) {
        var places = new TreeMap<String, Thing>();
        ask.items().stream()
                .filter(item -> item.need() instanceof Need.Elements)
                .flatMap(item -> ((Need.Elements) item.need()).elements().stream())
                .forEach(element -> Thing.at(element.id())
                        .filter(thing -> thing.kind() != Kind.HOST)
                        .ifPresent(thing -> places.put(element.id(), thing)));
        places.entrySet().removeIf(one -> !isThere(tx, ask.project(), one.getKey(), one.getValue()));
        if (places.isEmpty()) {
            return snapshot;
        }
        var all = new TreeMap<>(snapshot.places());
        calendar.profiles(tx, broker, places.keySet(), Interval.since(snapshot.now()), Quantity.FREE)
                .forEach((place, free) -> all.put(
                        place,
                        new Place(
                                place,
                                Places.account(Places.provider(place)),
                                Optional.empty(),
                                free,
                                new Place.Thing())));
        return new Snapshot(snapshot.now(), all, snapshot.units(), snapshot.pending());
    }

    /// Makes its place, or gives it the time in which it is there now.
    private boolean isThere(Tx tx, String project, String place, Thing thing) {
        var when = when(tx, project, thing);
        when.ifPresent(time -> exists(tx, place, time));
        return when.isPresent();
    }

    /// @return who has claimed it at another time
    private List<Violation> exists(Tx tx, String place, Interval when) {
        return calendar.carve(tx, broker, place, List.of(new Step(when, WHOLE)));
    }

    private Interval past() {
        return new Interval(Instant.EPOCH, platform.now());
    }

    /// As long as it is known to be there. It stays locked, so that it does not go meanwhile.
    private Optional<Interval> when(Tx tx, String project, Thing thing) {
        return switch (thing.kind()) {
            case NETWORK, IMAGE, HOST ->
                thing.provider()
                        .flatMap(provider -> resources.lock(tx, Copies.id(broker, provider)))
                        .filter(pool -> pool.removed().isEmpty())
                        .flatMap(pool -> pool.as(Pool.class).supply())
                        .filter(supply -> has(supply, thing))
                        .map(_ -> Interval.since(Instant.EPOCH));
            case SERVER -> own(tx, project, thing, Allocations.TYPE).flatMap(server -> ofServer(tx, server));
            case RESERVATION -> own(tx, project, thing, Reservations.TYPE).flatMap(Elements::ofReservation);
        };
    }

    private Optional<Resource> own(Tx tx, String project, Thing thing, String type) {
        return thing.id()
                .flatMap(id -> resources.lock(tx, id))
                .filter(one -> one.type().equals(type)
                        && one.project().equals(project)
                        && one.removed().isEmpty());
    }

    /// What is lent may have to leave at any time, so that nobody can count on it.
    private Optional<Interval> ofServer(Tx tx, Resource server) {
        var content = server.as(Allocation.class);
        boolean stays = content.firm()
                && switch (AllocationCourse.of(server.state())) {
                    case SCHEDULED, INITIALIZED, BUILDING, ACTIVE -> true;
                    case ERROR, DELETING, DELETED, LOST, CANCELLED -> false;
                };
        var until = server.parent()
                .flatMap(parent -> resources.find(tx, parent))
                .map(parent -> parent.as(Reservation.class).when().until())
                .filter(end -> end.isBefore(content.when().until()))
                .orElse(content.when().until());
        return stays ? Optional.of(new Interval(Instant.EPOCH, until)) : Optional.empty();
    }

    /// One level only (promise.md 10.30): one that claims another cannot be claimed.
    private static Optional<Interval> ofReservation(Resource resource) {
        var reservation = resource.as(Reservation.class);
        boolean claims = reservation.items().stream()
                .flatMap(part -> part.placement().stream())
                .anyMatch(one -> Thing.at(one.place())
                        .filter(thing -> thing.kind() == Kind.RESERVATION)
                        .isPresent());
        return claims || Course.of(resource.state()).isLeaving() ? Optional.empty() : Optional.of(reservation.when());
    }

    private static boolean has(CloudSupply supply, Thing thing) {
        return switch (thing.kind()) {
            case NETWORK ->
                supply.networks().stream().anyMatch(network -> network.id().equals(thing.name()));
            case IMAGE -> supply.images().stream().anyMatch(image -> image.id().equals(thing.name()));
            case HOST, SERVER, RESERVATION -> false;
        };
    }

    // --------------------------------------------------------------------------------------------------------------
    // what comes and goes

    /// A provider was looked at: who has claimed what is not there any more is hurt, which is found as any other
    /// loss is.
    ///
    /// @param supply empty = it was taken out
    void seen(Tx tx, UUID provider, Optional<CloudSupply> supply) {
        for (var place : calendar.places(tx, broker)) {
            Thing.at(place)
                    .filter(thing ->
                            thing.kind() != Kind.HOST && thing.provider().equals(Optional.of(provider)))
                    .ifPresent(thing -> {
                        boolean there =
                                supply.filter(known -> has(known, thing)).isPresent();
                        exists(tx, place, there ? Interval.since(Instant.EPOCH) : past());
                    });
        }
    }

    /// A server or a reservation is gone before its time: who has claimed it is told.
    void gone(Tx tx, Kind kind, UUID id) {
        var place = Thing.ours(kind, id).place();
        if (calendar.lock(tx, broker, List.of(place)).contains(place)) {
            losses.suffered(tx, exists(tx, place, past()), broker);
        }
    }

    // --------------------------------------------------------------------------------------------------------------
    // protection

    /// Why something cannot be deleted: somebody counts on it. The lock of its resource keeps new claims away.
    Optional<Refusal> claimed(Tx tx, Kind kind, UUID id) {
        return claimed(tx, kind, id, Interval.since(platform.now()));
    }

    /// Why it cannot be gone at any time of a window.
    Optional<Refusal> claimed(Tx tx, Kind kind, UUID id, Interval when) {
        var bookings = calendar.bookings(tx, broker, Thing.ours(kind, id).place(), when, MOST);
        if (bookings.isEmpty()) {
            return Optional.empty();
        }
        var first = bookings.getFirst();
        var names =
                owners.of(tx, bookings.stream().map(Booking::holder).distinct().toList());
        var claimants = names.values().stream()
                .map(owner -> owner.name() + " (" + owner.id() + ")")
                .distinct()
                .sorted()
                .limit(5)
                .collect(Collectors.joining(", "));
        return Optional.of(Refusal.clash("the " + kind.word() + " is claimed by reservation " + claimants + " until "
                        + first.when().until() + "; cancel that first")
                .because("element", Optional.empty(), true));
    }
}
