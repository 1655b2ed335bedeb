package holdfast.cli;

import holdfast.platform.Json;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `blueprint add`, `list`, `show` and `remove`.
@Command(
        name = "blueprint",
        description = "Services that are for sale to other domains. Administrators say which.",
        synopsisSubcommandLabel = "COMMAND")
final class BlueprintCommands {
    private static final String COLLECTION = "blueprints";

    private BlueprintCommands() {}

    static CommandLine all(Wiring wiring) {
        return new CommandLine(new BlueprintCommands())
                .addSubcommand(new Add(wiring))
                .addSubcommand(new BlueprintList(wiring))
                .addSubcommand(new Show(wiring))
                .addSubcommand(new Remove(wiring));
    }

    @Command(
            name = "add",
            description = "Adds a ServiceBlueprint: what is made by it is for sale from then on.",
            footer = {"", "Example:", "  holdfast blueprint add examples/services/database.yaml"})
    static final class Add extends RemoteCommand {
        @Parameters(paramLabel = "FILE", description = "In YAML or JSON; - reads standard input.")
        private Path file = Path.of("-");

        Add(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var added = client().post(Client.path(COLLECTION), Json.object().put("text", Inputs.text(file)));
            output.write(terminal(), added, () -> Nodes.text(added, "name") + " is added, and for sale.\n");
            return ExitCode.OK;
        }
    }

    @Command(name = "list", description = "Lists blueprints.")
    static final class BlueprintList extends RemoteCommand {
        BlueprintList(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var found = Nodes.items(client().get(Client.path(COLLECTION)));
            output.writeAll(
                    terminal(),
                    found,
                    () -> {
                        var table = Table.of("NAME", "CATEGORY", "TITLE", "TAGS", "ID");
                        for (var one : found)
                            table.row(
                                    Nodes.text(one, "name"),
                                    Nodes.text(one, "category"),
                                    Nodes.text(one, "title"),
                                    SliceView.dash(words(one.path("tags"))),
                                    Nodes.text(one, "id"));
                        return table;
                    },
                    "No blueprints. Add one:  holdfast blueprint add FILE\n");
            return ExitCode.OK;
        }
    }

    private static String words(JsonNode list) {
        return String.join(
                ", ", list.valueStream().map(word -> word.asString("")).toList());
    }

    /// One of them.
    abstract static class One extends RemoteCommand {
        @Parameters(paramLabel = "BLUEPRINT", description = "Its name or its id.")
        String id = "";

        One(Wiring wiring) {
            super(wiring);
        }
    }

    @Command(name = "show", description = "Shows a blueprint: what it makes, and what buyers may set of it.")
    static final class Show extends One {
        Show(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var one = client().get(Client.path(COLLECTION, id));
            output.write(terminal(), one, () -> sheet(one));
            return ExitCode.OK;
        }

        private String sheet(JsonNode one) {
            var text = new StringBuilder(new Sheet(terminal(), one, Nodes.text(one, "name"), Nodes.text(one, "state"))
                    .facts("id", "title", "summary", "category", "flavorId")
                    .toString());
            text.append("\nmay run at: ").append(words(one.path("hostingPolicies")));
            text.append("\nmay be set: ")
                    .append(String.join(
                            ", ", one.at("/configurationTemplate/properties").propertyNames()))
                    .append("\n\n");
            var table = Table.of("MAKES", "CALLED", "DESCRIPTION");
            one.path("templates")
                    .forEach(template -> table.row(
                            template.at("/object/kind").asString(""),
                            template.at("/object/metadata/name").asString(""),
                            Nodes.text(template, "description")));
            return text.append(table.text(terminal())).toString();
        }
    }

    @Command(
            name = "remove",
            description = "Removes a blueprint. What is held of it may still be bought, and contracts live on.")
    static final class Remove extends One {
        Remove(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var removed = client().delete(Client.path(COLLECTION, id));
            output.write(terminal(), removed, () -> Nodes.text(removed, "name") + " is for sale no more.\n");
            return ExitCode.OK;
        }
    }
}
