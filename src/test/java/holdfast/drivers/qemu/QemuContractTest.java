package holdfast.drivers.qemu;

import holdfast.authority.Driver;
import holdfast.authority.Driver.Key;
import holdfast.drivers.DriverContractTest;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class QemuContractTest extends DriverContractTest {
    @TempDir
    Path data;

    private QemuDriver driver;

    @BeforeEach
    void start() throws IOException {
        driver = RealGuests.driver(data);
    }

    @Override
    protected Driver driver() {
        return driver;
    }

    /// The driver waits by itself before it says `Later`.
    @Override
    protected void letTimePass() {}

    @Override
    protected int timesMade(Key key) {
        return Integer.parseInt(present(key).facts().get("starts"));
    }
}
