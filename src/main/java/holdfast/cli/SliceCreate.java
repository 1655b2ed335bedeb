package holdfast.cli;

import holdfast.cli.Terminal.Style;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `slice create`.
@Command(
        name = "create",
        description = "Builds a slice from a file and shows how it gets on.",
        footer = {
            "",
            "The file is GraphML, node-link JSON, or the short form:",
            "",
            "  name: my-slice",
            "  nodes:",
            "    - {name: node1, site: RENC, cores: 8, ram: 16, disk: 100,",
            "       components: [{name: gpu1, type: GPU, model: Tesla T4}]}",
            "",
            "Examples:",
            "  holdfast slice create examples/gpu-and-nvme.yaml --hours 2 --ssh-key ~/.ssh/id_ed25519.pub",
            "  holdfast slice create examples/fabric/asm-one-vm-two-pci.graphml --name demo --dry-run",
            "  holdfast slice create - --name from-a-pipe --start +2h < slice.yaml",
            ""
        })
final class SliceCreate extends RemoteCommand {
    private static final Pattern KEY =
            Pattern.compile("(ssh-|ecdsa-|sk-)[a-z0-9@.-]{3,60} [A-Za-z0-9+/=]{20,20000}( .{0,500})?");

    @Parameters(paramLabel = "FILE", description = "What to build; - reads standard input.")
    private Path file = Path.of("-");

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name of the slice. Default: what the file says, else the file's name.")
    private Optional<String> name = Optional.empty();

    @Option(
            names = "--hours",
            paramLabel = "N",
            description = "How long it is to last. Default: what the file says, else 24.")
    private Optional<Integer> hours = Optional.empty();

    @Option(
            names = "--start",
            paramLabel = "TIME",
            description = "When it begins, local time, or +2h from now. Default: now.")
    private Optional<String> start = Optional.empty();

    @Option(names = "--end", paramLabel = "TIME", description = "When it ends, instead of --hours.")
    private Optional<String> end = Optional.empty();

    @Option(
            names = "--ssh-key",
            paramLabel = "KEY",
            description = "Public key to be let in, or the file that holds it. May be given again.")
    private List<String> sshKeys = List.of();

    @Option(
            names = "--dry-run",
            description = "Only ask whether it is in order and some host could ever hold it; nothing is kept.")
    private boolean dryRun;

    @Option(names = "--no-wait", description = "Return as soon as the server has accepted it.")
    private boolean noWait;

    SliceCreate(Wiring wiring) {
        super(wiring);
    }

    @Override
    public Integer call() {
        var request = request();
        var client = client();
        var parameters = Map.of("dryRun", dryRun ? Optional.of("true") : Optional.<String>empty());
        var accepted = new SliceView(client.post(Client.path(List.of("slices"), parameters), request));
        if (dryRun) {
            output.write(terminal(), accepted.json(), () -> plan(accepted, Nodes.text(request, "name")));
            return ExitCode.OK;
        }
        if (noWait) {
            output.write(
                    terminal(),
                    accepted.json(),
                    () -> "%s is accepted (%s). Follow it:  holdfast slice watch %s\n"
                            .formatted(accepted.name(), accepted.id(), accepted.name()));
            return ExitCode.OK;
        }
        return follow(client, accepted);
    }

    private int follow(Client client, SliceView accepted) {
        try (var view =
                new ProgressView(terminal(), terminal().err(), terminal().lively(), wiring.platform())) {
            view.show(accepted);
            var last = new Follow(client, wiring.platform(), view::say)
                    .until(
                            accepted.id(),
                            slice -> slice.settled(wiring.platform().now()),
                            view::show);
            var time = Times.words(view.elapsed());
            output.write(terminal(), last.json(), () -> last.text(terminal()) + outcome(last, time));
            return last.exitCode();
        }
    }

    private String outcome(SliceView slice, String time) {
        if (slice.state().equals("AllocatedOK"))
            return "\nReserved in %s; it will be built at %s.\n"
                    .formatted(time, Times.minutes(slice.start(), terminal().zone()));
        if (slice.good()) return "\n" + terminal().styled(Style.GOOD, "Ready in " + time + ".") + "\n";
        return "\n" + terminal().styled(Style.BAD, "Not built: see above.")
                + (slice.dead() ? " Nothing of it is left.\n" : "\n");
    }

    private String plan(SliceView answer, String asked) {
        var table = Table.of("SLIVER", "SITE", "HOST", "~SIZE", "~DEVICES");
        answer.slivers()
                .forEach(sliver -> table.row(
                        sliver.name(),
                        sliver.site(),
                        SliceView.dash(sliver.host()),
                        sliver.size(),
                        SliceView.dash(sliver.devices())));
        return "%s\n%s would be placed like this. Nothing was kept.\n".formatted(table.text(terminal()), asked);
    }

    private ObjectNode request() {
        var request = SliceFile.read(file);
        var now = wiring.platform().now();
        var zone = terminal().zone();
        name.ifPresent(given -> request.put("name", given));
        if (hours.isPresent() && end.isPresent())
            throw new CliException(ExitCode.USAGE, "--hours and --end exclude each other");
        hours.ifPresent(given -> request.put("hours", given).remove("end"));
        start.ifPresent(given ->
                request.put("start", Times.parse("--start", given, now, zone).toString()));
        end.ifPresent(given -> request.put(
                        "end", Times.parse("--end", given, now, zone).toString())
                .remove("hours"));
        if (!sshKeys.isEmpty()) {
            var keys = request.putArray("sshKeys");
            sshKeys.forEach(key -> keys.add(key(key)));
        }
        return request;
    }

    private static String key(String given) {
        if (KEY.matcher(given).matches()) return given;
        try {
            var path = Path.of(given);
            if (Files.isRegularFile(path)) {
                var key = Inputs.text(path).strip();
                if (KEY.matcher(key).matches()) return key;
                throw new CliException(
                        ExitCode.USAGE,
                        "--ssh-key: " + given + " does not hold a public key",
                        key.contains("PRIVATE KEY")
                                ? "that is the private one; name the file that ends in .pub"
                                : "name a file such as ~/.ssh/id_ed25519.pub");
            }
        } catch (InvalidPathException _) {
            // told below
        }
        throw new CliException(
                ExitCode.USAGE,
                "--ssh-key is neither a public key nor a file: " + given,
                "give a file such as ~/.ssh/id_ed25519.pub");
    }
}
