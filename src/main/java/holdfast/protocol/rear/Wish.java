package holdfast.protocol.rear;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What somebody who looks for room in other domains wants of it, beside the amounts.
///
/// @param hard each must be met, at most [#MOST]
/// @param soft the more of them are met the better, at most [#MOST]
/// @param trace what all that is done for it has in common
/// @param latest until when it may begin, if it is asked when that is best; nothing is bought then
public record Wish(
        Objective objective, List<Constraint> hard, List<Constraint> soft, Trace trace, Optional<Instant> latest) {
    public static final int MOST = 32;

    public Wish {
        hard = List.copyOf(hard);
        soft = List.copyOf(soft);
        if (hard.size() > MOST || soft.size() > MOST) {
            throw new IllegalArgumentException("a wish has at most " + MOST + " constraints of each sort");
        }
    }

    /// Of what is to be bought.
    public Wish(Objective objective, List<Constraint> hard, List<Constraint> soft, Trace trace) {
        this(objective, hard, soft, trace, Optional.empty());
    }

    /// The same as a question when to begin.
    public Wish asking(Instant when) {
        return new Wish(objective, hard, soft, trace, Optional.of(when));
    }

    /// Anything that fits, the cheapest of it.
    public static Wish any(Trace trace) {
        return new Wish(Objective.CHEAPEST, List.of(), List.of(), trace);
    }
}
