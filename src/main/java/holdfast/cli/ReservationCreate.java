package holdfast.cli;

import holdfast.platform.Json;
import holdfast.platform.ParseFault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// `reservation create`.
@Command(
        name = "create",
        description = "Reserves capacity at providers for a time, all that is asked for or nothing.",
        footer = {
            "",
            "Examples:",
            "  holdfast reservation create expo --flavor m1.small --count 3 --zone north --start +1d --for 2h",
            "  holdfast reservation create lab --hosts 2 --where '[\">=\", \"$vcpus\", \"16\"]' --for 8h --dry-run",
            "  holdfast reservation create maybe --amount vcpu=16 --amount memory_mb=32768 --hold 60s",
            "  holdfast reservation create -f reservation.yaml",
            ""
        })
final class ReservationCreate extends RemoteCommand {
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Pattern AMOUNT = Pattern.compile("([a-z_]{1,40})=([0-9]{1,15})");

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "A name to find it by.")
    private Optional<String> name = Optional.empty();

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "The request as YAML or JSON; - reads standard input.")
    private Optional<Path> file = Optional.empty();

    @Option(names = "--flavor", paramLabel = "SIZE", description = "Room for servers of this size.")
    private Optional<String> flavor = Optional.empty();

    @Option(names = "--count", paramLabel = "N", description = "How many servers. Default: 1.")
    private Optional<Integer> count = Optional.empty();

    @Option(names = "--hosts", paramLabel = "N", description = "Whole hosts.")
    private Optional<Integer> hosts = Optional.empty();

    @Option(names = "--amount", paramLabel = "NAME=N", description = "A quantity, such as vcpu=8; may be given again.")
    private List<String> amounts = List.of();

    @Option(
            names = "--where",
            paramLabel = "QUERY",
            description = "Which hosts will do, as a query on their properties.")
    private Optional<String> where = Optional.empty();

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            description = "A zone that will do; may be given again. Default: any.")
    private List<String> zones = List.of();

    @Option(names = "--provider", paramLabel = "NAME", description = "The only provider that will do.")
    private Optional<String> provider = Optional.empty();

    @Option(
            names = "--start",
            paramLabel = "TIME",
            description = "When it begins, local time, or +2h from now. Default: now.")
    private Optional<String> start = Optional.empty();

    @Option(names = "--end", paramLabel = "TIME", description = "When it ends.")
    private Optional<String> end = Optional.empty();

    @Option(names = "--for", paramLabel = "TIME", description = "How long it lasts, such as 2h, instead of --end.")
    private Optional<String> length = Optional.empty();

    @Option(names = "--hold", paramLabel = "TIME", description = "Only an offer, which lapses after so long.")
    private Optional<String> hold = Optional.empty();

    @Option(names = "--priority", paramLabel = "N", description = "0 to 100. Default: 50.")
    private Optional<Integer> priority = Optional.empty();

    @Option(names = "--dry-run", description = "Only ask whether there is room, and where; nothing is kept.")
    private boolean dryRun;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "Give up waiting for providers after this. Default: ${DEFAULT-VALUE}.")
    private long seconds = 120;

    ReservationCreate(Wiring wiring) {
        super(wiring);
    }

    @Override
    public Integer call() {
        var parameters = Map.of("dryRun", dryRun ? Optional.of("true") : Optional.<String>empty());
        var path = Client.path(List.of(ReservationCommands.COLLECTION), parameters);
        var made = client().post(path, request());
        if (dryRun) {
            return say(made, this::plan);
        }
        var last = awaited(made);
        output.write(terminal(), last, () -> ReservationView.line(terminal(), last) + next(last));
        return switch (Nodes.text(last, "state")) {
            case "rejected", "failed" ->
                throw new CliException(ExitCode.FAILED, "it was refused: " + Nodes.text(last, "error", "message"));
            default -> ExitCode.OK;
        };
    }

    private String plan(JsonNode made) {
        return ReservationView.text(terminal(), made) + "\nThere is room. Nothing was kept.\n";
    }

    private String next(JsonNode last) {
        var id = Nodes.text(last, "id");
        return switch (Nodes.text(last, "state")) {
            case "held" ->
                "Take it until %s with:  holdfast reservation confirm %s\n"
                        .formatted(
                                Times.seconds(
                                        Nodes.text(last, "goodUntil"),
                                        terminal().zone()),
                                id);
            case "initialized" -> "Its providers have not agreed yet. See:  holdfast reservation show " + id + "\n";
            default -> "";
        };
    }

    /// Tells each state that it goes through while a provider is still to agree.
    private JsonNode awaited(JsonNode made) {
        var path = Client.path(ReservationCommands.COLLECTION, Nodes.text(made, "id"));
        var limit = wiring.platform().now().plusSeconds(seconds);
        var last = made;
        var told = "";
        while (true) {
            var state = Nodes.text(last, "state");
            if (!state.equals(told)) terminal().note(Nodes.text(last, "name") + "  " + state);
            told = state;
            if (!state.equals("initialized") || wiring.platform().now().isAfter(limit)) return last;
            LockSupport.parkNanos(PAUSE.toNanos());
            last = client().get(path);
        }
    }

    // what is asked for

    private ObjectNode request() {
        var body = file.map(ReservationCreate::read).orElseGet(Json::object);
        name.ifPresent(text -> body.put("name", text));
        if (!body.has("name"))
            throw new CliException(
                    ExitCode.USAGE, "a reservation needs a name", "holdfast reservation create NAME ...");
        if (length.isPresent() && end.isPresent())
            throw new CliException(ExitCode.USAGE, "--for and --end exclude each other");
        start.ifPresent(text -> body.put("start", time("--start", text)));
        end.ifPresent(text -> body.put("end", time("--end", text)).remove("durationSeconds"));
        length.ifPresent(
                text -> body.put("durationSeconds", Times.length("--for", text).toSeconds())
                        .remove("end"));
        hold.ifPresent(text -> body.put("hold", true)
                .put("ttlSeconds", Times.length("--hold", text).toSeconds()));
        priority.ifPresent(number -> body.put("priority", number));
        items(body.withArray("items"));
        return body;
    }

    private void items(ArrayNode items) {
        if (count.isPresent() && flavor.isEmpty())
            throw new CliException(ExitCode.USAGE, "--count is of servers; say of which size with --flavor");
        flavor.ifPresent(size -> somewhere(
                items.addObject().put("kind", "instances").put("flavor", size).put("min", count.orElse(1))));
        hosts.ifPresent(
                number -> somewhere(items.addObject().put("kind", "hosts").put("min", number)));
        if (!amounts.isEmpty()) {
            var given = new LinkedHashMap<String, Long>();
            amounts.forEach(amount -> given.put(amount.replaceFirst("=.*", ""), number(amount)));
            somewhere(items.addObject().put("kind", "quantity").set("amounts", Json.toTree(given)));
        }
        if (items.isEmpty())
            throw new CliException(
                    ExitCode.USAGE, "nothing is asked for", "say what with --flavor, --hosts, --amount or -f FILE");
    }

    private static long number(String amount) {
        var matcher = AMOUNT.matcher(amount);
        if (!matcher.matches())
            throw new CliException(ExitCode.USAGE, "--amount is not NAME=N: " + amount, "such as --amount vcpu=8");
        return Long.parseLong(matcher.group(2));
    }

    private void somewhere(ObjectNode item) {
        if (!zones.isEmpty()) item.set("zones", Json.toTree(zones));
        provider.ifPresent(text -> item.put("provider", text));
        if (!Nodes.text(item, "kind").equals("quantity")) where.ifPresent(text -> item.put("query", text));
    }

    private static ObjectNode read(Path file) {
        try {
            if (YAMLMapper.shared().readTree(Inputs.text(file)) instanceof ObjectNode request) return request;
        } catch (JacksonException e) {
            throw new CliException(ExitCode.FAILED, file + ": " + ParseFault.words(e));
        }
        throw new CliException(ExitCode.FAILED, file + " does not describe a reservation");
    }
}
