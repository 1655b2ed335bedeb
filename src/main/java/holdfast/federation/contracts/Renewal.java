package holdfast.federation.contracts;

import java.time.Instant;
import java.util.Optional;

/// Until when a seller is asked to let a contract last, for as long as that has not come about.
///
/// @param refusal why it will not; empty while it is asked
public record Renewal(Instant until, Optional<No> refusal) {
    /// @param status as it was answered: 409 if the time after belongs to others
    public record No(int status, String why) {}

    Renewal refused(int status, String why) {
        return new Renewal(until, Optional.of(new No(status, why)));
    }
}
