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

/// `account add`, `list`, `show`, `test`, `quota` and `remove`.
@Command(
        name = "account",
        description = "Accounts at clouds, in which instances are made. For administrators.",
        synopsisSubcommandLabel = "COMMAND")
final class AccountCommands {
    private static final String ONE = "provider_account";

    private static final BrokerCommands KIND = new BrokerCommands(
            Broker.ACCOUNTS,
            "accounts",
            "No accounts. Add one:  holdfast account add NAME --cloud CLOUD --username USER\n",
            List.of("NAME", "CLOUD", "TYPE", "USER", ">USED", ">RUNNING/TOTAL", ">PRIORITY"),
            one -> List.of(
                    Nodes.text(one, "name"),
                    Nodes.text(one, "provider", "value"),
                    Nodes.text(one, "provider_type"),
                    Nodes.text(one, "credentials", "username"),
                    Nodes.text(one, "quota_used"),
                    BrokerView.limits(one),
                    SliceView.dash(Nodes.text(one, "priority"))));

    private AccountCommands() {}

    static CommandLine all(Wiring wiring) {
        var all = new CommandLine(new AccountCommands()).addSubcommand(new Add(wiring));
        return KIND.into(all, wiring).addSubcommand(new Test(wiring)).addSubcommand(KIND.quota(wiring));
    }

    @Command(
            name = "add",
            description = "Adds an account; it is taken only if it can log in, and put into the default pool family.",
            footer = {
                "",
                "Example:  holdfast account add ours --cloud north --username ann --password-file north.password"
            })
    static final class Add extends BrokerCommands.New {
        @Option(names = "--cloud", paramLabel = "CLOUD", required = true, description = "At which cloud.")
        private String cloud = "";

        @Option(names = "--username", paramLabel = "USER", required = true, description = "Who logs in there.")
        private String username = "";

        @Mixin
        private Passwords password = new Passwords();

        @Option(
                names = "--credential-file",
                paramLabel = "NAME=FILE",
                description = "Another credential that its type wants, in a file; may be given again.")
        private Map<String, Path> others = Map.of();

        @Option(names = "--priority", paramLabel = "N", description = "Of two alike, the lower comes first.")
        private Optional<Integer> priority = Optional.empty();

        @Mixin
        private QuotaOptions quota = new QuotaOptions();

        Add(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = broker();
            var provider = broker.id(Broker.PROVIDERS, cloud);
            var body = Json.object().put("label", name);
            body.putObject("provider").put("id", provider);
            var credentials = body.putObject("credentials").put("username", username);
            password.password(wiring, true).ifPresent(text -> credentials.put("password", text));
            others.forEach(
                    (what, file) -> credentials.put(what, Inputs.text(file).strip()));
            priority.ifPresent(number -> body.put("priority", number));
            quota.putInto(body, Json.object());
            return say(
                    broker.post(Json.object().set(ONE, body), Broker.ACCOUNTS),
                    _ -> name + " is added: it has logged in at " + cloud + ".\n");
        }
    }

    @Command(name = "test", description = "Logs in, and looks at sizes and realms anew.")
    static final class Test extends BrokerCommands.One {
        Test(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var broker = broker();
            var answer = broker.post(Json.object(), Broker.ACCOUNTS, broker.id(Broker.ACCOUNTS, name), "test");
            boolean available = Nodes.at(answer, "available").asBoolean(false);
            var time = Nodes.text(answer, "latency_ms") + " ms";
            say(answer, _ -> available ? name + " logs in within " + time + ".\n" : "");
            if (available) return ExitCode.OK;
            throw new CliException(ExitCode.FAILED, name + " does not log in: " + Nodes.text(answer, "message"));
        }
    }
}
