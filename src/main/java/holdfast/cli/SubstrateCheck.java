package holdfast.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// Looks whether real virtual machines can run on this host.
@FunctionalInterface
public interface SubstrateCheck {
    /// Finds out by trying. May take some seconds the first time.
    ///
    /// @param directory where files for the guest are kept, such as `guest` in the data directory
    /// @param install whether packages that are missing may be installed; done only where this process may (root on
    ///     Debian)
    /// @param progress told what is being done, one line at a time
    Found check(Path directory, boolean install, Consumer<String> progress);

    /// What was found.
    sealed interface Found {}

    /// Machines can run.
    ///
    /// @param words such as `QEMU 7.2, software emulation`
    record Real(String words) implements Found {}

    /// They cannot; only the simulated driver is left.
    ///
    /// @param missing what is missing, in sentences
    /// @param wayOut the one command or step that mends it
    record SimulatedOnly(List<String> missing, String wayOut) implements Found {
        public SimulatedOnly {
            missing = List.copyOf(missing);
        }
    }
}
