package holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.drivers.deltacloud.MockDeltacloud;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What one launch costs: calls at its cloud, and statements in the database, counted.
final class LaunchCostTest {
    private static final int LAUNCHES = 20;
    /// Of one launch after the other, begin and end of transactions counted; those that come together share many.
    private static final int MOST_STATEMENTS = 50;

    @AutoClose
    private final CloudBrokerLab lab = new CloudBrokerLab();

    @AutoClose
    private final MockDeltacloud cloud = new MockDeltacloud("mock");

    @Test
    void a_launch_is_two_orders_at_its_cloud_and_not_too_many_statements() {
        var mock = lab.get("/broker/provider_types?name=Mock").at("/provider_types/0/id");
        var there = lab.account(
                mock.asString(), "there", cloud.url().toString(), MockDeltacloud.USER, MockDeltacloud.PASSWORD);
        var type = lab.type("Simulated", "simulated", "simulated");
        var here = lab.account(type, "here", "http://here.example/", "ann", "secret");
        lab.profile("any", 512);
        lab.image("there", Map.of(there, "img1"));
        lab.image("here", Map.of(here, "image-1"));
        launch("there");
        launch("here"); // after which all is known that is kept

        long orders = cloud.count("POST");
        long looks = looks();
        IntStream.range(0, 3).forEach(_ -> launch("there"));
        assertThat(cloud.count("POST") - orders)
                .as("a key and an instance each")
                .isEqualTo(2 * 3);
        assertThat(looks() - looks).as("at what is on its way, once each").isLessThanOrEqualTo(3);

        // The least of several: what is done every few seconds anyway falls into some of them.
        var statements = IntStream.range(0, LAUNCHES).mapToLong(_ -> Statements.everywhere(() -> launch("here")));
        assertThat(statements.min().orElseThrow()).as("statements for a launch").isLessThan(MOST_STATEMENTS);
    }

    /// At one instance; lists are the tracker's.
    private long looks() {
        return cloud.count("GET /api/instances/");
    }

    private void launch(String image) {
        assertThat(lab.launch("image_id=" + image).path("state").asString()).isEqualTo("RUNNING");
    }
}
