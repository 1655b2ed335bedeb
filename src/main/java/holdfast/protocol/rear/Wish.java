package holdfast.protocol.rear;

import holdfast.core.SliverId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// What somebody who looks for room in other domains wants of it, beside the amounts.
///
/// @param hard each must be met, at most [#MOST]
/// @param soft the more of them are met the better, at most [#MOST]
/// @param trace what all that is done for it has in common
/// @param latest until when it may begin, if it is asked when that is best; nothing is bought then
/// @param instead of what was acquired for these slivers, which was no good: nothing is bought whence that came
public record Wish(
        Objective objective,
        List<Constraint> hard,
        List<Constraint> soft,
        Trace trace,
        Optional<Instant> latest,
        List<SliverId> instead) {
    public static final int MOST = 32;

    @SuppressWarnings("NullAway") // what was wished before there were replacements replaces nothing
    public Wish {
        hard = List.copyOf(hard);
        soft = List.copyOf(soft);
        instead = List.copyOf(Objects.requireNonNullElse(instead, List.of()));
        if (hard.size() > MOST || soft.size() > MOST) {
            throw new IllegalArgumentException("a wish has at most " + MOST + " constraints of each sort");
        }
    }

    /// Of what is to be bought.
    public Wish(Objective objective, List<Constraint> hard, List<Constraint> soft, Trace trace) {
        this(objective, hard, soft, trace, Optional.empty(), List.of());
    }

    /// The same as a question when to begin.
    public Wish asking(Instant when) {
        return new Wish(objective, hard, soft, trace, Optional.of(when), instead);
    }

    /// The same, of others than those who had these.
    public Wish insteadOf(List<SliverId> former) {
        return new Wish(objective, hard, soft, trace, latest, former);
    }

    /// Anything that fits, the cheapest of it.
    public static Wish any(Trace trace) {
        return new Wish(Objective.CHEAPEST, List.of(), List.of(), trace);
    }
}
