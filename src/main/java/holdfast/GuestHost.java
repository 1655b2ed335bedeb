package holdfast;

import holdfast.drivers.qemu.Substrate;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What guests can run on here. Found out when somebody wants real machines for the first time, and again as long as
/// none can run.
final class GuestHost {
    private static final Logger LOG = LoggerFactory.getLogger(GuestHost.class);

    private final Path guest;
    private Optional<Substrate.Ready> ready = Optional.empty();

    /// @param data the data directory
    GuestHost(Path data) {
        this.guest = data.resolve("guest");
    }

    /// May take seconds the first time.
    synchronized Substrate substrate() {
        if (ready.isPresent()) {
            return ready.get();
        }
        var found = Substrate.find(guest, InstantSource.system(), LOG::info);
        if (found instanceof Substrate.Ready works) {
            ready = Optional.of(works);
        }
        return found;
    }
}
