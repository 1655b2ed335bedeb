package holdfast.cli;

import holdfast.platform.Json;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `flavor offer`, `list` and `withdraw`.
@Command(
        name = "flavor",
        description = "What is for sale to other domains. Administrators say what.",
        synopsisSubcommandLabel = "COMMAND")
final class FlavorCommands {
    private static final String COLLECTION = "flavors";

    private FlavorCommands() {}

    static CommandLine all(Wiring wiring) {
        return new CommandLine(new FlavorCommands())
                .addSubcommand(new Offer(wiring))
                .addSubcommand(new FlavorList(wiring))
                .addSubcommand(new Withdraw(wiring));
    }

    @Command(
            name = "offer",
            description = {
                "Offers a part of a cluster, or of a host, to other domains; with --count machines of that size.",
                "Of a host it is all of it less a reserve of 10 percent, unless amounts are given."
            },
            footer = {
                "",
                "Examples:",
                "  holdfast flavor offer edge --cpu 8 --memory 32Gi --pods 110 --price '0.40 EUR hour'",
                "  holdfast flavor offer half --host LAB-H2 --minimum cpu=1,memory=2Gi --step cpu=1,memory=1Gi",
                "  holdfast flavor offer small --host LAB-H2 --count 3 --cpu 2 --memory 4Gi --storage 20Gi"
            })
    static final class Offer extends RemoteCommand {
        @Parameters(paramLabel = "NAME", description = "How it is called here; others see other names.")
        private String name = "";

        @Option(names = "--cpu", paramLabel = "AMOUNT", description = "Such as 8 or 7500m.")
        private Optional<String> cpu = Optional.empty();

        @Option(names = "--memory", paramLabel = "AMOUNT", description = "Such as 32Gi.")
        private Optional<String> memory = Optional.empty();

        @Option(names = "--pods", paramLabel = "COUNT", description = "Such as 110.")
        private Optional<String> pods = Optional.empty();

        @Option(names = "--storage", paramLabel = "AMOUNT", description = "Such as 100Gi.")
        private Optional<String> storage = Optional.empty();

        @Option(names = "--gpu", paramLabel = "AMOUNT", description = "Cores of GPUs, such as 4.")
        private Optional<String> gpu = Optional.empty();

        @Option(names = "--gpu-model", paramLabel = "MODEL", description = "Which those are, such as 'Tesla T4'.")
        private Optional<String> gpuModel = Optional.empty();

        @Option(
                names = "--count",
                paramLabel = "N",
                description = "How many machines there are; amounts are then those of one.")
        private Optional<Integer> count = Optional.empty();

        @Option(names = "--host", paramLabel = "ID", description = "NodeID of a host of ours that it is a part of.")
        private Optional<String> host = Optional.empty();

        @Option(
                names = "--minimum",
                split = ",",
                paramLabel = "WHAT=AMOUNT",
                description = "The least that is sold of each.")
        private Map<String, String> minimum = new TreeMap<>();

        @Option(names = "--step", split = ",", paramLabel = "WHAT=AMOUNT", description = "By how much more than that.")
        private Map<String, String> step = new TreeMap<>();

        @Option(
                names = "--price",
                paramLabel = "PRICE",
                description = "Of all of it: amount, currency and period, such as '0.40 EUR hour'.")
        private Optional<String> price = Optional.empty();

        @Option(names = "--country", paramLabel = "NAME", description = "Where it is.")
        private Optional<String> country = Optional.empty();

        Offer(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var body = Json.object().put("name", name);
            var amounts = new TreeMap<String, String>();
            cpu.ifPresent(amount -> amounts.put("cpu", amount));
            memory.ifPresent(amount -> amounts.put("memory", amount));
            pods.ifPresent(amount -> amounts.put("pods", amount));
            storage.ifPresent(amount -> amounts.put("storage", amount));
            gpu.ifPresent(cores -> amounts.put("gpu.cores", cores));
            put(body, count.isPresent() ? "instance" : "amounts", amounts);
            count.ifPresent(machines -> body.put("type", "vm").put("count", machines));
            gpuModel.ifPresent(model -> body.put("gpuModel", model));
            put(body, "minimum", minimum);
            put(body, "step", step);
            host.ifPresent(id -> body.put("hostId", id));
            price.ifPresent(text -> body.set("price", price(text)));
            country.ifPresent(text -> body.putObject("location").put("country", text));
            return say(
                    client().post(Client.path(COLLECTION), body),
                    offered ->
                            Nodes.text(offered, "name") + " is offered as " + Nodes.text(offered, "listing") + ".\n");
        }

        private static void put(ObjectNode body, String field, Map<String, String> amounts) {
            if (!amounts.isEmpty()) body.set(field, Json.toTree(amounts));
        }

        private static ObjectNode price(String text) {
            var words = text.strip().split("\\s+");
            if (words.length != 3) {
                throw new CliException(
                        ExitCode.USAGE,
                        "--price is '" + text + "'; write amount, currency and period, such as '0.40 EUR hour'");
            }
            return Json.object()
                    .put("amount", words[0])
                    .put("currency", words[1])
                    .put("period", words[2]);
        }
    }

    @Command(name = "list", description = "Lists what is for sale, and what is left of it.")
    static final class FlavorList extends RemoteCommand {
        FlavorList(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return list(
                    COLLECTION,
                    "Nothing is for sale. Offer something:  holdfast flavor offer NAME --cpu N --memory N --pods N\n",
                    Table.of("NAME", "STATE", "CPU LEFT", "MEMORY LEFT", "LISTED AS", "ID"),
                    (table, one) -> table.row(
                            Nodes.text(one, "name"),
                            Nodes.text(one, "state"),
                            SliceView.dash(Nodes.text(one, "left", "cpu")),
                            SliceView.dash(Nodes.text(one, "left", "memory")),
                            SliceView.dash(Nodes.text(one, "listing")),
                            Nodes.text(one, "id")));
        }
    }

    @Command(
            name = "withdraw",
            description = "Offers it no more. What is held of it may still be bought, and contracts live on.")
    static final class Withdraw extends RemoteCommand {
        @Parameters(paramLabel = "FLAVOR", description = "Its name here, or its id.")
        private String id = "";

        Withdraw(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return act(
                    COLLECTION, id, "withdraw", withdrawn -> Nodes.text(withdrawn, "name") + " is offered no more.\n");
        }
    }
}
