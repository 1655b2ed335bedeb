package holdfast.cli;

import java.io.Console;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// The password of an account at a provider: never an argument, which others on this machine could read.
final class Passwords {
    static final String VARIABLE = "HOLDFAST_PROVIDER_PASSWORD";

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "Its first line is the password. Default: $" + VARIABLE
                    + ", else you are asked for it. - reads standard input.")
    private Optional<Path> file = Optional.empty();

    /// @param needed whether to ask for one if none is given
    Optional<String> password(Wiring wiring, boolean needed) {
        var given = file.map(Passwords::firstLine).or(() -> wiring.variable(VARIABLE));
        return given.isPresent() || !needed ? given : Optional.of(asked());
    }

    static String firstLine(Path file) {
        return Inputs.text(file)
                .lines()
                .findFirst()
                .filter(line -> !line.isBlank())
                .orElseThrow(() -> new CliException(ExitCode.USAGE, "the first line of " + file + " is no password"));
    }

    private static String asked() {
        var typed = Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .orElseThrow(() -> new CliException(
                        ExitCode.USAGE,
                        "a password is needed, and nobody is there to ask",
                        "name a file with --password-file, or set " + VARIABLE))
                .readPassword("Password: ");
        if (typed == null || typed.length == 0) throw new CliException(ExitCode.USAGE, "a password is needed");
        return new String(typed);
    }
}
