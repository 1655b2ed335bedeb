package holdfast;

import static holdfast.CloudBrokerLab.waitFor;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.drivers.simulated.CloudPlan;
import holdfast.platform.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What clients of Deltacloud meet at a whole broker, beyond the lives of instances.
final class DeltacloudFaceTest {
    @AutoClose
    private final CloudBrokerLab lab = new CloudBrokerLab();

    @Test
    void strange_words_are_refused_and_names_last() {
        var type = lab.type("Simulated", "simulated", "simulated");
        var north = lab.account(type, "north", "http://north.example/", "ann", "secret");
        lab.profile("small", 512);
        lab.image("web-os", Map.of(north, "image-1"));

        for (var field :
                new String[] {"name", "image_id", "hwp_id", "realm_id", "keyname", "user_data", "hwp_memory"}) {
            var answer = lab.form("/api/instances", field + "=%00&image_id=web-os");
            assertThat(answer.statusCode()).as(field).isEqualTo(400);
        }
        for (var path : new String[] {"images/%00", "instances/%00", "realms/%00", "hardware_profiles/%00"}) {
            assertThat(lab.send("GET", "/api/" + path, "", "").statusCode())
                    .as(path)
                    .isEqualTo(404);
        }
        for (var query : new String[] {"name", "state", "realm_id", "id"}) {
            assertThat(lab.send("GET", "/api/instances?" + query + "=%00", "", "")
                            .statusCode())
                    .as(query)
                    .isEqualTo(400);
        }
        assertThat(lab.form("/api/instances", "image_id=web-os&name=a%0d%0ab").statusCode())
                .as("a name of two lines")
                .isEqualTo(400);
        assertThat(lab.cloud("http://north.example/").placed()).isEmpty();

        var made = lab.launch("image_id=web-os&name=%F0%9F%98%80%2F..&hwp_id=small");
        assertThat(made.path("name").asString()).isEqualTo("\ud83d\ude00/..");
        assertThat(made.at("/hardware_profile/id").asString()).isEqualTo("small");

        var profile = lab.get("/broker/hardware_profiles").at("/hardware_profiles/0");
        var renamed = lab.send(
                "PUT",
                "/broker/hardware_profiles/" + profile.path("id").asString(),
                "application/json",
                "{\"hardware_profile\": {\"name\": \"tiny\", \"memory\": {\"value\": \"512\"}, \"cpu\": {\"value\": \"1\"}}}");
        assertThat(renamed.statusCode()).as(renamed.body()).isBetween(200, 204);
        var seen = lab.get("/api/instances/" + made.path("id").asString()).at("/instance/hardware_profile");
        assertThat(seen.path("id").asString()).isEqualTo("tiny");
        assertThat(lab.get(seen.path("href").asString())
                        .at("/hardware_profile/name")
                        .asString())
                .isEqualTo("tiny");
    }

    @Test
    void a_name_that_two_pools_bear_means_neither_and_ids_mean_one() {
        var ids = new ArrayList<String>();
        for (var family : List.of("first", "second")) {
            var made = lab.post("/broker/pool_families", "{\"name\": \"%s\"}".formatted(family));
            var pool = lab.post(
                    "/broker/pools",
                    "{\"name\": \"same\", \"pool_family\": \"%s\"}"
                            .formatted(made.at("/pool_family/id").asString()));
            ids.add(pool.at("/pool/id").asString());
        }
        for (var face : List.of("/api/instances", "/cimi/machines")) {
            var both = lab.send("GET", face, "", "", "X-Deltacloud-Provider", "same");
            assertThat(both.statusCode()).as(both.body()).isEqualTo(409);
            assertThat(both.body()).contains("one of 2 of that name", ids.getFirst(), ids.getLast());
        }
        assertThat(lab.send("GET", "/pools/same/api/instances", "", "").statusCode())
                .isEqualTo(409);
        lab.send("PUT", "/broker/pools/" + ids.getFirst(), "application/json", "{\"exported_as\": \"one\"}");
        for (var word : List.of("one", ids.getFirst(), ids.getLast())) {
            assertThat(lab.send("GET", "/pools/" + word + "/api/instances", "", "")
                            .statusCode())
                    .as(word)
                    .isEqualTo(200);
        }
        var one = lab.send("GET", "/api/instances", "", "", "X-Deltacloud-Provider", "same");
        assertThat(one.body()).contains("say an id, or what it is exported as: one, " + ids.getLast());
    }

    @Test
    void an_address_that_leads_to_an_instance_is_among_its_own_and_stays_as_long() {
        try (var whole = new CloudBrokerLab(CloudPlan.SMALL)) {
            var type = whole.type("Simulated", "simulated", "simulated");
            var north = whole.account(type, "north", "http://north.example/", "ann", "secret");
            whole.profile("small", 512);
            whole.image("web-os", Map.of(north, "image-1"));
            var id = whole.launch("image_id=web-os&name=web").path("id").asString();
            var address = Json.tree(whole.form("/api/addresses", "").body()).path("address");
            var at = "/api/addresses/" + address.path("id").asString();
            assertThat(whole.form(at + "/associate", "instance_id=" + id).statusCode())
                    .isEqualTo(202);
            waitFor(() -> whole.get("/api/instances/" + id)
                    .at("/instance/public_addresses")
                    .toString()
                    .contains("198.51.100.128"));
            assertThat(whole.send("DELETE", at, "", "").statusCode()).isEqualTo(409);
            assertThat(whole.form(at + "/disassociate", "").statusCode()).isEqualTo(202);
            assertThat(whole.send("DELETE", at, "", "").statusCode()).isEqualTo(204);
        }
    }
}
