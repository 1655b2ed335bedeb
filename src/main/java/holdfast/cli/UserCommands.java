package holdfast.cli;

import holdfast.platform.Json;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `user add`, `list`, `show`, `quota` and `remove`.
@Command(
        name = "user",
        description = "Users of pools, by the names under which they log in: their quotas.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "What they may do:  holdfast permission --help"})
final class UserCommands {
    private static final BrokerCommands KIND = new BrokerCommands(
            Broker.USERS,
            "users",
            "No users. Write one down:  holdfast user add NAME\n",
            List.of("NAME", ">RUNNING/TOTAL"),
            one -> List.of(Nodes.text(one, "name"), BrokerView.limits(one)));

    private UserCommands() {}

    static CommandLine all(Wiring wiring) {
        var all = new CommandLine(new UserCommands()).addSubcommand(new Add(wiring));
        return KIND.into(all, wiring).addSubcommand(KIND.quota(wiring));
    }

    @Command(
            name = "add",
            description = "Writes a user down, to give it a quota or permissions. A token is given elsewhere.",
            footer = {"", "Example:  holdfast user add bob --max-running 2"})
    static final class Add extends BrokerCommands.New {
        @Mixin
        private QuotaOptions quota = new QuotaOptions();

        Add(Wiring wiring) {
            super(wiring);
        }

        @Override
        public Integer call() {
            var body = Json.object().put("name", name);
            quota.putInto(body, Json.object());
            return say(
                    broker().post(Json.object().set("user", body), Broker.USERS),
                    _ -> name + " is written down. Next:  holdfast permission give ROLE --user " + name
                            + " --pool POOL\n");
        }
    }
}
