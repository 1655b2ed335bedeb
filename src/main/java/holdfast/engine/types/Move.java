package holdfast.engine.types;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Where a process leads a resource: from a start state through a transitioning state to a done state.
///
/// @param field the state field that it drives: `state`, or a further one such as `allocationState`; letters and digits
/// @param start transitioning state by start state, in the order of their declaration. Another process's transitioning
///     state among the start states means that this process may overtake that one
/// @param done done state by transitioning state
/// @param failed the state after a failure, when everything is undone; empty if the resource then stays in its
///     transitioning state, marked as in error, until somebody decides
public record Move(String field, Map<String, String> start, Map<String, String> done, Optional<String> failed) {
    /// The field of the main state.
    public static final String STATE = "state";

    /// @throws IllegalArgumentException if a transitioning state has no done state, or nothing leads to it
    public Move {
        start = Collections.unmodifiableMap(new LinkedHashMap<>(start));
        done = Collections.unmodifiableMap(new LinkedHashMap<>(done));
        if (!field.matches("[A-Za-z][A-Za-z0-9]{0,63}")) {
            throw new IllegalArgumentException("'" + field + "' is not the name of a field");
        }
        if (start.isEmpty()) {
            throw new IllegalArgumentException("there is no start state");
        }
        for (var during : start.values()) {
            if (!done.containsKey(during)) {
                throw new IllegalArgumentException("no done state is given for " + during);
            }
        }
        for (var during : done.keySet()) {
            if (!start.containsValue(during)) {
                throw new IllegalArgumentException("nothing leads to the transitioning state " + during);
            }
        }
        if (failed.filter(done::containsKey).isPresent()) {
            throw new IllegalArgumentException("it ends in its transitioning state " + failed.get());
        }
    }

    /// Through one transitioning state of the main state field.
    public static Move of(Set<String> start, String during, String done, String failed) {
        if (during.equals(done)) {
            throw new IllegalArgumentException("it ends in its transitioning state " + during);
        }
        var through = new LinkedHashMap<String, String>();
        start.stream().sorted().forEach(state -> through.put(state, during));
        return new Move(STATE, through, Map.of(during, done), Optional.of(failed));
    }

    /// The states that it passes through.
    public Set<String> during() {
        return done.keySet();
    }

    /// Whether a resource in `state` is under way here.
    public boolean passes(String state) {
        return done.containsKey(state);
    }

    /// Whether it may begin in `state`.
    public boolean startsFrom(String state) {
        return start.containsKey(state);
    }

    /// Whether `state` is where it leads to.
    public boolean endsIn(String state) {
        return done.containsValue(state);
    }

    /// All states that it names, in order of appearance.
    public Set<String> states() {
        var states = new LinkedHashSet<String>();
        start.forEach((from, during) -> {
            states.add(from);
            states.add(during);
        });
        states.addAll(done.values());
        failed.ifPresent(states::add);
        return states;
    }
}
