package holdfast;

import holdfast.cli.Cli;
import holdfast.cli.Terminal;
import holdfast.cli.Wiring;
import holdfast.platform.Platform;
import java.nio.file.Path;
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
                options -> Server.start(options),
                (directory, install, progress) -> SubstrateSearch.check(directory, install, progress),
                new StoredBackups());
    }
}
