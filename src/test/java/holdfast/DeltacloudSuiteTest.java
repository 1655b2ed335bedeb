package holdfast;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/// Apache Deltacloud's own tests of servers (`tests/deltacloud` of it), against a pool over two simulated clouds.
/// Skipped without `HOLDFAST_DELTACLOUD_SUITE`.
final class DeltacloudSuiteTest {
    private final RubySuite suite = RubySuite.open();

    @AutoClose
    private final CloudBrokerLab lab = new CloudBrokerLab();

    private String config() {
        var known = "{user: %s, password: %s}".formatted(CloudBrokerLab.MOCK_USER, CloudBrokerLab.MOCK_PASSWORD);
        return """
                api_url: %s
                broker: %s
                mock: %s
                """.formatted(lab.url("/api"), known, known);
    }

    private void twoClouds() {
        var type = lab.type("Simulated", "simulated", "simulated");
        var north = lab.account(type, "north", "http://north.example/", "ann", "secret");
        var south = lab.account(type, "south", "http://south.example/", "ann", "secret");
        lab.profile("small", 512);
        lab.image("web-os", Map.of(north, "image-1", south, "image-1"));
    }

    @TestFactory
    Stream<DynamicNode> a_server_of_ours_passes() {
        twoClouds();
        return Stream.of("base_api", "drivers", "hardware_profiles", "instance_states", "realms", "images", "instances")
                .map(name -> suite.tests("tests/deltacloud/" + name + "_test.rb", config()));
    }
}
