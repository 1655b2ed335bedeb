package holdfast.federation.buying;

import holdfast.core.Interval;
import holdfast.core.SliverId;
import holdfast.federation.buying.SolverCourse.Part;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Wish;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// The record of one search for room elsewhere (fluidos.md 3.1). States of the resource: those of
/// [SolverCourse.State]. Its name is the id of the sliver that it is for.
///
/// @param sliver its own id if it was begun by hand
/// @param asker who wants to hear of it; empty if it was begun by hand
/// @param attempt as in [holdfast.protocol.Message.Acquire]
/// @param term when it shall be used: that of what is bought
/// @param wish what is wanted of it beside the amounts
/// @param flags which phases are wanted
/// @param maxHolds how many offers may be held at once
/// @param looks how often others were asked for offers
/// @param discovery how it stands with the last time
/// @param contract what was bought, once it is being peered
/// @param until when the time of the phase under way is up
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
        Optional<Instant> until) {
    public static final String TYPE = "solver";
    private static final int HOLDS = 3;

    /// One that has not begun.
    static Solver fresh(
            SliverId sliver,
            String asker,
            int attempt,
            Selector selector,
            Interval term,
            Wish wish,
            SolverCourse.Flags flags) {
        return new Solver(
                sliver,
                asker,
                attempt,
                selector,
                term,
                wish,
                flags,
                HOLDS,
                SolverCourse.NEW,
                0,
                Part.NONE,
                Optional.empty(),
                Optional.empty());
    }

    Solver at(SolverCourse next) {
        return new Solver(
                sliver, asker, attempt, selector, term, wish, flags, maxHolds, next, looks, discovery, contract, until);
    }

    /// With those phases wanted.
    Solver with(SolverCourse.Flags wanted) {
        return new Solver(
                sliver, asker, attempt, selector, term, wish, wanted, maxHolds, course, looks, discovery, contract,
                until);
    }

    /// Whether somebody began it by hand, so that no sliver waits for it.
    public boolean isByHand() {
        return asker.isEmpty();
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
                Optional.of(limit));
    }

    Solver looked(Part came) {
        return new Solver(
                sliver, asker, attempt, selector, term, wish, flags, maxHolds, course, looks, came, contract, until);
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
                Optional.of(limit));
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
                until);
    }
}
