package holdfast.calendar;

import java.util.Collection;
import java.util.List;
import java.util.UUID;

/// What a decrease does to those who have booked.
///
/// @param taken whether the capacity is gone; it is not if somebody would be hurt and nobody forced it
/// @param violations where there is too little, or would be
public record Impact(boolean taken, List<Violation> violations) {
    public Impact {
        violations = List.copyOf(violations);
    }

    /// Who holds something there, sorted, each once.
    public List<UUID> hurt() {
        return violations.stream()
                .map(Violation::holders)
                .flatMap(Collection::stream)
                .distinct()
                .sorted()
                .toList();
    }
}
