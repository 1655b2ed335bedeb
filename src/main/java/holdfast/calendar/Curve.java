package holdfast.calendar;

import java.util.List;

/// A [Profile] from some instant on, as numbers to be kept and read again.
///
/// @param dimensions sorted
/// @param steps first to last: the microsecond since 1970 from which it holds, then the amount of each dimension
public record Curve(List<String> dimensions, List<List<Long>> steps) {
    public Curve {
        dimensions = List.copyOf(dimensions);
        steps = List.copyOf(steps);
    }

    /// It is zero before the first step.
    public Profile profile() {
        return new Profile(
                dimensions.toArray(String[]::new),
                steps.stream().map(List::getFirst).toList(),
                steps.stream()
                        .map(step ->
                                step.stream().skip(1).mapToLong(Long::longValue).toArray())
                        .toList());
    }
}
