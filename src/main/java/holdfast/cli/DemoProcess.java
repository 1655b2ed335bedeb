package holdfast.cli;

import holdfast.cli.ServerLauncher.Running;
import holdfast.platform.Commands;
import holdfast.platform.HttpCaller;
import holdfast.platform.HttpCaller.NoAnswerException;
import holdfast.platform.Platform;
import holdfast.platform.Ports;
import holdfast.platform.PrivateFiles;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A server in a process of its own, which can be killed as by a power cut and started again on what it has left. Ends
/// with the demo, also if that is killed, where the host has `setpriv`.
final class DemoProcess implements Running {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration FAREWELL = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Path data;
    private final Path site;
    private final int port;
    private final Platform platform;
    private Process process;

    private DemoProcess(Path data, Path site, Platform platform) throws IOException {
        this.data = data;
        this.site = site;
        this.port = Ports.free();
        this.platform = platform;
        PrivateFiles.makeDirectory(data);
        this.process = start();
    }

    /// Begins to start one; it takes requests after [#ready].
    ///
    /// @param data the directory of its database, token and clouds
    static DemoProcess start(Path data, Wiring wiring) {
        try {
            return new DemoProcess(data, wiring.example("fabric").resolve("network-ad.graphml"), wiring.platform());
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "a second server cannot be started: " + e.getMessage());
        }
    }

    /// The same program with the same options as this process.
    private Process start() throws IOException {
        var words = new ArrayList<String>();
        if (Commands.find("setpriv").isPresent()) words.addAll(List.of("setpriv", "--pdeathsig", "TERM", "--"));
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        words.addAll(List.of("-cp", System.getProperty("java.class.path"), "holdfast.Main", "up"));
        words.addAll(List.of("--data", data.toString(), "--port", String.valueOf(port)));
        words.addAll(List.of("--site", site + "=simulated")); // else it would look for real machines first
        return new ProcessBuilder(words)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log().toFile()))
                .start();
    }

    private Path log() {
        return data.resolve("server.log");
    }

    /// Waits until it takes requests.
    DemoProcess ready() {
        var health = new HttpCaller(url(), Optional.empty(), LIMIT, LIMIT);
        var deadline = platform.now().plus(PATIENCE);
        while (!answers(health)) {
            if (!process.isAlive() || platform.now().isAfter(deadline))
                throw new CliException(
                        ExitCode.FAILED, "the server in " + data + " did not start; " + log() + " says why");
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return this;
    }

    private boolean answers(HttpCaller health) {
        try {
            return health.call("GET", "/v1/health", Optional.empty()).ok() && Files.isReadable(tokenFile());
        } catch (NoAnswerException _) {
            return false;
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /// Ends it with signal 9: it has no time to say or write anything.
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /// Starts it again, where it was and with what it had.
    DemoProcess again() {
        try {
            process = start();
            return ready();
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "the server cannot be started again: " + e.getMessage());
        }
    }

    private boolean awaitEnd() {
        try {
            return process.waitFor(FAREWELL.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public Path tokenFile() {
        return data.resolve("token");
    }

    @Override
    public List<String> describe() {
        return List.of("process " + pid() + ", data in " + data);
    }

    @Override
    public void close() {
        process.destroy();
        if (!awaitEnd()) process.destroyForcibly();
    }
}
