package holdfast.protocol.rear;

import java.util.List;

/// What somebody who looks for room in other domains wants of it, beside the amounts.
///
/// @param hard each must be met, at most [#MOST]
/// @param soft the more of them are met the better, at most [#MOST]
/// @param trace what all that is done for it has in common
public record Wish(Objective objective, List<Constraint> hard, List<Constraint> soft, Trace trace) {
    public static final int MOST = 32;

    public Wish {
        hard = List.copyOf(hard);
        soft = List.copyOf(soft);
        if (hard.size() > MOST || soft.size() > MOST) {
            throw new IllegalArgumentException("a wish has at most " + MOST + " constraints of each sort");
        }
    }

    /// Anything that fits, the cheapest of it.
    public static Wish any(Trace trace) {
        return new Wish(Objective.CHEAPEST, List.of(), List.of(), trace);
    }
}
