package holdfast;

import holdfast.drivers.deltacloud.MockDeltacloud;
import java.net.URL;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/// Apache Deltacloud's own tests of servers of CIMI (`tests/cimi` of it), against a pool over a Deltacloud server.
/// Skipped without `HOLDFAST_DELTACLOUD_SUITE`.
final class CimiSuiteTest {
    private final RubySuite suite = RubySuite.open();

    @AutoClose
    private final MockDeltacloud there = new MockDeltacloud("mock");

    @AutoClose
    private final CloudBrokerLab lab = new CloudBrokerLab();

    private String config() {
        return """
                cimi:
                  cep: %s
                  user: admin
                  password: %s
                """.formatted(lab.url("/cimi/cloudEntryPoint"), lab.token());
    }

    private void cloud() {
        there.rest.whole = true;
        there.features = "<feature name='user_data' rel='create'><param name='user_data'/></feature>";
        var account = lab.mock("north", there.url().toString());
        lab.post("/broker/hardware_profiles", """
                {"hardware_profile": {"name": "small", "memory": {"value": "512", "unit": "MB"},
                  "cpu": {"value": "1", "unit": "count"}, "storage": {"value": "1", "unit": "GB"},
                  "architecture": {"value": "x86_64", "unit": "label"}}}
                """);
        lab.image("web-os", Map.of(account, "img1"));
        lab.launch("image_id=web-os&name=web-1");
        lab.post("/cimi/system_templates", """
                {"name": "pair", "componentDescriptors": [{"quantity": 2, "machineTemplate": {
                  "machineConfig": {"cpu": 1}, "machineImage": {"href": "web-os"}}}]}
                """);
    }

    private static String models() {
        URL models = CimiSuiteTest.class.getResource("/cimi/models.rb");
        return Path.of(models.getPath()).toString();
    }

    @TestFactory
    Stream<DynamicNode> a_server_of_ours_passes() {
        cloud();
        return Stream.of(
                        "cep",
                        "machine_collection",
                        "machine",
                        "network_collection",
                        "part2",
                        "part3",
                        "part4",
                        "part5",
                        "rmd1",
                        "rmd2",
                        "rmd3",
                        "rmd4",
                        "system1",
                        "machex1",
                        "machex2",
                        "machex3")
                .map(name -> suite.tests("tests/cimi/" + name + "_test.rb", config(), "-r", models()));
    }
}
