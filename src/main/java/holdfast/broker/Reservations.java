package holdfast.broker;

import holdfast.broker.Course.News;
import holdfast.broker.Recording.Granted;
import holdfast.broker.decisions.Matter;
import holdfast.broker.decisions.Matter.Verb;
import holdfast.calendar.Booking.Kind;
import holdfast.calendar.Calendar;
import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.ExternalPolicy.Moment;
import holdfast.protocol.Message;
import holdfast.protocol.Message.Amended;
import holdfast.protocol.Message.UpdateLease;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/// Reservations from request to end, for whatever interface (promise.md 3.2, 4.2, 4.4). A booking is made before a
/// provider is asked to keep it, and is free only when the provider has said that nothing of it is left.
public final class Reservations {
    public static final String TYPE = "reservation";

    private final String broker;
    private final Platform platform;
    private final Resources resources;
    private final Calendar calendar;
    private final Admission admission;
    private final Holds holds;
    private final Policies policies;
    private final HoursAhead hours;
    private final Asking asking;
    private final Timers timers;
    private final Life life;
    private final Keepsakes keepsakes;
    private final Recording recording;
    private final Kept kept;
    private final Taking taking;
    private final Consent consent;
    private final Updating updating;
    private final Consulting consulting;
    private final Elements elements;
    private final Reminders reminders;

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
            Elements elements,
            Consulting consulting,
            Endings endings) {
        this.broker = broker;
        this.platform = platform;
        this.resources = engine.resources();
        this.calendar = calendar;
        this.admission = admission;
        this.holds = holds;
        this.policies = policies;
        this.elements = elements;
        this.hours = new HoursAhead(broker, platform, calendar, items, policies);
        this.asking = new Asking(holds, policies);
        this.timers = new Timers(broker, engine);
        this.life = new Life(
                broker, platform, engine, calendar, allocations, items, holds, timers, clearing, elements, endings);
        this.keepsakes = new Keepsakes(broker, platform, engine, items, holds, policies, timers, life);
        this.taking = new Taking(broker, resources, holds);
        this.recording = new Recording(broker, platform, engine, items, holds, taking, policies, timers, life);
        this.kept = new Kept(broker, platform, engine, items, life, clearing, taking);
        var inside = new Inside(broker, calendar);
        var settled = new Settled(engine, admission, inside, items, timers, life);
        this.consent = new Consent(broker, platform, engine, items, holds, timers, life, settled);
        this.updating = new Updating(broker, platform, engine, admission, inside, life, consent, settled, timers);
        this.consulting = consulting;
        this.reminders = new Reminders(broker, platform, engine);
        new Expiry(broker, platform, admission, inside, units, holds, consent, settled, life, timers);
    }

    /// Does what needs the consent of an external policy: [#create] and [#update]. Not to be called in a
    /// transaction.
    ///
    /// @param attempt opens a transaction and hands on what it is given; may run several times, and leaves nothing
    ///     behind if it refuses or throws a [holdfast.core.RefusedException]
    /// @return what it answers, or [Refusal.Kind#NOT_YOURS] in the words of the policy
    public <T> Answer<T> consulted(Caller caller, Function<Consultation, Answer<T>> attempt) {
        return consulting.consulted(caller, attempt);
    }

    /// Whether an external policy has a say in what is new.
    boolean asksBefore() {
        return consulting.hears(Moment.CREATE);
    }

    /// As [#create(Tx, Caller, ReservationRequest, Consultation)] where no external policy has a say; where one
    /// has, it is refused.
    public Answer<Resource> create(Tx tx, Caller caller, ReservationRequest request) {
        return create(tx, caller, request, new Consultation(caller));
    }

    /// Books what is asked for, all of it or nothing, under the locks of all that it may take or move. [Desk] does
    /// the same for many at once.
    ///
    /// @param tx its locks keep others from deciding until it ends
    public Answer<Resource> create(Tx tx, Caller caller, ReservationRequest request, Consultation consultation) {
        var now = platform.now();
        var id = platform.newId();
        var matter = Matter.of(Verb.CREATE, caller.user(), caller.project(), id);
        Consumer<Refusal> denied = why -> admission.deny(tx, matter, asking.ask(caller, request, now), why);
        return consulting.agreed(
                tx, consultation, Optional.empty(), () -> create(tx, caller, request, id, matter, now, denied), denied);
    }

    private Answer<Resource> create(
            Tx tx,
            Caller caller,
            ReservationRequest request,
            UUID id,
            Matter matter,
            Instant now,
            Consumer<Refusal> denied) {
        var fault = asking.fault(tx, caller.project(), request, now);
        if (fault.isPresent()) {
            return Answer.no(fault.get());
        }
        return hours.within(
                tx,
                caller.project(),
                () -> admission
                        .admit(
                                tx,
                                matter,
                                request.kind(),
                                now,
                                snapshot -> asking.settled(request, asking.ask(caller, request, now), () -> snapshot))
                        .map(admitted -> {
                            consent.follow(tx, life.moved(tx, admitted.grant()));
                            return recording
                                    .write(tx, List.of(new Granted(id, caller, request, admitted, now)))
                                    .getFirst();
                        }),
                denied);
    }

    Asking asking() {
        return asking;
    }

    HoursAhead hours() {
        return hours;
    }

    Admission admission() {
        return admission;
    }

    Recording recording() {
        return recording;
    }

    /// Its providers are asked to keep it; where none is, it is reserved.
    private Resource asked(Tx tx, Resource made, String who) {
        holds.ask(tx, made);
        return made.as(Reservation.class).hasHolds()
                ? taking.goOn(tx, made)
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
        return nearby(
                tx, id, reach -> locked(tx, id).flatMap(reservation -> updating.activate(tx, reservation, who, reach)));
    }

    /// Decides in the accounts in which it is, under their locks alone; only if that is a no, under those of all.
    private Answer<Resource> nearby(Tx tx, UUID id, Function<Reach, Answer<Resource>> work) {
        var near = resources
                .lock(tx, id)
                .filter(resource -> resource.type().equals(TYPE))
                .map(resource -> Reach.around(updating.claims(tx, resource.as(Reservation.class))))
                .orElse(Reach.EVERYWHERE);
        if (!near.everywhere()
                && calendar.atomically(tx, () -> under(tx, near, work)) instanceof Answer.Yes<Resource> done) {
            return done;
        }
        return under(tx, Reach.EVERYWHERE, work);
    }

    private <T> T under(Tx tx, Reach reach, Function<Reach, T> work) {
        admission.lock(tx, reach);
        return work.apply(reach);
    }

    /// What administrators say about reservations.
    public Policies policies() {
        return policies;
    }

    /// Gives it up, unless another reservation claims it. What its providers keep is taken away first; until then
    /// it is `cancelling`.
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
    public Answer<Resource> update(Tx tx, UUID id, ReservationChange change, String who, Consultation consultation) {
        var known = resources.find(tx, id);
        if (change.isOnlyName() || known.isEmpty()) {
            return changed(tx, id, change, who, Reach.EVERYWHERE);
        }
        var project = known.get().project();
        Consumer<Refusal> denied = why -> admission.deny(tx, Matter.of(Verb.UPDATE, who, project, id), change, why);
        return consulting.agreed(
                tx,
                consultation,
                known,
                () -> hours.within(
                        tx, project, () -> nearby(tx, id, reach -> changed(tx, id, change, who, reach)), denied),
                denied);
    }

    /// The same where no external policy has a say; where one has, it is refused.
    public Answer<Resource> update(Tx tx, UUID id, ReservationChange change, String who) {
        return update(tx, id, change, who, new Consultation(new Caller(who, "", false)));
    }

    private Answer<Resource> changed(Tx tx, UUID id, ReservationChange change, String who, Reach reach) {
        return locked(tx, id)
                .flatMap(reservation -> change.start().isPresent()
                        ? unclaimed(tx, reservation, Interval.since(platform.now()))
                        : Answer.yes(reservation))
                .flatMap(reservation -> change.end()
                        .filter(end -> end.isBefore(Instant.MAX))
                        .map(end -> unclaimed(tx, reservation, Interval.since(end)))
                        .orElseGet(() -> Answer.yes(reservation)))
                .flatMap(reservation ->
                        updating.update(tx, reservation, change, policies.window(reservation.project()), who, reach));
    }

    /// Places one again that has lost what it was promised; it is left as it is where that cannot be.
    ///
    /// @param tx has the locks of [Admission#lock]
    Answer<Resource> relocate(Tx tx, UUID id) {
        return locked(tx, id).flatMap(reservation -> updating.relocate(tx, reservation, broker));
    }

    /// Has its project told at `time`, if it is there then.
    public void remind(Tx tx, UUID id, Instant time) {
        reminders.at(tx, id, time);
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
        if (!kept.heard(tx, amended)) {
            consent.heard(tx, amended);
        }
    }

    /// A provider says which servers of an item, or of an allocation, it has kept.
    void heard(Tx tx, Message.Preserved told) {
        keepsakes.heard(tx, told);
    }
}
