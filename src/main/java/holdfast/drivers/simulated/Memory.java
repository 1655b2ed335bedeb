package holdfast.drivers.simulated;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import holdfast.authority.Driver.Key;
import holdfast.drivers.simulated.SimulatedSettings.Verb;
import holdfast.platform.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// What a simulated host holds, and what was counted; in a file if there is one. Not safe for several threads.
final class Memory {
    /// Counters are kept of the keys used last, so that a host that runs for years does not grow.
    private static final int MOST_COUNTED = 10_000;

    private final Optional<Path> file;
    private final Map<Key, Thing> things = new LinkedHashMap<>();
    private final Map<Key, Counters> counters = new Latest<>();
    private final Map<String, Integer> begun = new Latest<>();
    private boolean changed;

    private Memory(Optional<Path> file) {
        this.file = file;
    }

    private static final class Latest<K, V> extends LinkedHashMap<K, V> {
        private static final long serialVersionUID = 1L;

        Latest() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > MOST_COUNTED;
        }
    }

    /// The form in the file.
    private record Snapshot(List<Thing> things, List<Counted> counted, Map<String, Integer> begun) {}

    private record Counted(Key key, Counters counters) {}

    static Memory of(Optional<Path> file) {
        var memory = new Memory(file);
        if (file.isEmpty() || !Files.exists(file.get())) return memory;
        try {
            var kept = Json.read(Files.readString(file.get()), Snapshot.class);
            kept.things.forEach(thing -> memory.things.put(thing.key(), thing));
            kept.counted.forEach(counted -> memory.counters.put(counted.key, counted.counters));
            memory.begun.putAll(kept.begun);
            return memory;
        } catch (IOException e) {
            throw new UncheckedIOException("the simulated host in " + file.get() + " cannot be read", e);
        }
    }

    /// Writes the file if something changed; it is whole or as before.
    void save() {
        if (!changed || file.isEmpty()) return;
        var counted = counters.entrySet().stream()
                .map(one -> new Counted(one.getKey(), one.getValue()))
                .toList();
        var fresh = file.get().resolveSibling(file.get().getFileName() + ".new");
        try {
            Files.createDirectories(file.get().toAbsolutePath().getParent());
            Files.writeString(fresh, Json.text(new Snapshot(List.copyOf(things.values()), counted, begun)));
            Files.move(fresh, file.get(), ATOMIC_MOVE);
            changed = false;
        } catch (IOException e) {
            throw new UncheckedIOException("the simulated host cannot be kept in " + file.get(), e);
        }
    }

    Optional<Thing> get(Key key) {
        return Optional.ofNullable(things.get(key));
    }

    List<Thing> all() {
        return List.copyOf(things.values());
    }

    void put(Thing thing) {
        things.put(thing.key(), thing);
        changed = true;
    }

    void drop(Key key) {
        changed |= things.remove(key) != null;
    }

    void count(Key key, UnaryOperator<Counters> one) {
        counters.put(key, one.apply(counters(key)));
        changed = true;
    }

    Counters counters(Key key) {
        return counters.getOrDefault(key, Counters.NONE);
    }

    /// How often `verb` has begun, this time included: for things of this part, and for all.
    record Begun(int ofPart, int ofAll) {}

    Begun begins(Verb verb, String part) {
        changed = true;
        return new Begun(begun.merge(verb + " " + part, 1, Integer::sum), begun.merge(verb.name(), 1, Integer::sum));
    }
}
