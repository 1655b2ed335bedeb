package holdfast.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `restore`.
@Command(
        name = "restore",
        description = "Fills an empty data directory, or an empty database, from a backup.",
        footer = {"", "Example:  holdfast restore holdfast-2031-04-05.backup --data /srv/holdfast"})
final class RestoreCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The backup.")
    private Path file = Path.of("");

    @Mixin
    private Kept kept = new Kept();

    private final Wiring wiring;

    RestoreCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() {
        if (!Files.isRegularFile(file)) throw new CliException(ExitCode.NOT_THERE, "there is no file " + file);
        var to = kept.directory(wiring);
        wiring.backups().restore(file, to, kept.database());
        wiring.terminal().print("Restored " + file + ". Start the server:  holdfast up --data " + to);
        return ExitCode.OK;
    }
}
