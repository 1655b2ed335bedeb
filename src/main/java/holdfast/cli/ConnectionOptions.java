package holdfast.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Which server a command talks to, and with which token.
final class ConnectionOptions {
    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "The server. Default: $HOLDFAST_SERVER, else http://127.0.0.1:8580.")
    private Optional<String> server = Optional.empty();

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "File that holds the token. Default: the token in $HOLDFAST_TOKEN, else the file 'token' in the data directory.")
    private Optional<Path> tokenFile = Optional.empty();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Data directory of the server, where its token is. Default: $HOLDFAST_DATA, else ~/.local/share/holdfast.")
    private Optional<Path> data = Optional.empty();

    Client client(Wiring wiring) {
        var url = server.or(() -> wiring.variable("HOLDFAST_SERVER")).orElse("http://127.0.0.1:" + Wiring.DEFAULT_PORT);
        return Client.to(uri(url), token(wiring), wiring.terminal());
    }

    private static URI uri(String url) {
        try {
            var uri = URI.create(url);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null)
                return uri;
        } catch (IllegalArgumentException _) {
            // told below
        }
        throw new CliException(
                ExitCode.USAGE,
                "the server's URL is not one: " + url,
                "write it like http://127.0.0.1:" + Wiring.DEFAULT_PORT);
    }

    /// None if no token is given and the default file is not there: the server then says what it thinks of that.
    private Optional<String> token(Wiring wiring) {
        if (tokenFile.isPresent()) return Optional.of(read(tokenFile.get()));
        var given = wiring.variable("HOLDFAST_TOKEN").map(String::strip);
        if (given.isPresent() && data.isEmpty()) return given;
        var file = data.orElseGet(wiring::dataDirectory).resolve("token");
        return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
    }

    static String read(Path file) {
        try {
            var text = Files.readString(file).strip();
            if (text.matches("[\\x21-\\x7e]{1,10000}")) return text;
            throw new CliException(ExitCode.NO_SERVER, "the file " + file + " does not hold a token");
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.NO_SERVER,
                    "the token cannot be read: " + Inputs.why(file, e),
                    "name the right file with --token-file, or set HOLDFAST_TOKEN");
        }
    }
}
