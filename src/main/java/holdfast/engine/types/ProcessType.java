package holdfast.engine.types;

import java.util.List;
import java.util.Optional;

/// One thing that can happen to resources of one type, as data.
///
/// @param name such as `instance.start`: the lower-cased type, a dot and a verb, which is the name of the action
/// @param type the id of the type of resource, in mixed case: `ipAddress`
/// @param move the states that it leads through; empty for a timer, which leaves the state to others
/// @param delegate name of the process that goes on in its place when it is done and the type says so: create goes on
///     as activate (cattle.md 6.4)
/// @param nested names of processes that are run on parts of the resource before its own work: on each resource of
///     that process's type that refers to this one and may start it
/// @param description one sentence for people; may be empty
public record ProcessType(
        String name,
        String type,
        Optional<Move> move,
        Optional<String> delegate,
        List<String> nested,
        String description) {
    public ProcessType {
        nested = List.copyOf(nested);
        if (name.indexOf('.') < 1 || name.endsWith(".")) {
            throw new IllegalArgumentException("a process is called type.verb, not " + name);
        }
    }

    /// The name of its action: `start` of `instance.start`.
    public String verb() {
        return name.substring(name.indexOf('.') + 1);
    }
}
