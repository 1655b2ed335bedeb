package holdfast.cli;

import holdfast.cli.setup.Plan;
import holdfast.cli.setup.SetupException;
import holdfast.cli.setup.SetupFile;
import holdfast.cli.setup.Step;
import holdfast.platform.Json;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `apply`.
@Command(
        name = "apply",
        description = {
            "Sets a cloud broker up as a file says: clouds, accounts, pools, sizes, images and who may do what.",
            "What is there already is left as it is, and what the file does not name is not touched."
        },
        footer = {
            "",
            "Passwords stand in variables or files: password: $${NORTH_PASSWORD} or password: {file: north.password}",
            "",
            "Examples:",
            "  holdfast apply examples/clouds/two-clouds.yaml --dry-run",
            "  holdfast apply examples/clouds/two-clouds.yaml",
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

    ApplyCommand(Wiring wiring) {
        super(wiring);
    }

    @Override
    public Integer call() {
        try {
            var wanted = SetupFile.read(Inputs.text(file), wiring::variable, this::secret);
            var setup = new BrokerSetup(new Broker(client()));
            var plan = Plan.of(wanted, setup.look(wanted), renew);
            if (dryRun) return planned(plan);
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
        for (var step : plan.steps()) {
            out.append(step.creates() ? "+ " : "~ ")
                    .append(terminal().styled(Terminal.Style.STRONG, step.name()))
                    .append('\n');
            step.lines().forEach(line -> out.append("    ").append(line).append('\n'));
        }
        return out + summary(plan, "would be made", "changed");
    }

    private int apply(Plan plan, BrokerSetup setup) {
        int done = 0;
        for (var step : plan.steps()) {
            try {
                setup.take(step);
            } catch (CliException e) {
                throw stopped(
                        step,
                        done,
                        plan,
                        e.exitCode(),
                        e.getMessage(),
                        e.hints().toArray(String[]::new));
            } catch (SetupException e) {
                throw stopped(step, done, plan, ExitCode.FAILED, e.getMessage());
            }
            done++;
            terminal().note((step.creates() ? "made " : "changed ") + step.name());
        }
        var steps = Json.array();
        plan.steps().forEach(step -> steps.add(step.json()));
        output.write(terminal(), steps, () -> summary(plan, "made", "changed"));
        return ExitCode.OK;
    }

    private CliException stopped(Step step, int done, Plan plan, int exit, String why, String... hints) {
        var all = new java.util.ArrayList<>(java.util.List.of(hints));
        all.add("%d of %d steps are done and stay; run it again when this is mended"
                .formatted(done, plan.steps().size()));
        return new CliException(exit, step.name() + ": " + why, all.toArray(String[]::new));
    }

    private static String summary(Plan plan, String made, String changed) {
        long creations = plan.steps().stream().filter(Step::creates).count();
        return plan.steps().isEmpty()
                ? "Nothing to do: all of it is as the file says.\n"
                : "%d %s, %d %s.\n".formatted(creations, made, plan.steps().size() - creations, changed);
    }
}
