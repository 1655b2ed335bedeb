package holdfast.federation.buying;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Journal;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.federation.buying.PurchaseCourse.News;
import holdfast.federation.choice.Deed;
import holdfast.federation.choice.Rating.Seen;
import holdfast.federation.discovery.CandidateCourse;
import holdfast.federation.discovery.Candidates;
import holdfast.federation.peers.Peers;
import holdfast.federation.peers.Ratings;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.StepNumber;
import holdfast.protocol.rear.Workflow;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// The records of what is reserved and bought at sellers (fluidos.md 3.4), and what follows from news of it. What is to
/// be asked is written down first; [Bargaining] asks.
final class Purchases {
    private static final String NAME = Peers.ACTOR;
    static final String RESERVE = "purchase.reserve";
    static final String BUY = "purchase.buy";
    static final String CANCEL = "purchase.cancel";

    /// More of one offer are never under way or waiting.
    private static final int MOST = 10_000;

    private final Platform platform;
    private final Resources resources;
    private final Processes processes;
    private final Journal journal;
    private final Candidates candidates;
    private final Ratings ratings;
    private final Deals deals;
    private final Turning turning;

    Purchases(Platform platform, Engine engine, Candidates candidates, Ratings ratings, Deals deals, Turning turning) {
        this.platform = platform;
        this.resources = engine.resources();
        this.processes = engine.processes();
        this.journal = engine.journal();
        this.candidates = candidates;
        this.ratings = ratings;
        this.deals = deals;
        this.turning = turning;
    }

    /// Those of a solver, the best first.
    List<Resource> of(Tx tx, UUID solver) {
        return resources.parts(tx, solver, Purchase.TYPE).stream()
                .sorted(Comparator.comparingInt(
                        (Resource resource) -> resource.as(Purchase.class).rank()))
                .toList();
    }

    /// Begins one; if another of the same is under way, when that is no more.
    void begin(Tx tx, Resource solver, Purchase purchase) {
        var id = platform.newId();
        var state = underWay(tx, purchase) ? PurchaseCourse.WAITING : PurchaseCourse.RESERVING;
        var fresh = resources.fresh(
                id,
                Purchase.TYPE,
                NAME,
                Optional.of(solver.id()),
                purchase.flavor().id(),
                Words.of(state),
                solver.project(),
                purchase);
        resources.insert(tx, fresh, NAME, "begun");
        step(tx, fresh, purchase, StepNumber.PURCHASE_BEGUN);
        if (state == PurchaseCourse.RESERVING) {
            reserve(tx, fresh);
        }
    }

    private void reserve(Tx tx, Resource purchase) {
        step(tx, purchase, purchase.as(Purchase.class), StepNumber.RESERVE_SENT);
        schedule(tx, RESERVE, purchase);
    }

    /// Whether some purchase of the same at the same seller is under way. What others say of that waits until the
    /// transaction is over.
    private boolean underWay(Tx tx, Purchase purchase) {
        tx.sql()
                .fetch(
                        "select pg_advisory_xact_lock(hashtextextended(?, 0))",
                        purchase.peer() + " " + purchase.flavor().id());
        return same(tx, purchase, PurchaseCourse::isUnderWay).findFirst().isPresent();
    }

    private Stream<Resource> same(Tx tx, Purchase purchase, Predicate<PurchaseCourse> in) {
        var states =
                Arrays.stream(PurchaseCourse.values()).filter(in).map(Words::of).toList();
        var those = Resources.typed(Purchase.TYPE)
                .and(Resources.named(purchase.flavor().id()))
                .and(Resources.inAnyOf(states))
                .and(Resources.present());
        return resources.list(tx, those, MOST).stream()
                .filter(one -> one.as(Purchase.class).peer().equals(purchase.peer()));
    }

    /// The seller has told what became of one: the next that wants the same may ask.
    private void letNext(Tx tx, Purchase purchase) {
        if (!underWay(tx, purchase)) {
            same(tx, purchase, state -> state == PurchaseCourse.WAITING)
                    .findFirst()
                    .ifPresent(next -> move(tx, next.id(), News.ITS_TURN, "the seller may be asked for it now"));
        }
    }

    void step(Tx tx, Resource resource, Purchase purchase, StepNumber step) {
        journal.step(
                tx,
                resource,
                purchase.trace(),
                Workflow.Role.C,
                step,
                "flavor " + purchase.flavor().id());
    }

    /// Something has happened to a purchase; its solver goes on.
    void heard(Tx tx, UUID id, News news, String why) {
        heard(tx, id, news, why, UnaryOperator.identity(), Optional.empty());
    }

    void heard(Tx tx, UUID id, News news, String why, UnaryOperator<Purchase> learned, Optional<Contract> contract) {
        move(tx, id, news, why, learned, contract);
        turning.turn(tx, resources.find(tx, id).orElseThrow().as(Purchase.class).solver());
    }

    /// The same without letting the solver go on.
    void move(Tx tx, UUID id, News news, String why) {
        move(tx, id, news, why, UnaryOperator.identity(), Optional.empty());
    }

    private void move(
            Tx tx, UUID id, News news, String why, UnaryOperator<Purchase> learned, Optional<Contract> contract) {
        var resource = resources.lock(tx, id).orElseThrow();
        var before = resource.as(Purchase.class);
        Words.purchase(resource).after(news, before.terms()).ifPresent(turn -> {
            var purchase = learned.apply(before);
            var after = turn.act() == PurchaseCourse.Act.RESERVE ? purchase.again() : purchase;
            var moved = resources.update(
                    tx,
                    resource.state(),
                    resource.withData(after).withState(Words.of(turn.state()), Optional.of(why)),
                    NAME,
                    why);
            remember(tx, after, news);
            rate(tx, Words.purchase(resource), before, news);
            act(tx, moved, turn.act(), contract, why);
            if (Words.purchase(resource).isUnderWay() && !turn.state().isUnderWay()) {
                letNext(tx, before);
            }
        });
    }

    /// Ends one that is in doubt by hand.
    Answer<Resource> settle(Tx tx, UUID id, String who) {
        var found = resources.lock(tx, id).filter(one -> one.type().equals(Purchase.TYPE));
        if (found.isEmpty()) {
            return Answer.no(Refusal.notThere("there is no purchase " + id));
        }
        if (Words.purchase(found.get()) != PurchaseCourse.IN_DOUBT) {
            return Answer.no(Refusal.clash("purchase " + id + " is "
                    + found.get().state() + ": only one that is in_doubt is settled by hand"));
        }
        move(tx, id, News.CANCELLED, "settled by " + who);
        return Answer.yes(resources.find(tx, id).orElseThrow());
    }

    private void act(Tx tx, Resource purchase, PurchaseCourse.Act act, Optional<Contract> contract, String why) {
        contract.ifPresent(told -> deals.keep(tx, purchase, told));
        switch (act) {
            case NOTHING, KEEP -> {}
            case RESERVE -> reserve(tx, purchase);
            case BUY -> schedule(tx, BUY, purchase);
            case CANCEL -> schedule(tx, CANCEL, purchase);
            case RETURN -> deals.release(tx, Deals.id(purchase.id()), NAME, why).orThrow();
        }
    }

    private void schedule(Tx tx, String process, Resource purchase) {
        processes.schedule(tx, Request.now(process, purchase.id(), NAME)).orThrow();
    }

    /// What this says of the seller.
    private void rate(Tx tx, PurchaseCourse state, Purchase purchase, News news) {
        var kept = news == News.HELD || news == News.BOUGHT;
        var deed = switch (news) {
            case HELD, REFUSED, LOST, BOUGHT, USELESS, DOUBT ->
                switch (state) {
                    case RESERVING -> Deed.RESERVE;
                    case BUYING -> Deed.PURCHASE;
                    case BOUGHT -> Deed.PEERING;
                    case WAITING, HELD, IN_DOUBT, CANCELLING, CANCELLED, FAILED -> null; // not wanted any more
                };
            case ITS_TURN, CHOSEN, GIVEN_UP, CANCELLED -> null;
        };
        if (deed != null) {
            var kind = purchase.flavor().kind().type();
            ratings.seen(tx, purchase.peer(), kind, deed, kept ? Seen.KEPT : Seen.REFUSED);
        }
    }

    /// What this says of the offer.
    private void remember(Tx tx, Purchase purchase, News news) {
        var said = switch (news) {
            case HELD -> CandidateCourse.News.RESERVED;
            case BOUGHT -> CandidateCourse.News.PURCHASED;
            case REFUSED -> CandidateCourse.News.TAKEN;
            case LOST, USELESS, CANCELLED, GIVEN_UP -> CandidateCourse.News.GIVEN_UP;
            case ITS_TURN, CHOSEN, DOUBT -> null;
        };
        if (said != null) {
            candidates.heard(tx, purchase.peer(), purchase.flavor().id(), said);
        }
    }
}
