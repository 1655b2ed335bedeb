package holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Platform;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// Runs commands as a user would, and keeps what they wrote.
final class Run {
    static final Path ROOT =
            Path.of(System.getProperty("holdfast.root", ".")).toAbsolutePath().normalize();
    static final Instant NOW = Instant.parse("2031-04-05T12:00:00Z");

    private final Map<String, String> environment =
            new HashMap<>(Map.of("HOME", "/home/somebody", "HOLDFAST_TOKEN", FakeServer.TOKEN));
    private int width = 100_000;
    private boolean watched;
    private boolean color;
    private InstantSource clock = InstantSource.fixed(NOW);
    private ServerLauncher launcher = _ -> {
        throw new AssertionError("no server is to be started");
    };
    private SubstrateCheck substrate =
            (_, _, _) -> new SubstrateCheck.SimulatedOnly(List.of("there is no QEMU"), "apt-get install qemu");
    private Backups backups = new NoBackups();

    /// How a command ended.
    record Ended(int exit, String out, String err) {
        Ended ok() {
            assertThat(exit).as("exit status; it said: " + err).isZero();
            return this;
        }
    }

    static Run against(FakeServer server) {
        return against(server.url());
    }

    static Run against(URI url) {
        return new Run().with("HOLDFAST_SERVER", url.toString());
    }

    Run with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Run without(String variable) {
        environment.remove(variable);
        return this;
    }

    /// On a terminal of that many columns.
    Run terminal(int columns) {
        watched = true;
        width = columns;
        return this;
    }

    Run colored() {
        color = true;
        return this;
    }

    /// Each look at the clock finds it `seconds` later.
    Run clockThatRuns(long seconds) {
        var looks = new AtomicLong();
        clock = () -> NOW.plusSeconds(seconds * looks.getAndIncrement());
        return this;
    }

    Run launching(ServerLauncher other) {
        launcher = other;
        return this;
    }

    Run on(SubstrateCheck other) {
        substrate = other;
        return this;
    }

    Run backedUpBy(Backups other) {
        backups = other;
        return this;
    }

    Ended command(String... words) {
        var out = new StringWriter();
        var err = new StringWriter();
        var terminal = new Terminal(
                new PrintWriter(out),
                new PrintWriter(err),
                watched,
                false,
                color,
                width,
                ZoneId.of("America/New_York"));
        var wiring =
                new Wiring(terminal, Platform.seeded(1, clock), environment, ROOT, "9.9", launcher, substrate, backups);
        int exit = Cli.commandLine(wiring).execute(words);
        return new Ended(exit, out.toString(), err.toString());
    }

    private static final class NoBackups implements Backups {
        @Override
        public long save(Path data, Optional<String> database, Path file) {
            throw new AssertionError("nothing is to be saved");
        }

        @Override
        public void restore(Path file, Path data, Optional<String> database) {
            throw new AssertionError("nothing is to be restored");
        }
    }

    /// Compares with a golden file; with `-Dholdfast.bless=true`, writes it.
    static void isGolden(String name, String text) {
        var file = ROOT.resolve("src/test/resources/holdfast/cli").resolve(name);
        try {
            if (Boolean.getBoolean("holdfast.bless")) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, text);
                return;
            }
            assertThat(file)
                    .as("golden file; write it with ./check --bless and read it")
                    .exists();
            assertThat(text).isEqualTo(Files.readString(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
