package holdfast;

import holdfast.cli.SubstrateCheck;
import holdfast.drivers.qemu.Substrate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Consumer;

/// Tells the command line what the QEMU driver finds on this host.
final class SubstrateSearch {
    private SubstrateSearch() {}

    static SubstrateCheck.Found check(Path directory, boolean install, Consumer<String> progress) {
        var found = Substrate.find(directory, InstantSource.system(), progress);
        if (found instanceof Substrate.Unusable && install && installed(progress)) {
            found = Substrate.find(directory, InstantSource.system(), progress);
        }
        return switch (found) {
            case Substrate.Ready ready -> new SubstrateCheck.Real(ready.describe());
            case Substrate.Unusable(var missing, var wayOut) -> new SubstrateCheck.SimulatedOnly(missing, wayOut);
        };
    }

    private static boolean installed(Consumer<String> progress) {
        try {
            return Substrate.installIfRoot(progress);
        } catch (IOException e) {
            progress.accept("could not install: " + e.getMessage());
            return false;
        }
    }
}
