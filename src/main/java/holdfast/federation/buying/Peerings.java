package holdfast.federation.buying;

import holdfast.core.Copies;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Journal;
import holdfast.engine.Post;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.federation.choice.Deed;
import holdfast.federation.choice.Rating.Seen;
import holdfast.federation.peers.Peers;
import holdfast.federation.peers.Ratings;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.PeeringCourse;
import holdfast.protocol.rear.PeeringCourse.News;
import holdfast.protocol.rear.StepNumber;
import holdfast.protocol.rear.Workflow;
import java.util.Optional;
import java.util.UUID;

/// The buyer's side of peerings: what was bought becomes a site of our own broker, until its contract is over
/// (fluidos.md 3.7, 4.6).
final class Peerings {
    private static final String NAME = Peers.ACTOR;

    private final String broker;
    private final Optional<String> cluster;
    private final Platform platform;
    private final Resources resources;
    private final Processes processes;
    private final Journal journal;
    private final Post post;
    private final Ratings ratings;
    private final Turning turning;

    /// @param broker who promises what was bought
    /// @param cluster the authority of the cluster of ours to which parts of others are added; empty if there is
    ///     none
    Peerings(
            String broker,
            Optional<String> cluster,
            Platform platform,
            Engine engine,
            Ratings ratings,
            Turning turning) {
        this.broker = broker;
        this.cluster = cluster;
        this.platform = platform;
        this.resources = engine.resources();
        this.processes = engine.processes();
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

    /// Whether it was not as it was promised.
    boolean isBroken(Tx tx, UUID contract) {
        return find(tx, contract)
                .filter(peering -> Words.peering(peering) == PeeringCourse.ERROR)
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
        var ours = cluster.filter(_ -> deal.isOfCluster());
        var peering = new Peering(
                contract.id(), deal.solver(), wanted, Optional.empty(), Optional.empty(), ours, Optional.empty());
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
        if (deal.isOfCluster()) {
            join(tx, contract, deal, ours.isPresent());
            return;
        }
        var authority = deal.lender(contract.id());
        var delegation = Optional.ofNullable(deal.contract().extra().get(Contract.DELEGATION));
        if (authority.isEmpty() || delegation.isEmpty()) {
            move(tx, contract.id(), News.FAILED, "the contract does not say what was lent, and by whom");
            return;
        }
        move(tx, contract.id(), News.BEGUN, "our broker claims it").ifPresent(moved -> {
            step(tx, moved, deal, StepNumber.PEERING_BEGUN);
            borrow(tx, moved, contract.id(), authority.get(), delegation.get());
        });
    }

    private void borrow(Tx tx, Resource peering, UUID contract, String authority, String delegation) {
        var wish = new Message.Borrow(contract, authority, delegation, peering.name(), peering.project());
        post.send(tx, NAME, broker, wish);
    }

    /// A part of another cluster becomes a node of ours, as soon as the seller has let us in.
    private void join(Tx tx, Resource contract, Deal deal, boolean possible) {
        if (!possible) {
            move(tx, contract.id(), News.FAILED, "it is a part of a cluster, and the settings name none of ours");
            return;
        }
        move(tx, contract.id(), News.BEGUN, "our cluster joins the seller's").ifPresent(moved -> {
            step(tx, moved, deal, StepNumber.PEERING_BEGUN);
            if (deal.credentials().isPresent()) {
                admitted(tx, contract);
            } else {
                processes
                        .schedule(tx, Request.now(Entering.PROCESS, contract.id(), NAME))
                        .orThrow();
            }
        });
    }

    /// The seller has let us into its cluster, perhaps anew.
    void admitted(Tx tx, Resource contract) {
        var deal = contract.as(Deal.class);
        find(tx, contract.id())
                .filter(peering -> Words.peering(peering) == PeeringCourse.PEERING
                        || Words.peering(peering) == PeeringCourse.ACTIVE)
                .flatMap(peering -> peering.as(Peering.class).cluster())
                .ifPresent(ours -> post.send(
                        tx,
                        NAME,
                        ours,
                        new Message.Peer(
                                contract.id(),
                                deal.contract().id(),
                                deal.amounts(),
                                deal.term(),
                                deal.credentials().orElseThrow())));
    }

    /// It cannot come up.
    void failed(Tx tx, UUID contract, String why) {
        if (resources.find(tx, id(contract)).isPresent()) {
            move(tx, contract, News.FAILED, why)
                    .ifPresent(moved -> turning.turn(tx, moved.as(Peering.class).solver()));
        }
    }

    /// Our cluster tells how it stands with its node.
    void peered(Tx tx, Message.Peered peered) {
        var found = resources.lock(tx, id(peered.contract()));
        if (found.isEmpty()) {
            return;
        }
        var peering = found.get();
        var why = peered.refusal().map(Refusal::message);
        switch (peered.standing()) {
            case UP ->
                peering.as(Peering.class)
                        .cluster()
                        .filter(_ -> Words.peering(peering) == PeeringCourse.PEERING)
                        .ifPresent(ours -> borrow(
                                tx,
                                peering,
                                peered.contract(),
                                ours,
                                peered.contract().toString()));
            case FAILED -> failed(tx, peered.contract(), why.orElse("it failed"));
            case GONE -> {
                var record = peering.as(Peering.class).goneAt(platform.now());
                resources.update(
                        tx, peering.state(), peering.withData(record), NAME, why.orElse("nothing of its node is left"));
                if (resources
                        .find(tx, peered.contract())
                        .filter(deal -> deal.removed().isPresent())
                        .isPresent()) {
                    settled(tx, peered.contract());
                }
            }
        }
    }

    /// Whether the seller must wait: a node is drained before its room is given back (fluidos.md 4.7).
    boolean isLeaving(Tx tx, UUID contract) {
        return find(tx, contract)
                .filter(peering -> Words.peering(peering) == PeeringCourse.RELEASING)
                .filter(peering -> peering.as(Peering.class).stands())
                .isPresent();
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

    /// What was bought is not what was promised. It counts against its seller, once; what runs there runs on until
    /// it is given back.
    ///
    /// @return whether that is news
    boolean broken(Tx tx, Resource contract, String why) {
        if (!isActive(tx, contract.id())) {
            return false;
        }
        var deal = contract.as(Deal.class);
        ratings.seen(tx, deal.peer(), deal.kind(), Deed.TERM, Seen.BROKEN);
        return move(tx, contract.id(), News.FAILED, why).isPresent();
    }

    /// Its contract is over: our broker promises nothing more of it.
    void close(Tx tx, UUID contract, String why) {
        if (resources.find(tx, id(contract)).isPresent()) {
            move(tx, contract, News.ENDED, why).ifPresent(moved -> {
                post.send(tx, NAME, broker, new Message.GiveBack(contract));
                moved.as(Peering.class)
                        .cluster()
                        .ifPresent(ours -> post.send(tx, NAME, ours, new Message.Unpeer(contract)));
            });
        }
    }

    /// Nothing more is to be told to the seller; if a node of ours is left of it, that comes first.
    void settled(Tx tx, UUID contract) {
        if (find(tx, contract)
                .filter(peering -> !peering.as(Peering.class).stands())
                .isPresent()) {
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
