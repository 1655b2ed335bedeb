package holdfast.broker;

import holdfast.broker.Course.News;
import holdfast.broker.Recording.Granted;
import holdfast.calendar.Booking.Kind;
import holdfast.calendar.Calendar;
import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.Message.Amended;
import holdfast.protocol.Message.UpdateLease;
import java.util.List;
import java.util.UUID;
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
    private final Items items;
    private final Holds holds;
    private final Policies policies;
    private final HoursAhead hours;
    private final Asking asking;
    private final Timers timers;
    private final Life life;
    private final Recording recording;
    private final Kept kept;
    private final Consent consent;
    private final Updating updating;

    Reservations(
            String broker,
            Platform platform,
            Engine engine,
            Calendar calendar,
            Admission admission,
            Allocations allocations,
            Items items,
            Holds holds,
            Policies policies,
            Clearing clearing) {
        this.broker = broker;
        this.platform = platform;
        this.resources = engine.resources();
        this.calendar = calendar;
        this.admission = admission;
        this.items = items;
        this.holds = holds;
        this.policies = policies;
        this.hours = new HoursAhead(broker, platform, calendar, items, policies);
        this.asking = new Asking(holds, policies);
        this.timers = new Timers(broker, engine);
        this.life = new Life(broker, platform, engine, calendar, allocations, items, holds, timers, clearing);
        this.recording = new Recording(broker, platform, engine, items, holds, policies, timers, life);
        this.kept = new Kept(broker, platform, engine, items, life, clearing);
        var inside = new Inside(broker, calendar);
        var settled = new Settled(engine, admission, inside, items, timers, life);
        this.consent = new Consent(broker, platform, engine, items, holds, timers, life, settled);
        this.updating = new Updating(broker, platform, engine, admission, inside, life, consent, settled, timers);
        new Expiry(broker, platform, engine, admission, inside, settled, life, timers);
    }

    /// Books what is asked for, all of it or nothing, under the locks of all that it may take or move. [Desk] does
    /// the same for many at once.
    ///
    /// @param tx its locks keep others from deciding until it ends
    public Answer<Resource> create(Tx tx, Caller caller, ReservationRequest request) {
        var now = platform.now();
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
                                request.kind(),
                                now,
                                snapshot -> asking.settled(request, asking.ask(caller, request, now), () -> snapshot))
                        .map(admitted -> recording
                                .write(tx, List.of(new Granted(caller, request, admitted, now)))
                                .getFirst()));
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
        return nearby(
                tx, id, reach -> locked(tx, id).flatMap(reservation -> updating.activate(tx, reservation, who, reach)));
    }

    /// Decides in the accounts in which it is, under their locks alone; only if that is a no, under those of all.
    private Answer<Resource> nearby(Tx tx, UUID id, Function<Reach, Answer<Resource>> work) {
        var near = resources
                .find(tx, id)
                .filter(resource -> resource.type().equals(TYPE))
                .map(resource -> Reach.around(updating.claims(tx, resource.as(Reservation.class))))
                .orElse(Reach.EVERYWHERE);
        var answer = calendar.atomically(tx, () -> under(tx, near, work));
        return answer instanceof Answer.No && !near.everywhere() ? under(tx, Reach.EVERYWHERE, work) : answer;
    }

    private <T> T under(Tx tx, Reach reach, Function<Reach, T> work) {
        admission.lock(tx, reach);
        return work.apply(reach);
    }

    /// What administrators say about reservations.
    public Policies policies() {
        return policies;
    }

    /// Gives it up. What its providers keep is taken away first; until then it is `cancelling`.
    public Answer<Resource> cancel(Tx tx, UUID id, String who) {
        return locked(tx, id)
                .flatMap(reservation -> life.to(tx, reservation, News.GIVEN_UP, who)
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

    /// Changes what is named, all of it or nothing. What a provider keeps changes when the provider agrees: until
    /// then the reservation [Reservation#isUpdating] and stands as it was; if the provider does not agree it stays
    /// so, and `update` says why.
    ///
    /// A [Refusal.Kind#CLASH] if it is not reserved or active, or another change of it is under way; as
    /// [#create] what has no room.
    public Answer<Resource> update(Tx tx, UUID id, ReservationChange change, String who) {
        if (change.isOnlyName()) {
            return changed(tx, id, change, who, Reach.EVERYWHERE);
        }
        var project = resources.find(tx, id).map(Resource::project).orElse("");
        return hours.within(tx, project, () -> nearby(tx, id, reach -> changed(tx, id, change, who, reach)));
    }

    private Answer<Resource> changed(Tx tx, UUID id, ReservationChange change, String who, Reach reach) {
        return locked(tx, id)
                .flatMap(reservation ->
                        updating.update(tx, reservation, change, policies.window(reservation.project()), who, reach));
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
