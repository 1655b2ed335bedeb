package holdfast.federation.buying;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Wish;
import java.util.Optional;

/// What somebody looks for by hand, step by step (fluidos.md 3.1).
///
/// @param term for which it is bought
/// @param flags which phases are wanted for a start; others may be raised later
/// @param pick the one offer that is to be taken, if somebody has chosen it
public record Search(
        Selector selector, Interval term, Wish wish, SolverCourse.Flags flags, Optional<Solver.Pick> pick) {
    /// Room for a machine of that size.
    public static Search of(Capacities size, Interval term, Wish wish, SolverCourse.Flags flags) {
        return new Search(Sizing.selector(size), term, wish, flags, Optional.empty());
    }
}
