package holdfast.engine;

import holdfast.engine.types.Move;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Every process that this server can run, by name: those that parts of Holdfast bring along, and those of types that
/// are data.
public final class Definitions {
    private final Map<String, ProcessDefinition> ofParts = new ConcurrentSkipListMap<>();
    private volatile Map<String, ProcessDefinition> ofTypes = Map.of();

    /// @throws IllegalArgumentException if another has the same name
    public void add(ProcessDefinition definition) {
        if (ofParts.putIfAbsent(definition.name(), definition) != null) {
            throw new IllegalArgumentException("two processes are called " + definition.name());
        }
    }

    /// Knows from now on just these of types that are data. What a part brings along goes before.
    void replace(Collection<ProcessDefinition> definitions) {
        var byName = new TreeMap<String, ProcessDefinition>();
        definitions.forEach(definition -> byName.put(definition.name(), definition));
        ofTypes = byName;
    }

    /// What they are called.
    public Set<String> names() {
        var names = new TreeSet<>(ofTypes.keySet());
        names.addAll(ofParts.keySet());
        return names;
    }

    public Optional<ProcessDefinition> find(String name) {
        return Optional.ofNullable(ofParts.get(name)).or(() -> Optional.ofNullable(ofTypes.get(name)));
    }

    /// @throws IllegalArgumentException if there is none
    public ProcessDefinition get(String name) {
        return find(name).orElseThrow(() -> new IllegalArgumentException("no process is called " + name));
    }

    public List<ProcessDefinition> all() {
        return names().stream().map(this::get).toList();
    }

    /// Names of the processes that drive the same state field of the same resources as `definition`: of these one
    /// takes over from the other.
    String[] rivals(ProcessDefinition definition) {
        var field = definition.move().orElseThrow().field();
        return Stream.concat(ofParts.values().stream(), ofTypes.values().stream())
                .filter(other -> other.type().equals(definition.type()))
                .filter(other ->
                        other.move().filter(move -> move.field().equals(field)).isPresent())
                .map(ProcessDefinition::name)
                .toArray(String[]::new);
    }

    /// The transitioning states of one type.
    public Set<String> transitioning(String type) {
        return all().stream()
                .filter(definition -> definition.type().equals(type))
                .flatMap(definition -> definition.move().stream())
                .filter(move -> move.field().equals(Move.STATE))
                .flatMap(move -> move.during().stream())
                .collect(Collectors.toUnmodifiableSet());
    }
}
