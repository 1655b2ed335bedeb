package holdfast.broker;

import static java.util.stream.Collectors.toMap;

import holdfast.broker.Admission.Admitted;
import holdfast.broker.Course.News;
import holdfast.broker.Reservation.Hold;
import holdfast.broker.Reservation.Part;
import holdfast.broker.choice.Alternatives.Alternative;
import holdfast.broker.choice.Ask;
import holdfast.broker.choice.FlexibleWindow;
import holdfast.broker.choice.FlexibleWindow.Mode;
import holdfast.broker.choice.Grant;
import holdfast.broker.choice.Move;
import holdfast.broker.choice.ReadyOrder.What;
import holdfast.broker.choice.Snapshot;
import holdfast.calendar.Booking.Kind;
import holdfast.calendar.Calendar;
import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Notice;
import holdfast.engine.Notices;
import holdfast.engine.Outcome;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.engine.Step;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.WindowPolicy;
import holdfast.protocol.LeaseInfo;
import holdfast.protocol.Message.UpdateLease;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Reservations from request to end, for whatever interface (promise.md 3.2, 4.2, 4.4). A booking is made before a
/// provider is asked to keep it, and is free only when the provider has said that nothing of it is left.
public final class Reservations {
    public static final String TYPE = "reservation";
    private static final String LAPSE = "reservation.lapse";
    private static final String START = "reservation.start";
    private static final String EXPIRE = "reservation.expire";
    private static final String WARN = "reservation.warn";
    private static final String END = "reservation.end";
    /// How many decisions the search for a start may take.
    private static final int DECISIONS = 200;

    private final String broker;
    private final Platform platform;
    private final Resources resources;
    private final Processes processes;
    private final Notices notices;
    private final Calendar calendar;
    private final Admission admission;
    private final Allocations allocations;
    private final Items items;
    private final Holds holds;
    private final WindowPolicy window;

    Reservations(
            String broker,
            Platform platform,
            Engine engine,
            Calendar calendar,
            Admission admission,
            Allocations allocations,
            Items items,
            Holds holds,
            WindowPolicy window) {
        this.broker = broker;
        this.platform = platform;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.notices = engine.notices();
        this.calendar = calendar;
        this.admission = admission;
        this.allocations = allocations;
        this.items = items;
        this.holds = holds;
        this.window = window;
        timer(engine, LAPSE, What.EXPIRY, this::lapse);
        timer(engine, START, What.START, this::start);
        timer(engine, EXPIRE, What.EXPIRY, this::expire);
        timer(engine, WARN, What.WARNING, this::warn);
        timer(engine, END, What.END, this::end);
    }

    private interface Due {
        void happen(Tx tx, Resource reservation);
    }

    /// What is due at one instant is done in the order of [What]: ends first.
    private void timer(Engine engine, String name, What what, Due due) {
        engine.definitions()
                .add(ProcessDefinition.timer(name, context -> when(context, due))
                        .withPriority(what.priority()));
    }

    private Outcome when(Step.Context context, Due due) {
        return Outcome.done(tx -> resources
                .lock(tx, context.resource().id())
                .filter(reservation -> reservation.removed().isEmpty())
                .ifPresent(reservation -> due.happen(tx, reservation)));
    }

    /// Books what is asked for, all of it or nothing.
    ///
    /// @param tx its locks keep others from deciding until it ends
    public Answer<Resource> create(Tx tx, Caller caller, ReservationRequest request) {
        var now = platform.now();
        var fault = window.fault(request.when(), now);
        if (fault.isPresent()) {
            return Answer.no(fault.get());
        }
        var kind = request.offer().isPresent() ? Kind.HOLD : Kind.RESERVATION;
        return admission
                .admit(tx, ask(caller, request, now), kind, now, (ask, snapshot) -> settle(request, ask, snapshot))
                .map(admitted -> record(tx, caller, request, admitted, now));
    }

    /// What could be had instead of what was refused, as things are in another transaction.
    public List<Alternative> instead(Tx tx, Caller caller, ReservationRequest request, Refusal why) {
        var now = platform.now();
        return why.kind() == Refusal.Kind.NO_ROOM
                ? admission.alternatives(tx, ask(caller, request, now), now)
                : List.of();
    }

    private static Ask ask(Caller caller, ReservationRequest request, Instant now) {
        var asked = request.flexible().map(FlexibleWindow::envelope).orElse(request.when());
        var when = asked.from().isBefore(now) ? new Interval(now, asked.until()) : asked;
        return new Ask(caller.project(), when, true, request.prefer(), request.items(), List.of());
    }

    /// For one whose start is to be found: the earliest at which there is room.
    private static Ask settle(ReservationRequest request, Ask ask, Snapshot snapshot) {
        return request.flexible()
                .filter(flexible -> flexible.mode() == Mode.FIX)
                .flatMap(flexible -> flexible.fix(ask, snapshot, DECISIONS))
                .orElse(ask);
    }

    private Resource record(Tx tx, Caller caller, ReservationRequest request, Admitted admitted, Instant now) {
        var grant = admitted.grant();
        var parts = admitted.ask().items().stream()
                .map(item -> holds.needed(
                        tx, new Part(item, grant.placements().getOrDefault(item.id(), List.of()), Optional.empty())))
                .toList();
        var goodUntil = request.offer().map(now::plus);
        var reservation = new Reservation(
                caller.user(),
                admitted.ask().when(),
                request.flexible(),
                request.expiry(),
                goodUntil,
                request.warnAt(),
                request.priority(),
                request.pinned(),
                false,
                false,
                parts,
                Optional.empty());
        var id = platform.newId();
        var state = goodUntil.isPresent() ? Course.HELD : Course.INITIALIZED;
        var fresh = resources.fresh(
                id, TYPE, broker, Optional.empty(), request.name(), state.word(), caller.project(), reservation);
        resources.insert(tx, fresh, caller.user(), "asked for");
        items.insert(
                tx,
                id,
                caller.project(),
                reservation.when(),
                parts.stream()
                        .map(part -> new Items.Row(
                                part.item().id(),
                                !request.pinned() && part.hold().isEmpty()))
                        .toList());
        moved(tx, grant);
        var made = resources.find(tx, id).orElseThrow();
        goodUntil.ifPresent(until -> schedule(tx, LAPSE, made, until));
        return state == Course.HELD ? made : asked(tx, made, caller.user());
    }

    /// Others that have made way are told where they are now.
    private void moved(Tx tx, Grant grant) {
        var byItem = grant.moves().stream().collect(toMap(Move::item, Move::placement));
        for (var move : byItem.entrySet()) {
            items.reservation(tx, move.getKey())
                    .flatMap(id -> resources.lock(tx, id))
                    .ifPresent(other -> {
                        var next = other.as(Reservation.class)
                                .withItem(move.getKey(), part -> new Part(part.item(), move.getValue(), part.hold()));
                        var after = resources.update(tx, other.state(), other.withData(next), broker, "made way");
                        tell(tx, after, "updated");
                    });
        }
    }

    /// Its providers are asked to keep it; where none is, it is reserved.
    private Resource asked(Tx tx, Resource made, String who) {
        holds.ask(tx, made);
        return made.as(Reservation.class).hasHolds()
                ? made
                : to(tx, made, News.KEPT, who).orElseThrow();
    }

    /// Takes an offer.
    public Answer<Resource> confirm(Tx tx, UUID id, String who) {
        return locked(tx, id).flatMap(offer -> {
            if (!offer.state().equals(Course.HELD.word())) {
                return Answer.no(Refusal.clash("it is " + offer.state() + "; only an offer can be taken"));
            }
            processes.cancelTimers(tx, id);
            for (var part : offer.as(Reservation.class).items()) {
                var held = calendar.held(tx, broker, part.item().id()).stream()
                        .map(booking -> booking.as(Kind.RESERVATION))
                        .toList();
                calendar.replace(tx, broker, part.item().id(), held).orThrow();
            }
            return Answer.yes(asked(tx, to(tx, offer, News.TAKEN, who).orElseThrow(), who));
        });
    }

    /// Gives it up. What its providers keep is taken away first; until then it is `cancelling`.
    public Answer<Resource> cancel(Tx tx, UUID id, String who) {
        return locked(tx, id)
                .flatMap(reservation -> to(tx, reservation, News.GIVEN_UP, who)
                        .<Answer<Resource>>map(Answer::yes)
                        .orElseGet(() -> Answer.no(Refusal.clash(
                                "the reservation is " + reservation.state() + "; there is nothing to cancel"))));
    }

    private Answer<Resource> locked(Tx tx, UUID id) {
        return resources
                .lock(tx, id)
                .filter(resource -> resource.type().equals(TYPE))
                .<Answer<Resource>>map(Answer::yes)
                .orElseGet(() -> Answer.no(Refusal.notThere("there is no reservation " + id)));
    }

    /// A provider says how far it is with what it keeps for an item.
    ///
    /// @return false if it is about something else
    boolean heard(Tx tx, UpdateLease update) {
        var item = update.sliver().value();
        var found = items.reservation(tx, item).flatMap(id -> resources.lock(tx, id));
        if (found.isEmpty()) {
            return false;
        }
        var before = found.get();
        var phase = Holds.phase(update.state());
        var facts = update.lease().map(LeaseInfo::facts).orElse(Map.of());
        var known = before.as(Reservation.class);
        boolean newer = known.items().stream()
                .filter(part -> part.item().id().equals(item))
                .flatMap(part -> part.hold().stream())
                .anyMatch(hold -> hold.phase().compareTo(phase) < 0);
        if (!newer) {
            return true;
        }
        var told = known.withItem(
                item,
                part -> part.hold()
                        .map(hold -> part.with(hold.in(phase, facts)))
                        .orElse(part));
        var resource = resources.update(tx, before.state(), before.withData(told), broker, "told by a provider");
        var state = Course.of(resource.state());
        if (phase == Hold.Phase.CLOSED && !allocations.remain(tx, resource.id())) {
            calendar.release(tx, broker, item, platform.now());
        }
        switch (update.state()) {
            case PREPARED -> ifAll(tx, resource, Hold.Phase.PREPARED, News.KEPT);
            case ACTIVE -> ifAll(tx, resource, Hold.Phase.OPEN, News.OPENED);
            case CLOSED -> left(tx, resource, broker);
            case FAILED, LOST -> {
                var why = update.refusal().orElseGet(() -> Refusal.broken("the provider has lost what it kept"));
                var failed = resource.withData(told.because(why));
                var noted = resources.update(tx, resource.state(), failed, broker, why.message());
                to(
                        tx,
                        noted,
                        state == Course.INITIALIZED || state == Course.RESERVED ? News.REFUSED : News.NOT_OPENED,
                        broker);
                left(tx, noted.id());
            }
            case CLOSE_FAILED -> calendar.holdOn(tx, broker, item);
        }
        return true;
    }

    private void ifAll(Tx tx, Resource resource, Hold.Phase phase, News news) {
        if (resource.as(Reservation.class).allAre(phase)) {
            to(tx, resource, news, broker);
        }
    }

    private void lapse(Tx tx, Resource offer) {
        to(tx, offer, News.FORGOTTEN, broker);
    }

    private void start(Tx tx, Resource reservation) {
        to(tx, reservation, News.BEGUN, broker);
    }

    private void end(Tx tx, Resource reservation) {
        to(tx, reservation, News.OVER, broker);
    }

    /// Nothing can be in use yet, so that all of it is given back.
    private void expire(Tx tx, Resource reservation) {
        to(tx, reservation, News.UNUSED, broker);
    }

    private void warn(Tx tx, Resource reservation) {
        tell(tx, reservation, "expiring");
    }

    /// The next state with what follows from it; empty if the news does not matter now.
    private Optional<Resource> to(Tx tx, Resource resource, News news, String who) {
        return Course.of(resource.state()).after(news).map(next -> {
            var reservation = resource.as(Reservation.class);
            var moved = resource.withState(next.word(), reservation.refusal().map(Refusal::message));
            var after = resources.update(
                    tx, resource.state(), next.isOver() ? moved.removedAt(platform.now()) : moved, who, news.name());
            tell(tx, after, next.word());
            return entered(tx, after, next, who);
        });
    }

    private Resource entered(Tx tx, Resource resource, Course state, String who) {
        var reservation = resource.as(Reservation.class);
        switch (state) {
            case INITIALIZED, HELD -> {}
            case RESERVED -> {
                reservation.expiry().ifPresent(at -> schedule(tx, EXPIRE, resource, at));
                if (!reservation.when().from().isAfter(platform.now())) {
                    return to(tx, resource, News.BEGUN, who).orElse(resource);
                }
                schedule(tx, START, resource, reservation.when().from());
            }
            case STARTING -> {
                items.begun(tx, resource.id());
                if (reservation.when().isBounded()) {
                    schedule(tx, END, resource, reservation.when().until());
                }
                reservation.warnAt().ifPresent(at -> schedule(tx, WARN, resource, at));
                if (reservation.allAre(Hold.Phase.OPEN)) {
                    return to(tx, resource, News.OPENED, who).orElse(resource);
                }
            }
            case ACTIVE -> allocations.launch(tx, resource.id());
            case CANCELLING, EXPIRING, ENDING -> {
                processes.cancelTimers(tx, resource.id());
                allocations.close(tx, resource.id());
                return left(tx, resource, who);
            }
            case REJECTED, LAPSED, EXPIRED, CANCELLED, ENDED, FAILED -> {
                processes.cancelTimers(tx, resource.id());
                allocations.close(tx, resource.id());
                items.over(tx, resource.id());
                return left(tx, resource, who);
            }
        }
        return resource;
    }

    /// Something under it may be gone. When all is, what its providers keep is taken away, and what nobody keeps is
    /// free.
    private Resource left(Tx tx, Resource resource, String who) {
        var state = Course.of(resource.state());
        if (!state.isLeaving() || allocations.remain(tx, resource.id())) {
            return resource;
        }
        var reservation = resource.as(Reservation.class);
        freeWhatNobodyKeeps(tx, reservation);
        holds.close(tx, reservation);
        return reservation.allAre(Hold.Phase.CLOSED)
                ? to(tx, resource, News.GONE, who).orElse(resource)
                : resource;
    }

    /// As [#left(Tx, Resource, String)], for those who know only its id.
    void left(Tx tx, UUID id) {
        resources.lock(tx, id).ifPresent(resource -> left(tx, resource, broker));
    }

    /// The bookings of items that no provider keeps; those of the others are freed when it has said that they are
    /// gone.
    private void freeWhatNobodyKeeps(Tx tx, Reservation reservation) {
        for (var part : reservation.items()) {
            if (part.hold().filter(hold -> hold.phase() != Hold.Phase.CLOSED).isEmpty()) {
                calendar.release(tx, broker, part.item().id(), platform.now());
            }
        }
    }

    private void schedule(Tx tx, String process, Resource resource, Instant at) {
        processes.schedule(tx, Request.at(at, process, resource.id(), broker)).orThrow();
    }

    private void tell(Tx tx, Resource resource, String event) {
        var reservation = resource.as(Reservation.class);
        var data = Json.object()
                .put("state", resource.state())
                .put("start", reservation.when().from().toString())
                .put(
                        "end",
                        reservation.when().isBounded()
                                ? reservation.when().until().toString()
                                : null);
        reservation.refusal().ifPresent(why -> data.put("reason", why.message()));
        notices.tell(
                tx,
                new Notice(
                        platform.newId(),
                        TYPE + "." + event,
                        platform.now(),
                        Notice.Thing.of(resource),
                        resource.project(),
                        Optional.of(resource.id()),
                        Optional.empty(),
                        data));
    }
}
