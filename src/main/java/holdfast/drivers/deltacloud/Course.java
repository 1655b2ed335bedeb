package holdfast.drivers.deltacloud;

import java.util.Optional;

/// What comes next for an instance, from how it is and how it should be: no effects, no memory (aeolus.md 3.1, 3.4,
/// 3.5).
sealed interface Course {
    /// It is as it should be.
    record Reached() implements Course {}

    record Wait() implements Course {}

    /// @param action in the provider's words, `destroy` included
    record Act(String action) implements Course {}

    record Hopeless(String why) implements Course {}

    /// Toward running or stopped. What stops after it was made is started by the same rule.
    static Course toward(boolean on, Seen seen, States states) {
        return switch (seen.power()) {
            case PENDING, UNKNOWN, STOPPING -> new Wait();
            case RUNNING -> on ? new Reached() : act("stop", seen, states);
            case STOPPED -> on ? act("start", seen, states) : new Reached();
            case ERROR -> new Hopeless("the provider says that " + name(seen) + " is in ERROR");
            case GONE -> on ? new Hopeless(name(seen) + " is gone") : new Reached();
        };
    }

    /// Toward another beginning.
    static Course restart(Seen seen, States states) {
        return seen.power() == Power.RUNNING ? act("reboot", seen, states) : toward(true, seen, states);
    }

    /// Toward nothing. What cannot be destroyed is left stopped.
    ///
    /// @param destroys what the account is told about it; empty = as the states say
    static Course away(Seen seen, States states, Optional<Boolean> destroys) {
        var destroy = new Act("destroy");
        boolean may = destroys.orElse(states.allow(Power.STOPPED, "destroy"));
        return switch (seen.power()) {
            case GONE -> new Reached();
            case STOPPED -> may ? destroy : new Reached();
            case STOPPING, UNKNOWN -> new Wait();
            case RUNNING -> states.allow(Power.RUNNING, "destroy") ? destroy : new Act("stop");
            case PENDING -> {
                if (can("destroy", seen, states)) yield destroy;
                yield can("stop", seen, states) ? new Act("stop") : new Wait();
            }
            case ERROR -> may || can("destroy", seen, states) ? destroy : new Reached();
        };
    }

    private static Course act(String action, Seen seen, States states) {
        return can(action, seen, states)
                ? new Act(action)
                : new Hopeless(action + " is not possible while " + name(seen) + " is " + seen.state());
    }

    private static boolean can(String action, Seen seen, States states) {
        return states.allow(seen.power(), action) || seen.actions().containsKey(action);
    }

    private static String name(Seen seen) {
        return seen.name().isEmpty() ? seen.id() : seen.name();
    }
}
