package holdfast.cli;

import holdfast.cli.ServerLauncher.Running;
import holdfast.platform.Platform;
import holdfast.platform.PrivateFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// What a demo must undo, however it ends: the slice, the server, the temporary directory. Undoes it once.
final class DemoCleanup {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Path data;
    private final boolean deleteData;
    private final Platform platform;
    private final Terminal terminal;
    private Optional<Running> server = Optional.empty();
    private Optional<Left> slice = Optional.empty();
    private boolean ran;

    private record Left(Client client, String id) {}

    DemoCleanup(Path data, boolean deleteData, Platform platform, Terminal terminal) {
        this.data = data;
        this.deleteData = deleteData;
        this.platform = platform;
        this.terminal = terminal;
    }

    synchronized void server(Running running) {
        server = Optional.of(running);
    }

    synchronized void slice(Client client, String id) {
        slice = Optional.of(new Left(client, id));
    }

    /// The slice is gone, or is to stay.
    synchronized void sliceGone() {
        slice = Optional.empty();
    }

    /// Whether it has been done; waits for its end if it is under way.
    synchronized boolean done() {
        return ran;
    }

    synchronized void run() {
        if (ran) return;
        ran = true;
        slice.ifPresent(this::remove);
        server.ifPresent(Running::close);
        if (!deleteData) return;
        try {
            PrivateFiles.deleteTree(data);
        } catch (IOException e) {
            terminal.note("holdfast: " + data + " could not be removed: " + e.getMessage());
        }
    }

    private void remove(Left left) {
        try {
            terminal.note("Taking the slice down first.");
            left.client.delete(Client.path("slices", left.id));
            var deadline = platform.now().plus(LIMIT);
            while (!dead(left)) {
                if (platform.now().isAfter(deadline)) {
                    terminal.note("holdfast: the slice is not gone yet; what is left of it is in " + data);
                    return;
                }
                LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            }
        } catch (CliException e) {
            terminal.note("holdfast: the slice could not be taken down: " + e.getMessage());
        }
    }

    private static boolean dead(Left left) {
        return new SliceView(left.client.get(Client.path("slices", left.id))).dead();
    }
}
