package holdfast.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `demo`.
@Command(
        name = "demo",
        description =
                "Shows all of it at work: starts a server, builds a real slice with two PCI devices, proves it, takes it down.",
        footer = {
            "",
            "Uses real virtual machines where this host can run them, and installs what it needs where it may (as root on "
                    + "Debian). Elsewhere the machines are simulated, and the demo says so.",
            "",
            "Examples:",
            "  holdfast demo",
            "  holdfast demo --simulated --keep",
            ""
        })
final class DemoCommand implements Callable<Integer> {
    @Option(names = "--keep", description = "Leave server and slice running at the end, and say what to try.")
    private boolean keep;

    @Option(names = "--simulated", description = "Do not look for real virtual machines.")
    private boolean simulated;

    @Option(names = "--data", paramLabel = "DIR", description = "Keep the data here. Default: a temporary directory.")
    private Optional<Path> data = Optional.empty();

    private final Wiring wiring;

    DemoCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() {
        var stage = new Stage(wiring, keep, data);
        return stage.play(() -> new SliceDemo(stage, simulated).tell());
    }
}
