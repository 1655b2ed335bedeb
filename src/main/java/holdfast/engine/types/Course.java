package holdfast.engine.types;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// How a part of Holdfast leads resources from state to state by what it hears, without a process.
///
/// @param initial the states in which they may begin
/// @param moving the states in which something is under way
/// @param changes in the order in which pictures show them
/// @param remembered what was removed is kept for ever, so that what is there from the start does not come back
public record Course(List<String> initial, Set<String> moving, List<Change> changes, boolean remembered) {
    public Course {
        initial = List.copyOf(initial);
        moving = Set.copyOf(moving);
        changes = List.copyOf(changes);
    }

    /// All of them, in order of appearance.
    public List<String> states() {
        return Stream.concat(initial.stream(), changes.stream().flatMap(change -> Stream.of(change.from, change.to)))
                .distinct()
                .toList();
    }

    /// One step.
    ///
    /// @param on what makes it happen, in a few words
    public record Change(String from, String to, String on) {}
}
