package holdfast.drivers.simulated;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import holdfast.authority.Driver.Key;
import holdfast.core.Wanted;
import holdfast.platform.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// What there is at a simulated cloud; in a file if there is one, so that it outlives the process. Not safe for
/// several threads or processes.
final class CloudMemory {
    private final Optional<Path> file;
    final Map<String, Server> servers = new TreeMap<>();
    final Map<String, Volume> volumes = new TreeMap<>();
    final Map<String, Held> holds = new TreeMap<>();
    final TreeSet<String> down = new TreeSet<>();
    final TreeSet<String> images = new TreeSet<>();
    long made;

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
            long made) {}

    CloudMemory(Optional<Path> file) {
        this.file = file;
        if (file.isPresent() && Files.exists(file.get())) {
            try {
                var kept = Json.read(Files.readString(file.get()), Snapshot.class);
                kept.servers.forEach(server -> servers.put(server.id(), server));
                kept.volumes.forEach(volume -> volumes.put(text(volume.key()), volume));
                kept.holds.forEach(held -> holds.put(text(held.key()), held));
                down.addAll(kept.down);
                images.addAll(kept.images);
                made = kept.made;
            } catch (IOException e) {
                throw new UncheckedIOException("the simulated cloud in " + file.get() + " cannot be read", e);
            }
        }
    }

    static String text(Key key) {
        return key.lease() + "/" + key.part();
    }

    /// The file is whole or as before.
    void save() {
        if (file.isEmpty()) {
            return;
        }
        var snapshot = new Snapshot(
                List.copyOf(servers.values()),
                List.copyOf(volumes.values()),
                List.copyOf(holds.values()),
                List.copyOf(down),
                List.copyOf(images),
                made);
        var fresh = file.get().resolveSibling(file.get().getFileName() + ".new");
        try {
            Files.writeString(fresh, Json.text(snapshot));
            Files.move(fresh, file.get(), ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("the simulated cloud cannot be kept in " + file.get(), e);
        }
    }

    Optional<Server> server(Key key) {
        return servers.values().stream()
                .filter(server -> server.key().equals(Optional.of(key)))
                .findFirst();
    }
}
