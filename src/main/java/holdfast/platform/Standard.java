package holdfast.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The standard streams of this process.
public final class Standard {
    private Standard() {}

    /// One of the two streams that a program writes.
    public enum Stream {
        OUT(1),
        ERR(2);

        private final int descriptor;

        Stream(int descriptor) {
            this.descriptor = descriptor;
        }
    }

    /// Whether somebody looks at it: it is a terminal, not a file or a pipe.
    public static boolean isTerminal(Stream stream) {
        try {
            var target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + stream.descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException _) {
            return false; // no such directory on this system: then nobody is spoken to as if at a terminal
        }
    }

    /// Columns of the terminal that this process belongs to; empty if it has none.
    public static Optional<Integer> terminalColumns() {
        var terminal = Path.of("/dev/tty");
        if (!Files.isReadable(terminal) || Commands.find("stty").isEmpty()) return Optional.empty();
        try {
            var stty = new ProcessBuilder("stty", "size")
                    .redirectInput(terminal.toFile())
                    .redirectErrorStream(true)
                    .start();
            var said = new String(stty.getInputStream().readNBytes(100), java.nio.charset.StandardCharsets.US_ASCII);
            if (!stty.waitFor(1, TimeUnit.SECONDS)) stty.destroyForcibly();
            var words = said.strip().split(" ", 2);
            return words.length == 2 && words[1].matches("[0-9]{1,5}")
                    ? Optional.of(Integer.parseInt(words[1])).filter(columns -> columns > 0)
                    : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
