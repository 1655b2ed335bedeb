package holdfast.drivers.qemu;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Questions to the tiny guest over its serial line (the script `guest-init.sh` answers them). What a guest says is
/// bounded and proves something about that guest alone: who controls a guest can make it say anything.
final class GuestConsole {
    private static final int LONGEST_LINE = 4096;
    private static final int MOST_LINES = 1000;

    private GuestConsole() {}

    /// The lines of the guest's answer, without command and tag.
    ///
    /// @param command `pci`, `blk`, `net`, `ping`, or `dial` with host and port
    /// @param tag a word that no earlier question had
    /// @param more words of the question
    /// @throws IOException if the guest does not answer in time
    static List<String> ask(Path socket, String command, String tag, Duration patience, String... more)
            throws IOException {
        var said = new Collector(command + " " + tag + " ", "end " + tag);
        try (var line = new LineSocket(socket, LONGEST_LINE, said)) {
            // The empty line first ends whatever half a line a person may have typed there.
            line.send(("\n" + command + " " + tag + " " + String.join(" ", more)).stripTrailing(), patience);
            return LineSocket.await(said.whole, patience, "the guest does not answer " + command);
        }
    }

    private static final class Collector implements LineSocket.Listener {
        private final CompletableFuture<List<String>> whole = new CompletableFuture<>();
        private final List<String> lines = new ArrayList<>();
        private final String start;
        private final String end;

        Collector(String start, String end) {
            this.start = start;
            this.end = end;
        }

        @Override
        public void line(String line) {
            if (line.equals(end)) whole.complete(List.copyOf(lines));
            else if (line.startsWith(start) && lines.size() < MOST_LINES) lines.add(line.substring(start.length()));
        }

        @Override
        public void ended(String why) {
            whole.completeExceptionally(new IOException(why));
        }
    }
}
