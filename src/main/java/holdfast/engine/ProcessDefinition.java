package holdfast.engine;

import holdfast.core.Refusal;
import holdfast.engine.types.Move;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// One thing that can happen to resources of one type, and how it is done.
///
/// @param name such as `lease.create`: the type, a dot and a verb
/// @param type of the resources that it happens to
/// @param move the states that it leads through; empty for a timer, which looks at its resource and leaves the state to
///     others
/// @param steps its own steps for one resource; must give the same list for the same content, whatever the facts
/// @param ending what else is written when it ends
/// @param finish what else changes in the resource when it is done
/// @param delegation what it goes on as, when it is done
/// @param priority higher runs first (cattle.md 6.6)
public record ProcessDefinition(
        String name,
        String type,
        Optional<Move> move,
        Function<Resource, List<Step>> steps,
        Ending ending,
        Finish finish,
        Optional<Delegation> delegation,
        int priority) {

    /// Written in the transaction in which the process ends, after the new state of the resource. A process that
    /// was overtaken has no ending; a timer that somebody cancels has.
    public interface Ending {
        Ending NONE = (_, _, _) -> {};

        /// @param refusal why it failed; empty if it is done
        void write(Tx tx, Resource resource, Optional<Refusal> refusal);
    }

    /// The resource when all is done, beside its state.
    public interface Finish {
        Finish NONE = (resource, _) -> resource;

        Resource apply(Resource resource, Instant now);
    }

    /// The same process instance goes on as another process instead of ending, so that create leads to active
    /// without a rest in between (cattle.md 6.4).
    ///
    /// @param process that other one, which may start where this one passes through or where it ends
    /// @param wanted whether this resource wants it
    public record Delegation(String process, Predicate<Resource> wanted) {}

    public static ProcessDefinition of(String name, Move move, Function<Resource, List<Step>> steps, Ending ending) {
        return new ProcessDefinition(
                name, typeOf(name), Optional.of(move), steps, ending, Finish.NONE, Optional.empty(), 0);
    }

    /// A process with a start time and no state of its own.
    public static ProcessDefinition timer(String name, Step.Action action) {
        return timer(name, action, Step.PATIENCE);
    }

    /// The same, whose action may say for so long that it is to be asked again.
    public static ProcessDefinition timer(String name, Step.Action action, Duration patience) {
        var steps =
                List.of(Step.of(name.substring(name.indexOf('.') + 1), action).within(patience));
        return new ProcessDefinition(
                name, typeOf(name), Optional.empty(), _ -> steps, Ending.NONE, Finish.NONE, Optional.empty(), 0);
    }

    /// The same process, which runs before those of less priority that are due at the same time.
    public ProcessDefinition withPriority(int other) {
        return new ProcessDefinition(name, type, move, steps, ending, finish, delegation, other);
    }

    /// The same process with another ending.
    public ProcessDefinition endingWith(Ending next) {
        return new ProcessDefinition(name, type, move, steps, next, finish, delegation, priority);
    }

    /// Whether what was done is undone after a failure. Otherwise the resource stays where it is, marked, until
    /// somebody decides.
    boolean undoes() {
        return move.isEmpty() || move.get().failed().isPresent();
    }

    private static String typeOf(String name) {
        return name.substring(0, name.indexOf('.'));
    }
}
