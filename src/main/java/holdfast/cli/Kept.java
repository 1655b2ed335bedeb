package holdfast.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Where a server that does not run keeps what it has.
final class Kept {
    @Option(names = "--data", paramLabel = "DIR", description = UpCommand.DATA)
    private Optional<Path> data = Optional.empty();

    @Option(
            names = "--database",
            paramLabel = "URL",
            description = "JDBC URL of the PostgreSQL, if not the embedded one.")
    private Optional<String> database = Optional.empty();

    /// The data directory, which need not be there.
    Path directory(Wiring wiring) {
        return data.orElseGet(wiring::dataDirectory);
    }

    /// The URL of a database that is not the embedded one.
    Optional<String> database() {
        return database;
    }
}
