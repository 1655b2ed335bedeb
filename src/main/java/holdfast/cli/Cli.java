package holdfast.cli;

import holdfast.core.RefusedException;
import holdfast.platform.CannotStartException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/// The whole command line.
@Command(
        name = "holdfast",
        description = "Reserves, holds and runs infrastructure across sites, clouds and domains.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Try it:          holdfast demo",
            "Run a server:    holdfast up",
            "Build something: holdfast slice create examples/one-vm.yaml",
            ""
        })
public final class Cli implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private CommandSpec spec;

    private Cli() {}

    /// Runs one command.
    ///
    /// @return its exit status, one of [ExitCode]
    public static int run(Wiring wiring, String... arguments) {
        return commandLine(wiring).execute(arguments);
    }

    /// The commands and their options, ready to be run.
    public static CommandLine commandLine(Wiring wiring) {
        var root = new CommandLine(new Cli())
                .addSubcommand(new DemoCommand(wiring))
                .addSubcommand(new UpCommand(wiring))
                .addSubcommand(new StatusCommand(wiring))
                .addSubcommand(new DoctorCommand(wiring))
                .addSubcommand("slice", SliceCommands.all(wiring))
                .addSubcommand("intent", IntentCommands.all(wiring))
                .addSubcommand("pool", PoolCommands.all(wiring))
                .addSubcommand("family", FamilyCommands.all(wiring))
                .addSubcommand("strategy", StrategyCommands.all(wiring))
                .addSubcommand("cloud", CloudCommands.all(wiring))
                .addSubcommand("account", AccountCommands.all(wiring))
                .addSubcommand("image", ImageCommands.all(wiring))
                .addSubcommand("hwprofile", ProfileCommands.all(wiring))
                .addSubcommand("realm", RealmCommands.all(wiring))
                .addSubcommand("instance", InstanceCommands.all(wiring))
                .addSubcommand("deployable", DeployableCommands.all(wiring))
                .addSubcommand("catalog", CatalogCommands.all(wiring))
                .addSubcommand("deployment", DeploymentCommands.all(wiring))
                .addSubcommand("user", UserCommands.all(wiring))
                .addSubcommand("group", GroupCommands.all(wiring))
                .addSubcommand("role", RoleCommands.all(wiring))
                .addSubcommand("permission", PermissionCommands.all(wiring))
                .addSubcommand(new ApplyCommand(wiring))
                .addSubcommand("site", SiteCommands.all(wiring))
                .addSubcommand("provider", ProviderCommands.all(wiring))
                .addSubcommand("address", AddressCommands.all(wiring))
                .addSubcommand("reservation", ReservationCommands.all(wiring))
                .addSubcommand("allocation", AllocationCommands.all(wiring))
                .addSubcommand("flavor", FlavorCommands.all(wiring))
                .addSubcommand("blueprint", BlueprintCommands.all(wiring))
                .addSubcommand("contract", ContractCommands.all(wiring))
                .addSubcommand("peer", PeerCommands.all(wiring))
                .addSubcommand("candidate", TradeCommands.candidates(wiring))
                .addSubcommand("solver", TradeCommands.solvers(wiring))
                .addSubcommand("peering", TradeCommands.peerings(wiring))
                .addSubcommand(new CapacityCommand(wiring))
                .addSubcommand("resource", ResourceCommands.all(wiring))
                .addSubcommand("type", TypeCommands.all(wiring))
                .addSubcommand(new GraphCommand(wiring))
                .addSubcommand("process", ProcessCommands.all(wiring))
                .addSubcommand(new JournalCommand(wiring))
                .addSubcommand("decisions", DecisionCommands.all(wiring))
                .addSubcommand("notice", NoticeCommands.all(wiring))
                .addSubcommand("subscription", SubscriptionCommands.all(wiring))
                .addSubcommand(new BackupCommand(wiring))
                .addSubcommand(new RestoreCommand(wiring))
                .addSubcommand(new CompletionCommand(wiring))
                .addSubcommand(new VersionCommand(wiring))
                .addSubcommand(new CommandLine.HelpCommand());
        var terminal = wiring.terminal();
        root.getCommandSpec()
                .addOption(OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .description("Show the version.")
                        .build())
                .versionProvider(() -> new String[] {"holdfast " + wiring.version()});
        adorn(root);
        return root.setOut(terminal.out())
                .setErr(terminal.err())
                .setColorScheme(CommandLine.Help.defaultColorScheme(terminal.color() ? Ansi.ON : Ansi.OFF))
                .setUsageHelpWidth(Math.clamp(terminal.watched() ? terminal.width() : 100, 60, 120))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((e, _) -> misused(terminal, e))
                .setExecutionExceptionHandler((e, _, _) -> failed(terminal, e));
    }

    /// What all commands share: `--help`, and the meaning of exit statuses below the help of each that does
    /// something.
    private static void adorn(CommandLine command) {
        var spec = command.getCommandSpec();
        if (spec.findOption("-h") == null)
            spec.addOption(OptionSpec.builder("-h", "--help")
                    .usageHelp(true)
                    .description("Show this help.")
                    .build());
        var help = spec.usageMessage().abbreviateSynopsis(true).sortOptions(false);
        help.optionListHeading("%nOptions:%n").parameterListHeading("%n").commandListHeading("%nCommands:%n");
        if (command.getSubcommands().isEmpty()) {
            help.exitCodeListHeading("%nExit status:%n").exitCodeList(ExitCode.meanings());
        }
        command.getSubcommands().values().forEach(Cli::adorn);
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getOut());
        return ExitCode.OK;
    }

    private static int misused(Terminal terminal, ParameterException e) {
        var command = e.getCommandLine().getCommandSpec().qualifiedName();
        complain(terminal, String.valueOf(e.getMessage()));
        var guesses = new StringWriter();
        if (UnmatchedArgumentException.printSuggestions(e, new PrintWriter(guesses, true)))
            guesses.toString().lines().forEach(line -> terminal.note("  " + line));
        terminal.note("  see:  " + command + " --help");
        return ExitCode.USAGE;
    }

    /// What the user can act on is told in words; anything else is a bug and comes with its stack trace.
    private static int failed(Terminal terminal, Exception e) {
        return switch (e) {
            case CliException known -> {
                complain(terminal, known.getMessage());
                known.hints().forEach(hint -> terminal.note("  " + hint));
                yield known.exitCode();
            }
            case CannotStartException cannot -> {
                complain(terminal, String.valueOf(cannot.getMessage()));
                yield ExitCode.FAILED;
            }
            case RefusedException refused -> {
                complain(terminal, refused.refusal().message());
                refused.refusal().field().ifPresent(field -> terminal.note("  at " + field));
                yield ExitCode.FAILED;
            }
            default -> {
                complain(terminal, "this is a bug: " + e);
                e.printStackTrace(terminal.err());
                terminal.err().flush();
                yield ExitCode.FAILED;
            }
        };
    }

    private static void complain(Terminal terminal, String message) {
        terminal.note(terminal.styled(Terminal.Style.BAD, "holdfast:") + " " + message);
    }
}
