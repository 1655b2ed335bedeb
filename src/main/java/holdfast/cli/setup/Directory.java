package holdfast.cli.setup;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Which id stands for which name at a server.
public final class Directory {
    private final Map<Kind, Map<String, String>> ids = new EnumMap<>(Kind.class);
    private final Map<Kind, Map<String, String>> keys = new EnumMap<>(Kind.class);
    private final Set<Item.Ref> staying = new HashSet<>();

    public void put(Kind kind, String key, String id) {
        ids.computeIfAbsent(kind, _ -> new HashMap<>()).put(key, id);
        keys.computeIfAbsent(kind, _ -> new HashMap<>()).put(id, key);
    }

    public Optional<String> id(Kind kind, String key) {
        return Optional.ofNullable(ids.getOrDefault(kind, Map.of()).get(key));
    }

    /// What an id stands for; the id itself if that is not known.
    String key(Kind kind, String id) {
        return keys.getOrDefault(kind, Map.of()).getOrDefault(id, id);
    }

    boolean knows(Kind kind, String id) {
        return keys.getOrDefault(kind, Map.of()).containsKey(id);
    }

    /// Says of something that it is never pruned.
    void stay(Item.Ref ref) {
        staying.add(ref);
    }

    /// Whether it belongs to a user of whom that was said.
    boolean stays(Item item) {
        return item.kind() == Kind.PERMISSION && staying.contains(new Item.Ref(Kind.USER, item.text("user")));
    }

    public Set<Item.Ref> staying() {
        return Set.copyOf(staying);
    }

    /// All names of a kind, in their order.
    public TreeSet<String> keys(Kind kind) {
        return new TreeSet<>(ids.getOrDefault(kind, Map.of()).keySet());
    }
}
