package holdfast.cli;

import holdfast.cli.ServerLauncher.Options;
import holdfast.cli.ServerLauncher.Running;
import holdfast.cli.ServerLauncher.Site;
import holdfast.cli.Terminal.Style;
import holdfast.platform.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntSupplier;

/// Where a demo is played: steps with a number and the time that each took, a server in this process, and nothing left
/// behind at the end, not when it fails and not when it is interrupted.
final class Stage {
    final Wiring wiring;
    final Terminal terminal;
    final Path data;
    final DemoCleanup cleanup;
    private final boolean keep;
    private final Instant began;
    private Instant stepBegan;
    private int steps;

    /// @param keep leave it running at the end
    /// @param data where the server keeps its data; if empty, a directory that is removed at the end
    Stage(Wiring wiring, boolean keep, Optional<Path> data) {
        this.wiring = wiring;
        this.terminal = wiring.terminal();
        this.keep = keep;
        this.data = data.orElseGet(Stage::temporaryDirectory);
        this.began = wiring.platform().now();
        this.stepBegan = began;
        this.cleanup = new DemoCleanup(this.data, data.isEmpty() && !keep, wiring.platform(), terminal);
    }

    /// Plays it, and cleans up.
    ///
    /// @return what the story returns: an exit status
    int play(IntSupplier story) {
        var interrupted = Thread.ofPlatform().name("stop").unstarted(cleanup::run);
        Runtime.getRuntime().addShutdownHook(interrupted);
        try {
            return story.getAsInt();
        } finally {
            cleanup.run();
            forget(interrupted);
        }
    }

    /// Whether it is to go on running at the end.
    boolean stays() {
        return keep;
    }

    /// A server in this process, with these sites; at the usual port only if it goes on, since others may want
    /// that.
    Running serve(List<Site> sites) {
        int port = keep && Ports.isFree(Wiring.DEFAULT_PORT) ? Wiring.DEFAULT_PORT : Ports.free();
        return serve(new Options(data, port, Optional.empty(), Optional.empty(), sites, sites));
    }

    /// A server in this process, which is stopped at the end.
    Running serve(Options options) {
        var running = wiring.launcher().start(options);
        cleanup.server(running);
        terminal.print("  " + running.url() + ", token in " + running.tokenFile());
        running.describe().forEach(line -> terminal.print("  " + line));
        return running;
    }

    Client client(Running running) {
        return Client.to(running.url(), Optional.of(ConnectionOptions.read(running.tokenFile())), terminal);
    }

    /// The next step begins.
    void step(String what) {
        steps++;
        stepBegan = wiring.platform().now();
        say(Style.STRONG, "\n" + steps + "  " + what);
    }

    /// Real machines where they can run, simulated ones elsewhere; says which.
    ///
    /// @param simulated whether that is all that is wanted
    /// @param directory of the server that is to make them
    /// @return the driver
    String machines(boolean simulated, Path directory) {
        if (simulated) {
            done("simulated machines, as you asked");
            return "simulated";
        }
        return switch (wiring.substrate()
                .check(directory.resolve("guest"), true, line -> terminal.print("  " + line))) {
            case SubstrateCheck.Real(var words) -> {
                done("real virtual machines: " + words);
                yield "qemu";
            }
            case SubstrateCheck.SimulatedOnly(var missing, var wayOut) -> {
                terminal.print("  no real virtual machines here: " + String.join("; ", missing));
                terminal.print("  to have them:  " + wayOut);
                done("going on with simulated ones");
                yield "simulated";
            }
        };
    }

    void print(String line) {
        terminal.print(line.isEmpty() ? "" : "  " + line);
    }

    /// What came out of the step, and how long it took.
    ///
    /// @param words if they begin with a new line, one is left free
    void done(String words) {
        var now = wiring.platform().now();
        var spaced = words.startsWith("\n") ? "\n  " + words.substring(1).strip() : "  " + words;
        terminal.print(
                spaced + terminal.styled(Style.FAINT, "  (" + Times.words(Duration.between(stepBegan, now)) + ")"));
        stepBegan = now;
    }

    void say(Style style, String words) {
        terminal.print(terminal.styled(style, words));
    }

    void indent(Table table) {
        if (!table.isEmpty()) table.text(terminal).lines().forEach(line -> terminal.print("  " + line));
    }

    String sinceBegin() {
        return Times.words(Duration.between(began, wiring.platform().now()));
    }

    /// The end of a story: all is cleaned up.
    void over() {
        cleanup.run();
        say(Style.STRONG, "\nAll of it took " + sinceBegin() + ".");
    }

    /// The other end of one: it goes on until it is interrupted.
    ///
    /// @param left what is still there then
    void goesOn(Running running, String left) {
        say(Style.STRONG, "\nIt goes on running; so far it took " + sinceBegin() + ".");
        terminal.print("  URL         " + running.url());
        terminal.print("  token file  " + running.tokenFile());
        terminal.print("  data        " + data);
        UpCommand.nextCommands(wiring, running).forEach(terminal::print);
        waits("Stop with Ctrl-C. The " + left + " is then still there: go on with  holdfast up --data " + data);
    }

    /// Goes on until it is interrupted. What there is then belongs to the user.
    void waits(String words) {
        terminal.print(words);
        cleanup.gone();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("holdfast-demo-");
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.FAILED, "no temporary directory can be made: " + e.getMessage(), "name one with --data");
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // we are being interrupted: it runs
        }
    }
}
