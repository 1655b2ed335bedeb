package holdfast.broker;

import static java.util.stream.Collectors.toMap;

import holdfast.broker.Course.News;
import holdfast.broker.Reservation.Hold;
import holdfast.broker.Reservation.Images;
import holdfast.broker.Reservation.Part;
import holdfast.broker.Timers.Timer;
import holdfast.broker.choice.Grant;
import holdfast.broker.choice.Move;
import holdfast.calendar.Booking;
import holdfast.calendar.Calendar;
import holdfast.core.Capacities;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Notice;
import holdfast.engine.Notices;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Json;
import holdfast.platform.LostRaceException;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// How a reservation goes from one state of [Course] to another, what follows from it, and who is told.
final class Life {
    /// From when on what was due is told as missed: servers are late by seconds, not by minutes.
    private static final Duration LATE = Duration.ofMinutes(1);

    private final String broker;
    private final Platform platform;
    private final Resources resources;
    private final Notices notices;
    private final Calendar calendar;
    private final Allocations allocations;
    private final Items items;
    private final Holds holds;
    private final Timers timers;
    private final Clearing clearing;
    private final Elements elements;
    private final Endings endings;

    Life(
            String broker,
            Platform platform,
            Engine engine,
            Calendar calendar,
            Allocations allocations,
            Items items,
            Holds holds,
            Timers timers,
            Clearing clearing,
            Elements elements,
            Endings endings) {
        this.broker = broker;
        this.platform = platform;
        this.resources = engine.resources();
        this.notices = engine.notices();
        this.calendar = calendar;
        this.allocations = allocations;
        this.items = items;
        this.holds = holds;
        this.timers = timers;
        this.clearing = clearing;
        this.elements = elements;
        this.endings = endings;
        timers.when(Timer.LAPSE, this::lapse);
        timers.when(Timer.START, this::start);
        timers.when(Timer.END, this::end);
    }

    private void lapse(Tx tx, Resource offer) {
        var until = offer.as(Reservation.class).goodUntil().orElse(platform.now());
        to(tx, offer, News.FORGOTTEN, broker, missed(until));
    }

    // What is due during an update waits for its outcome, which sets all times anew.

    /// One whose end has passed, too, since no server ran, is not begun any more (promise.md 6.12). One that has
    /// made way does not wait for a provider that does not follow.
    private void start(Tx tx, Resource resource) {
        var reservation = resource.as(Reservation.class);
        if (reservation.isUpdating() && !(reservation.update().orElse(null) instanceof Update.MadeWay)) {
            return;
        }
        var when = reservation.when();
        boolean over = !when.until().isAfter(platform.now());
        to(tx, resource, over ? News.OVER : News.BEGUN, broker, missed(over ? when.until() : when.from()));
    }

    /// What is said of something that was due long before it was done.
    ObjectNode missed(Instant due) {
        var data = Json.object();
        if (due.plus(LATE).isBefore(platform.now())) {
            data.put("missed", true).put("due", due.toString());
        }
        return data;
    }

    /// An end that is to become later is waited for: what is booked lasts until then already.
    private void end(Tx tx, Resource reservation) {
        boolean prolonged = reservation
                .as(Reservation.class)
                .update()
                .filter(update -> update instanceof Update.Asked asked
                        && asked.next().when().until().isAfter(platform.now()))
                .isPresent();
        if (!prolonged) {
            var end = reservation.as(Reservation.class).when().until();
            to(tx, reservation, News.OVER, broker, missed(end));
        }
    }

    /// The next state with what follows from it; empty if the news does not matter now.
    Optional<Resource> to(Tx tx, Resource resource, News news, String who) {
        return to(tx, resource, news, who, Json.object());
    }

    /// @param besides what is said of it in addition
    Optional<Resource> to(Tx tx, Resource resource, News news, String who, ObjectNode besides) {
        return Course.of(resource.state()).after(news).map(next -> {
            var reservation = resource.as(Reservation.class);
            var told = next.isLeaving() ? resource.withData(leaving(tx, resource)) : resource;
            var moved = told.withState(next.word(), reservation.refusal().map(Refusal::message));
            var after = resources.update(
                    tx, resource.state(), next.isOver() ? moved.removedAt(platform.now()) : moved, who, news.name());
            tell(tx, after, next.word(), besides);
            if (next.isLeaving() && !Course.of(resource.state()).isLeaving()) {
                endings.tell(tx, after);
            }
            return entered(tx, after, next, who);
        });
    }

    /// With what of it is given back before its end.
    private Reservation leaving(Tx tx, Resource resource) {
        var reservation = resource.as(Reservation.class).in(Optional.empty());
        boolean first = !Course.of(resource.state()).isLeaving();
        return first
                ? reservation
                        .releasing(held(tx, reservation))
                        .keeping(reservation.images().map(Images::cut))
                : reservation;
    }

    /// The most that it has at one instant from now on; accounts count all of it.
    private Capacities held(Tx tx, Reservation reservation) {
        var now = platform.now();
        return reservation.items().stream()
                .map(part -> calendar.held(tx, broker, part.item().id()).stream()
                        .filter(booking -> Places.isAccount(booking.place())
                                && booking.when().until().isAfter(now))
                        .map(Booking::amount)
                        .reduce(Capacities.NONE, Capacities::max))
                .reduce(Capacities.NONE, Capacities::plus);
    }

    private Resource entered(Tx tx, Resource resource, Course state, String who) {
        var reservation = resource.as(Reservation.class);
        switch (state) {
            case INITIALIZED, HELD -> {}
            case RESERVED -> {
                timers.begin(tx, resource);
                if (!reservation.pinned() && reservation.hasHolds()) {
                    items.mayMove(tx, keptItems(reservation));
                }
                if (reservation.hasBegun(platform.now())) {
                    return to(tx, resource, News.BEGUN, who).orElse(resource);
                }
            }
            case STARTING -> {
                items.stay(tx, resource.id());
                timers.set(tx, resource);
                if (reservation.allAre(Hold.Phase.OPEN)) {
                    return to(tx, resource, News.OPENED, who).orElse(resource);
                }
            }
            case ACTIVE -> allocations.launch(tx, resource.id());
            case CANCELLING, EXPIRING, ENDING, REJECTED, LAPSED, EXPIRED, CANCELLED, ENDED, FAILED -> {
                timers.stop(tx, resource.id());
                allocations.close(tx, resource);
                if (state == Course.ENDING) {
                    clearing.lingers(tx, reservation);
                }
                if (state.isOver()) {
                    items.over(tx, resource.id());
                    elements.gone(tx, Thing.Kind.RESERVATION, resource.id());
                }
                return left(tx, resource, who);
            }
        }
        return resource;
    }

    /// Something under it, or something of it, may be gone. When all that is allocated is, what its providers keep
    /// is taken away, and what nobody keeps is free.
    Resource left(Tx tx, Resource resource, String who) {
        if (!Course.of(resource.state()).isLeaving() || allocations.remain(tx, resource.id())) {
            return resource;
        }
        var reservation = resource.as(Reservation.class);
        freeWhatNobodyKeeps(tx, reservation);
        holds.close(tx, reservation);
        return reservation.allAre(Hold.Phase.CLOSED)
                ? to(tx, resource, News.GONE, who).orElse(resource)
                : resource;
    }

    /// The bookings of items that no provider keeps; those of the others are freed when it has said that they are
    /// gone.
    private void freeWhatNobodyKeeps(Tx tx, Reservation reservation) {
        for (var part : reservation.items()) {
            if (part.hold().filter(hold -> hold.phase() != Hold.Phase.CLOSED).isEmpty()) {
                clearing.gone(tx, part, reservation.hasBegun(platform.now()));
            }
        }
    }

    private static List<UUID> keptItems(Reservation reservation) {
        return reservation.items().stream()
                .filter(part -> part.hold().isPresent())
                .map(part -> part.item().id())
                .toList();
    }

    /// Others that have made way are told where they are now.
    ///
    /// @return items that a provider keeps, by reservation: it has to follow
    /// @throws LostRaceException if one has begun since it was decided
    Map<UUID, Set<UUID>> moved(Tx tx, Grant grant) {
        var kept = new TreeMap<UUID, Set<UUID>>();
        var byItem = grant.moves().stream().collect(toMap(Move::item, Move::placement));
        for (var move : byItem.entrySet()) {
            items.reservation(tx, move.getKey())
                    .flatMap(id -> resources.lock(tx, id))
                    .ifPresent(other -> {
                        var known = other.as(Reservation.class);
                        if (known.isUpdating() || !mayMove(Course.of(other.state()))) {
                            throw new LostRaceException("reservation " + other.id() + " is " + other.state() + " now");
                        }
                        known.part(move.getKey())
                                .flatMap(Part::hold)
                                .filter(hold -> hold.phase() == Hold.Phase.PREPARED)
                                .ifPresent(_ -> kept.computeIfAbsent(other.id(), _ -> new TreeSet<>())
                                        .add(move.getKey()));
                        var next = known.withItem(
                                move.getKey(), part -> new Part(part.item(), move.getValue(), part.hold()));
                        var after = resources.update(tx, other.state(), other.withData(next), broker, "made way");
                        tell(tx, after, "updated");
                    });
        }
        return kept;
    }

    private static boolean mayMove(Course state) {
        return switch (state) {
            case INITIALIZED, HELD, RESERVED -> true;
            case STARTING, ACTIVE, CANCELLING, EXPIRING, ENDING, REJECTED, LAPSED, EXPIRED, CANCELLED, ENDED, FAILED ->
                false;
        };
    }

    /// Tells those who may know of it what happened.
    void tell(Tx tx, Resource resource, String event) {
        tell(tx, resource, event, Json.object());
    }

    /// @param besides what is said in addition
    void tell(Tx tx, Resource resource, String event, ObjectNode besides) {
        notices.tell(tx, notice(resource, resource.as(Reservation.class), event, besides));
    }

    /// What they are told.
    Notice notice(Resource resource, Reservation reservation, String event, ObjectNode besides) {
        var when = reservation.when();
        var data = Json.object()
                .put("state", resource.state())
                .put("start", when.from().toString())
                .put("end", when.isBounded() ? when.until().toString() : null);
        reservation.refusal().ifPresent(why -> data.put("reason", why.message()));
        if (!reservation.released().nothing()) {
            data.set("released", Json.toTree(reservation.released().amounts()));
        }
        data.setAll(besides);
        return new Notice(
                platform.newId(),
                Reservations.TYPE + "." + event,
                platform.now(),
                Notice.Thing.of(resource),
                resource.project(),
                Optional.of(resource.id()),
                Optional.empty(),
                data);
    }
}
