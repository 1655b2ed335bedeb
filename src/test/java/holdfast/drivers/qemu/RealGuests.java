package holdfast.drivers.qemu;

import holdfast.authority.Driver.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assumptions;

/// Real QEMU for tests, or a loud skip where there is none. The guest is made once per build directory.
public final class RealGuests {
    private RealGuests() {}

    public static synchronized Substrate.Ready substrate() throws IOException {
        var directory = Files.createDirectories(Path.of(System.getProperty("holdfast.root", "."), "target", "guest"));
        return switch (Substrate.find(
                directory, InstantSource.system(), line -> System.err.println("guest: " + line))) {
            case Substrate.Ready ready -> ready;
            case Substrate.Unusable unusable -> {
                System.err.println("SKIPPED: no test ran with a real guest. Missing: " + unusable.missing()
                        + ". Mend it with: " + unusable.wayOut());
                Assumptions.abort("no real guests: " + unusable.missing() + "; mend it with: " + unusable.wayOut());
                throw new AssertionError("not reached");
            }
        };
    }

    static QemuDriver driver(Path data) throws IOException {
        return new QemuDriver(data, substrate(), QemuSettings.TRIAL, InstantSource.system());
    }

    /// Asks until it is done: the driver waits by itself before it says `Later`.
    static Map<String, String> finish(Supplier<Result> verb) {
        var waited = new ArrayList<String>();
        for (int i = 0; i < 200; i++) {
            switch (verb.get()) {
                case Result.Done(var facts) -> {
                    return facts;
                }
                case Result.Later(var why, var _) -> waited.add(why);
                case Result.Failed(var why) ->
                    throw new AssertionError("failed: " + why + ", after waiting for " + waited);
            }
        }
        throw new AssertionError("never done; waited for " + waited);
    }
}
