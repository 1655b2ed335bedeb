package holdfast.cli;

import holdfast.cli.ServerLauncher.Running;
import holdfast.platform.Platform;
import holdfast.platform.PrivateFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// What a demo must undo, however it ends: what it asked for, the servers, the temporary directory. Undoes it once.
final class DemoCleanup {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Path data;
    private final boolean deleteData;
    private final Platform platform;
    private final Terminal terminal;
    private final List<Running> servers = new ArrayList<>();
    private Optional<Left> left = Optional.empty();
    private boolean ran;

    /// @param what in a word, such as `slice`
    /// @param undo begins to take it away
    /// @param undone whether nothing of it is left
    private record Left(String what, Runnable undo, BooleanSupplier undone) {}

    DemoCleanup(Path data, boolean deleteData, Platform platform, Terminal terminal) {
        this.data = data;
        this.deleteData = deleteData;
        this.platform = platform;
        this.terminal = terminal;
    }

    synchronized void server(Running running) {
        servers.add(running);
    }

    /// From now on this has to be taken away before the server stops.
    synchronized void left(String what, Runnable undo, BooleanSupplier undone) {
        left = Optional.of(new Left(what, undo, undone));
    }

    /// It is gone, or is to stay.
    synchronized void gone() {
        left = Optional.empty();
    }

    /// Whether it has been done; waits for its end if it is under way.
    synchronized boolean done() {
        return ran;
    }

    synchronized void run() {
        if (ran) return;
        ran = true;
        left.ifPresent(this::remove);
        servers.reversed().forEach(Running::close);
        if (!deleteData) return;
        try {
            PrivateFiles.deleteTree(data);
        } catch (IOException e) {
            terminal.note("holdfast: " + data + " could not be removed: " + e.getMessage());
        }
    }

    private void remove(Left it) {
        try {
            terminal.note("Taking the " + it.what + " down first.");
            it.undo.run();
            var deadline = platform.now().plus(LIMIT);
            while (!it.undone.getAsBoolean()) {
                if (platform.now().isAfter(deadline)) {
                    terminal.note("holdfast: the " + it.what + " is not gone yet; what is left of it is in " + data);
                    return;
                }
                LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            }
        } catch (CliException e) {
            terminal.note("holdfast: the " + it.what + " could not be taken down: " + e.getMessage());
        }
    }
}
