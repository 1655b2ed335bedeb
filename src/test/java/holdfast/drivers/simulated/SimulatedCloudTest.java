package holdfast.drivers.simulated;

import holdfast.authority.Cloud;
import holdfast.core.CloudSupply;
import holdfast.drivers.CloudContractTest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/// The simulated cloud keeps what every cloud promises.
final class SimulatedCloudTest extends CloudContractTest {
    @Override
    protected Rig open(String story) {
        return new SimulatedRig();
    }

    private static final class SimulatedRig implements Rig, InstantSource {
        private Instant now = Instant.parse("2030-01-07T08:00:00Z");
        private final SimulatedCloud cloud = new SimulatedCloud(plan(), this, Optional.empty(), Optional.empty());
        private final SimulatedCloud stranger = cloud.sharedWith("stranger");

        /// With two hosts in the north, of which the second is in the free pool.
        private static CloudPlan plan() {
            var supply = CloudPlan.SMALL.supply();
            var hosts = supply.in(List.of("north")).hosts();
            var pool = hosts.getLast();
            var properties = new HashMap<>(pool.properties());
            properties.put(CloudSupply.Host.FREE_POOL, "true");
            var kept = new CloudSupply.Host(pool.name(), pool.id(), pool.zone(), true, pool.total(), properties);
            return CloudPlan.SMALL
                    .with(supply.with(List.of(hosts.getFirst(), kept)))
                    .withTimes(Duration.ofSeconds(2), Duration.ofSeconds(2));
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public Cloud cloud() {
            return cloud;
        }

        @Override
        public Cloud stranger() {
            return stranger;
        }

        @Override
        public Site site() {
            return new Site(
                    "project", "north", "host-1", "host-2", "1", "image-1", List.of("net-1"), "net-2", "203.0.113.99");
        }

        @Override
        public void letTimePass() {
            now = now.plusSeconds(1);
        }

        @Override
        public void close() {
            cloud.close();
        }
    }
}
