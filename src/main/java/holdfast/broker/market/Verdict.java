package holdfast.broker.market;

import holdfast.core.Refusal;
import java.time.Duration;
import java.time.Instant;

/// What a seller answers to somebody who wants to reserve (fluidos.md 5.5, 6.4).
public sealed interface Verdict {
    /// It is theirs, for a while.
    record Held(Claim claim) implements Verdict {}

    /// It was theirs and is for longer, or is another piece now.
    ///
    /// @param before as it was
    record Renewed(Claim before, Claim claim) implements Verdict {}

    /// It is no piece of what they name: asking again will not help.
    record NotAPiece(Refusal why) implements Verdict {}

    /// What is missing is only held by somebody.
    ///
    /// @param free the first instant at which it can be had if nobody buys or takes it before
    record HeldByOthers(Instant free) implements Verdict {
        /// How long to wait before asking again: whole seconds, at least one.
        public Duration retryAfter(Instant now) {
            var seconds = Duration.between(now, free).plusNanos(999_999_999).toSeconds();
            return Duration.ofSeconds(Math.max(1, seconds));
        }
    }

    /// It is not there, or sold.
    record Gone(Refusal why) implements Verdict {}
}
