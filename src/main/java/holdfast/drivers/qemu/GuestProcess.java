package holdfast.drivers.qemu;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The QEMU processes of ours, told from all others by their command line: QEMU's program, and `-name` followed by
/// exactly our name.
final class GuestProcess {
    private static final Path PROC = Path.of("/proc");
    private static final int LONGEST_COMMAND_LINE = 128 * 1024;

    private GuestProcess() {}

    /// The process that runs under `name`. Tried first: the one noted in `pidFile`, if it still has that name.
    static Optional<Long> find(String name, Path pidFile) {
        var written = writtenIn(pidFile);
        if (written.isPresent() && nameOf(written.get()).equals(Optional.of(name))) return written;
        return all(name).stream().map(Named::pid).findFirst();
    }

    /// @param name what follows `-name`
    record Named(long pid, String name) {}

    /// Every QEMU whose name starts so.
    static List<Named> all(String start) {
        var found = new ArrayList<Named>();
        try (Stream<Path> entries = Files.list(PROC)) {
            for (var entry : (Iterable<Path>) entries::iterator) {
                var number = entry.getFileName().toString();
                if (number.charAt(0) > '9') continue;
                long pid = Long.parseLong(number);
                nameOf(pid).filter(name -> name.startsWith(start)).ifPresent(name -> found.add(new Named(pid, name)));
            }
        } catch (IOException e) {
            throw new IllegalStateException("/proc cannot be read", e);
        }
        return found;
    }

    /// The `-name` of a process that is a QEMU. Empty for one that has ended, also if nobody has waited for it yet.
    static Optional<String> nameOf(long pid) {
        var words = words(pid);
        int at = words.indexOf("-name");
        boolean isQemu = words.stream().anyMatch(word -> word.endsWith("qemu-system-x86_64"));
        return isQemu && at >= 0 && at + 1 < words.size() ? Optional.of(words.get(at + 1)) : Optional.empty();
    }

    /// The command line of a process; empty for one that has ended.
    static List<String> words(long pid) {
        try (var in = Files.newInputStream(PROC.resolve(pid + "/cmdline"))) {
            return List.of(new String(in.readNBytes(LONGEST_COMMAND_LINE), UTF_8).split("\0"));
        } catch (IOException _) {
            return List.of();
        }
    }

    private static Optional<Long> writtenIn(Path pidFile) {
        try (var in = Files.newInputStream(pidFile, LinkOption.NOFOLLOW_LINKS)) {
            var text = new String(in.readNBytes(20), UTF_8).strip();
            return text.matches("[1-9][0-9]{0,9}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
