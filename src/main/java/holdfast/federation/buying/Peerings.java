package holdfast.federation.buying;

import holdfast.core.Copies;
import holdfast.engine.Engine;
import holdfast.engine.Journal;
import holdfast.engine.Post;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.federation.buying.PeeringCourse.News;
import holdfast.federation.choice.Deed;
import holdfast.federation.choice.Rating.Seen;
import holdfast.federation.peers.Peers;
import holdfast.federation.peers.Ratings;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.StepNumber;
import holdfast.protocol.rear.Workflow;
import java.util.Optional;
import java.util.UUID;

/// The buyer's side of peerings: what was bought becomes a site of our own broker, until its contract is over
/// (fluidos.md 3.7, 4.6).
final class Peerings {
    private static final String NAME = Peers.ACTOR;

    private final String broker;
    private final Platform platform;
    private final Resources resources;
    private final Journal journal;
    private final Post post;
    private final Ratings ratings;
    private final Turning turning;

    /// @param broker who promises what was bought
    Peerings(String broker, Platform platform, Engine engine, Ratings ratings, Turning turning) {
        this.broker = broker;
        this.platform = platform;
        this.resources = engine.resources();
        this.journal = engine.journal();
        this.post = engine.post();
        this.ratings = ratings;
        this.turning = turning;
    }

    /// The site that something bought is here.
    static String site(UUID contract) {
        return "b-" + contract.toString().substring(0, 8);
    }

    private static UUID id(UUID contract) {
        return Copies.id(NAME + ".peering", contract);
    }

    /// Whether what was bought may be used.
    boolean isActive(Tx tx, UUID contract) {
        return find(tx, contract)
                .filter(peering -> Words.peering(peering) == PeeringCourse.ACTIVE)
                .isPresent();
    }

    /// The peering of a contract, if it was begun.
    Optional<Resource> find(Tx tx, UUID contract) {
        return resources.find(tx, id(contract));
    }

    /// Has our broker claim what was bought. A contract that names nothing to claim cannot be peered.
    void open(Tx tx, Resource contract) {
        var deal = contract.as(Deal.class);
        var wanted = Sizing.machines(deal.amounts());
        var peering = new Peering(contract.id(), deal.solver(), wanted, Optional.empty(), Optional.empty());
        var fresh = resources.fresh(
                id(contract.id()),
                Peering.TYPE,
                NAME,
                Optional.of(contract.id()),
                site(contract.id()),
                Words.of(PeeringCourse.INACTIVE),
                contract.project(),
                peering);
        if (!resources.insert(tx, fresh, NAME, "bought")) {
            return;
        }
        step(tx, fresh, deal, StepNumber.BORROWED_INACTIVE);
        var authority = deal.lender(contract.id());
        var delegation = Optional.ofNullable(deal.contract().extra().get(Contract.DELEGATION));
        if (authority.isEmpty() || delegation.isEmpty()) {
            move(tx, contract.id(), News.FAILED, "the contract does not say what was lent, and by whom");
            return;
        }
        move(tx, contract.id(), News.BEGUN, "our broker claims it").ifPresent(moved -> {
            step(tx, moved, deal, StepNumber.PEERING_BEGUN);
            post.send(
                    tx,
                    NAME,
                    broker,
                    new Message.Borrow(
                            contract.id(), authority.get(), delegation.get(), moved.name(), moved.project()));
        });
    }

    /// Our broker has it, or not. What is less than was bought is as good as nothing.
    void borrowed(Tx tx, Message.Borrowed borrowed) {
        var found = resources.lock(tx, id(borrowed.contract()));
        if (found.isEmpty()) {
            return;
        }
        var peering = found.get().as(Peering.class);
        var lent = borrowed.granted().filter(amounts -> peering.wanted().fitsIn(amounts));
        var news = lent.isPresent() ? News.UP : News.FAILED;
        var why = borrowed.refusal()
                .map(refusal -> refusal.message())
                .or(() -> borrowed.granted()
                        .filter(_ -> lent.isEmpty())
                        .map(less -> "it was lent " + less + ", and " + peering.wanted() + " was bought"))
                .orElse("it may be used");
        move(tx, borrowed.contract(), news, why).ifPresent(moved -> {
            var since = lent.map(_ -> platform.now());
            var known = resources.update(
                    tx, moved.state(), moved.withData(peering.with(borrowed.granted(), since)), NAME, why);
            resources
                    .find(tx, borrowed.contract())
                    .filter(_ -> lent.isPresent())
                    .map(contract -> contract.as(Deal.class))
                    .ifPresent(deal -> {
                        ratings.seen(tx, deal.peer(), deal.kind(), Deed.PEERING, Seen.KEPT);
                        step(tx, known, deal, StepNumber.UP_AT_CONSUMER);
                        step(tx, known, deal, StepNumber.BORROWED_ACTIVE);
                    });
            turning.turn(tx, peering.solver());
        });
    }

    /// Its contract is over: our broker promises nothing more of it.
    void close(Tx tx, UUID contract, String why) {
        if (resources.find(tx, id(contract)).isPresent()) {
            move(tx, contract, News.ENDED, why)
                    .ifPresent(_ -> post.send(tx, NAME, broker, new Message.GiveBack(contract)));
        }
    }

    /// Nothing more is to be told to the seller.
    void settled(Tx tx, UUID contract) {
        if (resources.find(tx, id(contract)).isPresent()) {
            move(tx, contract, News.SETTLED, "it is given back")
                    .ifPresent(moved -> resources.update(
                            tx, moved.state(), moved.removedAt(platform.now()), NAME, "it is given back"));
        }
    }

    private Optional<Resource> move(Tx tx, UUID contract, News news, String why) {
        var resource = resources.lock(tx, id(contract)).orElseThrow();
        return Words.peering(resource)
                .after(news)
                .map(next -> resources.update(
                        tx, resource.state(), resource.withState(Words.of(next), Optional.of(why)), NAME, why));
    }

    private void step(Tx tx, Resource peering, Deal deal, StepNumber step) {
        journal.step(
                tx,
                peering,
                deal.trace(),
                Workflow.Role.C,
                step,
                "contract " + deal.contract().id());
    }
}
