package holdfast.drivers.simulated;

import holdfast.authority.Driver.Key;
import holdfast.drivers.simulated.SimulatedSettings.Verb;
import holdfast.platform.Json;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// What a simulated host holds, and what was counted; in a file if there is one. Not safe for several threads.
final class Memory implements SharedFile.Contents {
    /// Counters are kept of the keys used last, so that a host that runs for years does not grow.
    private static final int MOST_COUNTED = 10_000;

    private final SharedFile file;
    private final Map<Key, Thing> things = new LinkedHashMap<>();
    private final Map<Key, Counters> counters = new Latest<>();
    private final Map<String, Integer> begun = new Latest<>();
    private boolean changed;

    private Memory(Optional<Path> file) {
        this.file = new SharedFile(file, this);
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
        memory.alone(() -> true); // a file that cannot be read is told of now
        return memory;
    }

    /// As [SharedFile#alone].
    <T> T alone(Supplier<T> work) {
        return file.alone(work);
    }

    @Override
    public void read(Optional<String> text) {
        things.clear();
        counters.clear();
        begun.clear();
        text.map(there -> Json.read(there, Snapshot.class)).ifPresent(kept -> {
            kept.things.forEach(thing -> things.put(thing.key(), thing));
            kept.counted.forEach(counted -> counters.put(counted.key, counted.counters));
            begun.putAll(kept.begun);
        });
        changed = false;
    }

    @Override
    public Optional<String> changed() {
        if (!changed) return Optional.empty();
        changed = false;
        var counted = counters.entrySet().stream()
                .map(one -> new Counted(one.getKey(), one.getValue()))
                .toList();
        return Optional.of(Json.text(new Snapshot(List.copyOf(things.values()), counted, begun)));
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
