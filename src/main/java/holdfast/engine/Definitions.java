package holdfast.engine;

import holdfast.engine.types.Move;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;

/// Every process that this server can run, by name.
public final class Definitions {
    private final Map<String, ProcessDefinition> byName = new ConcurrentSkipListMap<>();

    /// @throws IllegalArgumentException if another has the same name
    public void add(ProcessDefinition definition) {
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
                .filter(move -> move.field().equals(Move.STATE))
                .flatMap(move -> move.during().stream())
                .collect(Collectors.toUnmodifiableSet());
    }
}
