package holdfast.drivers.qemu;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import holdfast.platform.Json;
import holdfast.platform.PrivateFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;

/// The directory of one machine. Ours: `machine.json`, `pid` and `devices/*.json`. QEMU's: `run`, its working
/// directory, of which we follow no link, because a guest that has taken its QEMU over writes there.
final class MachineHome {
    static final String QMP = "qmp.sock";
    static final String CONSOLE = "console.sock";
    static final String CONSOLE_LOG = "console.log";
    static final String ERRORS = "qemu.log";
    static final String KERNEL = "kernel";
    static final String INITRD = "initrd";
    static final String ROOT_DISK = "root.img";

    /// A guest may write to its console for ever; beyond this the log starts afresh.
    private static final long LONGEST_LOG = 4 << 20;

    private static final int LOG_READ = 256 * 1024;
    private static final int LONGEST_STATE = 1 << 20;
    private static final int LONGEST_SOCKET_PATH = 100;

    private final Path directory;
    private final String processName;

    /// @param machines directory of all machines
    /// @param site tells our processes from those of another data directory
    MachineHome(Path machines, String site, String lease) {
        this.directory = machines.resolve(lease);
        this.processName = "holdfast-" + site + "-" + lease;
    }

    Path directory() {
        return directory;
    }

    Path run() {
        return directory.resolve("run");
    }

    String processName() {
        return processName;
    }

    boolean exists() {
        return Files.exists(directory, NOFOLLOW_LINKS);
    }

    /// The QEMU of this machine, if it runs.
    Optional<Long> process() {
        return GuestProcess.find(processName, directory.resolve("pid"));
    }

    /// Notes the process, so that it need not be searched for. A file of QEMU's own would not do: to write it, QEMU
    /// wants to enter all directories above.
    void writeProcess(long pid) throws IOException {
        replace(directory.resolve("pid"), String.valueOf(pid));
    }

    /// Where to connect to a socket in `run`. Names of sockets may have 107 bytes only, so a deep data directory is
    /// reached through QEMU's working directory.
    Path socket(String name, long pid) {
        var direct = run().resolve(name);
        return direct.toString().length() <= LONGEST_SOCKET_PATH ? direct : Path.of("/proc/" + pid + "/cwd", name);
    }

    Optional<MachineState> state() {
        return read(directory.resolve("machine.json"), MachineState.class);
    }

    void write(MachineState state) throws IOException {
        replace(directory.resolve("machine.json"), Json.text(state));
    }

    List<DeviceState> devices() {
        var files = directory.resolve("devices");
        if (!Files.isDirectory(files)) return List.of();
        var found = new ArrayList<DeviceState>();
        try (Stream<Path> entries = Files.list(files)) {
            entries.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .forEach(file -> read(file, DeviceState.class).ifPresent(found::add));
        } catch (IOException _) {
            return List.of(); // removed meanwhile
        }
        return found;
    }

    Optional<DeviceState> device(String part) {
        return read(deviceFile(part), DeviceState.class);
    }

    void write(DeviceState state) throws IOException {
        Files.createDirectories(directory.resolve("devices"));
        replace(deviceFile(state.part()), Json.text(state));
    }

    /// Forgets a device, its disk first: what is still written down is still found.
    void forget(DeviceState state) throws IOException {
        Files.deleteIfExists(run().resolve(state.diskFile()));
        Files.deleteIfExists(deviceFile(state.part()));
    }

    private Path deviceFile(String part) {
        return directory.resolve("devices").resolve(deviceId(part) + ".json");
    }

    /// A name that QEMU takes (letters, digits, hyphens), different for different parts whatever characters they
    /// hold.
    static String deviceId(String part) {
        var plain = part.replaceAll("[^A-Za-z0-9]+", "-");
        return "d-" + plain.substring(0, Math.min(24, plain.length())) + "-" + digest(part, 4);
    }

    static String digest(String text, int bytes) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// Makes a sparse file for a disk, owned as QEMU needs it; one that is there is left as it is.
    void makeDisk(String name, long mib, Confinement confinement) throws IOException {
        var file = run().resolve(name);
        if (Files.exists(file, NOFOLLOW_LINKS)) return;
        try (var channel = FileChannel.open(file, CREATE_NEW, WRITE)) {
            channel.write(ByteBuffer.allocate(1), (mib << 20) - 1);
        }
        confinement.give(file);
    }

    /// Whether the guest has said that it is up.
    boolean saidReady() throws IOException {
        return log(CONSOLE_LOG, LOG_READ).lines().anyMatch(line -> line.startsWith(Guest.READY));
    }

    /// The end of a log in a few lines, for an error message; empty if there is none.
    String lastLines(String log) throws IOException {
        var lines = log(log, LOG_READ)
                .lines()
                .map(MachineHome::printable)
                .filter(line -> !line.isBlank())
                .toList();
        return String.join("; ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
    }

    /// Starts a log afresh when it has grown too long. QEMU appends, so it goes on at the new end.
    void trimLog() throws IOException {
        var file = run().resolve(CONSOLE_LOG);
        if (!Files.isRegularFile(file, NOFOLLOW_LINKS) || Files.size(file) <= LONGEST_LOG) return;
        try (var channel = FileChannel.open(file, Set.of(WRITE, NOFOLLOW_LINKS))) {
            channel.truncate(0);
        }
    }

    void delete() throws IOException {
        PrivateFiles.deleteTree(directory);
    }

    private String log(String name, int most) throws IOException {
        var file = run().resolve(name);
        if (!Files.isRegularFile(file, NOFOLLOW_LINKS)) return "";
        try (var channel = FileChannel.open(file, Set.of(READ, NOFOLLOW_LINKS))) {
            var bytes = ByteBuffer.allocate((int) Math.min(most, channel.size()));
            channel.position(Math.max(0, channel.size() - most));
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
            return new String(bytes.array(), 0, bytes.position(), UTF_8);
        }
    }

    private static String printable(String line) {
        var shown = line.replaceAll("\\p{Cntrl}", " ").strip();
        return shown.substring(0, Math.min(300, shown.length()));
    }

    private static <T> Optional<T> read(Path file, Class<T> type) {
        try (var in = Files.newInputStream(file)) {
            return Optional.of(Json.read(new String(in.readNBytes(LONGEST_STATE), UTF_8), type));
        } catch (IOException | JacksonException _) {
            return Optional.empty(); // not there, or half of it: a leftover, which list() shows and remove() clears
        }
    }

    private static void replace(Path file, String text) throws IOException {
        var fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, text, StandardOpenOption.CREATE, WRITE, StandardOpenOption.TRUNCATE_EXISTING);
        Files.move(fresh, file, ATOMIC_MOVE);
    }
}
