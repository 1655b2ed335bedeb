package holdfast.cli;

import holdfast.platform.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `image add`, `list`, `show`, `map`, `unmap`, `lookup` and `remove`.
@Command(
        name = "image",
        description = "Images that users name, and what stands for them at which account.",
        synopsisSubcommandLabel = "COMMAND")
final class ImageCommands {
    private static final BrokerCommands KIND = new BrokerCommands(
            Broker.IMAGES,
            "images",
            "No images. Add one:  holdfast image add ID\n",
            List.of("ID", "NAME", "STATE", "ARCHITECTURE", "BUILDS", "~DESCRIPTION"),
            one -> List.of(
                    Nodes.text(one, "id"),
                    Nodes.text(one, "name"),
                    Table.state(Nodes.text(one, "state")),
                    SliceView.dash(Nodes.text(one, "architecture")),
                    SliceView.dash(Nodes.items(one, "builds").stream()
                            .map(build -> build.asString(""))
                            .collect(Collectors.joining(", "))),
                    Nodes.text(one, "description")),
            ImageCommands::mappings);

    private ImageCommands() {}

    static CommandLine all(Wiring wiring) {
        var all = new CommandLine(new ImageCommands()).addSubcommand(new Add(wiring));
        return KIND.into(all, wiring)
                .addSubcommand(new MapIt(wiring))
                .addSubcommand(new Unmap(wiring))
                .addSubcommand(new Lookup(wiring));
    }

    private static String mappings(BrokerView view, JsonNode image) {
        var asked = Map.of("image", Optional.of(Nodes.text(image, "id")));
        var table = Table.of("AT", "BUILD", "THERE", "STATUS");
        for (var one : view.broker().list(List.of(Broker.MAPPINGS), asked)) {
            boolean account = !Nodes.text(one, "provider_account").isEmpty();
            table.row(
                    view.name(
                            account ? Broker.ACCOUNTS : Broker.PROVIDERS,
                            one,
                            account ? "provider_account" : "provider"),
                    SliceView.dash(Nodes.text(one, "build")),
                    Nodes.text(one, "provider_image"),
                    Nodes.text(one, "status"));
        }
        return table.isEmpty() ? "" : "\n" + table.text(view.terminal());
    }

    @Command(
            name = "add",
            description = "Adds an image that users may name.",
            footer = {"", "Example:  holdfast image add web-os --architecture x86_64"})
    static final class Add extends RemoteCommand {
        @Parameters(paramLabel = "ID", description = "What users name it by.")
        private String id = "";

        @Option(names = "--name", paramLabel = "NAME", description = "What it is called. Default: as its id.")
        private Optional<String> name = Optional.empty();

        @Option(names = "--description", paramLabel = "TEXT", description = "What is in it.")
        private Optional<String> description = Optional.empty();

        @Option(names = "--architecture", paramLabel = "WORD", description = "Such as x86_64.")
        private Optional<String> architecture = Optional.empty();

        @Option(names = "--family", paramLabel = "FAMILY", description = "For the pools of one family. Default: all.")
        private Optional<String> family = Optional.empty();

        Add(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = new Broker(client());
            var body = Json.object().put("id", id).put("name", name.orElse(id));
            description.ifPresent(text -> body.put("description", text));
            architecture.ifPresent(text -> body.put("architecture", text));
            broker.id(Broker.FAMILIES, family).ifPresent(text -> body.put("pool_family", text));
            return say(
                    broker.post(Json.object().set("image", body), Broker.IMAGES),
                    _ -> id + " is added. Next:  holdfast image map " + id + " IMAGE-THERE --account ACCOUNT\n");
        }
    }

    /// What an image is called where.
    static final class Place {
        @Option(names = "--account", paramLabel = "ACCOUNT", description = "At this account.")
        private Optional<String> account = Optional.empty();

        @Option(names = "--cloud", paramLabel = "CLOUD", description = "At all accounts of this cloud.")
        private Optional<String> cloud = Optional.empty();

        @Option(names = "--build", paramLabel = "BUILD", description = "Of this build. Default: of those without one.")
        private Optional<String> build = Optional.empty();

        /// As the fields of a mapping.
        Map<String, Optional<String>> fields(Broker broker, String image) {
            if (account.isPresent() == cloud.isPresent())
                throw new CliException(ExitCode.USAGE, "say where: either --account or --cloud");
            var fields = new LinkedHashMap<String, Optional<String>>();
            fields.put("image", Optional.of(image));
            fields.put("build", build);
            fields.put("provider_account", broker.id(Broker.ACCOUNTS, account));
            fields.put("provider", broker.id(Broker.PROVIDERS, cloud));
            return fields;
        }

        String words() {
            return account.or(() -> cloud).orElse("");
        }
    }

    /// One image at one place.
    abstract static class Mapped extends RemoteCommand {
        @Parameters(index = "0", paramLabel = "IMAGE", description = "The id of the image.")
        String image = "";

        @Mixin
        Place place = new Place();

        Mapped(Wiring wiring) {
            super(wiring);
        }
    }

    @Command(
            name = "map",
            description = "Says what stands for an image at an account or cloud.",
            footer = {"", "Example:  holdfast image map web-os ami-0a1 --account ours"})
    static final class MapIt extends Mapped {
        @Parameters(index = "1", paramLabel = "IMAGE-THERE", description = "Its id there.")
        private String there = "";

        @Option(names = "--verify", description = "Only if that image is at the account.")
        private boolean verify;

        MapIt(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = new Broker(client());
            var body = Json.object().put("provider_image", there);
            place.fields(broker, image).forEach((name, value) -> value.ifPresent(text -> body.put(name, text)));
            var asked = Map.of("verify", verify ? Optional.of("true") : Optional.<String>empty());
            var made = broker.client()
                    .post(
                            Broker.path(List.of(Broker.MAPPINGS), asked),
                            Json.object().set("image_mapping", body));
            return say(Broker.inside(made), _ -> "%s is %s at %s.\n".formatted(image, there, place.words()));
        }
    }

    @Command(name = "unmap", description = "Takes back what stands for an image at an account or cloud.")
    static final class Unmap extends Mapped {
        Unmap(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = new Broker(client());
            var fields = place.fields(broker, image);
            var asked = new LinkedHashMap<>(fields);
            asked.remove("build");
            var build = fields.getOrDefault("build", Optional.empty()).orElse("");
            var found = broker.list(List.of(Broker.MAPPINGS), asked).stream()
                    .filter(one -> Nodes.text(one, "build").equals(build))
                    .findFirst()
                    .orElseThrow(() -> new CliException(
                            ExitCode.NOT_THERE,
                            "nothing stands for " + image + " at " + place.words(),
                            "see what does where with:  holdfast image show " + image));
            broker.client().delete(Broker.path(Broker.MAPPINGS, Nodes.text(found, "id")));
            return say(found, _ -> "Nothing stands for %s at %s any more.\n".formatted(image, place.words()));
        }
    }

    @Command(name = "lookup", description = "Tells what would be taken for an image at an account.")
    static final class Lookup extends RemoteCommand {
        @Parameters(paramLabel = "IMAGE", description = "The id of the image.")
        private String image = "";

        @Option(names = "--account", paramLabel = "ACCOUNT", required = true, description = "At which account.")
        private String account = "";

        @Option(names = "--build", paramLabel = "BUILD", description = "Of which build.")
        private Optional<String> build = Optional.empty();

        Lookup(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = new Broker(client());
            var asked = new LinkedHashMap<String, Optional<String>>();
            asked.put("image", Optional.of(image));
            asked.put("build", build);
            asked.put("provider_account", Optional.of(broker.id(Broker.ACCOUNTS, account)));
            var found = broker.client().get(Broker.path(List.of(Broker.MAPPINGS, "lookup"), asked));
            return say(
                    Broker.inside(found),
                    one -> Nodes.text(one, "provider_image") + "  " + Nodes.text(one, "status") + "\n");
        }
    }
}
