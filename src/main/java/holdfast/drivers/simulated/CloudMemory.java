package holdfast.drivers.simulated;

import holdfast.authority.Driver.Key;
import holdfast.core.Wanted;
import holdfast.platform.Json;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/// What there is at a simulated cloud; in a file if there is one, so that it outlives the process and others may have
/// it too. Not safe for several threads.
final class CloudMemory implements SharedFile.Contents {
    private final SharedFile file;
    final Map<String, Server> servers = new TreeMap<>();
    final Map<String, Volume> volumes = new TreeMap<>();
    final Map<String, Held> holds = new TreeMap<>();
    final TreeSet<String> down = new TreeSet<>();
    final TreeSet<String> images = new TreeSet<>();
    final ThingMemory things = new ThingMemory();
    long made;
    private boolean changed;

    /// @param key of whose it is; empty = somebody's who came another way
    /// @param ready when it runs
    /// @param gone when it is gone, if it is going
    record Server(
            Optional<Key> key,
            String id,
            String name,
            String host,
            Map<String, Long> takes,
            Optional<Wanted.Server> asked,
            boolean on,
            Instant ready,
            Optional<Instant> gone) {
        Server going(Instant when) {
            return new Server(key, id, name, host, takes, asked, on, ready, Optional.of(when));
        }

        Server switched(boolean nowOn) {
            return new Server(key, id, name, host, takes, asked, nowOn, ready, gone);
        }
    }

    /// @param server the key of the server that it is in
    record Volume(Key key, Wanted.Volume asked, Optional<String> server) {}

    record Held(Key key, Wanted.Hold asked, boolean open) {}

    private record Snapshot(
            List<Server> servers,
            List<Volume> volumes,
            List<Held> holds,
            List<String> down,
            List<String> images,
            long made,
            Optional<ThingMemory.Kept> things) {
        private Snapshot {
            things = things == null ? Optional.empty() : things; // kept before there were any
        }
    }

    /// @throws java.io.UncheckedIOException if the file is there and cannot be read
    CloudMemory(Optional<Path> file) {
        this.file = new SharedFile(file, this);
        alone(() -> true);
    }

    /// As [SharedFile#alone].
    <T> T alone(Supplier<T> work) {
        return file.alone(work);
    }

    @Override
    public void read(Optional<String> text) {
        List.of(servers, volumes, holds).forEach(Map::clear);
        List.of(down, images).forEach(TreeSet::clear);
        things.clear();
        made = 0;
        text.map(there -> Json.read(there, Snapshot.class)).ifPresent(kept -> {
            kept.servers.forEach(server -> servers.put(server.id(), server));
            kept.volumes.forEach(volume -> volumes.put(text(volume.key()), volume));
            kept.holds.forEach(held -> holds.put(text(held.key()), held));
            down.addAll(kept.down);
            images.addAll(kept.images);
            made = kept.made;
            kept.things.ifPresent(things::fill);
        });
        changed = false;
    }

    /// What is there now is to be kept.
    void save() {
        changed = true;
    }

    @Override
    public Optional<String> changed() {
        if (!changed) return Optional.empty();
        changed = false;
        return Optional.of(Json.text(new Snapshot(
                List.copyOf(servers.values()),
                List.copyOf(volumes.values()),
                List.copyOf(holds.values()),
                List.copyOf(down),
                List.copyOf(images),
                made,
                Optional.of(things.kept()))));
    }

    static String text(Key key) {
        return key.lease() + "/" + key.part();
    }

    Optional<Server> server(Key key) {
        return servers.values().stream()
                .filter(server -> server.key().equals(Optional.of(key)))
                .findFirst();
    }
}
