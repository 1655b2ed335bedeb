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
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Clouds whose accounts pools use are another thing:  holdfast cloud --help"})
final class ProviderCommands {
    static final String COLLECTION = "providers";

    private ProviderCommands() {}

    static CommandLine all(Wiring wiring) {
        return new CommandLine(new ProviderCommands())
                .addSubcommand(new Add(wiring))
                .addSubcommand(new ProviderList(wiring))
                .addSubcommand(new Show(wiring))
                .addSubcommand(new Change(wiring))
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

        @Mixin
        private ProviderOptions account = new ProviderOptions();

        @Option(
                names = "--account-only",
                description = "Only keep account of what is held; keep nobody off it at the cloud.")
        private boolean accountOnly;

        @Mixin
        private ProviderWait wait = new ProviderWait();

        Add(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var body = Json.object().put("name", name).put("driver", driver).put("enforce", !accountOnly);
            account.putInto(body, wiring, !driver.equals("simulated"));
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

    @Command(
            name = "change",
            description = "Changes a provider, and waits until it was looked at. What is not given stays.",
            footer = {"", "Example:  holdfast provider change lab --password-file new.password"})
    static final class Change extends One {
        @Mixin
        private ProviderOptions account = new ProviderOptions();

        @Option(
                names = "--account-only",
                arity = "1",
                paramLabel = "true|false",
                description = "Whether only account is kept of what is held, and nobody kept off it at the cloud.")
        private Optional<Boolean> accountOnly = Optional.empty();

        @Mixin
        private ProviderWait wait = new ProviderWait();

        Change(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var body = Json.object();
            account.putInto(body, wiring, false);
            accountOnly.ifPresent(only -> body.put("enforce", !only));
            if (body.isEmpty())
                throw new CliException(ExitCode.USAGE, "nothing is to be changed; say what with options");
            var changed = client().put(Client.path(COLLECTION, id), body);
            return wait.until(this, changed, Nodes.number(changed, "version"));
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
