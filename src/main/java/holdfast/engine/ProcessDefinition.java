package holdfast.engine;

import holdfast.core.Refusal;
import holdfast.engine.types.Move;
import holdfast.platform.Tx;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// One thing that can happen to resources of one type: data, from which listings, checks and pictures are derived.
///
/// @param name such as `lease.create`: the type, a dot and a verb
/// @param move the states that it leads through; empty for a timer, which looks at its resource and leaves the state to
///     others
/// @param steps the steps for one resource; must give the same list for the same content, whatever the facts
/// @param ending what else is written when it ends
public record ProcessDefinition(
        String name, String type, Optional<Move> move, Function<Resource, List<Step>> steps, Ending ending) {

    /// Written in the transaction in which the process ends, after the new state of the resource. A process that
    /// was overtaken has no ending.
    public interface Ending {
        Ending NONE = (_, _, _) -> {};

        /// @param refusal why it failed; empty if it is done
        void write(Tx tx, Resource resource, Optional<Refusal> refusal);
    }

    public static ProcessDefinition of(String name, Move move, Function<Resource, List<Step>> steps, Ending ending) {
        return new ProcessDefinition(name, typeOf(name), Optional.of(move), steps, ending);
    }

    /// A process with a start time and no state of its own.
    public static ProcessDefinition timer(String name, Step.Action action) {
        var steps = List.of(Step.of(name.substring(name.indexOf('.') + 1), action));
        return new ProcessDefinition(name, typeOf(name), Optional.empty(), _ -> steps, Ending.NONE);
    }

    private static String typeOf(String name) {
        return name.substring(0, name.indexOf('.'));
    }
}
