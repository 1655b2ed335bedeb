package holdfast.cli;

import holdfast.platform.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `subscription add`, `list`, `show` and `remove`.
@Command(
        name = "subscription",
        description = "Subscriptions: addresses where notices are posted.",
        synopsisSubcommandLabel = "COMMAND")
final class SubscriptionCommands {
    private static final String COLLECTION = "subscriptions";

    private SubscriptionCommands() {}

    static CommandLine all(Wiring wiring) {
        return new CommandLine(new SubscriptionCommands())
                .addSubcommand(new Add(wiring))
                .addSubcommand(new SubscriptionList(wiring))
                .addSubcommand(new Show(wiring))
                .addSubcommand(new Remove(wiring));
    }

    @Command(
            name = "add",
            description = "Has notices posted to an address.",
            footer = {"", "Example:  holdfast subscription add https://example.org/heard --event 'reservation.*'"})
    static final class Add extends RemoteCommand {
        @Parameters(paramLabel = "URL", description = "The address, by http or https.")
        private String callback = "";

        @Mixin
        private NoticeOptions options = new NoticeOptions();

        @Option(names = "--name", paramLabel = "NAME", description = "A name to find it by.")
        private Optional<String> name = Optional.empty();

        @Option(
                names = "--secret-file",
                paramLabel = "FILE",
                description = "Its first line, of 16 to 255 characters, signs what is posted.")
        private Optional<Path> secret = Optional.empty();

        @Option(
                names = "--since",
                paramLabel = "N",
                description = "Post also what came after this number. Default: what comes from now on.")
        private Optional<Long> since = Optional.empty();

        Add(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var body = Json.object().put("callback", callback);
            body.set("filter", options.filter());
            name.ifPresent(text -> body.put("name", text));
            secret.map(file -> Inputs.text(file).lines().findFirst().orElse(""))
                    .ifPresent(text -> body.put("secret", text));
            since.ifPresent(number -> body.put("since", number));
            return say(
                    client().post(Client.path(COLLECTION), body),
                    made -> "%s hears what comes after notice %s.\n"
                            .formatted(Nodes.text(made, "id"), Nodes.text(made, "sequence")));
        }
    }

    @Command(name = "list", description = "Lists subscriptions, and how far each has got.")
    static final class SubscriptionList extends RemoteCommand {
        @Option(names = "--limit", paramLabel = "N", description = "At most so many. Default: ${DEFAULT-VALUE}.")
        private int limit = 1000;

        SubscriptionList(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return list(
                    client().list(List.of(COLLECTION), Map.of(), limit),
                    "No subscriptions. Add one:  holdfast subscription add URL\n",
                    Table.of("ID", "NAME", "STATE", "OWNER", ">SEQUENCE", ">FAILURES", "CALLBACK", "~FILTER"),
                    (table, one) -> table.row(
                            Nodes.text(one, "id"),
                            SliceView.dash(Nodes.text(one, "name")),
                            Table.state(Nodes.text(one, "state")),
                            Nodes.text(one, "owner"),
                            Nodes.text(one, "sequence"),
                            Nodes.text(one, "failures"),
                            Nodes.text(one, "callback"),
                            Nodes.at(one, "filter")));
        }
    }

    /// One of them.
    abstract static class One extends RemoteCommand {
        @Parameters(paramLabel = "ID", description = "Its id, such as 1s5, or its name.")
        String id = "";

        One(Wiring wiring) {
            super(wiring);
        }
    }

    @Command(name = "show", description = "Shows a subscription and, if it is in trouble, why.")
    static final class Show extends One {
        Show(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return show(COLLECTION, id, this::text);
        }

        private String text(JsonNode one) {
            return new Sheet(terminal(), one, Nodes.text(one, "id"), Nodes.text(one, "state"))
                    .facts("name", "project", "owner", "callback", "signed", "sequence", "failures", "problem")
                    .time("failing since", "failingSince")
                    .fact("filter", Nodes.at(one, "filter").toString())
                    .toString();
        }
    }

    @Command(name = "remove", description = "Has no more notices posted.")
    static final class Remove extends One {
        Remove(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return remove(COLLECTION, id, removed -> Nodes.text(removed, "id") + " is removed.\n");
        }
    }
}
