package holdfast.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `backup`.
@Command(
        name = "backup",
        description = "Copies everything that a server keeps in its database into one file.",
        footer = {
            "",
            "A server on the embedded database must be stopped first; one on a PostgreSQL of your own may go on.",
            "",
            "Example:  holdfast backup holdfast-2031-04-05.backup"
        })
final class BackupCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "File to write; it must not exist yet.")
    private Path file = Path.of("");

    @Mixin
    private Kept kept = new Kept();

    private final Wiring wiring;

    BackupCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public Integer call() {
        if (Files.exists(file))
            throw new CliException(ExitCode.FAILED, file + " exists already; a backup overwrites nothing");
        var from = kept.directory(wiring);
        if (kept.database().isEmpty() && !Files.isDirectory(from))
            throw new CliException(
                    ExitCode.NOT_THERE, "there is no data directory " + from, "name the right one with --data");
        long bytes = wiring.backups().save(from, kept.database(), file);
        wiring.terminal().print("Wrote " + file + " (" + bytes / 1024 + " KB).");
        return ExitCode.OK;
    }
}
