package holdfast;

import static holdfast.CloudBrokerLab.waitFor;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.drivers.deltacloud.MockDeltacloud;
import holdfast.drivers.deltacloud.MockDeltacloud.Fault;
import holdfast.platform.Json;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// What clients of CIMI see of a whole broker over a Deltacloud server, and over a cloud that has no room.
@Timeout(300)
final class CimiBrokerTest {
    private static final MockDeltacloud NORTH = new MockDeltacloud("mock");
    private static final String JSON = "application/json";
    private static final String EAST = "http://east.example/";
    private static final String WEST = "http://west.example/";
    private static final CloudBrokerLab LAB = new CloudBrokerLab();

    @BeforeAll
    static void two_clouds() {
        var north = LAB.mock("north", NORTH.url().toString());
        var simulated = LAB.type("Simulated", "simulated", "simulated");
        var full = LAB.account(simulated, "full", "http://full.example/", "ann", "secret");
        IntStream.rangeClosed(1, 4)
                .forEach(n -> LAB.cloud("http://full.example/").hostUp("host-" + n, false));
        LAB.profile("small", 512);
        LAB.image("web-os", Map.of(north, "img1"));
        LAB.image("full-os", Map.of(full, "image-1"));
        var east = LAB.account(simulated, "east", EAST, "ann", "secret");
        var west = LAB.account(simulated, "west", WEST, "ann", "secret");
        LAB.image("pair-os", Map.of(east, "image-1", west, "image-1"));
    }

    @AfterAll
    static void stop() {
        LAB.close();
        NORTH.close();
    }

    private static JsonNode made(String path, String body) {
        var reply = LAB.send("POST", path, "application/json", body);
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(201);
        return Json.tree(reply.body());
    }

    private static String launch(String image) {
        return """
                {"name": "on-%s", "machineTemplate": {"machineConfig": {"cpu": 1}, "machineImage": {"href": "%s"}}}
                """.formatted(image, image);
    }

    @Test
    void a_machine_that_nobody_can_make_is_a_job_that_failed_with_the_reason() {
        var reply = LAB.send("POST", "/cimi/machines", "application/json", launch("full-os"));
        assertThat(reply.statusCode()).isEqualTo(201);
        var job = reply.headers().firstValue("CIMI-Job-URI").orElseThrow();
        waitFor(() -> LAB.get(job).path("state").asString().equals("FAILED"));
        var failed = LAB.get(job);
        assertThat(failed.path("returnCode").asInt()).isEqualTo(1);
        assertThat(failed.path("progress").asInt()).isEqualTo(100);
        assertThat(failed.path("statusMessage").asString()).contains("at-full");
        var machine = failed.at("/targetResource/href").asString();
        assertThat(LAB.get(machine).path("state").asString()).isEqualTo("ERROR");
        assertThat(LAB.get(LAB.get(machine).at("/eventLog/href").asString() + "/events")
                        .path("events")
                        .valueStream()
                        .filter(event -> event.path("outcome").asString().equals("failure"))
                        .map(event -> event.path("name").asString()))
                .containsExactly("create_failed");
        assertThat(LAB.get("/cimi/jobs?$filter=state='FAILED'").path("count").asInt())
                .isEqualTo(1);
    }

    /// How many of any machines have come to an end.
    private static int restarts() {
        var which = "action='http://schemas.dmtf.org/cimi/1/action/restart' and state='SUCCESS'";
        return LAB.get("/cimi/jobs?$filter=" + which.replace(" ", "%20").replace("'", "%27"))
                .path("count")
                .asInt();
    }

    @Test
    void a_machine_that_restarts_is_started_when_it_can_be_stopped_again() {
        var machine = made("/cimi/machines", launch("web-os").replace("on-web-os", "restarted"))
                .path("id")
                .asString();
        becomes(machine, "STARTED");
        var restarted = LAB.send("POST", machine + "/restart", "application/json", "{}");
        assertThat(restarted.statusCode()).isEqualTo(202);
        waitFor(() -> {
            var now = LAB.get(machine);
            boolean started = now.path("state").asString().equals("STARTED");
            boolean stops = now.path("operations")
                    .valueStream()
                    .anyMatch(one -> one.path("rel").asString().endsWith("/stop"));
            assertThat(stops).as(now.toString()).isEqualTo(started);
            return started;
        });
        waitFor(() -> restarts() > 0);
        // who asks again, having heard nothing, is told of that one; Deltacloud has no word for it but no
        int done = restarts();
        assertThat(LAB.get(machine).path("operations").findValuesAsString("href"))
                .contains(machine + "/restart");
        var again = LAB.send("POST", machine + "/restart", "application/json", "{}");
        assertThat(again.statusCode()).isEqualTo(202);
        assertThat(again.headers().firstValue("CIMI-Job-URI"))
                .isPresent()
                .isEqualTo(restarted.headers().firstValue("CIMI-Job-URI"));
        assertThat(restarts()).isEqualTo(done);
        var instance = machine.replaceFirst("^.*/", "/api/instances/");
        assertThat(LAB.get(instance).at("/instance/actions").findValuesAsString("rel"))
                .contains("stop")
                .doesNotContain("reboot");
        assertThat(LAB.form(instance + "/reboot", "").statusCode()).isEqualTo(405);
    }

    @Test
    void a_provider_that_has_failed_is_told_apart_from_one_that_is_silent() {
        NORTH.fail("GET storage_volumes", Fault.ERROR, Fault.DENIED, Fault.ERROR);
        var failed = LAB.send("GET", "/api/storage_volumes", "", "");
        assertThat(failed.statusCode()).as(failed.body()).isEqualTo(502);
        assertThat(failed.body()).contains("no account of the pool tells its storage volumes");
        assertThat(LAB.send("GET", "/api/storage_volumes", "", "").statusCode()).isEqualTo(504);
        assertThat(LAB.send("GET", "/cimi/volumes", "", "").statusCode()).isEqualTo(500);
    }

    @Test
    void the_root_of_a_pool_leads_to_its_entry_point() {
        var root = LAB.send("GET", "/pools/default", "", "");
        assertThat(root.statusCode()).isEqualTo(301);
        var entry = LAB.get(root.headers().firstValue("Location").orElseThrow());
        assertThat(entry.at("/api/provider").asString()).isEqualTo("default");
    }

    @Test
    void a_volume_is_made_where_a_machine_is_attached_to_it_and_taken_away() {
        var machine = made("/cimi/machines", launch("web-os")).path("id").asString();
        waitFor(() -> LAB.get(machine).path("state").asString().equals("STARTED"));
        var volume = made(
                        "/cimi/volumes",
                        "{\"name\": \"data\", \"properties\": {\"tier\": \"front\"}, \"volumeTemplate\": {\"volumeConfig\": {\"capacity\": 1048577}}}")
                .path("id")
                .asString();
        assertThat(LAB.get(volume).at("/properties/tier").asString()).isEqualTo("front");
        var told = "{\"name\": \"disk\", \"description\": \"d\"}";
        assertThat(LAB.send("PUT", volume + "?$select=name,description", JSON, told)
                        .statusCode())
                .isEqualTo(200);
        var kept = LAB.get("/cimi/volumes?$filter=name=%27disk%27").at("/volumes/0");
        assertThat(kept.path("description").asString()).isEqualTo("d");
        assertThat(kept.at("/properties/tier").asString()).isEqualTo("front");
        assertThat(LAB.bob("PUT", volume, JSON, told).statusCode()).isEqualTo(404);
        var below = LAB.get(machine + "?$expand=volumes").path("volumes");
        assertThat(below.path("count").asInt(-1)).isZero();
        var attached = LAB.send(
                "POST",
                below.at("/operations/0/href").asString(),
                "application/json",
                "{\"initialLocation\": \"/dev/sdf\", \"volume\": {\"href\": \"%s\"}}".formatted(volume));
        assertThat(attached.statusCode()).as(attached.body()).isEqualTo(201);
        assertThat(NORTH.rest.volumes.values())
                .anySatisfy(there -> assertThat(there).containsEntry("capacity", "2"));
        var at = attached.headers().firstValue("Location").orElseThrow();
        assertThat(LAB.get(at).at("/volume/href").asString()).isEqualTo(volume);
        assertThat(LAB.send("DELETE", at, "", "").statusCode()).isEqualTo(200);
        assertThat(LAB.send("GET", at, "", "").statusCode()).isEqualTo(404);
        assertThat(LAB.send("DELETE", volume, "", "").statusCode()).isEqualTo(200);
        assertThat(LAB.send("GET", volume, "", "").statusCode()).isEqualTo(404);
    }

    @Test
    void a_configuration_is_made_and_changed_by_those_who_may_do_that_with_hardware_profiles() {
        var body = "{\"name\": \"tiny\", \"cpu\": 1, \"memory\": 131072}";
        assertThat(LAB.bob("POST", "/cimi/machine_configurations", JSON, body).statusCode())
                .isEqualTo(403);
        var bob =
                LAB.post("/broker/users", "{\"name\": \"bob\"}").at("/user/id").asString();
        var role = LAB.post(
                "/broker/permissions",
                "{\"entity\": {\"id\": \"%s\"}, \"role\": \"Global HWP Administrator\"}".formatted(bob));
        var reply = LAB.bob("POST", "/cimi/machine_configurations", JSON, body);
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(201);
        var made = Json.tree(reply.body()).path("id").asString();
        assertThat(LAB.bob("POST", "/cimi/machine_configurations", JSON, body).body())
                .contains("taken");
        var edit = "{\"memory\": 262144}";
        assertThat(LAB.bob("PUT", made + "?$select=memory", JSON, edit).statusCode())
                .isEqualTo(200);
        var profile = LAB.get("/broker/hardware_profiles?name=tiny").at("/hardware_profiles/0");
        assertThat(profile.at("/memory/value").asString()).isEqualTo("256");
        var small = LAB.get("/cimi/machine_configurations?$filter=name=%27small%27")
                .at("/machineConfigurations/0/id")
                .asString();
        var etag = LAB.send("GET", made, "", "").headers().firstValue("ETag").orElseThrow();
        assertThat(LAB.send("PUT", made, JSON, "{\"name\": \"tiny\", \"cpu\": 2}", "If-Match", etag)
                        .statusCode())
                .isEqualTo(200);
        assertThat(LAB.send("PUT", made, JSON, edit, "If-Match", etag).statusCode())
                .isEqualTo(412);
        assertThat(LAB.send(
                                "DELETE",
                                "/broker/permissions/"
                                        + role.at("/permission/id").asString(),
                                "",
                                "")
                        .statusCode())
                .isEqualTo(204);
        assertThat(LAB.bob("PUT", small, JSON, edit).statusCode()).isEqualTo(403);
        assertThat(LAB.bob("DELETE", made, "", "").statusCode()).isEqualTo(403);
        assertThat(LAB.send("DELETE", made, "", "").statusCode()).isEqualTo(200);
        assertThat(LAB.get("/broker/hardware_profiles?name=tiny").path("hardware_profiles"))
                .isEmpty();
    }

    @Test
    void sizes_that_a_machine_is_asked_for_with_are_chosen_and_those_that_it_gets_are_shown_and_found() {
        LAB.post("/broker/hardware_profiles", """
                {"name": "roomy", "memory": {"value": 2048, "kind": "range", "first": 1024, "last": 16384},
                 "cpu": {"value": 2, "kind": "enum", "entries": [2, 4, 8]}}""");
        var machine = """
                {"name": "%s", "machineTemplate": {"machineConfig": %s, "machineImage": {"href": "pair-os"}}}""";
        var named = "{\"href\": \"roomy\", \"cpu\": %s, \"memory\": %s}";
        var whole = Map.of(
                "beside", named.formatted(8, 8 << 20),
                "by-value", "{\"cpu\": 3, \"memory\": 4194304}",
                "template", "{\"cpu\": 1}");
        for (var one : whole.entrySet()) {
            made("/cimi/machines", machine.formatted(one.getKey(), one.getValue()));
        }
        for (var name : List.of("beside", "by-value")) {
            var seen = LAB.get("/cimi/machines?$filter=name='" + name + "'").at("/machines/0");
            assertThat(seen.path("cpu").asInt())
                    .as("what the only size that is large enough has")
                    .isEqualTo(8);
            assertThat(seen.path("memory").asLong()).isEqualTo(16 << 20);
            var id = seen.path("id").asString().replaceFirst(".*/", "");
            assertThat(LAB.get("/api/instances/" + id)
                            .at("/instance/hardware_profile/properties")
                            .toString())
                    .isEqualTo("{\"cpu\":\"8\",\"memory\":\"16384\"}");
            var kept = LAB.get("/broker/instances/" + id).path("instance");
            assertThat(kept.at("/hardware_profile/value").asString()).isEqualTo("roomy");
            assertThat(kept.at("/instance_hwp/memory").asString()).isEqualTo("16384");
        }
        assertThat(names("$filter=cpu%3E=4")).containsExactlyInAnyOrder("beside", "by-value");
        assertThat(names("$filter=memory=16777216")).containsExactlyInAnyOrder("beside", "by-value");
        assertThat(names("$orderby=cpu:desc").subList(0, 2)).containsExactlyInAnyOrder("beside", "by-value");
        for (var refused :
                List.of(named.formatted(3, 2 << 20), named.formatted(2, 1024), named.formatted(2, 32 << 20))) {
            var reply = LAB.send("POST", "/cimi/machines", JSON, machine.formatted("no", refused));
            assertThat(reply.statusCode()).as(reply.body()).isEqualTo(400);
            assertThat(reply.body()).contains("roomy", "must be");
        }
        var none = LAB.send("POST", "/cimi/machines", JSON, machine.formatted("no", "{\"cpu\": 9}"));
        assertThat(none.statusCode()).isEqualTo(409);
        var template = made("/cimi/machine_templates", """
                {"machineConfig": %s, "machineImage": {"href": "pair-os"}}""".formatted(named.formatted(4, 2 << 20)));
        assertThat(template.at("/machineConfig/cpu").asInt())
                .as("what is kept is shown")
                .isEqualTo(4);
        for (var made : LAB.get("/cimi/machines").path("machines")) {
            if (whole.containsKey(made.path("name").asString()))
                LAB.send("DELETE", made.path("id").asString(), "", "");
        }
    }

    private static List<String> names(String query) {
        return LAB.get("/cimi/machines?" + query)
                .path("machines")
                .valueStream()
                .map(one -> one.path("name").asString())
                .toList();
    }

    private static void becomes(String address, String state) {
        waitFor(() -> LAB.get(address).path("state").asString().equals(state));
    }

    private static List<Integer> eastAndWest() {
        return List.of(LAB.cloud(EAST).list().size(), LAB.cloud(WEST).list().size());
    }

    private static List<String> states(String system) {
        return LAB.get(system + "/machines?$expand=machine")
                .path("systemMachines")
                .valueStream()
                .map(one -> one.at("/machine/state").asString())
                .toList();
    }

    @Test
    void a_system_of_two_machines_is_at_one_account_and_is_stopped_started_and_deleted_as_a_whole() {
        var machine = """
                {"machineConfig": {"cpu": 1}, "machineImage": {"href": "pair-os"}}""";
        var alike = made("/cimi/machine_templates", machine).path("id").asString();
        var template = made("/cimi/system_templates", """
                        {"name": "pair", "componentDescriptors": [
                          {"name": "front", "machineTemplate": {"href": "%s"}}, {"name": "back", "machineTemplate": %s}]}
                        """.formatted(alike, machine))
                .path("id")
                .asString();
        var asked = "{\"name\": \"my sit\u00e9\", \"systemTemplate\": {\"href\": \"%s\"}}".formatted(template);
        var first = LAB.send("POST", "/cimi/systems", JSON, asked, "X-Client-Token", "s1");
        var system = Json.tree(first.body()).path("id").asString();
        assertThat(LAB.send("POST", "/cimi/systems", JSON, asked, "X-Client-Token", "s1")
                        .headers()
                        .firstValue("Location"))
                .contains(system);
        becomes(system, "STARTED");
        assertThat(eastAndWest()).containsExactlyInAnyOrder(2, 0);
        assertThat(states(system)).containsExactly("STARTED", "STARTED");
        assertThat(LAB.get("/cimi/systems?$filter=state='STARTED'")
                        .at("/systems/0/name")
                        .asString())
                .isEqualTo("my-sit\u00e9");
        assertThat(LAB.send("POST", "/cimi/systems", "application/json", asked).statusCode())
                .isEqualTo(409);
        assertThat(LAB.bob("GET", system, "", "").statusCode()).isEqualTo(404);
        assertThat(LAB.send("POST", system + "/stop", "", "").statusCode()).isEqualTo(202);
        becomes(system, "STOPPED");
        assertThat(states(system)).containsExactly("STOPPED", "STOPPED");
        assertThat(LAB.send("POST", system + "/start", "", "").statusCode()).isEqualTo(202);
        becomes(system, "STARTED");
        int before = restarts();
        var restarted = LAB.send("POST", system + "/restart", "", "");
        assertThat(restarted.statusCode()).isEqualTo(202);
        var job = restarted.headers().firstValue("CIMI-Job-URI").orElseThrow();
        waitFor(() -> LAB.get(job).path("state").asString().equals("SUCCESS"));
        assertThat(LAB.get(job).at("/targetResource/href").asString()).isEqualTo(system);
        waitFor(() -> restarts() == before + 3); // of the system, and of each machine
        assertThat(LAB.send("POST", system + "/restart", "", "").statusCode())
                .as("within two minutes")
                .isEqualTo(405);
        assertThat(states(system)).containsExactly("STARTED", "STARTED");
        var log = LAB.get(system).at("/eventLog/href").asString();
        assertThat(LAB.get(log + "/events").toString()).contains("all_running", "all_stopped");
        var deleted = LAB.send("DELETE", system, "", "");
        assertThat(deleted.statusCode()).isEqualTo(200);
        waitFor(() -> LAB.send("GET", system, "", "").statusCode() == 404);
        var last = LAB.get(deleted.headers().firstValue("CIMI-Job-URI").orElseThrow());
        assertThat(last.path("state").asString()).isEqualTo("SUCCESS");
        assertThat(last.path("action").asString()).endsWith("/delete");
        assertThat(eastAndWest()).containsExactly(0, 0);
        assertThat(LAB.get("/cimi/machines?$filter=name='my-sit%C3%A9/front'")
                        .path("count")
                        .asInt(-1))
                .isZero();
    }
}
