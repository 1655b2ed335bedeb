package holdfast.federation.buying;

import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.protocol.rear.Wish;

/// What somebody looks for by hand, step by step (fluidos.md 3.1).
///
/// @param size of the machine for which room is wanted
/// @param term for which it is bought
/// @param flags which phases are wanted for a start; others may be raised later
public record Search(Capacities size, Interval term, Wish wish, SolverCourse.Flags flags) {}
