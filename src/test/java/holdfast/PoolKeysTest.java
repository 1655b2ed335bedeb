package holdfast;

import static holdfast.CloudBrokerLab.waitFor;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.drivers.deltacloud.MockDeltacloud;
import holdfast.drivers.deltacloud.MockDeltacloud.Fault;
import holdfast.platform.Json;
import java.net.URLDecoder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// Keys keep no launch from where there is room, neither for who makes one first nor for a broker above this one, which
/// always does: north and south take the public halves of keys, east makes its own.
@Timeout(300)
final class PoolKeysTest {
    private static final String JSON = "application/json";
    private static final String HALF =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIC0da8GWjA/mj7ieekilgHm6gaTy5N7M8REYWd02X5kq me";
    private static final String FINGERPRINT = "f2:8f:fe:d0:ae:d7:db:1d:72:3d:d5:0a:da:e7:bc:d6"; // as ssh-keygen has it
    private static final String TAKES = "<feature name='import_key' rel='create'><param name='public_key'/></feature>";
    private static final MockDeltacloud NORTH = new MockDeltacloud("mock");
    private static final MockDeltacloud SOUTH = new MockDeltacloud("mock");
    private static final MockDeltacloud EAST = new MockDeltacloud("mock");
    private static final CloudBrokerLab LAB = new CloudBrokerLab();
    private static final CloudBrokerLab ABOVE = new CloudBrokerLab();
    private static String north = "";

    @BeforeAll
    static void three_clouds_and_a_broker_above() {
        NORTH.more.put("keys", TAKES);
        SOUTH.more.put("keys", TAKES);
        north = LAB.mock("north", NORTH.url().toString());
        var south = LAB.mock("south", SOUTH.url().toString());
        var east = LAB.mock("east", EAST.url().toString());
        LAB.profile("small", 512);
        LAB.image("web-os", Map.of(north, "img1", south, "img1"));
        LAB.image("south-os", Map.of(south, "img1"));
        LAB.image("east-os", Map.of(east, "img1"));
        var pool = LAB.get("/broker/pools").at("/pools/0/id").asString();
        LAB.post("/broker/pools/" + pool + "/priority_groups", """
                {"priority_group": {"name": "first", "score": 100, "provider_accounts": ["%s"]}}""".formatted(north));
        LAB.send("PUT", "/broker/pools/" + pool + "/selection_strategies/strict_order", JSON, """
                {"selection_strategy": {"enabled": true}}""");
        var broker = ABOVE.type("Holdfast", "broker", "deltacloud");
        var below = ABOVE.account(broker, "below", LAB.url("/api"), "admin", LAB.token());
        ABOVE.profile("any", 256);
        ABOVE.image("web-os", Map.of(below, "web-os"));
        ABOVE.image("south-os", Map.of(below, "south-os"));
    }

    @AfterAll
    static void stop() {
        ABOVE.close();
        LAB.close();
        List.of(NORTH, SOUTH, EAST).forEach(MockDeltacloud::close);
    }

    private static JsonNode made(CloudBrokerLab lab, String path, String fields) {
        var answer = lab.form(path, fields);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return Json.tree(answer.body()).properties().iterator().next().getValue();
    }

    private static String id(JsonNode thing) {
        return thing.path("id").asString();
    }

    /// The id of an instance that runs.
    private static String running(CloudBrokerLab lab, String fields) {
        var id = id(made(lab, "/api/instances", fields));
        waitFor(() -> {
            var state = lab.get("/api/instances/" + id).at("/instance/state").asString();
            assertThat(state)
                    .as(() -> lab.get("/broker/instances/" + id + "/matches").toString())
                    .isNotEqualTo("ERROR");
            return state.equals("RUNNING");
        });
        return id;
    }

    private static void stopped(CloudBrokerLab lab, String instance) {
        assertThat(lab.send("POST", "/api/instances/" + instance + "/stop", "", "")
                        .statusCode())
                .isEqualTo(202);
    }

    private static void full(boolean yes) {
        var quota =
                "{\"provider_account\": {\"quota\": {\"maximum_running_instances\": " + (yes ? "0" : "null") + "}}}";
        var reply = LAB.send("PUT", "/broker/provider_accounts/" + north, JSON, quota);
        assertThat(reply.statusCode()).as(reply.body()).isBetween(200, 204);
    }

    /// The field of the last request to make something there.
    private static String sent(MockDeltacloud there, String collection, String field) {
        for (var pair : there.body("POST /api/" + collection).split("&"))
            if (pair.startsWith(field + "=")) return URLDecoder.decode(pair.substring(field.length() + 1), UTF_8);
        return "";
    }

    private static List<String> names(CloudBrokerLab lab) {
        return lab.get("/api/keys").path("keys").findValuesAsString("name");
    }

    @Test
    void what_a_broker_above_launches_goes_where_there_is_room_and_where_its_image_is() {
        full(true);
        var roomy = running(ABOVE, "image_id=web-os&name=roomy");
        full(false);
        var mapped = running(ABOVE, "image_id=south-os&name=mapped");
        assertThat(SOUTH.instances.values())
                .extracting(one -> one.form.getOrDefault("name", ""))
                .anyMatch(name -> name.startsWith("roomy"))
                .anyMatch(name -> name.startsWith("mapped"));
        var first = running(ABOVE, "image_id=web-os&name=first-" + "x".repeat(44));
        assertThat(sent(NORTH, "instances", "name")).startsWith("first-xxx");
        var pem =
                ABOVE.get("/broker/instances/" + first + "/key").at("/key/pem").asString();
        assertThat(pem).startsWith("-----BEGIN RSA PRIVATE KEY-----");
        assertThat(sent(NORTH, "keys", "public_key")).as("of the same pair").startsWith("ssh-rsa ");
        List.of(roomy, mapped, first).forEach(one -> stopped(ABOVE, one));
        waitFor(() -> names(LAB).stream().noneMatch(name -> name.matches("(roomy|mapped|first-x).*")));
        assertThat(NORTH.keys.keySet()).noneMatch(name -> name.matches("(roomy|mapped|first-x).*"));
        assertThat(SOUTH.keys.keySet()).noneMatch(name -> name.matches("(roomy|mapped|first-x).*"));
    }

    @Test
    void a_key_made_at_the_broker_above_opens_what_runs_below_both() {
        var key = made(ABOVE, "/api/keys", "name=through&public_key=" + HALF.replace(" ", "%20"));
        assertThat(key.path("fingerprint").asString()).isEqualTo(FINGERPRINT);
        var one = running(ABOVE, "image_id=south-os&name=through-both&keyname=through");
        assertThat(sent(SOUTH, "keys", "public_key")).isEqualTo(HALF);
        assertThat(sent(SOUTH, "instances", "keyname")).isIn(SOUTH.keys.keySet());
        assertThat(LAB.get("/api/keys").toString()).contains(FINGERPRINT);
        stopped(ABOVE, one);
        waitFor(() -> !LAB.get("/api/keys").toString().contains(FINGERPRINT));
    }

    @Test
    void a_key_is_told_once_and_its_public_half_goes_with_each_launch_that_names_it() {
        var key = made(LAB, "/api/keys", "name=k1");
        assertThat(key.path("pem_rsa_key").asString()).contains("BEGIN RSA PRIVATE KEY");
        assertThat(LAB.send("GET", "/api/keys/" + id(key), "", "").body())
                .contains(key.path("fingerprint").asString())
                .doesNotContain("BEGIN RSA");
        assertThat(LAB.get("/api/keys/k1").at("/key/id").asString())
                .as("by the name that it was given")
                .isEqualTo(id(key));
        assertThat(LAB.bob("GET", "/api/keys/k1", "", "").statusCode()).isEqualTo(404);
        assertThat(LAB.form("/api/keys", "name=k1").statusCode()).isEqualTo(409);
        assertThat(NORTH.keys).as("no account has it yet").doesNotContainKey("k1");
        assertThat(SOUTH.keys).doesNotContainKey("k1");

        var first = running(LAB, "image_id=web-os&name=first-keyed&keyname=k1");
        var half = sent(NORTH, "keys", "public_key");
        assertThat(half).startsWith("ssh-rsa ");
        assertThat(sent(NORTH, "instances", "keyname"))
                .startsWith("first-keyed")
                .isIn(NORTH.keys.keySet());
        full(true);
        var second = running(LAB, "image_id=web-os&name=second-keyed&keyname=" + id(key));
        full(false);
        var refused = LAB.form("/api/instances", "image_id=east-os&keyname=k1");
        assertThat(refused.statusCode()).as("only the public half is known").isEqualTo(409);
        assertThat(refused.body()).contains("at-east: bound_elsewhere");
        assertThat(sent(SOUTH, "keys", "public_key")).isEqualTo(half);
        assertThat(sent(SOUTH, "instances", "keyname"))
                .startsWith("second-keyed")
                .isIn(SOUTH.keys.keySet());
        assertThat(LAB.get("/api/instances/" + second)
                        .at("/instance/authentication/keyname")
                        .asString())
                .as("as its user calls it")
                .isEqualTo(id(key));

        assertThat(LAB.send("DELETE", "/api/keys/k1", "", "").statusCode()).isEqualTo(204);
        assertThat(names(LAB)).doesNotContain("k1");
        assertThat(LAB.form("/api/instances", "image_id=web-os&keyname=" + id(key))
                        .statusCode())
                .isEqualTo(404);
        stopped(LAB, first);
        stopped(LAB, second);
        waitFor(() -> NORTH.keys.keySet().stream().noneMatch(name -> name.startsWith("first-keyed")));
        waitFor(() -> SOUTH.keys.keySet().stream().noneMatch(name -> name.startsWith("second-keyed")));
        made(LAB, "/api/keys", "name=k1"); // the name is free again
    }

    @Test
    void of_a_launch_that_goes_on_elsewhere_the_key_does_not_stay_behind() {
        made(LAB, "/api/keys", "name=wanders");
        NORTH.fail("POST instances", Fault.ERROR);
        running(LAB, "image_id=web-os&name=wanderer&keyname=wanders");
        assertThat(sent(NORTH, "keys", "name")).startsWith("wanderer");
        assertThat(sent(SOUTH, "instances", "keyname")).startsWith("wanderer").isIn(SOUTH.keys.keySet());
        waitFor(() -> NORTH.keys.keySet().stream().noneMatch(name -> name.startsWith("wanderer")));
    }

    @Test
    void a_credential_of_cimi_is_of_the_pool_as_well() {
        var template = "{\"name\": \"mine\", \"credentialTemplate\": {\"key\": \"%s\"}}";
        assertThat(LAB.send("POST", "/cimi/credentials", JSON, template.formatted("ssh-rsa AAAA"))
                        .statusCode())
                .isEqualTo(400);
        var reply = LAB.send("POST", "/cimi/credentials", JSON, template.formatted(HALF));
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(201);
        var credential = Json.tree(reply.body());
        assertThat(credential.path("fingerprint").asString()).isEqualTo(FINGERPRINT);
        assertThat(credential.has("key")).as("its user has it already").isFalse();
        for (var there : List.of(NORTH, SOUTH)) {
            full(there == SOUTH);
            var machine = LAB.post("/cimi/machines", """
                    {"machineTemplate": {"machineConfig": {"cpu": 1}, "machineImage": {"href": "web-os"},
                     "credential": {"href": "%s"}}}""".formatted(id(credential)));
            waitFor(() -> LAB.get(id(machine)).path("state").asString().equals("STARTED"));
            assertThat(sent(there, "keys", "public_key")).isEqualTo(HALF);
            assertThat(sent(there, "instances", "keyname")).isIn(there.keys.keySet());
        }
        full(false);
        var changed = LAB.send("PUT", id(credential), JSON, "{\"description\": \"of my desk\"}");
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        assertThat(LAB.get(id(credential)).path("description").asString()).isEqualTo("of my desk");
        assertThat(LAB.send("DELETE", id(credential), "", "").statusCode()).isEqualTo(200);
        assertThat(LAB.send("GET", id(credential), "", "").statusCode()).isEqualTo(404);
    }
}
