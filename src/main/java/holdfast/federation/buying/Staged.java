package holdfast.federation.buying;

import holdfast.core.Answer;
import holdfast.core.Interval;
import holdfast.core.Refusal;
import holdfast.core.SliverId;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.federation.buying.SolverCourse.Flags;
import holdfast.federation.buying.SolverCourse.Part;
import holdfast.federation.peers.Peers;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Wish;
import holdfast.protocol.rear.Workflow;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/// Searches that people begin without a machine for which it is, and lead on phase by phase (fluidos.md 3.1: how
/// operators stage the work). They are solvers as all others; nobody is told what comes of them.
public final class Staged {
    /// How long what is bought lasts (fluidos.md 6.11).
    private static final Duration TERM = Duration.ofHours(24);

    private static final int HOLDS = 3;

    private final Platform platform;
    private final Resources resources;
    private final Solvers solvers;

    Staged(Platform platform, Engine engine, Solvers solvers) {
        this.platform = platform;
        this.resources = engine.resources();
        this.solvers = solvers;
    }

    /// Begins one.
    ///
    /// @param flags the phases that are wanted now
    /// @param pick the one offer that is to be taken, if somebody has chosen it
    public UUID begin(Tx tx, Selector selector, Flags flags, Optional<Solver.Pick> pick, String project, String who) {
        var id = platform.newId();
        var now = platform.now();
        var solver = new Solver(
                new SliverId(id),
                Peers.ACTOR,
                1,
                selector,
                new Interval(now, now.plus(TERM)),
                Wish.any(new Trace(platform.newId().toString(), Workflow.W1)),
                flags,
                HOLDS,
                SolverCourse.NEW,
                0,
                Part.NONE,
                Optional.empty(),
                Optional.empty(),
                pick);
        var fresh = resources.fresh(
                id,
                Solver.TYPE,
                Peers.ACTOR,
                Optional.empty(),
                solver.sliver().toString(),
                Words.of(SolverCourse.NEW.state()),
                project,
                solver);
        resources.insert(tx, fresh, who, "declared");
        solvers.turn(tx, id);
        return id;
    }

    /// More is wanted of one: it goes on. What is wanted already is not taken back.
    ///
    /// @param buys whether the offer that was chosen is to be bought, too
    public void raise(Tx tx, UUID id, Flags more, boolean buys, String who) {
        resources.lock(tx, id).filter(solver -> solver.removed().isEmpty()).ifPresent(resource -> {
            var solver = resource.as(Solver.class);
            var had = solver.flags();
            var flags = new Flags(had.find() || more.find(), had.buy() || more.buy(), had.peer() || more.peer());
            var wanting = solver.wanting(flags, buys).within(solvers.limit(tx, resource));
            resources.update(tx, resource.state(), resource.withData(wanting), who, "more is wanted");
        });
        solvers.turn(tx, id);
    }

    /// Makes what was bought a site of ours, which its solver did not want yet.
    ///
    /// @param contract that was bought here
    /// @return the solver; refused if it cannot be peered
    public Answer<UUID> peer(Tx tx, Resource contract, String who) {
        var deal = contract.as(Deal.class);
        var extra = deal.contract().extra();
        if (!extra.containsKey(Contract.AUTHORITY) || !extra.containsKey(Contract.DELEGATION)) {
            return Answer.no(Refusal.clash("contract " + contract.name()
                    + " does not say what was lent, and by whom: there is nothing that could be peered"));
        }
        raise(tx, deal.solver(), new Flags(false, false, true), true, who);
        return Answer.yes(deal.solver());
    }

    /// Gives up all that was found, or is being sought, by one.
    public void end(Tx tx, UUID id, String why) {
        solvers.giveUp(tx, new SliverId(id), why);
    }
}
