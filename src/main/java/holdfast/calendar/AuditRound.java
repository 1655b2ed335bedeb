package holdfast.calendar;

import java.util.List;
import java.util.Optional;

/// What one round of an audit found.
///
/// @param next where the next round goes on; empty = all places of the book have been looked at, begin anew
public record AuditRound(List<Violation> violations, Optional<String> next) {
    public AuditRound {
        violations = List.copyOf(violations);
    }
}
