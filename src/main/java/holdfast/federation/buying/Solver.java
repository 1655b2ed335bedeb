package holdfast.federation.buying;

import holdfast.core.Interval;
import holdfast.core.SliverId;
import holdfast.federation.buying.SolverCourse.Part;
import holdfast.federation.peers.Peers;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Wish;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// The record of one search for room elsewhere (fluidos.md 3.1). States of the resource: those of
/// [SolverCourse.State]. Its name is the id of the sliver that it is for.
///
/// @param asker who wants to hear of it
/// @param attempt as in [holdfast.protocol.Message.Acquire]
/// @param term when it shall be used: that of what is bought
/// @param wish what is wanted of it beside the amounts
/// @param flags which phases are wanted
/// @param maxHolds how many offers may be held at once
/// @param looks how often others were asked for offers
/// @param discovery how it stands with the last time
/// @param contract what was bought, once it is being peered
/// @param until when the time of the phase under way is up
/// @param pick the one offer that is to be taken, if somebody has chosen it
public record Solver(
        SliverId sliver,
        String asker,
        int attempt,
        Selector selector,
        Interval term,
        Wish wish,
        SolverCourse.Flags flags,
        int maxHolds,
        SolverCourse course,
        int looks,
        Part discovery,
        Optional<UUID> contract,
        Optional<Instant> until,
        Optional<Pick> pick) {
    public static final String TYPE = "solver";

    /// What somebody has chosen.
    ///
    /// @param piece what of the flavor; empty: all of it
    /// @param buys whether it is to be bought; else it is only held until that is said
    public record Pick(UUID peer, String flavor, Optional<Configuration> piece, boolean buys) {}

    /// Whether nobody but people waits for it.
    public boolean isDeclared() {
        return asker.equals(Peers.ACTOR);
    }

    Solver at(SolverCourse next) {
        return new Solver(
                sliver, asker, attempt, selector, term, wish, flags, maxHolds, next, looks, discovery, contract, until,
                pick);
    }

    Solver looking(Instant limit) {
        return new Solver(
                sliver,
                asker,
                attempt,
                selector,
                term,
                wish,
                flags,
                maxHolds,
                course,
                looks + 1,
                Part.RUNNING,
                contract,
                Optional.of(limit),
                pick);
    }

    Solver looked(Part came) {
        return new Solver(
                sliver, asker, attempt, selector, term, wish, flags, maxHolds, course, looks, came, contract, until,
                pick);
    }

    Solver within(Instant limit) {
        return new Solver(
                sliver,
                asker,
                attempt,
                selector,
                term,
                wish,
                flags,
                maxHolds,
                course,
                looks,
                discovery,
                contract,
                Optional.of(limit),
                pick);
    }

    Solver peering(UUID bought) {
        return new Solver(
                sliver,
                asker,
                attempt,
                selector,
                term,
                wish,
                flags,
                maxHolds,
                course,
                looks,
                discovery,
                Optional.of(bought),
                until,
                pick);
    }

    /// The same, of which more is wanted.
    Solver wanting(SolverCourse.Flags more, boolean buys) {
        return new Solver(
                sliver,
                asker,
                attempt,
                selector,
                term,
                wish,
                more,
                maxHolds,
                course,
                looks,
                discovery,
                contract,
                until,
                pick.map(one -> new Pick(one.peer, one.flavor, one.piece, buys)));
    }
}
