package holdfast.cli;

import holdfast.platform.Platform;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What the command line works with.
///
/// @param environment the environment variables
/// @param home where the product is installed, with its `examples`
/// @param version of the product
public record Wiring(
        Terminal terminal,
        Platform platform,
        Map<String, String> environment,
        Path home,
        String version,
        ServerLauncher launcher,
        SubstrateCheck substrate,
        Backups backups) {
    static final int DEFAULT_PORT = 8580;

    /// The value of an environment variable that is set and not blank.
    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
    }

    /// `HOLDFAST_DATA`, else `~/.local/share/holdfast`.
    Path dataDirectory() {
        return variable("HOLDFAST_DATA")
                .map(Path::of)
                .orElseGet(() -> Path.of(environment.getOrDefault("HOME", "."), ".local", "share", "holdfast"));
    }

    /// A file that came with the product.
    Path example(String name) {
        return home.resolve("examples").resolve(name);
    }
}
