package holdfast.cli;

import holdfast.platform.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `hwprofile add`, `list`, `show` and `remove`.
@Command(
        name = "hwprofile",
        description = "Hardware profiles: the sizes that users name, and those that clouds have.",
        synopsisSubcommandLabel = "COMMAND")
final class ProfileCommands {
    private static final BrokerCommands KIND = new BrokerCommands(
            Broker.PROFILES,
            "hardware profiles",
            "No hardware profiles. Add one:  holdfast hwprofile add NAME --memory MB --cpu N\n",
            List.of("NAME", ">CPU", ">MEMORY MB", ">STORAGE GB", "ARCHITECTURE", "CLOUD"),
            one -> List.of(
                    Nodes.text(one, "name"),
                    measure(one, "cpu"),
                    measure(one, "memory"),
                    measure(one, "storage"),
                    measure(one, "architecture"),
                    SliceView.dash(Nodes.text(one, "provider", "value"))));

    private ProfileCommands() {}

    static CommandLine all(Wiring wiring) {
        return new CommandLine(new ProfileCommands())
                .addSubcommand(new Add(wiring))
                .addSubcommand(new ProfileList(wiring))
                .addSubcommand(KIND.shown(wiring))
                .addSubcommand(KIND.removed(wiring));
    }

    private static String measure(JsonNode one, String name) {
        var value = Nodes.text(one, name, "value");
        return switch (Nodes.text(one, name, "kind")) {
            case "range" -> Nodes.text(one, name, "first") + ".." + Nodes.text(one, name, "last");
            case "enum" ->
                String.join(
                        ",",
                        Nodes.items(one, name, "entries").stream()
                                .map(entry -> entry.asString(""))
                                .toList());
            default -> value.isEmpty() || value.equals("nil") ? "-" : value;
        };
    }

    @Command(
            name = "list",
            description = "Lists the hardware profiles that users name; with --cloud those that clouds have.")
    static final class ProfileList extends RemoteCommand {
        @Option(names = "--cloud", paramLabel = "CLOUD", description = "Those of a cloud; any for all clouds.")
        private Optional<String> cloud = Optional.empty();

        ProfileList(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = new Broker(client());
            var at = cloud.map(name -> name.equals("any") ? name : broker.id(Broker.PROVIDERS, name));
            return KIND.listed(this, Map.of("provider", at));
        }
    }

    @Command(
            name = "add",
            description = {
                "Adds a size that users may name. What is not said may be anything.",
                "A measure is a number, a range such as 512..4096, or some numbers such as 1,2,4."
            },
            footer = {"", "Example:  holdfast hwprofile add roomy --memory 1024..16384 --cpu 2,4 --storage 20"})
    static final class Add extends BrokerCommands.New {
        private static final Pattern RANGE = Pattern.compile("([0-9.]+?)\\.\\.([0-9.]+)");

        @Option(names = "--memory", paramLabel = "MB", description = "At least so much memory.")
        private Optional<String> memory = Optional.empty();

        @Option(names = "--cpu", paramLabel = "N", description = "At least so many processors.")
        private Optional<String> cpu = Optional.empty();

        @Option(names = "--storage", paramLabel = "GB", description = "At least so much storage.")
        private Optional<String> storage = Optional.empty();

        @Option(names = "--architecture", paramLabel = "WORD", description = "Such as x86_64.")
        private Optional<String> architecture = Optional.empty();

        Add(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var body = Json.object().put("name", name);
            memory.ifPresent(text -> body.set("memory", measure(text)));
            cpu.ifPresent(text -> body.set("cpu", measure(text)));
            storage.ifPresent(text -> body.set("storage", measure(text)));
            architecture.ifPresent(text -> body.putObject("architecture").put("value", text));
            return say(
                    broker().post(Json.object().set("hardware_profile", body), Broker.PROFILES),
                    _ -> name + " is added.\n");
        }

        private static ObjectNode measure(String text) {
            var range = RANGE.matcher(text);
            if (range.matches())
                return Json.object()
                        .put("kind", "range")
                        .put("first", range.group(1))
                        .put("last", range.group(2));
            if (!text.contains(",")) return Json.object().put("value", text);
            return Json.object().put("kind", "enum").set("entries", Json.toTree(List.of(text.split(","))));
        }
    }
}
