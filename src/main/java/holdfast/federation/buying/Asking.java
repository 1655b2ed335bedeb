package holdfast.federation.buying;

import holdfast.engine.Outcome;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How sellers are asked: in processes of one step, which is taken again with the same request id until there is an
/// answer.
final class Asking {
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private Asking() {}

    /// @param name of the process
    /// @param ask throws if nothing came
    /// @param patience how long it may take all in all
    /// @param ending hears why it was given up
    static ProcessDefinition process(
            String name, Step.Action ask, Duration patience, Step.Retry retry, ProcessDefinition.Ending ending) {
        var steps = List.of(Step.of("ask", ask).within(patience).retrying(retry));
        var type = name.substring(0, name.indexOf('.'));
        return new ProcessDefinition(
                name, type, Optional.empty(), _ -> steps, ending, ProcessDefinition.Finish.NONE, Optional.empty(), 0);
    }

    /// The seller wants to be asked later.
    ///
    /// @param after as it said
    static Outcome later(Optional<Duration> after, String why) {
        var pause = after.filter(wish -> wish.compareTo(PAUSE) > 0).orElse(PAUSE);
        return new Outcome.Later(pause.compareTo(LONGEST) > 0 ? LONGEST : pause, why);
    }
}
