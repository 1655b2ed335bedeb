package holdfast.engine;

import holdfast.engine.Hooks.Hook;
import holdfast.engine.Hooks.Plan;
import java.util.ArrayList;
import java.util.List;

/// What a process instance does, step by step: its own steps, and around them the handlers that take part.
final class Recipes {
    private volatile Hooks hooks = Hooks.NONE;

    void attach(Hooks others) {
        hooks = others;
    }

    Hooks hooks() {
        return hooks;
    }

    Plan plan(String process) {
        return hooks.plan(process);
    }

    /// Handlers before, handlers on it, its own steps, late handlers on it, handlers after.
    List<Step> steps(ProcessDefinition definition, Resource resource, Plan plan) {
        var own = definition.steps().apply(resource);
        if (plan.isEmpty()) {
            return own;
        }
        var steps = new ArrayList<Step>();
        add(steps, plan.before(), "pre");
        add(steps, plan.on(), "logic");
        steps.addAll(own);
        add(steps, plan.late(), "logic");
        add(steps, plan.after(), "post");
        return steps;
    }

    private void add(List<Step> steps, List<Hook> handlers, String group) {
        handlers.forEach(hook -> steps.add(hooks.step(hook, group)));
    }
}
