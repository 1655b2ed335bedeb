package holdfast.platform;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Short-lived programs of the host: run, waited for, output read.
public final class Commands {
    /// No program that we run and wait for needs longer; one that does hangs.
    private static final long LIMIT_SECONDS = 120;

    private Commands() {}

    /// How a program ended.
    ///
    /// @param exit its exit status; 127 when there is no such program
    /// @param output what it wrote to standard output and error
    public record Ended(int exit, String output) {
        public boolean ok() {
            return exit == 0;
        }
    }

    /// Runs a program to its end, with nothing on its standard input.
    ///
    /// @throws IOException when it does not end within two minutes (it is killed then), or its output cannot be
    ///     read
    public static Ended run(String... command) throws IOException {
        return run(List.of(command), "");
    }

    /// Runs a program to its end with `input` on its standard input.
    ///
    /// @throws IOException when it does not end within two minutes (it is killed then), or its output cannot be
    ///     read
    public static Ended run(List<String> command, String input) throws IOException {
        if (find(command.getFirst()).isEmpty()) return new Ended(127, command.getFirst() + ": no such program");
        // Through files: a program that leaves a child behind would keep a pipe open, and reading it would never end.
        var in = Files.createTempFile("holdfast-", ".in");
        var out = Files.createTempFile("holdfast-", ".out");
        try {
            Files.writeString(in, input);
            var process = new ProcessBuilder(command)
                    .redirectInput(in.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(command + " did not end within " + LIMIT_SECONDS + " s");
            }
            return new Ended(process.exitValue(), new String(Files.readAllBytes(out), UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while running " + command, e);
        } finally {
            Files.deleteIfExists(in);
            Files.deleteIfExists(out);
        }
    }

    /// Where a program is: the name itself when it is a path, else the first match on the `PATH`.
    public static Optional<Path> find(String program) {
        if (program.contains("/")) return Optional.of(Path.of(program)).filter(Files::isExecutable);
        var path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/local/bin:/usr/bin:/bin");
        for (var directory : path.split(File.pathSeparator)) {
            var candidate = Path.of(directory, program);
            if (Files.isExecutable(candidate) && !Files.isDirectory(candidate)) return Optional.of(candidate);
        }
        return Optional.empty();
    }
}
