package holdfast.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `demo slice`, `demo reservation`, `demo federation` and `demo cloud`.
@Command(
        name = "demo",
        description = "Shows it at work, from a server that it starts to the last thing cleaned up.",
        footer = {
            "",
            "slice         builds a real slice with two PCI devices, proves it, takes it down. Uses real virtual machines where",
            "              this host can run them, and installs what it needs where it may (as root on Debian).",
            "reservation   reserves servers at a cloud for a time that begins in seconds, shows that others are refused, runs",
            "              two and gives back the third. Uses the OpenStack of openstack/up, or of --openrc.",
            "federation    starts two domains, each a supernode and a node: what finds no room at one is bought of the other by",
            "              way of the supernodes, runs there, and is given back. Four servers, which need 600 MB of memory.",
            "cloud         makes one cloud of two, kills one of them, and shows that users hardly notice. One is a server in a",
            "              process of its own, with real virtual machines where this host can run them; the other is the",
            "              OpenStack of openstack/up, or of --openrc, or else a third server with simulated machines.",
            "",
            "Where there is nothing real it is simulated, and the demo says so.",
            "",
            "Examples:",
            "  holdfast demo",
            "  holdfast demo slice --simulated --keep",
            "  holdfast demo reservation",
            "  holdfast demo federation",
            "  holdfast demo cloud",
            ""
        })
final class DemoCommand implements Callable<Integer> {
    private enum Story {
        SLICE,
        RESERVATION,
        FEDERATION,
        CLOUD
    }

    @Parameters(
            paramLabel = "STORY",
            arity = "0..1",
            description = "slice, reservation, federation or cloud. Default: slice.")
    private Story story = Story.SLICE;

    @Option(names = "--keep", description = "Leave it running at the end, and say what to try.")
    private boolean keep;

    @Option(names = "--simulated", description = "Do not look for real machines or clouds.")
    private boolean simulated;

    @Option(names = "--data", paramLabel = "DIR", description = "Keep the data here. Default: a temporary directory.")
    private Optional<Path> data = Optional.empty();

    @Option(
            names = "--openrc",
            paramLabel = "FILE",
            description = "Who we are at an OpenStack, for reservation and cloud.")
    private Optional<Path> openrc = Optional.empty();

    private final Wiring wiring;

    DemoCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() {
        var stage = new Stage(wiring, keep, data);
        return stage.play(() -> switch (story) {
            case SLICE -> new SliceDemo(stage, simulated).tell();
            case FEDERATION -> new FederationDemo(stage, simulated).tell();
            case CLOUD -> new CloudDemo(stage, simulated, openrc).tell();
            case RESERVATION -> new ReservationDemo(stage, simulated, openrc).tell();
        });
    }
}
