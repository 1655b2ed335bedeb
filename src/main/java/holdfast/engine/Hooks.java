package holdfast.engine;

import java.util.List;
import java.util.UUID;

/// What takes part in processes beside their own steps: handlers that somebody registered.
public interface Hooks {
    /// Nobody takes part.
    Hooks NONE = new Hooks() {
        @Override
        public Plan plan(String process) {
            return Plan.NONE;
        }

        @Override
        public Step step(Hook hook, String group) {
            throw new IllegalStateException("there is no handler " + hook.name());
        }
    };

    /// Handlers that take part in a process of that name now, in order: before, on and after its own steps.
    Plan plan(String process);

    /// The step that calls one.
    ///
    /// @param group `pre`, `logic` or `post`
    Step step(Hook hook, String group);

    /// Who takes part in one process instance. It is kept with the instance when that begins: who comes later takes
    /// part in later ones.
    ///
    /// @param on those on it that come before its own steps
    /// @param late those on it that come after its own steps
    record Plan(List<Hook> before, List<Hook> on, List<Hook> late, List<Hook> after) {
        public static final Plan NONE = new Plan(List.of(), List.of(), List.of(), List.of());

        public Plan {
            before = List.copyOf(before);
            on = List.copyOf(on);
            late = List.copyOf(late);
            after = List.copyOf(after);
        }

        boolean isEmpty() {
            return before.isEmpty() && on.isEmpty() && late.isEmpty() && after.isEmpty();
        }
    }

    /// One handler.
    ///
    /// @param handler the resource of type `externalHandler`
    /// @param name as its event is called: `instance.start;handler=dns`
    record Hook(UUID handler, String name) {
        private static final String MARK = ";handler=";

        /// What its handler is called: `dns` of `instance.start;handler=dns`.
        public String who() {
            return name.substring(name.indexOf(MARK) + MARK.length());
        }
    }
}
