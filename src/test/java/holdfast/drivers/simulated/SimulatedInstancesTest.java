package holdfast.drivers.simulated;

import holdfast.drivers.InstanceContractTest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

final class SimulatedInstancesTest extends InstanceContractTest implements InstantSource {
    private Instant now = Instant.parse("2030-01-07T08:00:00Z");
    private final SimulatedCloud cloud = new SimulatedCloud(
            CloudPlan.SMALL.withTimes(Duration.ofSeconds(2), Duration.ofSeconds(2)),
            this,
            Optional.empty(),
            Optional.empty());

    @Override
    protected Site site() {
        return new Site(cloud, "2", "image-1");
    }

    @Override
    protected void pass(Duration time) {
        now = now.plus(time);
    }

    @Override
    public Instant instant() {
        return now;
    }
}
