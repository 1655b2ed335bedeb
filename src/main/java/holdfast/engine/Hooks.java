package holdfast.engine;

import java.util.List;
import java.util.UUID;

/// What takes part in processes beside their own steps.
public interface Hooks {
    /// Nobody takes part in anything.
    Hooks NONE = new Hooks() {
        @Override
        public Plan plan(String process) {
            return Plan.NONE;
        }

        @Override
        public Step step(Hook hook, String group) {
            throw new IllegalStateException("nobody is called " + hook.name());
        }
    };

    /// Handlers that take part in a process of that name now, in order: before, on and after its own steps.
    Plan plan(String process);

    /// The step that calls it.
    ///
    /// @param group `pre`, `logic` or `post`
    Step step(Hook hook, String group);

    /// Who takes part in one run of a process.
    record Plan(List<Hook> before, List<Hook> on, List<Hook> after) {
        public static final Plan NONE = new Plan(List.of(), List.of(), List.of());

        public Plan {
            before = List.copyOf(before);
            on = List.copyOf(on);
            after = List.copyOf(after);
        }
    }

    /// One handler that takes part; stored with the process when it begins.
    ///
    /// @param name of the event that it gets, unique in its group
    record Hook(UUID handler, String name) {}
}
