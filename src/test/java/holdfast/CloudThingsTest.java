package holdfast;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.drivers.deltacloud.MockDeltacloud;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What lives at the accounts of a pool beside instances: a whole broker between a client of Deltacloud and two
/// Deltacloud servers of the same type, and one of another.
final class CloudThingsTest {
    private static final MockDeltacloud NORTH = new MockDeltacloud("mock");
    private static final MockDeltacloud SOUTH = new MockDeltacloud("mock");
    private static final MockDeltacloud EAST = new MockDeltacloud("ec2");
    private static final CloudBrokerLab LAB = new CloudBrokerLab();
    private static String north = "";
    private static String south = "";
    private static String east = "";

    @BeforeAll
    static void three_clouds() {
        EAST.features = "<feature name='firewalls' rel='create'><param name='firewalls1'/></feature>";
        north = account("mock", "north", NORTH);
        south = account("mock", "south", SOUTH);
        east = account("ec2", "east", EAST);
        LAB.post("/broker/hardware_profiles", """
                {"hardware_profile": {"name": "big", "memory": {"value": "512", "unit": "MB"},
                  "cpu": {"value": "1", "unit": "count"}, "storage": {"value": "900", "unit": "GB"},
                  "architecture": {"value": "x86_64", "unit": "label"}}}
                """);
        LAB.image("web-os", Map.of(north, "img1", south, "img1", east, "img1"));
        var us = LAB.get("/broker/provider_realms")
                .path("provider_realms")
                .valueStream()
                .filter(realm -> realm.path("external_key").asString().equals("us"))
                .filter(realm -> realm.path("provider").path("name").asString().equals("north"))
                .findFirst()
                .orElseThrow()
                .path("id")
                .asString();
        realm("us", "provider_realms", us);
        for (var name : List.of("north", "south", "east")) realm("in-" + name, "providers", provider(name));
    }

    private static String account(String driver, String name, MockDeltacloud there) {
        var type = LAB.get("/broker/provider_types")
                .path("provider_types")
                .valueStream()
                .filter(one -> one.path("deltacloud_driver").asString().equals(driver))
                .findFirst()
                .orElseThrow()
                .path("id")
                .asString();
        return LAB.account(type, name, there.url().toString(), MockDeltacloud.USER, MockDeltacloud.PASSWORD);
    }

    private static String provider(String name) {
        return LAB.get("/broker/providers")
                .path("providers")
                .valueStream()
                .filter(one -> one.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow()
                .path("id")
                .asString();
    }

    private static void realm(String name, String field, String target) {
        var made = LAB.send("POST", "/broker/frontend_realms", "application/json", """
                {"frontend_realm": {"name": "%s", "%s": ["%s"]}}
                """.formatted(name, field, target));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    }

    @AfterAll
    static void close() {
        LAB.close();
        NORTH.close();
        SOUTH.close();
        EAST.close();
    }

    @Test
    void first() {
        System.err.println(LAB.send("GET", "/broker/provider_realms", "", "").body());
        System.err.println(LAB.send("GET", "/api", "", "").body());
        var made = LAB.form("/api/instances", "image_id=web-os&name=a&realm_id=us");
        System.err.println(made.body());
        System.err.println(NORTH.body("POST /api/instances"));
    }
}
