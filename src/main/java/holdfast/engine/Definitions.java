package holdfast.engine;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;

/// Every process that this server can run, by name.
public final class Definitions {
    private final Map<String, ProcessDefinition> byName = new ConcurrentSkipListMap<>();

    /// @throws IllegalArgumentException if another has the same name, or it can end in the state that it passes
    ///     through
    public void add(ProcessDefinition definition) {
        definition.move().ifPresent(move -> {
            if (move.during().equals(move.done()) || move.during().equals(move.failed())) {
                throw new IllegalArgumentException(
                        definition.name() + " ends in its transitioning state " + move.during());
            }
        });
        if (byName.putIfAbsent(definition.name(), definition) != null) {
            throw new IllegalArgumentException("two processes are called " + definition.name());
        }
    }

    /// What they are called.
    public Set<String> names() {
        return byName.keySet();
    }

    public Optional<ProcessDefinition> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /// @throws IllegalArgumentException if there is none
    public ProcessDefinition get(String name) {
        var definition = byName.get(name);
        if (definition == null) {
            throw new IllegalArgumentException("no process is called " + name);
        }
        return definition;
    }

    public List<ProcessDefinition> all() {
        return List.copyOf(byName.values());
    }

    /// The transitioning states of one type.
    public Set<String> transitioning(String type) {
        return byName.values().stream()
                .filter(definition -> definition.type().equals(type))
                .flatMap(definition -> definition.move().stream())
                .map(ProcessDefinition.Move::during)
                .collect(Collectors.toUnmodifiableSet());
    }
}
