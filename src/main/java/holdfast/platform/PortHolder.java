package holdfast.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Finds out who listens on a TCP port of this machine, as far as Linux tells us.
final class PortHolder {
    private static final String LISTENING = "0A";

    private PortHolder() {}

    /// Such as `process 1234 (java)`.
    static Optional<String> find(int port) {
        var sockets = new HashSet<String>();
        for (var table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            collect(Path.of(table), String.format(Locale.ROOT, ":%04X", port), sockets);
        }
        try (var processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(process -> process.getFileName().toString().matches("[0-9]+"))
                    .filter(process -> holds(process, sockets))
                    .findFirst()
                    .map(process -> "process " + process.getFileName() + name(process));
        } catch (IOException | UncheckedIOException _) {
            return Optional.empty();
        }
    }

    private static void collect(Path table, String port, Set<String> sockets) {
        try (var lines = Files.lines(table)) {
            lines.map(line -> line.strip().split("\\s+"))
                    .filter(columns -> columns.length > 9 && columns[1].endsWith(port) && columns[3].equals(LISTENING))
                    .forEach(columns -> sockets.add("socket:[" + columns[9] + "]"));
        } catch (IOException _) {
            // not Linux, or not for us to read: the answer is then without a name
        }
    }

    private static boolean holds(Path process, Set<String> sockets) {
        try (Stream<Path> files = Files.list(process.resolve("fd"))) {
            return files.anyMatch(file -> sockets.contains(target(file)));
        } catch (IOException | UncheckedIOException _) {
            return false; // gone, or somebody else's
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException _) {
            return "";
        }
    }

    private static String name(Path process) {
        try {
            return " (" + Files.readString(process.resolve("comm")).strip() + ")";
        } catch (IOException _) {
            return "";
        }
    }
}
