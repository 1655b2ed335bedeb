package holdfast.cli;

import holdfast.cli.setup.Plan;
import holdfast.cli.setup.SetupException;
import holdfast.cli.setup.SetupFile;
import holdfast.cli.setup.Step;
import holdfast.cli.setup.Step.Verb;
import holdfast.platform.Json;
import java.io.Console;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `apply`.
@Command(
        name = "apply",
        description = {
            "Sets a cloud broker up as a file says: clouds, accounts, pools, sizes, images and who may do what.",
            "What is there already is left as it is, and what the file does not name is not touched, unless it is pruned."
        },
        footer = {
            "",
            "Passwords stand in variables or files: password: $${NORTH_PASSWORD} or password: {file: north.password}",
            "",
            "Examples:",
            "  holdfast apply examples/clouds/two-clouds.yaml --dry-run",
            "  holdfast apply examples/clouds/two-clouds.yaml",
            "  holdfast apply examples/clouds/two-clouds.yaml --prune",
            ""
        })
final class ApplyCommand extends RemoteCommand {
    @Parameters(paramLabel = "FILE", description = "What is wanted, in YAML; - reads standard input.")
    private Path file = Path.of("-");

    @Option(names = "--dry-run", description = "Only say what would be done.")
    private boolean dryRun;

    @Option(
            names = "--renew",
            description = "Give the credentials of all accounts anew: whether a secret is another one cannot be seen.")
    private boolean renew;

    @Option(
            names = "--prune",
            description = "Also remove what is not in the file of the lists that the file has; what is in use is left.")
    private boolean prune;

    @Option(names = "--yes", description = "Remove without asking.")
    private boolean yes;

    ApplyCommand(Wiring wiring) {
        super(wiring);
    }

    @Override
    public Integer call() {
        try {
            var wanted = SetupFile.read(Inputs.text(file), wiring::variable, this::secret);
            var setup = new BrokerSetup(new Broker(client()));
            var there = setup.look(wanted);
            var made = Plan.of(wanted.items(), there.items(), renew);
            var plan = prune ? made.pruning(wanted, there) : made;
            if (dryRun) return planned(plan);
            if (!yes) agreed(plan);
            return apply(plan, setup);
        } catch (SetupException e) {
            throw new CliException(ExitCode.FAILED, file + ": " + e.getMessage());
        }
    }

    /// Files of secrets are found beside the one that names them.
    private String secret(String name) {
        var parent = Optional.ofNullable(file.getParent()).orElse(Path.of(""));
        return Inputs.text(parent.resolve(name));
    }

    private int planned(Plan plan) {
        var steps = Json.array();
        plan.steps().forEach(step -> steps.add(step.json()));
        output.write(terminal(), steps, () -> text(plan));
        return ExitCode.OK;
    }

    private String text(Plan plan) {
        var out = new StringBuilder();
        plan.steps().forEach(step -> out.append(text(step)));
        return out + summary(plan, "would be made", 0);
    }

    private String text(Step step) {
        var out = new StringBuilder(step.verb().sign())
                .append(' ')
                .append(terminal().styled(Terminal.Style.STRONG, step.name()))
                .append('\n');
        step.lines().forEach(line -> out.append("    ").append(line).append('\n'));
        return out.toString();
    }

    /// Nothing is removed of which nobody has said that it may be.
    private void agreed(Plan plan) {
        long going = plan.count(Verb.REMOVE);
        if (going == 0) return;
        plan.steps().stream()
                .filter(step -> step.verb() == Verb.REMOVE)
                .forEach(step -> terminal().note(text(step).strip()));
        var console = Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .orElseThrow(() -> new CliException(
                        ExitCode.USAGE,
                        going + " would be removed, and nobody is there to ask",
                        "say --yes if they may be"));
        var answer = Optional.ofNullable(console.readLine("Remove %d? [y/N] ", going));
        if (answer.filter(text -> text.strip().toLowerCase(Locale.ROOT).startsWith("y"))
                .isEmpty()) throw new CliException(ExitCode.FAILED, "nothing is done");
    }

    private int apply(Plan plan, BrokerSetup setup) {
        int done = 0;
        int left = 0;
        var told = Json.array();
        for (var step : plan.steps()) {
            var json = step.json();
            try {
                setup.take(step);
                done++;
                terminal().note(step.verb().done() + " " + step.name());
            } catch (CliException e) {
                if (step.verb() != Verb.REMOVE || e.exitCode() != ExitCode.FAILED)
                    throw stopped(step, done, plan, e.exitCode(), e.getMessage(), e.hints());
                left++;
                json.put("left", e.getMessage());
                terminal().note("left " + step.name() + ": " + e.getMessage());
            } catch (SetupException e) {
                throw stopped(step, done, plan, ExitCode.FAILED, e.getMessage(), List.of());
            }
            told.add(json);
        }
        long stay = left;
        output.write(terminal(), told, () -> summary(plan, "made", stay));
        return left == 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    private static CliException stopped(Step step, int done, Plan plan, int exit, String why, List<String> hints) {
        var all = new ArrayList<>(hints);
        all.add("%d of %d steps are done and stay; run it again when this is mended"
                .formatted(done, plan.steps().size()));
        return new CliException(exit, step.name() + ": " + why, all.toArray(String[]::new));
    }

    private static String summary(Plan plan, String made, long left) {
        if (plan.steps().isEmpty()) return "Nothing to do: all of it is as the file says.\n";
        long going = plan.count(Verb.REMOVE);
        var text = "%d %s, %d changed".formatted(plan.count(Verb.CREATE), made, plan.count(Verb.CHANGE));
        if (going > left) text += ", " + (going - left) + " removed";
        return text + (left > 0 ? ", " + left + " left.\n" : ".\n");
    }
}
