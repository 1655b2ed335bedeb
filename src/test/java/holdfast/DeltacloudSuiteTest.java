package holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.drivers.deltacloud.MockDeltacloud;
import holdfast.platform.Json;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/// Apache Deltacloud's own tests of servers (`tests/deltacloud` of it), as somebody who is no administrator, against
/// pools of ours. Skipped without `HOLDFAST_DELTACLOUD_SUITE`.
final class DeltacloudSuiteTest {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String FEATURES =
            "<feature name='firewalls' rel='create'><param name='firewalls1'/></feature>";
    private static final List<String> AT_ACCOUNTS =
            List.of("base_api", "instances", "images", "keys", "addresses", "storage_volumes", "storage_snapshots");

    private final RubySuite suite = RubySuite.open();

    @AutoClose
    private final CloudBrokerLab lab = new CloudBrokerLab();

    @AutoClose
    private final MockDeltacloud there = new MockDeltacloud("mock");

    /// The tests take images by chance, unless one is preferred. They do not destroy all instances, and so could
    /// not take away an image that they have made if some are of that.
    private Stream<DynamicNode> passes(List<String> names) {
        var config = """
                api_url: %s
                broker: {user: bob, password: %s, bucket_locations: [eu], preferred: {image: web-os}}
                """.formatted(lab.url("/api"), CloudBrokerLab.BOB);
        return names.stream().map(name -> suite.tests("tests/deltacloud/" + name + "_test.rb", config));
    }

    @TestFactory
    Stream<DynamicNode> a_pool_over_two_simulated_clouds_passes() {
        var type = lab.type("Simulated", "simulated", "simulated");
        var north = lab.account(type, "north", "http://north.example/", "ann", "secret");
        var south = lab.account(type, "south", "http://south.example/", "ann", "secret");
        lab.profile("small", 512);
        lab.image("web-os", Map.of(north, "image-1", south, "image-1"));
        return passes(List.of(
                "base_api", "drivers", "hardware_profiles", "instance_states", "realms", "images", "instances"));
    }

    private JsonNode made(String collection, String fields) {
        var answer = lab.bob("POST", "/api/" + collection, FORM, fields);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return Json.tree(answer.body()).properties().iterator().next().getValue();
    }

    /// Each collection must have something in it, but for buckets and load balancers, of which the tests make one.
    @TestFactory
    Stream<DynamicNode> what_lives_at_an_account_passes() {
        there.rest.whole = true;
        there.features = FEATURES;
        there.more.put("buckets", "<feature name='bucket_location' rel='create'><param name='location'/></feature>");
        account(there.url().toString());
        fill();
        return passes(
                Stream.concat(AT_ACCOUNTS.stream(), Stream.of("buckets", "metrics", "firewalls", "load_balancers"))
                        .toList());
    }

    /// The driver mock of the real server has neither firewalls nor load balancers, cannot write what it measures
    /// with the Haml of today, and breaks on a large blob, which the tests spare it if they see that it is there.
    @TestFactory
    Stream<DynamicNode> what_lives_at_an_account_of_a_real_server_passes() {
        var real = System.getenv("HOLDFAST_DELTACLOUD");
        Assumptions.assumeTrue(real != null, "HOLDFAST_DELTACLOUD names no Deltacloud server");
        account(real);
        fill();
        return passes(AT_ACCOUNTS);
    }

    private void account(String url) {
        var account = lab.mock("afar", url);
        lab.lookNow(account);
        lab.profile("small", 512);
        lab.image("web-os", Map.of(account, "img1"));
    }

    private void fill() {
        made("keys", "name=key-1");
        made("addresses", "");
        var volume =
                made("storage_volumes", "name=disk-1&capacity=1").path("id").asString();
        made("storage_snapshots", "volume_id=" + volume);
        made("instances", "image_id=web-os&name=measured");
    }
}
