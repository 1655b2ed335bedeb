package holdfast;

import static holdfast.CloudBrokerLab.waitFor;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Several instances at one account, seen from outside.
final class DeploymentTest {
    private static final String NORTH = "http://north.example/";
    private static final String SOUTH = "http://south.example/";

    @AutoClose
    final CloudBrokerLab lab = new CloudBrokerLab();

    private String north = "";
    private String south = "";
    private String pool = "";

    /// North is always tried first. Of large instances a host has room for two.
    private void twoClouds() {
        var type = lab.type("Simulated", "simulated", "simulated");
        north = lab.account(type, "north", NORTH, "ann", "secret");
        south = lab.account(type, "south", SOUTH, "ann", "secret");
        lab.profile("small", 512);
        lab.profile("large", 16_384);
        lab.image("web-os", Map.of(north, "image-1", south, "image-1"));
        pool = lab.get("/broker/pools").path("pools").get(0).path("id").asString();
        var at = "/broker/pools/" + pool;
        put(at, "{\"pool\": {\"deterministic\": true}}");
        put(at + "/account_options/" + north, "{\"account_option\": {\"score\": 100}}");
        put(at + "/selection_strategies/weighting", "{\"selection_strategy\": {\"enabled\": true}}");
    }

    private void put(String path, String json) {
        assertThat(lab.send("PUT", path, "application/json", json).statusCode()).isBetween(200, 204);
    }

    private static String deployable(String hwp, String... names) {
        var assemblies = Stream.of(names)
                .map(name -> "<assembly name=\"%s\" hwp=\"%s\"><image id=\"web-os\"/><services><service name=\"s\"/>"
                                .formatted(name, hwp)
                        + "</services></assembly>")
                .toList();
        return "<deployable version=\"1.0\" name=\"web\"><description>a site</description><assemblies>"
                + String.join("", assemblies) + "</assemblies></deployable>";
    }

    private String launch(String name, String partial, String deployable) {
        return "<deployment><name>%s</name><pool id=\"%s\"/><partial_launch>%s</partial_launch>%s</deployment>"
                .formatted(name, pool, partial, deployable);
    }

    private HttpResponse<String> post(String path, String xml) {
        return lab.send("POST", path, "application/xml", xml);
    }

    private JsonNode launched(String name, String partial, String deployable) {
        var answer = post("/broker/deployments", launch(name, partial, deployable));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return Json.tree(answer.body()).path("deployment");
    }

    private static String at(JsonNode deployment) {
        return "/broker/deployments/" + deployment.path("id").asString();
    }

    private JsonNode now(JsonNode deployment) {
        return lab.get(at(deployment)).path("deployment");
    }

    private void becomes(JsonNode deployment, String state) {
        waitFor(() -> now(deployment).path("state").asString().equals(state));
    }

    private List<String> events(JsonNode deployment) {
        return lab.get(at(deployment) + "/events")
                .path("events")
                .valueStream()
                .map(event -> event.path("status_code").asString(""))
                .toList();
    }

    /// North has room for one large one.
    private void crowdNorth() {
        IntStream.rangeClosed(2, 4).forEach(n -> lab.cloud(NORTH).hostUp("host-" + n, false));
        lab.cloud(NORTH).putForeign("theirs", "host-1", Map.of("vcpu", 8L));
    }

    private int atNorth() {
        return lab.cloud(NORTH).list().size();
    }

    private int atSouth() {
        return lab.cloud(SOUTH).list().size();
    }

    @Test
    void three_assemblies_of_a_catalog_run_at_one_account_and_are_stopped_started_and_deleted_together() {
        twoClouds();
        var pair = deployable("small", "front", "back", "data")
                .replace("<description>", "<pool id=\"" + pool + "\"/><description>");
        var kept = post("/broker/deployables", pair);
        assertThat(kept.statusCode()).as(kept.body()).isEqualTo(201);
        var deployable = Json.tree(kept.body()).path("deployable");
        assertThat(deployable.path("assemblies")).hasSize(3);
        var id = deployable.path("id").asString();
        var catalog = lab.post(
                "/broker/catalogs",
                "{\"catalog\": {\"name\": \"sites\", \"pool\": {\"id\": \"%s\"}, \"deployables\": [{\"id\": \"%s\"}]}}"
                        .formatted(pool, id));
        assertThat(catalog.path("catalog").path("deployables").get(0).path("id").asString())
                .isEqualTo(id);
        assertThat(lab.get("/broker/pools/" + pool + "/deployables").path("deployables"))
                .hasSize(1);
        var made = lab.post(
                        "/broker/deployments",
                        "{\"deployment\": {\"name\": \"my site\", \"pool\": {\"id\": \"%s\"}, \"deployable\": {\"id\": \"%s\"}}}"
                                .formatted(pool, id))
                .path("deployment");
        assertThat(made.path("name").asString()).isEqualTo("my-site");
        becomes(made, "running");
        assertThat(atNorth()).isEqualTo(3);
        assertThat(atSouth()).isZero();
        assertThat(now(made).path("deployable_xml").asString()).contains("<service name=\"s\"/>");
        assertThat(now(made).path("uptime_all").asString()).startsWith("PT");
        var instances = lab.get(at(made) + "/instances").path("instances");
        assertThat(instances.valueStream().map(one -> one.path("name").asString()))
                .containsExactly("my-site/front", "my-site/back", "my-site/data");
        assertThat(lab.get("/broker/pools/" + pool + "/deployments").path("deployments"))
                .hasSize(1);
        assertThat(lab.bob("GET", at(made), "", "").statusCode()).isEqualTo(404);
        assertThat(lab.send("POST", at(made) + "/stop", "", "").statusCode()).isEqualTo(202);
        becomes(made, "stopped");
        assertThat(lab.send("POST", at(made) + "/stop", "", "").statusCode()).isEqualTo(409);
        assertThat(lab.send("POST", at(made) + "/start", "", "").statusCode()).isEqualTo(202);
        becomes(made, "running");
        assertThat(events(made)).contains("deployment_launch_match", "first_running", "all_running", "all_stopped");
        assertThat(lab.send("DELETE", at(made), "", "").statusCode()).isEqualTo(202);
        waitFor(() -> lab.send("GET", at(made), "", "").statusCode() == 404);
        assertThat(atNorth()).isZero();
        assertThat(lab.send("DELETE", "/broker/deployables/" + id, "", "").statusCode())
                .isEqualTo(204);
        assertThat(lab.get("/broker/catalogs").path("catalogs").get(0).path("deployables"))
                .isEmpty();
    }

    @Test
    void if_the_second_cannot_be_made_at_one_account_nothing_is_left_there_and_all_are_made_at_the_other() {
        twoClouds();
        crowdNorth();
        var made = launched("web", "false", deployable("large", "front", "back", "data"));
        becomes(made, "running");
        assertThat(atNorth()).isZero();
        assertThat(atSouth()).isEqualTo(3);
        assertThat(lab.failures(north)).isPositive();
        assertThat(lab.failures(south)).isZero();
        assertThat(events(made))
                .containsSubsequence(
                        "deployment_launch_match",
                        "rollback_in_progress",
                        "deployment_launch_failed",
                        "rollback_complete",
                        "deployment_launch_match",
                        "running");
        var quota = lab.get("/broker/quotas?owner=pool:" + pool).path("quota");
        assertThat(quota.path("running_instances").asInt(-1)).isEqualTo(3);
    }

    @Test
    void what_can_be_made_stays_where_it_is_if_that_was_asked_for() {
        twoClouds();
        crowdNorth();
        var made = launched("web", "true", deployable("large", "front", "back"));
        becomes(made, "incomplete");
        assertThat(atNorth()).isEqualTo(1);
        assertThat(atSouth()).isZero();
        assertThat(now(made).path("last_error").asString()).startsWith("web/");
        assertThat(lab.get(at(made) + "/instances")
                        .path("instances")
                        .valueStream()
                        .map(one -> one.path("state").asString()))
                .containsExactlyInAnyOrder("running", "create_failed");
    }

    @Test
    void an_account_with_too_few_places_never_gets_one_and_a_family_with_too_few_refuses_it() {
        twoClouds();
        var limit = "{\"%s\": {\"quota\": {\"maximum_running_instances\": \"%d\"}}}";
        put("/broker/provider_accounts/" + north, limit.formatted("provider_account", 1));
        var made = launched("web", "false", deployable("small", "front", "back", "data"));
        becomes(made, "running");
        assertThat(atSouth()).isEqualTo(3);
        assertThat(atNorth()).isZero();
        assertThat(lab.failures(north)).as("it was not even tried").isZero();
        put("/broker/provider_accounts/" + south, limit.formatted("provider_account", 4));
        var refused = post("/broker/deployments", launch("more", "false", deployable("small", "front", "back")));
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("at-north", "at-south", "may not have so many instances");
        var family = lab.get("/broker/pool_families")
                .path("pool_families")
                .get(0)
                .path("id")
                .asString();
        put("/broker/pool_families/" + family, limit.formatted("pool_family", 4));
        assertThat(lab.launch("image_id=web-os&name=single").path("state").asString())
                .isEqualTo("RUNNING");
        var full = lab.form("/api/instances", "image_id=web-os&name=one-more");
        assertThat(full.statusCode()).isEqualTo(403);
        assertThat(full.body()).contains("pool_family_quota_reached");
        var none = post("/broker/deployments", launch("none", "false", deployable("small", "front")));
        assertThat(none.statusCode()).isEqualTo(422);
        assertThat(none.body()).contains("pool_family_quota_reached");
        assertThat(lab.get("/broker/deployments").path("deployments")).hasSize(1);
    }

    @Test
    void what_no_deployment_can_be_made_of_is_refused_with_the_reason() {
        twoClouds();
        var none = deployable("small", "front");
        var body = Map.of(
                "deployable", launch("web", "false", ""),
                "Deployable does not say hwp", launch("web", "false", none.replace("hwp=\"small\"", "")),
                "name of its own", launch("web", "false", deployable("small", "front", "front")),
                "there is no image", launch("web", "false", none.replace("web-os", "none")),
                "Hardware profile 'huge'", launch("web", "false", deployable("huge", "front")),
                "name has 1 to 50", launch("w".repeat(51), "false", none));
        body.forEach((reason, xml) -> {
            var refused = post("/broker/deployments", xml);
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
            assertThat(refused.body()).contains(reason);
        });
        assertThat(lab.get("/api/instances").path("instances")).isEmpty();
    }

    private List<String> bobSees(String collection) {
        return Json.tree(lab.bob("GET", "/broker/" + collection, "", "").body())
                .path(collection)
                .valueStream()
                .map(one -> one.path("name").asString())
                .toList();
    }

    @Test
    void a_role_on_a_deployment_or_its_family_shows_it_with_its_instances_until_it_is_taken_back() {
        twoClouds();
        var web = launched("web", "false", deployable("small", "front"));
        becomes(web, "running");
        var bob = lab.post("/broker/users", "{\"name\":\"bob\"}").at("/user/id").asString();
        var family = lab.get("/broker/pool_families").at("/pool_families/0/id").asString();
        for (var scope : List.of(
                List.of("Deployment User", "Deployment", web.path("id").asString()),
                List.of("Environment Administrator", "PoolFamily", family))) {
            assertThat(bobSees("deployments")).isEmpty();
            assertThat(bobSees("instances")).isEmpty();
            var role = lab.post("/broker/permissions", """
                            {"entity": {"id": "%s"}, "role": "%s", "object": {"type": "%s", "id": "%s"}}""".formatted(bob, scope.get(0), scope.get(1), scope.get(2)))
                    .at("/permission/id")
                    .asString();
            assertThat(bobSees("deployments")).as(scope.getFirst()).containsExactly("web");
            assertThat(bobSees("instances")).as(scope.getFirst()).containsExactly("web/front");
            assertThat(lab.bob("GET", at(web), "", "").statusCode()).isEqualTo(200);
            assertThat(lab.send("DELETE", "/broker/permissions/" + role, "", "").statusCode())
                    .isEqualTo(204);
            assertThat(lab.bob("GET", at(web), "", "").statusCode()).isEqualTo(404);
        }
        assertThat(bobSees("deployments")).isEmpty();
    }
}
