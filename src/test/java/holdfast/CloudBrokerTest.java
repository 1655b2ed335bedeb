package holdfast;

import static holdfast.CloudBrokerLab.waitFor;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Many clouds as one, seen from outside by the interfaces of clouds.
final class CloudBrokerTest {
    @AutoClose
    final CloudBrokerLab lab = new CloudBrokerLab();

    private String north = "";
    private String south = "";

    private void twoClouds() {
        var type = lab.type("Simulated", "simulated", "simulated");
        north = lab.account(type, "north", "http://north.example/", "ann", "secret");
        south = lab.account(type, "south", "http://south.example/", "ann", "secret");
        lab.profile("small", 512);
        lab.image("web-os", Map.of(north, "image-1", south, "image-1"));
    }

    private void prefer(String pool, String account, int score) {
        var body = "{\"account_option\": {\"score\": %d}}".formatted(score);
        var answer = lab.send("PUT", pool + "/account_options/" + account, "application/json", body);
        assertThat(answer.statusCode()).isBetween(200, 204);
    }

    private int running() {
        return lab.cloud("http://north.example/").placed().size()
                + lab.cloud("http://south.example/").placed().size();
    }

    private JsonNode instance(JsonNode known) {
        return lab.get("/api/instances/" + known.path("id").asString()).path("instance");
    }

    @Test
    void an_instance_lives_its_whole_life_through_the_interface_of_deltacloud() {
        twoClouds();
        var made = lab.launch("image_id=web-os&name=web-1");
        assertThat(made.path("state").asString()).isEqualTo("RUNNING");
        assertThat(running()).isEqualTo(1);
        var at = "/api/instances/" + made.path("id").asString();
        assertThat(lab.form(at + "/stop", "").statusCode()).isEqualTo(202);
        assertThat(instance(made).path("state").asString()).isEqualTo("STOPPED");
        assertThat(lab.form(at + "/stop", "").statusCode()).isEqualTo(405);
        assertThat(lab.form(at + "/start", "").statusCode()).isEqualTo(202);
        assertThat(lab.form(at + "/reboot", "").statusCode()).isEqualTo(202);
        assertThat(lab.send("DELETE", at, "", "").statusCode()).isEqualTo(405);
        lab.form(at + "/stop", "");
        assertThat(lab.send("DELETE", at, "", "").statusCode()).isEqualTo(204);
        assertThat(lab.send("GET", at, "", "").statusCode()).isEqualTo(404);
        assertThat(running()).isZero();
        assertThat(lab.get("/cimi/jobs")
                        .path("jobs")
                        .valueStream()
                        .map(job -> job.path("state").asString()))
                .hasSize(6)
                .containsOnly("SUCCESS");
    }

    @Test
    void a_cloud_that_has_no_room_is_left_for_the_other() {
        twoClouds();
        var pool = "/broker/pools/"
                + lab.get("/broker/pools").path("pools").get(0).path("id").asString();
        prefer(pool, north, 100);
        prefer(pool, south, -100);
        lab.send(
                "PUT",
                pool + "/selection_strategies/weighting",
                "application/json",
                "{\"selection_strategy\": {\"enabled\": true}}");
        IntStream.rangeClosed(1, 4)
                .forEach(n -> lab.cloud("http://north.example/").hostUp("host-" + n, false));
        var seen = IntStream.range(0, 6)
                .mapToObj(n -> lab.launch("image_id=web-os&name=web-" + n))
                .toList();
        seen.forEach(one -> waitFor(() -> instance(one).path("state").asString().equals("RUNNING")));
        assertThat(lab.cloud("http://south.example/").placed()).hasSize(6);
        assertThat(lab.failures(north)).as("some were tried there first").isPositive();
        assertThat(lab.failures(south)).isZero();
    }

    @Test
    void a_cloud_that_does_not_answer_loses_nothing_and_gets_nothing_until_it_is_back() {
        twoClouds();
        var there = lab.launch("image_id=web-os&name=there");
        lab.cloud("http://north.example/").goAway("out of order");
        lab.cloud("http://south.example/").goAway("out of order");
        for (int look = 0; look < 5; look++) {
            lab.lookNow(north);
            lab.lookNow(south);
        }
        waitFor(() -> lab.form("/api/instances", "image_id=web-os")
                .body()
                .contains("at-north: provider_not_available: the provider does not answer"));
        assertThat(instance(there).path("state").asString()).isEqualTo("RUNNING");
        lab.cloud("http://north.example/").comeBack();
        lab.lookNow(north);
        waitFor(() -> lab.form("/api/instances", "image_id=web-os").statusCode() == 201);
    }

    @Test
    void what_is_deleted_behind_our_back_has_vanished_and_counts_no_more() {
        twoClouds();
        var one = lab.launch("image_id=web-os&name=web");
        lab.deleteBehindOurBack();
        lab.lookNow(north);
        lab.lookNow(south);
        lab.lookNow(north);
        lab.lookNow(south);
        waitFor(() -> instance(one).path("state").asString().equals("ERROR"));
        var log = lab.get("/cimi/event_logs/" + one.path("id").asString() + "/events")
                .path("events");
        assertThat(log.valueStream().map(event -> event.path("name").asString()).toList())
                .startsWith("created")
                .contains("running")
                .endsWith("vanished");
        var pool = lab.get("/broker/pools").path("pools").get(0).path("id").asString();
        var quota = lab.get("/broker/quotas?owner=pool:" + pool).path("quota");
        assertThat(quota.path("running_instances").asInt(-1)).isZero();
        assertThat(quota.path("total_instances").asInt(-1)).isZero();
    }

    @Test
    void what_pools_use_is_not_for_sale_by_the_hour_as_well() {
        twoClouds();
        lab.lookNow(north);
        assertThat(lab.offers()).isZero();
    }

    @Test
    void what_is_nowhere_is_refused_with_the_reason_of_each_account() {
        twoClouds();
        lab.image("other-os", Map.of());
        var refused = lab.form("/api/instances", "image_id=other-os");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("at-north:", "at-south:");
        assertThat(lab.get("/api/instances").path("instances")).isEmpty();
        assertThat(lab.form("/api/instances", "image_id=none").statusCode()).isEqualTo(404);
    }

    @Test
    void of_twenty_at_once_a_quota_of_five_lets_exactly_five_in() throws Exception {
        twoClouds();
        var pool = lab.get("/broker/pools").path("pools").get(0);
        lab.send(
                "PUT",
                "/broker/pools/" + pool.path("id").asString(),
                "application/json",
                "{\"pool\": {\"quota\": {\"maximum_running_instances\": \"5\"}}}");
        var launches = IntStream.range(0, 20)
                .mapToObj(n -> (Callable<Integer>) () -> lab.form("/api/instances", "image_id=web-os&name=web-" + n)
                        .statusCode())
                .toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Integer>();
            for (var one : threads.invokeAll(launches)) answers.add(one.get());
            assertThat(answers).containsOnly(201, 403);
            assertThat(answers.stream().filter(status -> status == 201)).hasSize(5);
        }
        waitFor(() -> running() == 5);
    }

    @Test
    void who_may_only_launch_sees_what_is_its_own_and_nothing_else() {
        twoClouds();
        var ours = lab.launch("image_id=web-os&name=ours").path("id").asString();
        var form = "application/x-www-form-urlencoded";
        var theirs = Json.tree(lab.bob("POST", "/api/instances", form, "image_id=web-os&name=theirs")
                        .body())
                .path("instance");
        assertThat(theirs.path("owner").asString()).isEqualTo("bob");
        for (var list : new String[] {"/api/instances", "/cimi/machines", "/cimi/jobs", "/cimi/event_logs"}) {
            assertThat(lab.bob("GET", list, "", "").body()).doesNotContain(ours);
        }
        assertThat(lab.bob("GET", "/api/instances/" + ours, "", "").statusCode())
                .isEqualTo(404);
        assertThat(lab.bob("POST", "/api/instances/" + ours + "/stop", form, "").statusCode())
                .isEqualTo(404);
        assertThat(lab.bob("DELETE", "/cimi/machines/" + ours, "", "").statusCode())
                .isEqualTo(404);
        assertThat(lab.bob("GET", "/cimi/jobs", "", "").body())
                .contains(theirs.path("id").asString());
        assertThat(lab.bob("POST", "/broker/hardware_profiles", "application/json", "{}")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void a_token_of_the_client_makes_one_of_two_requests() {
        twoClouds();
        var first = lab.form("/api/instances", "image_id=web-os&name=once", "X-Client-Token", "t-1");
        var again = lab.form("/api/instances", "image_id=web-os&name=once", "X-Client-Token", "t-1");
        var other = lab.form("/api/instances", "image_id=web-os&name=other", "X-Client-Token", "t-1");
        assertThat(Json.tree(again.body()).path("instance").path("id"))
                .isEqualTo(Json.tree(first.body()).path("instance").path("id"));
        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(running()).isEqualTo(1);
    }

    @Test
    void of_several_at_once_all_are_made_or_none_and_nothing_of_them_is_kept() {
        twoClouds();
        var pool = "/broker/pools/" + lab.get("/broker/pools").at("/pools/0/id").asString();
        lab.launch("image_id=web-os&name=nc-3");
        var several = "image_id=web-os&name=nc&instance_count=";
        assertThat(lab.form("/api/instances", several + 4).statusCode())
                .as("the name of the third is taken")
                .isEqualTo(409);
        lab.send("PUT", pool, "application/json", "{\"pool\": {\"quota\": {\"maximum_running_instances\": \"5\"}}}");
        var much = lab.form("/api/instances", "image_id=web-os&name=much&instance_count=5");
        assertThat(much.statusCode()).isEqualTo(403);
        assertThat(much.body()).contains("1 of 5 instances run, and 5 more are asked for");
        for (var account : new String[] {north, south}) quota(account, 2);
        assertThat(lab.form("/api/instances", several + 2).statusCode())
                .as("one account has room for both")
                .isEqualTo(201);
        assertThat(lab.form("/api/instances", "image_id=web-os&name=wide&instance_count=2")
                        .body())
                .as("each of two accounts has room for one at most")
                .contains("at-north:", "at-south:", "may not have so many instances");
        assertThat(names()).containsExactly("nc-3", "nc-1", "nc-2");
        waitFor(() -> running() == 3);
        var counted = lab.get("/broker/quotas?owner=pool:" + pool.substring(pool.lastIndexOf('/') + 1));
        assertThat(counted.at("/quota/running_instances").asInt()).isEqualTo(3);
    }

    private void quota(String account, int most) {
        lab.send(
                "PUT",
                "/broker/provider_accounts/" + account,
                "application/json",
                "{\"quota\": {\"maximum_running_instances\": %d}}".formatted(most));
    }

    private List<String> names() {
        return lab.get("/api/instances")
                .path("instances")
                .valueStream()
                .map(one -> one.path("name").asString())
                .toList();
    }

    @Test
    void a_token_stands_for_so_many_and_for_no_other_number() {
        twoClouds();
        var several = "image_id=web-os&name=keep&instance_count=";
        var first = lab.form("/api/instances", several + 3, "X-Client-Token", "KK");
        assertThat(first.statusCode()).isEqualTo(201);
        var again = lab.form("/api/instances", several + 3, "X-Client-Token", "KK");
        assertThat(ids(again.body())).hasSize(3).isEqualTo(ids(first.body()));
        for (int other : new int[] {1, 2, 6}) {
            assertThat(lab.form("/api/instances", several + other, "X-Client-Token", "KK")
                            .statusCode())
                    .as("%d with the token of three", other)
                    .isEqualTo(409);
        }
        assertThat(names()).containsExactly("keep-1", "keep-2", "keep-3");
        waitFor(() -> running() == 3);
    }

    private static List<String> ids(String instances) {
        return Json.tree(instances)
                .path("instances")
                .valueStream()
                .map(one -> one.path("id").asString())
                .toList();
    }

    @Test
    void a_machine_of_cimi_is_made_by_value_by_reference_and_by_template() {
        twoClouds();
        var small = lab.get("/cimi/machine_configurations")
                .path("machineConfigurations")
                .get(0);
        var config = small.path("id").asString();
        assertThat(small.path("memory").asLong()).isEqualTo(512 * 1_024);
        var inline = lab.send("POST", "/cimi/machines", "application/json", """
                {"resourceURI": "http://schemas.dmtf.org/cimi/1/MachineCreate", "name": "by:value", "properties": {"tier": "front"},
                 "machineTemplate": {"machineConfig": {"cpu": 1, "memory": 262144}, "initialState": "STOPPED",
                                     "machineImage": {"href": "http://example.com/cimi/machine_images/web-os"}}}
                """);
        assertThat(inline.statusCode()).isEqualTo(201);
        var at = inline.headers().firstValue("Location").orElseThrow();
        assertThat(inline.headers().firstValue("CIMI-Job-URI")).isPresent();
        waitFor(() -> lab.get(at).path("state").asString().equals("STOPPED"));
        assertThat(lab.get(at).path("properties").path("tier").asString()).isEqualTo("front");
        var template = lab.send("POST", "/cimi/machine_templates", "application/xml", """
                <MachineTemplateCreate xmlns="http://schemas.dmtf.org/cimi/1"><name>t</name>
                  <machineConfig href="%s"/><machineImage href="%s"/></MachineTemplateCreate>
                """.formatted(
                        config, lab.url("/cimi/machine_images/web-os")));
        assertThat(template.statusCode()).isEqualTo(201);
        var made = lab.send(
                "POST",
                "/cimi/machines",
                "text/xml",
                """
                <machineCreate><name>web</name><machineTemplate href="%s"/></machineCreate>
                """.formatted(template.headers().firstValue("Location").orElseThrow()),
                "Accept",
                "application/xml");
        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(made.body()).contains("<state>STARTED</state>", "<name>web</name>");
        var web = made.headers().firstValue("Location").orElseThrow();
        assertThat(lab.get("/cimi/machines?$filter=name='web'").path("count").asInt())
                .isEqualTo(1);
        assertThat(lab.get("/cimi/machines?$filter=state='STOPPED'&$select=name")
                        .path("machines")
                        .get(0)
                        .size())
                .isEqualTo(1);
        assertThat(lab.get("/cimi/machines?$expand=machineImage")
                        .path("machines")
                        .get(0)
                        .path("machineImage")
                        .path("name")
                        .asString())
                .isEqualTo("web-os");
        assertThat(lab.send("GET", "/cimi/machines?$filter=name~1", "", "").statusCode())
                .isEqualTo(400);
        var edited = lab.send(
                "PUT", web + "?$select=description", "application/json", "{\"name\": \"no\", \"description\": \"d\"}");
        assertThat(Json.tree(edited.body()).path("name").asString()).isEqualTo("web");
        assertThat(Json.tree(edited.body()).path("description").asString()).isEqualTo("d");
        assertThat(lab.send("PUT", web, "application/json", "{\"name\": \"no\"}", "If-Match", "\"old\"")
                        .statusCode())
                .isEqualTo(412);
        assertThat(lab.send(
                                "POST",
                                web + "/stop",
                                "application/json",
                                "{\"action\": \"http://http://schemas.dmtf.org/cimi/1/action/stop\"}")
                        .statusCode())
                .isEqualTo(202);
        assertThat(lab.send("POST", web + "/stop", "application/json", "{\"action\": \"http://x/start\"}")
                        .statusCode())
                .isEqualTo(400);
        waitFor(() -> lab.get(web).path("state").asString().equals("STOPPED"));
        assertThat(lab.send("DELETE", web, "", "").statusCode()).isEqualTo(200);
        assertThat(lab.send("DELETE", web, "", "").statusCode()).isEqualTo(404);
        assertThat(lab.send("GET", "/cimi/machines", "", "", "Accept", "application/xml")
                        .body())
                .contains("<Collection xmlns=\"http://schemas.dmtf.org/cimi/1\"", "<count>1</count>", "<Machine>");
    }

    @Test
    void what_no_client_of_cimi_may_send_is_refused_and_changes_nothing() {
        twoClouds();
        var json = "application/json";
        assertThat(cimi("POST", "/machines", "text/plain", "hello")).isEqualTo(415);
        assertThat(cimi("POST", "/machines", json, "{\"name\":")).isEqualTo(400);
        assertThat(cimi("POST", "/machines", json, "[1]")).isEqualTo(400);
        assertThat(cimi("POST", "/machines", json, "{\"name\": \"web\"}")).isEqualTo(400);
        assertThat(cimi("POST", "/machines", json, "{\"a\":".repeat(50) + "1" + "}".repeat(50)))
                .isEqualTo(400);
        assertThat(cimi("POST", "/machines", "text/xml", "<!DOCTYPE m [<!ENTITY a 'b'>]><Machine>&a;</Machine>"))
                .isEqualTo(400);
        assertThat(cimi("POST", "/machines", "text/xml", "<a>".repeat(100) + "</a>".repeat(100)))
                .isEqualTo(400);
        assertThat(cimi("POST", "/machines", json, "{\"x\": \"" + "y".repeat(1_100_000) + "\"}"))
                .isEqualTo(413);
        assertThat(cimi("POST", "/machine_images", json, "{}")).isEqualTo(405);
        assertThat(cimi("PATCH", "/machines", json, "{}")).isEqualTo(405);
        assertThat(cimi("GET", "/machines/..%2F..%2Fetc", "", "")).isEqualTo(404);
        assertThat(cimi("GET", "/machines/1/disks/2/3", "", "")).isEqualTo(404);
        assertThat(cimi("GET", "/nothing", "", "")).isEqualTo(404);
        assertThat(cimi("GET", "/machines?$first=x", "", "")).isEqualTo(400);
        assertThat(lab.send("GET", "/cimi/machines", "", "", "X-Deltacloud-Provider", "none")
                        .statusCode())
                .isEqualTo(404);
        assertThat(lab.send("GET", "/cimi/machines", "", "", "X-Deltacloud-Driver", "none")
                        .statusCode())
                .isEqualTo(400);
        assertThat(lab.stranger("/cimi/machines")).isEqualTo(401);
        assertThat(lab.stranger("/cimi/cloudEntryPoint")).isEqualTo(200);
        assertThat(lab.get("/cimi/machines").path("count").asInt()).isZero();
    }

    private int cimi(String method, String path, String type, String body) {
        return lab.send(method, "/cimi" + path, type, body).statusCode();
    }

    @Test
    void a_broker_above_this_one_launches_through_both() {
        twoClouds();
        var above = new CloudBrokerLab();
        try (above) {
            var type = above.type("Holdfast", "broker", "deltacloud");
            var account = above.account(type, "below", lab.url("/api"), "admin", lab.token());
            above.profile("any", 256);
            above.image("upper-os", Map.of(account, "web-os"));
            var made = above.launch("image_id=upper-os&name=through-both");
            waitFor(() -> running() == 1);
            waitFor(() -> above.get("/api/instances/" + made.path("id").asString())
                    .path("instance")
                    .path("state")
                    .asString()
                    .equals("RUNNING"));
            assertThat(lab.get("/api/instances")
                            .path("instances")
                            .get(0)
                            .path("state")
                            .asString())
                    .isEqualTo("RUNNING");
        }
    }

    @Test
    void a_name_that_is_taken_and_a_pool_that_is_switched_off_refuse() {
        twoClouds();
        assertThat(lab.launch("image_id=web-os&name=web").path("state").asString())
                .isEqualTo("RUNNING");
        assertThat(lab.form("/api/instances", "image_id=web-os&name=web").statusCode())
                .isEqualTo(409);
        var pool = lab.get("/broker/pools").path("pools").get(0).path("id").asString();
        lab.send("PUT", "/broker/pools/" + pool, "application/json", "{\"pool\": {\"enabled\": false}}");
        assertThat(lab.form("/api/instances", "image_id=web-os").body()).contains("the pool is switched off");
        var id = lab.get("/api/instances").path("instances").get(0).path("id").asString();
        assertThat(lab.form("/api/instances/" + id + "/stop", "").statusCode()).isEqualTo(202);
    }
}
