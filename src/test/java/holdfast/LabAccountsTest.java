package holdfast;

import static holdfast.CloudBrokerLab.waitFor;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.outside.LabClient;
import holdfast.platform.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Accounts at a real OpenStack in a pool, two projects of it, seen by plain HTTP on our side and by the stock client
/// on the other.
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LabAccountsTest {
    private static final String JSON = "application/json";

    @TempDir
    static Path scratch;

    private LabClient client;
    private CloudBrokerLab lab;
    private String type = "";
    private String first = "";

    @BeforeAll
    void set_up() {
        client = LabClient.open(scratch, "no account of a pool was at a real OpenStack");
        lab = new CloudBrokerLab();
        type = lab.type("OpenStack itself", "nova", "openstack");
        first = lab.account(type, "demo", client.keystone(), "demo+demo", client.password());
        lab.profile("small", 128);
    }

    @AfterAll
    void leave() throws Exception {
        if (lab == null) return; // skipped
        for (var user : List.of("demo", "other")) {
            for (var server : client.json(user, "server", "list")) client.run(user, "server", "delete", id(server));
        }
        client.run("admin", "quota", "set", "--instances", "10", "other");
        lab.close();
        client.close();
    }

    private static String id(JsonNode server) {
        return server.path("ID").asString();
    }

    private String image() throws Exception {
        for (var image : client.json("demo", "image", "list"))
            if (image.path("Name").asString().equals("lab-image")) return id(image);
        throw new AssertionError("the lab has no image");
    }

    private String state(String id) {
        return lab.get("/api/instances/" + id).at("/instance/state").asString();
    }

    private String running(String fields) {
        var id = lab.launch(fields).path("id").asString();
        waitFor(() -> !state(id).equals("PENDING"));
        assertThat(state(id))
                .as(() -> lab.get("/cimi/event_logs/" + id + "/events").toString())
                .isEqualTo("RUNNING");
        return id;
    }

    private void act(String id, String action, String state) {
        var answer = lab.form("/api/instances/" + id + "/" + action, "");
        assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
        waitFor(() -> lab.get("/broker/instances/" + id)
                .at("/instance/state")
                .asString()
                .equals(state));
        waitFor(() -> !lab.get("/api/instances/" + id).at("/instance/actions").isEmpty());
    }

    private void destroy(String id) {
        if (state(id).equals("RUNNING")) act(id, "stop", "stopped");
        assertThat(lab.send("DELETE", "/api/instances/" + id, "", "").statusCode())
                .isLessThan(300);
        waitFor(() -> lab.send("GET", "/api/instances/" + id, "", "").statusCode() == 404);
    }

    private List<String> servers(String user) throws Exception {
        return client.json(user, "server", "list")
                .valueStream()
                .map(server -> server.path("Name").asString() + " "
                        + server.path("Status").asString())
                .toList();
    }

    @Test
    void an_account_is_taken_only_with_the_right_password_and_shows_what_the_cloud_has() {
        var nobody = lab.send("POST", "/broker/providers", JSON, """
                {"provider": {"name": "nobody", "url": "http://127.0.0.1:1/v3", "provider_type": {"id": "%s"}}}
                """.formatted(type));
        assertThat(nobody.statusCode()).as(nobody.body()).isEqualTo(422);
        var provider =
                lab.get("/broker/providers?name=demo").at("/providers/0/id").asString();
        var wrong = lab.send("POST", "/broker/provider_accounts", JSON, """
                {"provider_account": {"label": "wrong", "provider": {"id": "%s"},
                  "credentials": {"username": "other+other", "password": "no"}}}
                """.formatted(provider));
        assertThat(wrong.statusCode()).as(wrong.body()).isEqualTo(422);
        assertThat(wrong.body()).contains("Login Credentials are Invalid for this Provider");
        assertThat(lab.get("/broker/hardware_profiles?provider=any").toString()).contains("m1.nano", "m1.xlarge");
        assertThat(lab.get("/broker/provider_realms").toString()).contains("zone-a", "zone-b");
    }

    @Test
    void an_instance_lives_and_what_it_uses_beside_it_comes_and_goes() throws Exception {
        lab.image("web-os", Map.of(first, image()));
        var web = running("image_id=web-os&name=web");
        assertThat(servers("demo")).containsExactly("web ACTIVE");
        assertThat(client.json("demo", "keypair", "list").toString()).contains("holdfast-");

        var volume = made("storage_volumes", "capacity=1&name=data");
        waitFor(() -> thing("storage_volumes", volume).path("state").asString().equals("AVAILABLE"));
        lab.form("/api/storage_volumes/" + volume + "/attach", "instance_id=" + web + "&device=/dev/vdb");
        waitFor(() -> thing("storage_volumes", volume).path("state").asString().equals("IN-USE"));
        var address = made("addresses", "");
        lab.form("/api/addresses/" + address + "/associate", "instance_id=" + web);
        waitFor(() -> {
            lab.lookNow(first);
            return !lab.get("/api/instances/" + web)
                    .at("/instance/public_addresses")
                    .isEmpty();
        });
        var key = made("keys", "name=mine");
        var firewall = made("firewalls", "name=web&description=web");
        var rule = "protocol=tcp&port_from=80&port_to=80&ip_address1=192.0.2.0/24";
        assertThat(lab.form("/api/firewalls/" + firewall + "/rules", rule).statusCode())
                .isEqualTo(201);
        assertThat(thing("firewalls", firewall).toString()).contains("192.0.2.0");

        act(web, "stop", "stopped");
        assertThat(client.json("demo", "keypair", "list").toString()).doesNotContain("holdfast-");
        act(web, "start", "running");
        act(web, "reboot", "running");
        waitFor(() -> lab.form("/api/storage_volumes/" + volume + "/detach", "").statusCode()
                == 202); // 409 while Nova restarts it
        waitFor(() -> thing("storage_volumes", volume).path("state").asString().equals("AVAILABLE"));
        for (var path : List.of("storage_volumes/" + volume, "keys/" + key, "firewalls/" + firewall)) removed(path);
        lab.form("/api/addresses/" + address + "/disassociate", "");
        removed("addresses/" + address);
        destroy(web);
        assertThat(servers("demo")).isEmpty();
    }

    private String made(String collection, String fields) {
        var answer = lab.form("/api/" + collection, fields);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return Json.tree(answer.body())
                .properties()
                .iterator()
                .next()
                .getValue()
                .path("id")
                .asString();
    }

    private JsonNode thing(String collection, String id) {
        return lab.get("/api/" + collection + "/" + id)
                .properties()
                .iterator()
                .next()
                .getValue();
    }

    private void removed(String path) {
        var answer = lab.send("DELETE", "/api/" + path, "", "");
        assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
    }

    @Test
    void a_quota_of_nova_leads_to_the_next_account_and_what_is_deleted_behind_our_back_is_missed() throws Exception {
        client.as("admin", "quota", "set", "--instances", "0", "other");
        var full = lab.account(type, "full", client.keystone(), "other+other", client.password());
        lab.image("both", Map.of(first, image(), full, image()));
        var pool = lab.get("/broker/pools").at("/pools/0/id").asString();
        lab.post("/broker/pools/" + pool + "/priority_groups", """
                {"priority_group": {"name": "full", "score": 100, "provider_accounts": ["%s"]}}""".formatted(full));
        lab.send("PUT", "/broker/pools/" + pool + "/selection_strategies/strict_order", JSON, """
                {"selection_strategy": {"enabled": true}}""");
        var machine = lab.send("POST", "/cimi/machines", JSON, """
                {"resourceURI": "http://schemas.dmtf.org/cimi/1/MachineCreate", "name": "m1", "machineTemplate": {
                  "machineConfig": {"href": "%s"}, "machineImage": {"href": "%s"}}}
                """.formatted(
                        lab.url("/cimi/machine_configurations/small"), lab.url("/cimi/machine_images/both")));
        assertThat(machine.statusCode()).as(machine.body()).isEqualTo(201);
        var id = Json.tree(machine.body()).path("id").asString().replaceAll(".*/", "");
        waitFor(() -> lab.get("/cimi/machines/" + id).path("state").asString().equals("STARTED"));
        assertThat(lab.get("/cimi/event_logs/" + id + "/events").toString())
                .contains("attempt_failed: compute: Quota exceeded for instances");
        var here = client.json("demo", "server", "list");
        assertThat(here.valueStream().map(server -> server.path("Name").asString()))
                .containsExactly("m1");
        client.as("demo", "server", "delete", "--wait", id(here.path(0)));
        lab.lookNow(first);
        lab.lookNow(first);
        waitFor(() -> lab.get("/cimi/machines/" + id).path("state").asString().equals("ERROR"));
        assertThat(lab.get("/broker/events?status_code=vanished").toString()).contains(id);
        destroy(id);
        lab.send("DELETE", "/broker/images/both", "", "");
        waitFor(() ->
                lab.send("DELETE", "/broker/provider_accounts/" + full, "", "").statusCode() == 204);
    }
}
