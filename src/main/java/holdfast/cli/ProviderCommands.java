package holdfast.cli;

import holdfast.platform.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `provider add`, `list`, `show`, `refresh` and `remove`.
@Command(
        name = "provider",
        description = "Providers: accounts at clouds whose capacity is for sale here. For administrators.",
        synopsisSubcommandLabel = "COMMAND")
final class ProviderCommands {
    static final String COLLECTION = "providers";

    private ProviderCommands() {}

    static CommandLine all(Wiring wiring) {
        return new CommandLine(new ProviderCommands())
                .addSubcommand(new Add(wiring))
                .addSubcommand(new ProviderList(wiring))
                .addSubcommand(new Show(wiring))
                .addSubcommand(new Refresh(wiring))
                .addSubcommand(new Remove(wiring));
    }

    @Command(
            name = "add",
            description = "Adds a provider, and waits until it was looked at.",
            footer = {
                "",
                "Example:  holdfast provider add lab --endpoint https://cloud.example:5000/v3 --username admin \\",
                "              --project demo --password-file lab.password"
            })
    static final class Add extends RemoteCommand {
        private static final String OPENSTACK = "openstack";

        @Parameters(paramLabel = "NAME", description = "A name to find it by.")
        private String name = "";

        @Option(
                names = "--driver",
                paramLabel = "DRIVER",
                description =
                        "What serves it: openstack, holdfast (another Holdfast) or simulated. Default: ${DEFAULT-VALUE}.")
        private String driver = OPENSTACK;

        @Option(
                names = "--endpoint",
                paramLabel = "URL",
                description = "Where its identity service is; or the peer itself.")
        private Optional<String> endpoint = Optional.empty();

        @Option(
                names = "--region",
                paramLabel = "REGION",
                description = "Of the account. Default: the first in its catalog.")
        private Optional<String> region = Optional.empty();

        @Option(names = "--username", paramLabel = "USER", description = "The user of the account.")
        private Optional<String> username = Optional.empty();

        @Mixin
        private Passwords password = new Passwords();

        @Option(names = "--user-domain", paramLabel = "DOMAIN", description = "Of the user. Default: Default.")
        private Optional<String> userDomain = Optional.empty();

        @Option(names = "--project", paramLabel = "PROJECT", description = "The project of the account.")
        private Optional<String> project = Optional.empty();

        @Option(names = "--project-domain", paramLabel = "DOMAIN", description = "Of the project. Default: Default.")
        private Optional<String> projectDomain = Optional.empty();

        @Option(
                names = "--zone",
                paramLabel = "ZONE",
                description = "An availability zone that is used; may be given several times. Default: all.")
        private List<String> zones = List.of();

        @Option(
                names = "--account-only",
                description = "Only keep account of what is held; keep nobody off it at the cloud.")
        private boolean accountOnly;

        @Option(
                names = "--cleaning-seconds",
                paramLabel = "N",
                description = "The pause between two users of a host. Default: 0.")
        private Optional<Integer> cleaning = Optional.empty();

        @Option(
                names = "--poll-seconds",
                paramLabel = "N",
                description = "The time between two looks, at least 5. Default: 60.")
        private Optional<Integer> poll = Optional.empty();

        @Mixin
        private BusOptions bus = new BusOptions();

        @Mixin
        private ProviderWait wait = new ProviderWait();

        Add(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var body = Json.object().put("name", name).put("driver", driver).put("enforce", !accountOnly);
            endpoint.ifPresent(text -> body.put("endpoint", text));
            region.ifPresent(text -> body.put("region", text));
            username.ifPresent(text -> body.put("username", text));
            userDomain.ifPresent(text -> body.put("userDomain", text));
            project.ifPresent(text -> body.put("projectName", text));
            projectDomain.ifPresent(text -> body.put("projectDomain", text));
            cleaning.ifPresent(number -> body.put("cleaningSeconds", number));
            poll.ifPresent(number -> body.put("pollSeconds", number));
            if (!zones.isEmpty()) body.set("zones", Json.toTree(zones));
            bus.putInto(body, wiring);
            password.password(wiring, !driver.equals("simulated")).ifPresent(text -> body.put("password", text));
            var added = client().post(Client.path(COLLECTION), body);
            return wait.until(this, added, Nodes.number(added, "version"));
        }
    }

    @Command(name = "list", description = "Lists providers, and how they are.")
    static final class ProviderList extends RemoteCommand {
        ProviderList(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return list(
                    COLLECTION,
                    "No providers. Add one:  holdfast provider add NAME --endpoint URL --username USER --project PROJECT\n",
                    Table.of("NAME", "STATE", "DRIVER", ">HOSTS", ">FLAVORS", "SEEN", "ENDPOINT", "~TROUBLE"),
                    (table, one) -> table.row(
                            Nodes.text(one, "name"),
                            Table.state(Nodes.text(one, "state")),
                            Nodes.text(one, "driver"),
                            SliceView.dash(Nodes.text(one, "hosts")),
                            Nodes.at(one, "flavors").size(),
                            time(one, "lastSync"),
                            SliceView.dash(Nodes.text(one, "endpoint")),
                            Nodes.text(one, "transitioningMessage")));
        }
    }

    /// One of them.
    abstract static class One extends RemoteCommand {
        @Parameters(paramLabel = "PROVIDER", description = "Name or id.")
        String id = "";

        One(Wiring wiring) {
            super(wiring);
        }
    }

    @Command(name = "show", description = "Shows a provider: its account, hosts, flavors and limits.")
    static final class Show extends One {
        Show(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return show(COLLECTION, id, one -> ProviderView.text(terminal(), one));
        }
    }

    @Command(name = "refresh", description = "Has a provider looked at now, and waits for it.")
    static final class Refresh extends One {
        @Mixin
        private ProviderWait wait = new ProviderWait();

        Refresh(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var path = Client.path(List.of(COLLECTION, id), Map.of("action", Optional.of("refresh")));
            JsonNode asked = client().post(path, Json.object());
            return wait.until(this, asked, Nodes.number(asked, "version"));
        }
    }

    @Command(name = "remove", description = "Takes a provider out; refused while something of ours is there.")
    static final class Remove extends One {
        Remove(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            return remove(COLLECTION, id, removed -> Nodes.text(removed, "name") + " is removed.\n");
        }
    }
}
