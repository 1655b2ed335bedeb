package holdfast.cli;

import holdfast.cli.ServerLauncher.Options;
import holdfast.cli.ServerLauncher.Running;
import holdfast.cli.ServerLauncher.Site;
import holdfast.cli.Terminal.Style;
import holdfast.platform.Json;
import holdfast.platform.Ports;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;

/// `up`.
@Command(
        name = "up",
        description =
                "Runs a server in this process until it is interrupted: orchestrator, broker and the authorities of its sites.",
        footer = {
            "",
            "Without --site, a new data directory gets the three example sites (RENC, UKY and the network between them).",
            "",
            "Examples:",
            "  holdfast up",
            "  holdfast up --data /srv/holdfast --port 9000 --site lab.graphml=qemu",
            "  holdfast up --database jdbc:postgresql://db.example.org/holdfast?user=holdfast",
            ""
        })
final class UpCommand implements Callable<Integer> {
    static final String DATA = "Data directory. Default: $HOLDFAST_DATA, else ~/.local/share/holdfast.";

    @Option(names = "--data", paramLabel = "DIR", description = DATA)
    private Optional<Path> data = Optional.empty();

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port on 127.0.0.1; 0 = any that is free. Default: ${DEFAULT-VALUE}.")
    private int port = Wiring.DEFAULT_PORT;

    @Option(
            names = "--database",
            paramLabel = "URL",
            description = "JDBC URL of a PostgreSQL 15 or newer. Default: an embedded one in the data directory.")
    private Optional<String> database = Optional.empty();

    @Option(names = "--config", paramLabel = "FILE", description = "File with further settings.")
    private Optional<Path> config = Optional.empty();

    @Option(
            names = "--site",
            paramLabel = "FILE[=DRIVER]",
            description =
                    "Be the authority of the site in this advertisement. DRIVER is qemu, simulated, or auto = qemu where guests can run "
                            + "(the default). May be given again.")
    private List<String> sites = List.of();

    private final Wiring wiring;

    UpCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() {
        var began = wiring.platform().now();
        var options = options();
        if (port != 0 && !Ports.isFree(port) && answering(wiring, port)) {
            throw new CliException(
                    ExitCode.FAILED,
                    "a Holdfast server runs at http://127.0.0.1:" + port + " already",
                    "use that one:  holdfast status"
                            + (port == Wiring.DEFAULT_PORT ? "" : " --server http://127.0.0.1:" + port),
                    "or give this one another port:  holdfast up --port N --data DIR");
        }
        var running = wiring.launcher().start(options);
        var stop = stopWhenInterrupted(running);
        announce(
                running,
                Times.words(java.time.Duration.between(began, wiring.platform().now())));
        await(stop);
        return ExitCode.OK;
    }

    private Options options() {
        if (port < 0 || port > 65_535) throw new CliException(ExitCode.USAGE, "--port is 0 to 65535, not " + port);
        var known = sites.stream().map(Site::parse).toList();
        for (var site : known)
            if (!Files.isRegularFile(site.advertisement()))
                throw new CliException(ExitCode.NOT_THERE, "--site: there is no file " + site.advertisement());
        config.filter(file -> !Files.isRegularFile(file)).ifPresent(file -> {
            throw new CliException(ExitCode.NOT_THERE, "--config: there is no file " + file);
        });
        return new Options(
                data.orElseGet(wiring::dataDirectory), port, database, config, known, examples(wiring, "auto"));
    }

    /// The sites that come with the product, those that are there.
    static List<Site> examples(Wiring wiring, String driver) {
        return List.of("renc-site-ad.graphml", "uky-site-ad.graphml", "network-ad.graphml").stream()
                .map(name -> wiring.example("fabric").resolve(name))
                .filter(Files::isRegularFile)
                .map(file -> new Site(file, driver))
                .toList();
    }

    /// Whether a Holdfast server answers on a port of this host.
    static boolean answering(Wiring wiring, int port) {
        return Client.to(URI.create("http://127.0.0.1:" + port), Optional.empty(), wiring.terminal())
                .health()
                .map(answer -> {
                    try {
                        return !Nodes.text(Json.tree(answer.text()), "state").isEmpty();
                    } catch (JacksonException _) {
                        return false;
                    }
                })
                .orElse(false);
    }

    private void announce(Running running, String time) {
        var terminal = wiring.terminal();
        terminal.print(terminal.styled(Style.GOOD, "Ready in " + time + "."));
        terminal.print("  URL         " + running.url());
        terminal.print("  token file  " + running.tokenFile());
        running.describe().forEach(line -> terminal.print("  " + line));
        nextCommands(wiring, running).forEach(terminal::print);
        terminal.print("Stop with Ctrl-C.");
    }

    /// What to try against a server, with the options that reach it.
    static List<String> nextCommands(Wiring wiring, Running running) {
        var reach = new StringBuilder();
        if (running.url().getPort() != Wiring.DEFAULT_PORT)
            reach.append(" --server ").append(running.url());
        if (!running.tokenFile().equals(wiring.dataDirectory().resolve("token")))
            reach.append(" --token-file ").append(running.tokenFile());
        return List.of(
                "Try, in another terminal:",
                "  holdfast capacity --level 2" + reach,
                "  holdfast slice create " + wiring.example("gpu-and-nvme.yaml") + reach,
                "  holdfast slice list" + reach);
    }

    /// Closes the server when this process is told to end, and opens the latch then.
    private CountDownLatch stopWhenInterrupted(Running running) {
        var stop = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> {
            wiring.terminal().print("Stopping.");
            running.close();
            stop.countDown();
        }));
        return stop;
    }

    private static void await(CountDownLatch stop) {
        try {
            stop.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
