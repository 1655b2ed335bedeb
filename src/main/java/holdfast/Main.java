package holdfast;

import holdfast.cli.Backups;
import holdfast.cli.Cli;
import holdfast.cli.ServerLauncher;
import holdfast.cli.SubstrateCheck;
import holdfast.cli.Terminal;
import holdfast.cli.Wiring;
import holdfast.platform.CannotStartException;
import holdfast.platform.Platform;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Entry of the command line. What is handed to it is loaded when a command uses it, not before.
public final class Main {
    private Main() {}

    /// Runs one command and exits with its status.
    public static void main(String[] args) {
        System.exit(Cli.run(wiring(), args));
    }

    static Wiring wiring() {
        var environment = System.getenv();
        var version = Optional.ofNullable(Main.class.getPackage().getImplementationVersion());
        return new Wiring(
                Terminal.system(environment),
                Platform.real(),
                environment,
                Path.of(System.getProperty("holdfast.home", ".")),
                version.orElse("development"),
                launcher(),
                substrate(),
                backups());
    }

    private static ServerLauncher launcher() {
        return _ -> {
            throw new CannotStartException("This build has no server yet.");
        };
    }

    private static SubstrateCheck substrate() {
        return (_, _, _) -> new SubstrateCheck.SimulatedOnly(List.of("this build has no driver for them yet"), "-");
    }

    private static Backups backups() {
        return new Backups() {
            @Override
            public long save(Path data, Optional<String> database, Path file) {
                throw new CannotStartException("This build cannot make backups yet.");
            }

            @Override
            public void restore(Path file, Path data, Optional<String> database) {
                throw new CannotStartException("This build cannot restore backups yet.");
            }
        };
    }
}
