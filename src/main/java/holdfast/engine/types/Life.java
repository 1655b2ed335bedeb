package holdfast.engine.types;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/// The life that plain resources live (cattle.md 3.1), to which a type may give other words.
final class Life {
    private Life() {}

    /// @param verb of the process
    /// @param delegate the verb of the process that it may go on as
    private record Stage(String verb, Map<String, String> start, Map<String, String> done, Optional<String> delegate) {
        static Stage of(String verb, String during, String done, String... start) {
            var through = new LinkedHashMap<String, String>();
            for (var state : start) {
                through.put(state, during);
            }
            return new Stage(verb, through, Map.of(during, done), Optional.empty());
        }
    }

    private static final List<Stage> STANDARD = List.of(
            new Stage(
                    "create",
                    Map.of("requested", "registering"),
                    Map.of("registering", "inactive"),
                    Optional.of("activate")),
            Stage.of("activate", "activating", "active", "inactive", "registering", "restoring"),
            Stage.of(
                    "deactivate",
                    "deactivating",
                    "inactive",
                    "active",
                    "activating",
                    "updating-active",
                    "updating-inactive",
                    "requested",
                    "registering"),
            update(),
            Stage.of(
                    "remove",
                    "removing",
                    "removed",
                    "requested",
                    "inactive",
                    "registering",
                    "updating-active",
                    "updating-inactive"),
            Stage.of("purge", "purging", "purged", "removed"),
            Stage.of("restore", "restoring", "inactive", "removed"));

    private static Stage update() {
        var start = new LinkedHashMap<String, String>();
        start.put("inactive", "updating-inactive");
        start.put("active", "updating-active");
        var done = new LinkedHashMap<String, String>();
        done.put("updating-inactive", "inactive");
        done.put("updating-active", "active");
        return new Stage("update", start, done, Optional.empty());
    }

    /// The default life of one type.
    ///
    /// @param states other words for states
    /// @param verbs other words for processes
    /// @param without verbs that it does not have, in its own words
    static List<ProcessType> of(
            String type, Map<String, String> states, Map<String, String> verbs, Set<String> without) {
        UnaryOperator<String> state = word -> states.getOrDefault(word, word);
        UnaryOperator<String> name = verb -> ResourceType.prefix(type) + "." + verbs.getOrDefault(verb, verb);
        var processes = new ArrayList<ProcessType>();
        for (var stage : STANDARD) {
            if (!without.contains(verbs.getOrDefault(stage.verb, stage.verb))) {
                var move =
                        new Move(Move.STATE, renamed(stage.start, state), renamed(stage.done, state), Optional.empty());
                var delegate = stage.delegate
                        .filter(verb -> !without.contains(verbs.getOrDefault(verb, verb)))
                        .map(name);
                processes.add(
                        new ProcessType(name.apply(stage.verb), type, Optional.of(move), delegate, List.of(), ""));
            }
        }
        return processes;
    }

    private static Map<String, String> renamed(Map<String, String> states, UnaryOperator<String> word) {
        var renamed = new LinkedHashMap<String, String>();
        states.forEach((from, to) -> renamed.put(word.apply(from), word.apply(to)));
        return renamed;
    }

    static boolean hasVerb(String verb) {
        return STANDARD.stream().anyMatch(stage -> stage.verb.equals(verb));
    }

    static boolean hasState(String state) {
        return STANDARD.stream()
                .anyMatch(stage -> stage.start.containsKey(state)
                        || stage.done.containsKey(state)
                        || stage.done.containsValue(state));
    }
}
