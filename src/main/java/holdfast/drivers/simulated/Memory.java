package holdfast.drivers.simulated;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import holdfast.authority.Driver.Key;
import holdfast.drivers.simulated.SimulatedSettings.Verb;
import holdfast.platform.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// What a simulated host holds, and what was counted; in a file if there is one. Not safe for several threads.
final class Memory {
    /// Counters are kept of the keys used last, so that a host that runs for years does not grow.
    private static final int MOST_COUNTED = 10_000;

    private static final String ABSENT = "not there";

    /// The lock on a file keeps other processes out, but not other threads of this one.
    private static final ReentrantLock HERE = new ReentrantLock();

    private final Optional<Path> file;
    private final Map<Key, Thing> things = new LinkedHashMap<>();
    private final Map<Key, Counters> counters = new Latest<>();
    private final Map<String, Integer> begun = new Latest<>();
    private boolean changed;
    private Optional<String> known = Optional.empty();

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
        memory.alone(() -> true); // a file that cannot be read is told of now
        return memory;
    }

    /// Runs `work` on what the file says now, and keeps what it changes: nobody else who has the same file, in this
    /// process or in another one, does anything meanwhile. What could not be kept did not happen.
    <T> T alone(Supplier<T> work) {
        if (file.isEmpty()) return work.get();
        HERE.lock();
        try {
            Files.createDirectories(file.get().toAbsolutePath().getParent());
            try (var channel = FileChannel.open(beside(".lock"), CREATE, WRITE);
                    var _ = channel.lock()) {
                refresh();
                try {
                    return work.get();
                } finally {
                    save();
                }
            }
        } catch (IOException e) {
            known = Optional.empty();
            throw new UncheckedIOException("the simulated host cannot be kept in " + file.get(), e);
        } finally {
            HERE.unlock();
        }
    }

    private Path beside(String ending) {
        return file.orElseThrow().resolveSibling(file.orElseThrow().getFileName() + ending);
    }

    private void refresh() throws IOException {
        var there = version();
        if (known.equals(Optional.of(there))) return;
        things.clear();
        counters.clear();
        begun.clear();
        if (!there.equals(ABSENT)) {
            var kept = Json.read(Files.readString(file.orElseThrow()), Snapshot.class);
            kept.things.forEach(thing -> things.put(thing.key(), thing));
            kept.counted.forEach(counted -> counters.put(counted.key, counted.counters));
            begun.putAll(kept.begun);
        }
        known = Optional.of(there);
        changed = false;
    }

    /// Changes whenever the file is replaced.
    private String version() throws IOException {
        try {
            var now = Files.readAttributes(file.orElseThrow(), BasicFileAttributes.class);
            return now.fileKey() + " " + now.lastModifiedTime() + " " + now.size();
        } catch (NoSuchFileException _) {
            return ABSENT;
        }
    }

    /// The file is whole or as before.
    private void save() throws IOException {
        if (!changed) return;
        var counted = counters.entrySet().stream()
                .map(one -> new Counted(one.getKey(), one.getValue()))
                .toList();
        var fresh = beside(".new");
        Files.writeString(fresh, Json.text(new Snapshot(List.copyOf(things.values()), counted, begun)));
        Files.move(fresh, file.orElseThrow(), ATOMIC_MOVE);
        known = Optional.of(version());
        changed = false;
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
