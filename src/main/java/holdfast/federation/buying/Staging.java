package holdfast.federation.buying;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.core.SliverId;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.federation.buying.SolverCourse.Flags;
import holdfast.federation.peers.Peers;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.util.Optional;
import java.util.UUID;

/// Searches that somebody begins by hand and leads on step by step (fluidos.md 3.1): the same solvers as those of
/// slivers, with nobody who waits for them.
final class Staging {
    private final Platform platform;
    private final Resources resources;
    private final Solvers solvers;

    Staging(Platform platform, Resources resources, Solvers solvers) {
        this.platform = platform;
        this.resources = resources;
        this.solvers = solvers;
    }

    Resource search(Tx tx, Search search, String project, String who) {
        var id = platform.newId();
        var selector = Sizing.selector(search.size());
        var solver = Solver.fresh(new SliverId(id), "", 1, selector, search.term(), search.wish(), search.flags());
        solvers.begin(tx, id, solver, project, who, "by hand");
        return resources.find(tx, id).orElseThrow();
    }

    Answer<Resource> raise(Tx tx, UUID id, Flags more, String who) {
        var found = locked(tx, id);
        if (found.isEmpty()) {
            return Answer.no(Refusal.notThere("there is no solver " + id));
        }
        var solver = found.get().as(Solver.class);
        if (solver.course().state().isOver()) {
            return Answer.no(Refusal.clash(
                    "solver " + id + " is " + found.get().state() + " and does nothing more: begin another one"));
        }
        var raised = found.get().withData(solver.with(solver.flags().and(more)));
        resources.update(tx, found.get().state(), raised, who, "raised");
        solvers.turn(tx, id);
        return Answer.yes(resources.find(tx, id).orElseThrow());
    }

    Answer<Resource> end(Tx tx, UUID id, String who) {
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
