package holdfast.broker;

import holdfast.broker.Admission.Admitted;
import holdfast.broker.Course.News;
import holdfast.broker.Reservation.Part;
import holdfast.broker.choice.Alternatives.Alternative;
import holdfast.broker.choice.Ask;
import holdfast.broker.choice.FlexibleWindow.Mode;
import holdfast.broker.choice.Snapshot;
import holdfast.calendar.Booking.Kind;
import holdfast.calendar.Calendar;
import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.WindowPolicy;
import holdfast.protocol.Message.Amended;
import holdfast.protocol.Message.UpdateLease;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/// Reservations from request to end, for whatever interface (promise.md 3.2, 4.2, 4.4). A booking is made before a
/// provider is asked to keep it, and is free only when the provider has said that nothing of it is left.
public final class Reservations {
    public static final String TYPE = "reservation";
    /// How many decisions the search for a start may take.
    private static final int DECISIONS = 200;

    private final String broker;
    private final Platform platform;
    private final Resources resources;
    private final Calendar calendar;
    private final Admission admission;
    private final Items items;
    private final Holds holds;
    private final Policies policies;
    private final HoursAhead hours;
    private final Timers timers;
    private final Life life;
    private final Kept kept;
    private final Consent consent;
    private final Updating updating;
    private final Elements elements;

    Reservations(
            String broker,
            Platform platform,
            Engine engine,
            Calendar calendar,
            Admission admission,
            Allocations allocations,
            Items items,
            Units units,
            Holds holds,
            Policies policies,
            Clearing clearing,
            Elements elements) {
        this.broker = broker;
        this.platform = platform;
        this.resources = engine.resources();
        this.calendar = calendar;
        this.admission = admission;
        this.items = items;
        this.holds = holds;
        this.policies = policies;
        this.elements = elements;
        this.hours = new HoursAhead(broker, platform, calendar, items, policies);
        this.timers = new Timers(broker, engine);
        this.life = new Life(broker, platform, engine, calendar, allocations, items, holds, timers, clearing, elements);
        this.kept = new Kept(broker, engine, items, life, clearing);
        var inside = new Inside(broker, calendar);
        var settled = new Settled(engine, admission, inside, items, timers, life);
        this.consent = new Consent(broker, platform, engine, items, holds, timers, life, settled);
        this.updating = new Updating(broker, platform, engine, admission, inside, life, consent, settled, timers);
        new Expiry(broker, platform, admission, inside, units, holds, consent, settled, life, timers);
    }

    /// Books what is asked for, all of it or nothing.
    ///
    /// @param tx its locks keep others from deciding until it ends
    public Answer<Resource> create(Tx tx, Caller caller, ReservationRequest request) {
        var now = platform.now();
        var policy = policies.window(caller.project());
        var fault = policy.fault(request.when(), now)
                .or(() -> request.flexible().flatMap(flexible -> Waiting.fault(flexible, policy, now)))
                .or(() -> expiresOutside(request, policy, now))
                .or(() -> request.items().stream()
                        .flatMap(item -> holds.fault(tx, item).stream())
                        .findFirst());
        if (fault.isPresent()) {
            return Answer.no(fault.get());
        }
        var kind = request.offer().isPresent() ? Kind.HOLD : Kind.RESERVATION;
        return hours.within(
                tx,
                caller.project(),
                () -> admission
                        .admit(
                                tx,
                                ask(caller, request, now),
                                kind,
                                now,
                                (ask, snapshot) -> settle(request, ask, snapshot))
                        .map(admitted -> record(tx, caller, request, admitted, now)));
    }

    private static Optional<Refusal> expiresOutside(ReservationRequest request, WindowPolicy policy, Instant now) {
        var when = request.flexible()
                .map(flexible -> Waiting.possible(flexible, policy, now))
                .orElse(request.when());
        return request.expiry()
                .filter(expiry -> !when.contains(expiry))
                .map(expiry -> Refusal.malformed(
                        "expiry", "expiry is " + expiry + "; it must be in the time that is reserved, " + when));
    }

    /// What could be had instead of what was refused, as things are in another transaction; nothing if its time has
    /// passed meanwhile.
    public List<Alternative> instead(Tx tx, Caller caller, ReservationRequest request, Refusal why) {
        var now = platform.now();
        return why.kind() == Refusal.Kind.NO_ROOM && request.when().until().isAfter(now)
                ? admission.alternatives(tx, ask(caller, request, now), now)
                : List.of();
    }

    private Ask ask(Caller caller, ReservationRequest request, Instant now) {
        var asked = request.flexible()
                .map(flexible -> Waiting.claimed(flexible, policies.window(), now))
                .orElse(request.when());
        var when = asked.from().isBefore(now) ? new Interval(now, asked.until()) : asked;
        var items = request.items().stream()
                .map(item -> Waiting.stretched(item, request.when(), when))
                .toList();
        return new Ask(caller.project(), when, true, request.prefer(), items, List.of());
    }

    /// For one whose start is to be found: the earliest at which there is room, if policy allows it.
    private Ask settle(ReservationRequest request, Ask ask, Supplier<Snapshot> read) {
        return request.flexible()
                .filter(flexible -> flexible.mode() == Mode.FIX)
                .flatMap(flexible -> {
                    var snapshot = read.get();
                    var last = policies.window().lastStart(flexible.duration(), snapshot.now());
                    return flexible.startingBy(last).fix(ask, snapshot, DECISIONS);
                })
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
                request.expiry().or(() -> validity(request, parts, admitted, now)),
                goodUntil,
                request.warnAt(),
                request.priority(),
                request.pinned(),
                false,
                false,
                parts,
                Optional.empty(),
                Set.of(),
                Optional.empty(),
                Capacities.NONE);
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
        consent.follow(tx, life.moved(tx, grant));
        var made = resources.find(tx, id).orElseThrow();
        timers.begin(tx, made);
        return state == Course.HELD ? made : asked(tx, made, caller.user());
    }

    private Optional<Instant> validity(ReservationRequest request, List<Part> parts, Admitted admitted, Instant now) {
        boolean seen = parts.stream().allMatch(part -> part.hold().isEmpty());
        return Optional.of(policies.validity())
                .filter(length -> request.lapses() && seen && length.isPositive())
                .map(now::plus)
                .filter(admitted.ask().when()::contains);
    }

    /// Its providers are asked to keep it; where none is, it is reserved.
    private Resource asked(Tx tx, Resource made, String who) {
        holds.ask(tx, made);
        return made.as(Reservation.class).hasHolds()
                ? made
                : life.to(tx, made, News.KEPT, who).orElseThrow();
    }

    /// Takes an offer.
    public Answer<Resource> confirm(Tx tx, UUID id, String who) {
        return locked(tx, id).flatMap(offer -> {
            if (!offer.state().equals(Course.HELD.word())) {
                return Answer.no(Refusal.clash("it is " + offer.state() + "; only an offer can be taken"));
            }
            timers.stop(tx, id);
            for (var part : offer.as(Reservation.class).items()) {
                var held = calendar.held(tx, broker, part.item().id()).stream()
                        .map(booking -> booking.as(Kind.RESERVATION))
                        .toList();
                calendar.replace(tx, broker, part.item().id(), held).orThrow();
            }
            return Answer.yes(asked(tx, life.to(tx, offer, News.TAKEN, who).orElseThrow(), who));
        });
    }

    /// Begins one whose start was not known (promise.md 4.4): what is claimed of it is cut to its duration from now
    /// on, or from when what was lent of it has been recalled.
    public Answer<Resource> activate(Tx tx, UUID id, String who) {
        admission.lock(tx);
        return locked(tx, id).flatMap(reservation -> updating.activate(tx, reservation, who));
    }

    /// What administrators say about reservations.
    public Policies policies() {
        return policies;
    }

    /// Gives it up, unless another reservation claims it. What its providers keep is taken away first; until then it
    /// is `cancelling`.
    public Answer<Resource> cancel(Tx tx, UUID id, String who) {
        return locked(tx, id)
                .flatMap(reservation -> unclaimed(tx, reservation, Interval.since(platform.now())))
                .flatMap(reservation -> life.to(tx, reservation, News.GIVEN_UP, who)
                        .<Answer<Resource>>map(Answer::yes)
                        .orElseGet(() -> Answer.no(Refusal.clash(
                                "the reservation is " + reservation.state() + "; there is nothing to cancel"))));
    }

    private Answer<Resource> unclaimed(Tx tx, Resource reservation, Interval when) {
        return elements.claimed(tx, Thing.Kind.RESERVATION, reservation.id(), when)
                .<Answer<Resource>>map(Answer::no)
                .orElseGet(() -> Answer.yes(reservation));
    }

    private Answer<Resource> locked(Tx tx, UUID id) {
        return resources
                .lock(tx, id)
                .filter(resource -> resource.type().equals(TYPE))
                .<Answer<Resource>>map(Answer::yes)
                .orElseGet(() -> Answer.no(Refusal.notThere("there is no reservation " + id)));
    }

    /// Changes what is named, all of it or nothing. What a provider keeps changes when the provider agrees: until
    /// then the reservation [Reservation#isUpdating] and stands as it was; if the provider does not agree it stays
    /// so, and `update` says why.
    ///
    /// A [Refusal.Kind#CLASH] if it is not reserved or active, or another change of it is under way; as
    /// [#create] what has no room.
    public Answer<Resource> update(Tx tx, UUID id, ReservationChange change, String who) {
        if (change.isOnlyName()) {
            return changed(tx, id, change, who);
        }
        var project = resources.find(tx, id).map(Resource::project).orElse("");
        return hours.within(tx, project, () -> {
            admission.lock(tx);
            return changed(tx, id, change, who);
        });
    }

    private Answer<Resource> changed(Tx tx, UUID id, ReservationChange change, String who) {
        return locked(tx, id)
                .flatMap(reservation -> change.start().isPresent()
                        ? unclaimed(tx, reservation, Interval.since(platform.now()))
                        : Answer.yes(reservation))
                .flatMap(reservation -> change.end()
                        .filter(end -> end.isBefore(Instant.MAX))
                        .map(end -> unclaimed(tx, reservation, Interval.since(end)))
                        .orElseGet(() -> Answer.yes(reservation)))
                .flatMap(reservation ->
                        updating.update(tx, reservation, change, policies.window(reservation.project()), who));
    }

    /// Places one again that has lost what it was promised; it is left as it is where that cannot be.
    ///
    /// @param tx has the locks of [Admission#lock]
    Answer<Resource> relocate(Tx tx, UUID id) {
        return locked(tx, id).flatMap(reservation -> updating.relocate(tx, reservation, broker));
    }

    /// A provider says how far it is with what it keeps for an item.
    ///
    /// @return false if it is about something else
    boolean heard(Tx tx, UpdateLease update) {
        return kept.heard(tx, update);
    }

    /// Something that was allocated under it is gone.
    void left(Tx tx, UUID id) {
        resources.lock(tx, id).ifPresent(reservation -> life.left(tx, reservation, broker));
    }

    /// A provider says whether it has changed what it keeps for an item.
    void heard(Tx tx, Amended amended) {
        consent.heard(tx, amended);
    }
}
