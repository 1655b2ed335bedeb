package holdfast.engine.types;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// All types of resources that a server knows at this moment. Many may read while one changes it.
public final class Types {
    private volatile Known known = new Known(Map.of(), Map.of());

    private record Known(Map<String, ResourceType> byName, Map<String, ResourceType> byAnyName) {
        static Known of(Collection<ResourceType> types) {
            var byName = new TreeMap<String, ResourceType>();
            var byAnyName = new TreeMap<String, ResourceType>();
            for (var type : types) {
                if (byName.put(type.name(), type) != null) {
                    throw new IllegalArgumentException("two types are called " + type.name());
                }
                type.names().forEach(name -> {
                    if (byAnyName.put(name, type) != null) {
                        throw new IllegalArgumentException("two types are called " + name);
                    }
                });
            }
            return new Known(byName, byAnyName);
        }
    }

    /// Knows from now on just these.
    ///
    /// @throws IllegalArgumentException if two have the same name or plural, whatever the case; then nothing
    ///     changes
    public void replace(Collection<ResourceType> types) {
        known = Known.of(types);
    }

    /// All of them, by name.
    public List<ResourceType> all() {
        return List.copyOf(known.byName.values());
    }

    public Optional<ResourceType> find(String name) {
        return Optional.ofNullable(known.byName.get(name));
    }

    /// By name, plural or alias, whatever the case: as it stands in an address.
    public Optional<ResourceType> named(String nameOrPlural) {
        return Optional.ofNullable(known.byAnyName.get(nameOrPlural.toLowerCase(Locale.ROOT)));
    }

    /// Itself and its subtypes.
    public List<ResourceType> family(ResourceType type) {
        return known.byName.values().stream()
                .filter(one -> one.name().equals(type.name())
                        || one.base().filter(type.name()::equals).isPresent())
                .toList();
    }

    /// The type whose life it lives: itself, or its base.
    public ResourceType root(ResourceType type) {
        return type.base().flatMap(this::find).orElse(type);
    }

    /// The transitioning states of the main state of a type.
    public Set<String> transitioning(String name) {
        return find(name).map(type -> root(type).transitioning()).orElse(Set.of());
    }
}
