package holdfast.cli;

import holdfast.platform.Json;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `family add`, `list`, `show`, `link`, `unlink`, `default`, `quota` and `remove`.
@Command(
        name = "family",
        description = "Pool families: which accounts the pools in them use.",
        synopsisSubcommandLabel = "COMMAND")
final class FamilyCommands {
    private static final BrokerCommands KIND = new BrokerCommands(
            Broker.FAMILIES,
            "pool families",
            "No pool families. Make one:  holdfast family add NAME\n",
            List.of("NAME", "DEFAULT", ">RUNNING/TOTAL", ">POOLS", ">ACCOUNTS", "~DESCRIPTION"),
            one -> List.of(
                    Nodes.text(one, "name"),
                    BrokerView.yes(one, "default"),
                    BrokerView.limits(one),
                    Nodes.items(one, Broker.POOLS).size(),
                    Nodes.items(one, Broker.ACCOUNTS).size(),
                    Nodes.text(one, "description")));

    private FamilyCommands() {}

    static CommandLine all(Wiring wiring) {
        var all = new CommandLine(new FamilyCommands()).addSubcommand(new Add(wiring));
        return KIND.into(all, wiring)
                .addSubcommand(KIND.quota(wiring))
                .addSubcommand(new Link(wiring))
                .addSubcommand(new Unlink(wiring))
                .addSubcommand(new Default(wiring));
    }

    @Command(
            name = "add",
            description = "Makes a pool family, whose pools use no account yet.",
            footer = {"", "Example:  holdfast family add trial --max-running 30"})
    static final class Add extends BrokerCommands.New {
        @Option(names = "--description", paramLabel = "TEXT", description = "What it is for.")
        private Optional<String> description = Optional.empty();

        @Option(
                names = "--mapper",
                paramLabel = "URL",
                description = "Who tells what stands for an image. Default: what is mapped here.")
        private Optional<String> mapper = Optional.empty();

        @Mixin
        private QuotaOptions quota = new QuotaOptions();

        Add(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var body = Json.object().put("name", name);
            description.ifPresent(text -> body.put("description", text));
            mapper.ifPresent(text -> body.put("mapper_url", text));
            quota.putInto(body, Json.object());
            return say(
                    broker().post(Json.object().set("pool_family", body), Broker.FAMILIES),
                    _ -> name + " is made. Next:  holdfast family link " + name + " ACCOUNT\n");
        }
    }

    /// A family and an account.
    abstract static class Linking extends BrokerCommands.One {
        @Parameters(index = "1", paramLabel = "ACCOUNT", description = "Name or id.")
        String account = "";

        Linking(Wiring wiring) {
            super(wiring);
        }

        final String path(Broker broker) {
            return Broker.path(
                    Broker.FAMILIES,
                    broker.id(Broker.FAMILIES, name),
                    Broker.ACCOUNTS,
                    broker.id(Broker.ACCOUNTS, account));
        }
    }

    @Command(
            name = "link",
            description = "Lets the pools of a family use an account.",
            footer = {"", "Example:  holdfast family link trial ours-north"})
    static final class Link extends Linking {
        Link(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = broker();
            return say(
                    broker.client().put(path(broker), Json.object()),
                    _ -> "The pools of " + name + " use " + account + ".\n");
        }
    }

    @Command(name = "unlink", description = "Lets the pools of a family use an account no more; what runs there stays.")
    static final class Unlink extends Linking {
        Unlink(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = broker();
            return say(
                    broker.client().delete(path(broker)),
                    _ -> "The pools of " + name + " use " + account + " no more.\n");
        }
    }

    @Command(name = "default", description = "Has new accounts put into this family.")
    static final class Default extends BrokerCommands.One {
        Default(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = broker();
            return say(
                    broker.put(Json.object().put("default", true), Broker.FAMILIES, broker.id(Broker.FAMILIES, name)),
                    _ -> "New accounts are put into " + name + ".\n");
        }
    }
}
