package holdfast.drivers.deltacloud;

import holdfast.drivers.InstanceContractTest;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;

final class DeltacloudInstancesTest extends InstanceContractTest {
    @AutoClose
    private final DeltacloudRig rig = new DeltacloudRig("mock");

    @Override
    protected Site site() {
        return new Site(rig.driver, "m1-small", "img1");
    }

    @Override
    protected void pass(Duration time) {
        rig.pass(time);
    }
}
