package holdfast.cli;

import holdfast.platform.ParseFault;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// `type ...`: what types of resources there are, and new ones.
@Command(
        name = "type",
        description = "Types of resources and their processes; new ones can be declared while the server runs.",
        synopsisSubcommandLabel = "COMMAND")
final class TypeCommands {
    private TypeCommands() {}

    static CommandLine all(Wiring wiring) {
        return new CommandLine(new TypeCommands())
                .addSubcommand(new TypeList(wiring))
                .addSubcommand(new Show(wiring))
                .addSubcommand(new Add(wiring, "resourcedefinitions"))
                .addSubcommand("add-process", new Add(wiring, "processdefinitions"));
    }

    @Command(name = "list", description = "Lists the types of resources.")
    static final class TypeList extends RemoteCommand {
        TypeList(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var found = client().list(List.of("schemas"), Map.of(), 10_000);
            output.writeAll(
                    terminal(),
                    found,
                    () -> {
                        var table = Table.of("TYPE", "COLLECTION", "~DESCRIPTION");
                        for (var schema : found) {
                            if (Nodes.text(schema, "links", "collection").isEmpty()) continue;
                            table.row(
                                    Nodes.text(schema, "id"),
                                    Nodes.text(schema, "pluralName"),
                                    Nodes.text(schema, "description"));
                        }
                        return table;
                    },
                    "No types.\n");
            return ExitCode.OK;
        }
    }

    @Command(name = "show", description = "Shows the fields of a type.")
    static final class Show extends RemoteCommand {
        @Parameters(paramLabel = "TYPE", description = "Such as network.")
        private String type = "";

        Show(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return show("schemas", type, schema -> {
                var table = Table.of("FIELD", "TYPE", "CREATE", "UPDATE", "~DESCRIPTION");
                for (var field : Nodes.at(schema, "resourceFields").properties())
                    table.row(
                            field.getKey(),
                            Nodes.text(field.getValue(), "type"),
                            right(field.getValue(), "create"),
                            right(field.getValue(), "update"),
                            Nodes.text(field.getValue(), "description"));
                return table.text(terminal());
            });
        }

        private static String right(JsonNode field, String right) {
            if (!field.path(right).asBoolean(false)) return "-";
            return right.equals("create") && field.path("required").asBoolean(false) ? "required" : "yes";
        }
    }

    @Command(
            name = "add",
            description = "Declares a type of resource, or a process of one, from a file in YAML or JSON.",
            footer = {"", "Example:  holdfast type add examples/types/antenna.yaml"})
    static final class Add extends RemoteCommand {
        private final String collection;

        @Parameters(paramLabel = "FILE", description = "Its definition.")
        private Optional<Path> file = Optional.empty();

        Add(Wiring wiring, String collection) {
            super(wiring);
            this.collection = collection;
        }

        @Override
        public Integer call() {
            return say(
                    client().post(Client.path(collection), read(file.orElseThrow())),
                    made -> "%s is known now:  holdfast graph %s\n".formatted(name(made), name(made)));
        }

        private static String name(JsonNode made) {
            return Nodes.text(made, "name");
        }

        private static JsonNode read(Path file) {
            try {
                return YAMLMapper.shared().readTree(Inputs.text(file));
            } catch (JacksonException e) {
                throw new CliException(ExitCode.USAGE, file + " is neither YAML nor JSON: " + ParseFault.words(e));
            }
        }
    }
}
