package holdfast.cli;

import holdfast.platform.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `resource ...`: resources of any type, also of those that were declared a minute ago.
@Command(
        name = "resource",
        description = "Resources of any type: networks, volumes, instances, and types of your own.",
        synopsisSubcommandLabel = "COMMAND")
final class ResourceCommands {
    private ResourceCommands() {}

    static CommandLine all(Wiring wiring) {
        return new CommandLine(new ResourceCommands())
                .addSubcommand(new ResourceList(wiring))
                .addSubcommand(new Show(wiring))
                .addSubcommand(new Create(wiring))
                .addSubcommand(new Update(wiring))
                .addSubcommand(new Act(wiring))
                .addSubcommand(new Delete(wiring));
    }

    /// Of one type.
    abstract static class OfType extends RemoteCommand {
        @Parameters(index = "0", paramLabel = "TYPE", description = "Such as network or networks.")
        String type = "";

        OfType(Wiring wiring) {
            super(wiring);
        }

        Integer shown(JsonNode resource) {
            return say(resource, this::text);
        }

        private String text(JsonNode resource) {
            var out = new StringBuilder("%s  %s\n"
                    .formatted(
                            terminal().styled(Terminal.Style.STRONG, Nodes.text(resource, "id")),
                            Nodes.text(resource, "state")));
            var message = Nodes.text(resource, "transitioningMessage");
            if (!message.isEmpty()) out.append("  ").append(message).append('\n');
            Nodes.texts(resource).forEach((field, value) -> {
                if (!field.endsWith("TS") && !field.startsWith("transitioning") && !value.isEmpty())
                    out.append("%-22s %s\n".formatted(field, value));
            });
            var actions = Nodes.texts(resource, "actions").keySet();
            if (!actions.isEmpty()) out.append("%-22s %s\n".formatted("actions", String.join(", ", actions)));
            return out.toString();
        }
    }

    /// Reads `field=value` words: a value that is JSON is taken as that, any other as text.
    static ObjectNode fields(Map<String, String> given) {
        var body = Json.object();
        given.forEach((field, value) -> body.set(field, value(value)));
        return body;
    }

    private static JsonNode value(String text) {
        try {
            var read = Json.tree(text);
            return read.isMissingNode() ? Json.toTree(text) : read;
        } catch (JacksonException _) {
            return Json.toTree(text);
        }
    }

    @Command(
            name = "list",
            description = "Lists resources of a type.",
            footer = {"", "Example:  holdfast resource list network state=active name_like=lab%%"})
    static final class ResourceList extends OfType {
        @Parameters(
                index = "1..*",
                paramLabel = "FILTER",
                description =
                        "field=value, or with a modifier: field_ne=value, field_prefix=, field_like=, field_gt=, ...")
        private Map<String, String> filters = new LinkedHashMap<>();

        @Option(names = "--sort", paramLabel = "FIELD", description = "Sort by this field.")
        private Optional<String> sort = Optional.empty();

        @Option(names = "--limit", paramLabel = "N", description = "At most so many. Default: ${DEFAULT-VALUE}.")
        private int limit = 100;

        ResourceList(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var parameters = new LinkedHashMap<String, Optional<String>>();
            filters.forEach((field, value) -> parameters.put(field, Optional.of(value)));
            parameters.put("sort", sort);
            parameters.put("strict", Optional.of("true"));
            return list(
                    client().list(List.of(type), parameters, limit),
                    "None.\n",
                    Table.of("ID", "NAME", "STATE", "~MESSAGE", "CREATED"),
                    (table, one) -> table.row(
                            Nodes.text(one, "id"),
                            SliceView.dash(Nodes.text(one, "name")),
                            Table.state(Nodes.text(one, "state")),
                            SliceView.dash(Nodes.text(one, "transitioningMessage")),
                            time(one, "created")));
        }
    }

    /// One resource of one type.
    abstract static class One extends OfType {
        @Parameters(index = "1", paramLabel = "ID", description = "Its id, such as 1n5, or its UUID.")
        String id = "";

        One(Wiring wiring) {
            super(wiring);
        }
    }

    @Command(name = "show", description = "Shows a resource with all of its fields, and what can be done with it.")
    static final class Show extends One {
        Show(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return shown(client().get(Client.path(type, id)));
        }
    }

    @Command(
            name = "create",
            description = "Makes a resource.",
            footer = {"", "Example:  holdfast resource create network name=lab domain=lab.example.org"})
    static final class Create extends OfType {
        @Parameters(index = "1..*", paramLabel = "FIELD=VALUE", description = "Text, or JSON.")
        private Map<String, String> fields = new LinkedHashMap<>();

        Create(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return shown(client().post(Client.path(type), fields(fields)));
        }
    }

    @Command(name = "update", description = "Changes fields of a resource.")
    static final class Update extends One {
        @Parameters(index = "2..*", arity = "1..*", paramLabel = "FIELD=VALUE", description = "Text, or JSON.")
        private Map<String, String> fields = new LinkedHashMap<>();

        Update(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return shown(client().put(Client.path(type, id), fields(fields)));
        }
    }

    @Command(
            name = "act",
            description = "Starts a process on a resource, such as start, stop, activate, remove.",
            footer = {"", "Example:  holdfast resource act instance 1i5 stop"})
    static final class Act extends One {
        @Parameters(index = "2", paramLabel = "ACTION", description = "One that `resource show` lists.")
        private String action = "";

        @Parameters(index = "3..*", paramLabel = "NAME=VALUE", description = "Input of the action.")
        private Map<String, String> input = new LinkedHashMap<>();

        Act(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return shown(client().post(
                            Client.path(List.of(type, id), Map.of("action", Optional.of(action))), fields(input)));
        }
    }

    @Command(name = "delete", description = "Removes a resource. It can be restored until it is purged.")
    static final class Delete extends One {
        Delete(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return shown(client().delete(Client.path(type, id)));
        }
    }
}
