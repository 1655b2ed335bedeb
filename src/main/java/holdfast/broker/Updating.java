package holdfast.broker;

import holdfast.broker.Course.News;
import holdfast.broker.Timers.Timer;
import holdfast.broker.choice.Claim;
import holdfast.broker.choice.Grant;
import holdfast.broker.choice.Hull;
import holdfast.broker.decisions.Matter;
import holdfast.broker.decisions.Matter.Verb;
import holdfast.core.Answer;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.WindowPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Changes of reservations that are there (promise.md 4.4): all of a change or nothing.
///
/// What no provider keeps is changed at once. Otherwise the booking first becomes what is needed before and after, then
/// each provider is asked, and when all have agreed the booking shrinks to what is needed after. If one does not agree,
/// the others are asked to take it back, and all is as it was.
final class Updating {
    private final String broker;
    private final Platform platform;
    private final Resources resources;
    private final Admission admission;
    private final Inside inside;
    private final Life life;
    private final Consent consent;
    private final Settled settled;
    private final Timers timers;

    Updating(
            String broker,
            Platform platform,
            Engine engine,
            Admission admission,
            Inside inside,
            Life life,
            Consent consent,
            Settled settled,
            Timers timers) {
        this.broker = broker;
        this.platform = platform;
        this.resources = engine.resources();
        this.admission = admission;
        this.inside = inside;
        this.life = life;
        this.consent = consent;
        this.settled = settled;
        this.timers = timers;
        timers.when(Timer.PUT_OFF, this::putOff);
    }

    /// Changes it at once, or begins to: then it [Reservation#isUpdating].
    Answer<Resource> update(
            Tx tx, Resource resource, ReservationChange change, WindowPolicy policy, String who, Reach reach) {
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
        var seats = inside.seats(tx, old.items(), now);
        return new Revision(old, change, item -> inside.used(tx, item, rest), seats, policy, now)
                .make()
                .flatMap(next -> become(
                        tx,
                        new Change(Verb.UPDATE, resource, change.name().orElse(resource.name()), now, who, reach),
                        next));
    }

    /// Begins one whose start was not known.
    Answer<Resource> activate(Tx tx, Resource resource, String who, Reach reach) {
        var old = resource.as(Reservation.class);
        var state = Course.of(resource.state());
        if (old.isUpdating() || (state != Course.RESERVED && state != Course.ACTIVE)) {
            return Answer.no(Refusal.clash("the reservation is " + (old.isUpdating() ? "changing" : resource.state())
                    + "; activate it when it is reserved or active"));
        }
        var now = platform.now();
        return Waiting.activated(old, now)
                .flatMap(term -> become(
                        tx,
                        new Change(Verb.ACTIVATE, resource, resource.name(), now, who, reach),
                        old.moved(term).fixed()));
    }

    /// Places one again that has lost what it was promised and waits for its start, anywhere if it may move. What
    /// its providers keep for it changes when they agree.
    Answer<Resource> relocate(Tx tx, Resource resource, String who) {
        var old = resource.as(Reservation.class);
        var now = platform.now();
        var state = Course.of(resource.state());
        if (old.isUpdating() || old.hasBegun(now) || (state != Course.RESERVED && state != Course.HELD)) {
            return Answer.no(Refusal.clash("the reservation is " + (old.isUpdating() ? "changing" : resource.state())
                    + "; it stays where it is"));
        }
        var before = claims(tx, old);
        var change = new Change(Verb.RELOCATE, resource, resource.name(), now, who, Reach.EVERYWHERE);
        return decided(tx, change, new Plan(resource, old.risking(false, now), resource.name(), before, before));
    }

    /// What all of its items have booked.
    List<Claim> claims(Tx tx, Reservation reservation) {
        return reservation.items().stream()
                .flatMap(part -> admission.claims(tx, part.item().id()).stream())
                .toList();
    }

    /// Puts the claim of one that stands by off, unless that is over by then; where capacity was lost so that this
    /// cannot be, a little later.
    private void putOff(Tx tx, Resource resource) {
        var old = resource.as(Reservation.class);
        if (old.isUpdating()) {
            return;
        }
        var now = platform.now();
        var recall = old.flexible().orElseThrow().recall();
        if (!old.when().until().isAfter(now.plus(recall))) {
            life.to(tx, resource, News.OVER, broker);
            return;
        }
        var term = new Interval(now.plus(recall), old.when().until());
        var change = new Change(Verb.POSTPONE, resource, resource.name(), now, broker, Reach.EVERYWHERE);
        if (become(tx, change, old.moved(term)) instanceof Answer.No) {
            timers.at(tx, Timer.PUT_OFF, resource, Optional.of(now.plus(recall)));
        }
    }

    private Resource renamed(Tx tx, Resource resource, String name, String who) {
        var after = resources.update(tx, resource.state(), resource.renamed(name), who, "renamed");
        life.tell(tx, after, "updated");
        return after;
    }

    /// A change that is to be decided.
    ///
    /// @param name what it will be called
    /// @param reach where it is decided, under locks
    private record Change(Verb verb, Resource resource, String name, Instant now, String who, Reach reach) {
        Matter matter() {
            return Matter.of(verb, who, resource.project(), resource.id());
        }
    }

    private Answer<Resource> become(Tx tx, Change change, Reservation next) {
        var resource = change.resource;
        var old = resource.as(Reservation.class);
        if (!next.when().until().isAfter(change.now)) {
            var renamed = resource.withData(next).renamed(change.name);
            var ended = resources.update(tx, resource.state(), renamed, change.who, "ends now");
            return Answer.yes(life.to(tx, ended, News.OVER, change.who).orElse(ended));
        }
        var before = claims(tx, next);
        var plan = new Plan(resource, next, change.name, before, before);
        return Again.isNothing(old, next)
                ? Answer.yes(settled.changed(tx, plan, change.who))
                : decided(tx, change, plan);
    }

    private Answer<Resource> decided(Tx tx, Change change, Plan undecided) {
        var old = undecided.old();
        var now = change.now;
        var seats = inside.seats(tx, old.items(), now);
        var again = new Again(old, undecided.next(), undecided.before(), seats, now);
        var wishes = again.wishes(change.resource.project(), change.reach);
        var decided = admission.again(tx, wishes, now, change.reach);
        return switch (decided.answer()) {
            case Answer.No<Grant>(var why) -> {
                admission.log(tx, change.matter(), decided, Optional.empty());
                yield Answer.no(why);
            }
            case Answer.Yes<Grant>(var grant) -> {
                var plan = undecided.with(again.parts(grant), again.claims(grant));
                var done = overused(tx, plan, now)
                        .<Answer<Resource>>map(Answer::no)
                        .orElseGet(() -> done(tx, plan, grant, change.who));
                var fault = done instanceof Answer.No<Resource>(var why) ? Optional.of(why) : Optional.<Refusal>empty();
                admission.log(tx, change.matter(), decided, fault);
                yield done;
            }
        };
    }

    private Answer<Resource> done(Tx tx, Plan plan, Grant grant, String who) {
        var asked = consent.needed(plan);
        var booked = asked.isEmpty() ? plan.after() : Hull.of(plan.before(), plan.after());
        return admission.book(tx, grant, plan.byItem(booked), plan.kind()).map(_ -> {
            consent.follow(tx, life.moved(tx, grant));
            return asked.isEmpty() ? settled.changed(tx, plan, who) : consent.ask(tx, plan, asked, who);
        });
    }

    private Optional<Refusal> overused(Tx tx, Plan plan, Instant now) {
        return plan.byItem(Hull.since(plan.after(), now)).entrySet().stream()
                .flatMap(item -> inside.fault(tx, item.getKey(), Inside.shape(item.getValue())).stream())
                .findFirst();
    }
}
