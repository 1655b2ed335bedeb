package holdfast;

import holdfast.cli.Backups;
import holdfast.cli.Cli;
import holdfast.cli.SubstrateCheck;
import holdfast.cli.SubstrateCheck.Found;
import holdfast.cli.Terminal;
import holdfast.cli.Wiring;
import holdfast.drivers.qemu.Substrate;
import holdfast.platform.CannotStartException;
import holdfast.platform.Platform;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine;

/// Entry of the command line. What is handed to it is loaded when a command uses it, not before: hence the lambdas.
public final class Main {
    private Main() {}

    /// Runs one command and exits with its status.
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        var environment = System.getenv();
        var version = Optional.ofNullable(Main.class.getPackage().getImplementationVersion());
        return Cli.commandLine(new Wiring(
                Terminal.system(environment),
                Platform.real(),
                environment,
                Path.of(System.getProperty("holdfast.home", ".")),
                version.orElse("development"),
                options -> Server.start(options),
                (directory, install, progress) -> look(directory, install, progress),
                new NoBackups()));
    }

    private static Found look(Path directory, boolean install, Consumer<String> progress) {
        var found = Substrate.find(directory, InstantSource.system(), progress);
        if (install && found instanceof Substrate.Unusable && installed(progress))
            found = Substrate.find(directory, InstantSource.system(), progress);
        return switch (found) {
            case Substrate.Ready ready -> new SubstrateCheck.Real(ready.describe());
            case Substrate.Unusable(var missing, var wayOut) -> new SubstrateCheck.SimulatedOnly(missing, wayOut);
        };
    }

    private static boolean installed(Consumer<String> progress) {
        try {
            return Substrate.installIfRoot(progress);
        } catch (IOException e) {
            progress.accept("installing failed: " + e.getMessage());
            return false;
        }
    }

    private static final class NoBackups implements Backups {
        @Override
        public long save(Path data, Optional<String> database, Path file) {
            throw new CannotStartException("This build cannot make backups yet.");
        }

        @Override
        public void restore(Path file, Path data, Optional<String> database) {
            throw new CannotStartException("This build cannot restore backups yet.");
        }
    }
}
