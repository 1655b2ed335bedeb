package holdfast.calendar;

import java.util.List;
import java.util.Set;

/// A place that may do, and for each device that is wanted the units of the place that would do; no unit serves two
/// devices.
///
/// @param units one set for each device, in the order wanted; empty if only amounts are wanted
public record Candidate(String place, List<Set<String>> units) {
    public Candidate {
        units = List.copyOf(units);
    }
}
