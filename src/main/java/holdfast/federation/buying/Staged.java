package holdfast.federation.buying;

import holdfast.core.Answer;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.core.SliverId;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.federation.buying.SolverCourse.Flags;
import holdfast.federation.peers.Peers;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Wish;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/// Searches that somebody begins by hand and leads on phase by phase (fluidos.md 3.1): the same solvers as those of
/// slivers, with nobody who waits for them.
public final class Staged {
    /// How long what is bought usually lasts (fluidos.md 6.11).
    private static final Duration TERM = Duration.ofHours(24);

    private final Platform platform;
    private final Resources resources;
    private final Solvers solvers;

    Staged(Platform platform, Engine engine, Solvers solvers) {
        this.platform = platform;
        this.resources = engine.resources();
        this.solvers = solvers;
    }

    /// Begins one: the phases that are wanted follow each other.
    ///
    /// @return of type `solver`
    public Resource begin(Tx tx, Search search, String project, String who) {
        var id = platform.newId();
        var solver = Solver.fresh(
                        new SliverId(id), "", 1, search.selector(), search.term(), search.wish(), search.flags())
                .picking(search.pick());
        solvers.begin(tx, id, solver, project, who, "by hand");
        return resources.find(tx, id).orElseThrow();
    }

    /// Begins one for as long as contracts usually last, with no other wish.
    public Resource begin(
            Tx tx, Selector selector, Flags flags, Optional<Solver.Pick> pick, String project, String who) {
        var term = Interval.of(platform.now(), TERM);
        var wish = Wish.any(Trace.open(platform.newId().toString()));
        return begin(tx, new Search(selector, term, wish, flags, pick), project, who);
    }

    /// More is wanted of one: it goes on. What is wanted already is not taken back.
    ///
    /// @param buys whether the offer that was chosen is to be bought, too
    /// @return [Refusal.Kind#NOT_THERE] if there is no such solver; [Refusal.Kind#CLASH] if it is over
    public Answer<Resource> raise(Tx tx, UUID id, Flags more, boolean buys, String who) {
        var found = locked(tx, id);
        if (found.isEmpty()) {
            return Answer.no(Refusal.notThere("there is no solver " + id));
        }
        var resource = found.get();
        var solver = resource.as(Solver.class);
        if (solver.course().state().isOver()) {
            return Answer.no(Refusal.clash(
                    "solver " + id + " is " + resource.state() + " and does nothing more: begin another one"));
        }
        var wanting = solver.wanting(more, buys).within(solvers.limit(tx, resource));
        resources.update(tx, resource.state(), resource.withData(wanting), who, "more is wanted");
        solvers.turn(tx, id);
        return Answer.yes(resources.find(tx, id).orElseThrow());
    }

    /// Makes what was bought a site of ours, which its solver did not want yet.
    ///
    /// @param contract that was bought here
    /// @return the solver; refused if it cannot be peered
    public Answer<Resource> peer(Tx tx, Resource contract, String who) {
        var deal = contract.as(Deal.class);
        var extra = deal.contract().extra();
        if (!extra.containsKey(Contract.AUTHORITY) || !extra.containsKey(Contract.DELEGATION)) {
            return Answer.no(Refusal.clash("contract " + contract.name()
                    + " does not say what was lent, and by whom: there is nothing that could be peered"));
        }
        return raise(tx, deal.solver(), new Flags(false, false, true), true, who);
    }

    /// Ends one, and gives back all that was bought for it.
    ///
    /// @return [Refusal.Kind#NOT_THERE] if there is no such solver; [Refusal.Kind#CLASH] if a sliver needs it
    public Answer<Resource> end(Tx tx, UUID id, String who) {
        var found = locked(tx, id);
        if (found.isEmpty()) {
            return Answer.no(Refusal.notThere("there is no solver " + id));
        }
        var solver = found.get().as(Solver.class);
        if (!solver.isByHand()) {
            return Answer.no(Refusal.clash(
                    "solver " + id + " is for sliver " + solver.sliver() + ": it ends with that one's slice"));
        }
        solvers.giveUp(tx, solver.sliver(), "given up by " + who);
        return Answer.yes(resources.find(tx, id).orElseThrow());
    }

    private Optional<Resource> locked(Tx tx, UUID id) {
        return resources
                .lock(tx, id)
                .filter(one -> one.type().equals(Solver.TYPE))
                .filter(one -> one.actor().equals(Peers.ACTOR) && one.removed().isEmpty());
    }
}
