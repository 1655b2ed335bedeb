package holdfast.outside;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A server as users have it: a process of its own, known only by its command line, its socket and its files.
public final class ServerProcess implements AutoCloseable {
    static final Path ROOT =
            Path.of(System.getProperty("holdfast.root", ".")).toAbsolutePath().normalize();
    private static final Pattern URL = Pattern.compile("URL +(http://\\S+)");
    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final List<String> PROGRAM = program();

    private final Process process;
    private final Path data;
    private final Path log;
    private final String url;

    private ServerProcess(Process process, Path data, Path log, String url) {
        this.process = process;
        this.data = data;
        this.log = log;
        this.url = url;
    }

    /// How one program of ours ended.
    record Ended(int exit, String out) {}

    /// The three sites of the examples, on simulated hosts.
    public static String[] simulatedSites() {
        return sites("simulated");
    }

    static String[] sites(String driver) {
        return Stream.of("renc-site-ad", "uky-site-ad", "network-ad")
                .flatMap(name -> Stream.of(
                        "--site",
                        ROOT.resolve("examples/fabric/" + name + ".graphml=" + driver)
                                .toString()))
                .toArray(String[]::new);
    }

    /// Starts a server on `data` and any free port; returns when it says that it is ready.
    static ServerProcess start(Path data, String... more) throws IOException, InterruptedException {
        return start(data, Map.of(), more);
    }

    static ServerProcess start(Path data, Map<String, String> environment, String... more)
            throws IOException, InterruptedException {
        return start(data, 0, environment, more);
    }

    /// The same on a port that others know; 0 = any that is free.
    public static ServerProcess start(Path data, int port, String... more) throws IOException, InterruptedException {
        return start(data, port, Map.of(), more);
    }

    private static ServerProcess start(Path data, int port, Map<String, String> environment, String... more)
            throws IOException, InterruptedException {
        var words = new ArrayList<>(List.of("up", "--data", data.toString(), "--port", String.valueOf(port)));
        words.addAll(List.of(more));
        var log = Files.createTempFile(data.toAbsolutePath().getParent(), "server-", ".log");
        var process = launch(words, environment, log);
        try {
            var ready = Await.value(
                    "the server to be ready", START_LIMIT, () -> process.isAlive() ? readyUrl(log) : Optional.of(""));
            assertThat(ready).as(() -> "the server ended:\n" + text(log)).isNotEmpty();
            return new ServerProcess(process, data, log, ready);
        } catch (AssertionError | RuntimeException e) {
            process.destroyForcibly().waitFor();
            throw e;
        }
    }

    private static Optional<String> readyUrl(Path log) {
        var text = text(log);
        var url = URL.matcher(text);
        return text.contains("Stop with Ctrl-C.") && url.find() ? Optional.of(url.group(1)) : Optional.empty();
    }

    private static Process launch(List<String> arguments, Map<String, String> environment, Path out)
            throws IOException {
        var words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-Dholdfast.home=" + ROOT));
        words.addAll(PROGRAM);
        words.addAll(arguments);
        var builder = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("HOLDFAST_"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    /// The jar that users get with what the build has prepared of it, or the classes where they are newer. What was
    /// prepared is of no use beside options that open modules; the jar asks for those that it needs.
    private static List<String> program() {
        try {
            var classes = Path.of(Json.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            var jar = classes.resolveSibling("holdfast.jar");
            var prepared = classes.resolveSibling("holdfast.aot");
            try (var files = Files.walk(classes)) {
                if (isNewer(prepared, jar) && files.filter(Files::isRegularFile).allMatch(file -> isNewer(jar, file)))
                    return List.of("-Xlog:disable", "-XX:AOTCache=" + prepared, "-jar", jar.toString());
            }
            return List.of(
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "holdfast.Main");
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isNewer(Path one, Path other) {
        return one.toFile().lastModified() > other.toFile().lastModified();
    }

    /// Runs a command to its end, at most five minutes.
    static Ended run(Path scratch, String... arguments) throws IOException, InterruptedException {
        return run(scratch, Map.of(), arguments);
    }

    static Ended run(Path scratch, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        return run(scratch, environment, LIMIT, arguments);
    }

    static Ended run(Path scratch, Map<String, String> environment, Duration limit, String... arguments)
            throws IOException, InterruptedException {
        return run(scratch, environment, "", limit, arguments);
    }

    /// @param input what it may read
    private static Ended run(
            Path scratch, Map<String, String> environment, String input, Duration limit, String... arguments)
            throws IOException, InterruptedException {
        var out = Files.createTempFile(scratch, "command-", ".log");
        var process = launch(List.of(arguments), environment, out);
        try (var writer = process.outputWriter()) {
            writer.write(input);
            writer.flush();
            assertThat(process.waitFor(limit.toSeconds(), TimeUnit.SECONDS))
                    .as(() -> String.join(" ", arguments) + " ends; it said: " + text(out))
                    .isTrue();
            return new Ended(process.exitValue(), text(out));
        } finally {
            process.destroyForcibly();
        }
    }

    /// A command of ours against this server, with its token.
    Ended cli(String... arguments) throws IOException, InterruptedException {
        return piped("", arguments);
    }

    /// The same, with something to read.
    Ended piped(String input, String... arguments) throws IOException, InterruptedException {
        var words = new ArrayList<>(List.of(arguments));
        words.addAll(
                List.of("--server", url, "--token-file", data.resolve("token").toString()));
        return run(log.getParent(), Map.of(), input, LIMIT, words.toArray(String[]::new));
    }

    Api api() {
        return new Api(url, token());
    }

    /// The administrator's.
    String token() {
        return text(data.resolve("token")).strip();
    }

    String url() {
        return url;
    }

    public int port() {
        return java.net.URI.create(url).getPort();
    }

    long pid() {
        return process.pid();
    }

    /// All that it has written so far.
    String log() {
        return text(log);
    }

    /// The process id of the embedded database.
    long postgres() throws IOException {
        try (var clusters = Files.newDirectoryStream(data.resolve("postgres"), "pg*")) {
            var lock = clusters.iterator().next().resolve("postmaster.pid");
            return Long.parseLong(Files.readAllLines(lock).getFirst().strip());
        }
    }

    /// The embedded database of a data directory was there, and nobody runs it any more.
    static void databaseIsStopped(Path data) throws IOException {
        try (var files = Files.walk(data.resolve("postgres"), 2)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .as("the database of " + data)
                    .contains("PG_VERSION")
                    .doesNotContain("postmaster.pid");
        }
    }

    /// Kills the process as a power cut would (signal 9), and nothing else.
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// Asks it to stop, as Ctrl-C does.
    ///
    /// @return its exit status
    int stop() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(120, TimeUnit.SECONDS))
                .as("it stops when asked")
                .isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(120, TimeUnit.SECONDS)) process.destroyForcibly();
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /// Whether a process runs; one that has ended and that nobody has waited for does not.
    static boolean runs(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException _) {
            return false;
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
