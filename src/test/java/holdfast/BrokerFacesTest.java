package holdfast;

import static holdfast.CloudBrokerLab.waitFor;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import holdfast.drivers.deltacloud.MockDeltacloud;
import holdfast.platform.Json;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// What the faces of a whole broker promise beside the lives of instances: who may launch, whose key opens what, what
/// several instances together would need, and what is asked twice. North is a Deltacloud server, south is simulated.
@Timeout(300)
final class BrokerFacesTest {
    private static final String JSON = "application/json";
    private static final String SOUTH = "http://south.example/";
    private static final MockDeltacloud NORTH = new MockDeltacloud("mock");
    private static final CloudBrokerLab LAB = new CloudBrokerLab();
    private static String north = "";
    private static String bob = "";

    @BeforeAll
    static void two_clouds() {
        north = LAB.mock("north", NORTH.url().toString());
        var south = LAB.account(LAB.type("Simulated", "simulated", "simulated"), "south", SOUTH, "ann", "secret");
        LAB.profile("small", 512);
        LAB.profile("large", 7_000);
        LAB.image("north-os", Map.of(north, "img1"));
        LAB.image("south-os", Map.of(south, "image-1"));
        LAB.image("both-os", Map.of(north, "img1", south, "image-1"));
        bob = LAB.post("/broker/users", "{\"name\": \"bob\"}").at("/user/id").asString();
    }

    @AfterAll
    static void stop() {
        LAB.close();
        NORTH.close();
    }

    private static HttpResponse<String> post(String path, String json, String... headers) {
        return LAB.send("POST", path, JSON, json, headers);
    }

    private static JsonNode made(HttpResponse<String> reply) {
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(201);
        return Json.tree(reply.body()).properties().iterator().next().getValue();
    }

    private static String pool() {
        return LAB.get("/broker/pools?name=default").at("/pools/0/id").asString();
    }

    /// Gives bob a role on something, and says where that is written down.
    private static String given(String role, String type, String id) {
        var made = LAB.post("/broker/permissions", """
                {"entity": {"id": "%s"}, "role": "%s", "object": {"type": "%s", "id": "%s"}}""".formatted(bob, role, type, id));
        return "/broker/permissions/" + made.at("/permission/id").asString();
    }

    private static int gone(String path) {
        return LAB.send("DELETE", path, "", "").statusCode();
    }

    private static String web(String image, String... names) {
        var assemblies = Stream.of(names)
                .map(name ->
                        "<assembly name=\\\"%s\\\" hwp=\\\"small\\\"><image %s/></assembly>".formatted(name, image))
                .collect(Collectors.joining());
        return "<deployable name=\\\"web\\\"><assemblies>" + assemblies + "</assemblies></deployable>";
    }

    private static String deployment(String name, String deployable) {
        return "{\"name\": \"%s\", \"pool\": {\"id\": \"%s\"}, \"deployable_xml\": \"%s\"}"
                .formatted(name, pool(), deployable);
    }

    private static JsonNode runs(JsonNode deployment) {
        var at = "/broker/deployments/" + deployment.path("id").asString();
        waitFor(() -> {
            var now = LAB.get(at).path("deployment");
            assertThat(now.path("state").asString()).as(now.toString()).isIn("new", "pending", "running");
            return now.path("state").asString().equals("running");
        });
        return deployment;
    }

    private static void destroyed(JsonNode deployment) {
        var at = "/broker/deployments/" + deployment.path("id").asString();
        gone(at);
        waitFor(() -> LAB.send("GET", at, "", "").statusCode() == 404);
    }

    @Test
    void who_has_a_role_on_a_pool_launches_there_and_who_may_only_look_is_refused() {
        var family = LAB.get("/broker/pool_families").at("/pool_families/0/id").asString();
        var pool = made(post(
                        "/broker/pools", "{\"name\": \"closed\", \"pool_family\": {\"id\": \"%s\"}}".formatted(family)))
                .path("id")
                .asString();
        LAB.post("/broker/roles", """
                {"name": "Watcher", "scope": "Pool", "privileges": [{"target_type": "Pool", "action": "view"},
                  {"target_type": "Instance", "action": "view"}, {"target_type": "Deployment", "action": "view"}]}""");
        var launch = "{\"image\": \"south-os\", \"pool\": \"closed\", \"name\": \"bobs\"}";
        var form = "application/x-www-form-urlencoded";
        var machine = """
                {"machineTemplate": {"machineConfig": {"cpu": 1}, "machineImage": {"href": "south-os"}}}""";
        var whole = "{\"name\": \"bobs\", \"pool\": {\"id\": \"%s\"}, \"deployable_xml\": \"%s\"}"
                .formatted(pool, web("id=\\\"south-os\\\"", "front"));

        assertThat(LAB.bob("POST", "/broker/instances", JSON, launch).statusCode())
                .as("the pool is not there for him")
                .isEqualTo(422);
        var watcher = given("Watcher", "Pool", pool);
        for (var refused : List.of(
                LAB.bob("POST", "/broker/instances", JSON, launch),
                LAB.bob("POST", "/broker/deployments", JSON, whole),
                LAB.bob("POST", "/pools/closed/api/instances", form, "image_id=south-os"),
                LAB.bob("POST", "/pools/closed/cimi/machines", JSON, machine))) {
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(403);
        }
        assertThat(LAB.get("/broker/instances?pool=" + pool).path("instances")).isEmpty();
        assertThat(gone(watcher)).isEqualTo(204);

        var user = given("Pool User", "Pool", pool);
        for (var allowed : List.of(
                LAB.bob("POST", "/broker/instances", JSON, launch),
                LAB.bob("POST", "/broker/deployments", JSON, whole),
                LAB.bob("POST", "/pools/closed/api/instances", form, "image_id=south-os"),
                LAB.bob("POST", "/pools/closed/cimi/machines", JSON, machine))) {
            assertThat(allowed.statusCode()).as(allowed.body()).isEqualTo(201);
        }
        assertThat(LAB.get("/broker/instances?pool=" + pool)
                        .path("instances")
                        .valueStream()
                        .map(one -> one.path("owner").asString()))
                .hasSize(4)
                .containsOnly("bob");
        assertThat(gone(user)).isEqualTo(204);
        assertThat(LAB.bob("POST", "/pools/closed/api/instances", form, "image_id=south-os")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void the_key_of_an_instance_is_told_to_those_who_may_use_it_until_it_stops() {
        var web = made(post("/broker/instances", "{\"image\": \"north-os\", \"name\": \"keyed\"}"));
        var at = "/broker/instances/" + web.path("id").asString();
        assertThat(web.path("ssh_key").path("href").asString()).endsWith(at + "/key");
        var key = LAB.get(at + "/key").path("key");
        assertThat(NORTH.keys).containsKey(key.path("name").asString());
        assertThat(key.path("pem").asString()).startsWith("-----BEGIN RSA PRIVATE KEY-----");
        assertThat(LAB.send("POST", at + "/key", JSON, "{}").statusCode()).isEqualTo(405);

        LAB.post("/broker/roles", """
                {"name": "Onlooker", "scope": "Instance",
                 "privileges": [{"target_type": "Instance", "action": "view"}]}""");
        assertThat(LAB.bob("GET", at + "/key", "", "").statusCode()).isEqualTo(404);
        var looks = given("Onlooker", "Instance", web.path("id").asString());
        assertThat(LAB.bob("GET", at, "", "").statusCode()).isEqualTo(200);
        var refused = LAB.bob("GET", at + "/key", "", "");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).doesNotContain("PRIVATE");
        assertThat(gone(looks)).isEqualTo(204);
        given("Instance User", "Instance", web.path("id").asString());
        assertThat(LAB.bob("GET", at + "/key", "", "").body()).contains("PRIVATE KEY");

        assertThat(LAB.send("POST", at + "/stop", "", "").statusCode()).isEqualTo(202);
        waitFor(() -> LAB.get(at).at("/instance/state").asString().equals("stopped"));
        assertThat(LAB.send("GET", at + "/key", "", "").statusCode()).isEqualTo(404);
        var other = made(post("/broker/instances", "{\"image\": \"south-os\", \"name\": \"keyless\"}"));
        assertThat(LAB.send("GET", "/broker/instances/" + other.path("id").asString() + "/key", "", "")
                        .statusCode())
                .as("this cloud makes no keys")
                .isEqualTo(404);
    }

    @Test
    void all_accounts_are_explained_for_several_instances_together() {
        var mixed = """
                <deployable name=\\"web\\"><assemblies><assembly name=\\"front\\" hwp=\\"small\\"><image id=\\"both-os\\"/></assembly>\
                <assembly name=\\"back\\" hwp=\\"large\\"><image id=\\"north-os\\"/></assembly></assemblies></deployable>""";
        var told = post("/broker/deployments/explain", deployment("any", mixed));
        assertThat(told.statusCode()).as(told.body()).isEqualTo(200);
        var explanation = Json.tree(told.body()).path("explanation");
        assertThat(explanation.path("possible").asBoolean()).isTrue();
        var match = explanation.at("/candidates/0/matches/0");
        assertThat(explanation.at("/candidates/0/provider_account/value").asString())
                .isEqualTo("at-north");
        assertThat(match.path("assemblies")
                        .valueStream()
                        .map(one -> one.path("name").asString()))
                .containsExactly("front", "back");
        assertThat(match.at("/assemblies/1/hardware_profile/id").asString()).contains("~");
        assertThat(match.at("/assemblies/1/instance_hwp/memory").asString()).isNotEmpty();
        var rejected = explanation.at("/rejected_accounts/0");
        assertThat(rejected.at("/provider_account/value").asString()).isEqualTo("at-south");
        assertThat(rejected.at("/reasons/0/code").asString()).isEqualTo("image_not_pushed_to_provider");
        assertThat(rejected.at("/reasons/0/assembly").asString()).isEqualTo("back");
        assertThat(LAB.get("/broker/deployments?name=any").path("deployments")).isEmpty();

        var nowhere = mixed.replace("both-os", "south-os");
        var refused = post("/broker/deployments/explain", deployment("any", nowhere));
        assertThat(Json.tree(refused.body()).at("/explanation/possible").asBoolean(true))
                .isFalse();
        var launch = post("/broker/deployments", deployment("any", nowhere));
        assertThat(launch.statusCode()).isEqualTo(422);
        assertThat(launch.body()).contains("\"assembly\":\"front\"", "\"assembly\":\"back\"");
        assertThat(LAB.bob("POST", "/broker/deployments/explain", JSON, deployment("any", web("id=\\\"none\\\"", "a")))
                        .statusCode())
                .isEqualTo(422);
    }

    @Test
    void who_may_not_see_accounts_is_told_what_is_possible_and_why_not_and_nothing_of_them() {
        var family = LAB.get("/broker/pool_families").at("/pool_families/0/id").asString();
        var pool = made(post(
                        "/broker/pools", "{\"name\": \"blind\", \"pool_family\": {\"id\": \"%s\"}}".formatted(family)))
                .path("id")
                .asString();
        var explain = "/broker/pools/" + pool + "/explain";
        var launch = "{\"image\": \"%s\", \"hardware_profile\": \"%s\", \"pool\": \"blind\"}";
        assertThat(LAB.bob("POST", explain, JSON, launch.formatted("north-os", "small"))
                        .statusCode())
                .as("the pool is not there for him")
                .isEqualTo(404);
        var role = given("Pool User", "Pool", pool);
        LAB.image("no-os", Map.of());
        var whole = "{\"pool\": {\"id\": \"%s\"}, \"deployable_xml\": \"%s\"}"
                .formatted(pool, web("id=\\\"north-os\\\"", "a"));
        var none = launch.formatted("no-os", "small");
        var form = "application/x-www-form-urlencoded";
        var possible = LAB.bob("POST", explain, JSON, launch.formatted("north-os", "small"));
        assertThat(possible.body()).contains("\"possible\":true", "\"candidates\":[]", "image_not_pushed_to_provider");
        var together = LAB.bob("POST", "/broker/deployments/explain", JSON, whole);
        assertThat(together.body()).contains("\"possible\":true");
        for (var told : List.of(
                possible,
                together,
                LAB.bob("POST", explain, JSON, none),
                LAB.bob("POST", "/broker/instances", JSON, none),
                LAB.bob("POST", "/broker/deployments", JSON, whole.replace("north-os", "no-os")),
                LAB.bob("POST", "/pools/blind/api/instances", form, "image_id=no-os"),
                LAB.bob("POST", "/pools/blind/cimi/machines", JSON, """
                        {"machineTemplate": {"machineConfig": {"href": "small"}, "machineImage": {"href": "no-os"}}}"""))) {
            assertThat(told.body())
                    .contains("image_not_pushed_to_provider")
                    .doesNotContain("north-", "at-", "south", "img1", north, "price", "hardware_profiles/");
        }
        var all = LAB.send("POST", explain, JSON, launch.formatted("north-os", "small"));
        assertThat(all.body()).contains("at-north", "at-south", "img1");
        for (var wrong : Map.of(
                        "\"hardware_profile\": \"huge\"",
                        "hardware_profile",
                        "\"instance_hwp\": {\"memory\": \"7\"}",
                        "memory")
                .entrySet()) {
            var refused = Json.tree(LAB.bob("POST", explain, JSON, "{\"image\": \"north-os\", " + wrong.getKey() + "}")
                    .body());
            assertThat(refused.at("/errors/0/field").asString())
                    .as(refused.toString())
                    .isEqualTo(wrong.getValue());
            assertThat(refused.at("/errors/0/value").asString()).isIn("huge", "7");
            assertThat(refused.toString()).doesNotContain("hwp_");
        }
        for (var wrong : List.of("\"bogus\": 1", "\"name\": [\"a\"]")) {
            var refused = LAB.send("POST", "/broker/instances", JSON, "{\"image\": \"south-os\", " + wrong + "}");
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
        }
        assertThat(gone(role)).isEqualTo(204);
    }

    @Test
    void a_price_counts_until_the_one_that_is_to_come_holds() {
        var family = LAB.get("/broker/pool_families").at("/pool_families/0/id").asString();
        var pool = "/broker/pools/"
                + made(post(
                                "/broker/pools",
                                "{\"name\": \"priced\", \"pool_family\": {\"id\": \"%s\"}}".formatted(family)))
                        .path("id")
                        .asString();
        LAB.send("PUT", pool + "/selection_strategies/cost_order", JSON, "{\"enabled\": true}");
        var launch = "{\"image\": \"south-os\", \"hardware_profile\": \"small\"}";
        var profile = LAB.post(pool + "/explain", launch).at("/explanation/candidates/0/matches/0/hardware_profile/id");
        var price = "{\"hardware_profile\": \"%s\", \"price\": %s%s}";
        made(post("/broker/costs", price.formatted(profile.asString(), "0.25", "")));
        made(post(
                "/broker/costs",
                price.formatted(profile.asString(), "0.75", ", \"valid_from\": \"2110-01-01T00:00:00Z\"")));
        assertThat(LAB.post(pool + "/explain", launch)
                        .at("/explanation/candidates/0/price")
                        .asString())
                .isEqualTo("0.25");
    }

    @Test
    void a_token_makes_one_deployment_of_many_requests_at_once_and_stands_for_nothing_else() throws Exception {
        var body = deployment("tokened", web("id=\\\"south-os\\\"", "front"));
        Callable<String> ask = () -> made(post("/broker/deployments", body, "X-Client-Token", "once"))
                .path("id")
                .asString();
        var ids = new HashSet<String>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var asked : threads.invokeAll(Collections.nCopies(6, ask))) ids.add(asked.get());
        }
        assertThat(ids).hasSize(1);
        var other = post("/broker/deployments", body.replace("front", "back"), "X-Client-Token", "once");
        assertThat(other.statusCode()).as(other.body()).isEqualTo(409);
        assertThat(post("/broker/deployments", body).statusCode())
                .as("the name is taken")
                .isEqualTo(422);
        assertThat(LAB.get("/broker/deployments?name=tokened").path("deployments"))
                .hasSize(1);
        var machine = """
                {"machineTemplate": {"machineConfig": {"cpu": 1}, "machineImage": {"href": "south-os"}}}""";
        assertThat(post("/cimi/machines", machine, "X-Client-Token", "once").statusCode())
                .isEqualTo(409);
        destroyed(runs(LAB.get("/broker/deployments?name=tokened").at("/deployments/0")));
    }

    @Test
    void a_deployable_that_names_a_build_gets_that_one_and_else_the_newest() {
        LAB.image("built-os", Map.of());
        for (var build : List.of("b1", "b2")) {
            NORTH.rest.images.add("img-" + build);
            made(post("/broker/image_mappings", """
                    {"image": "built-os", "build": "%s", "provider_account": "%s", "provider_image": "img-%s",
                     "status": "COMPLETE"}""".formatted(build, north, build)));
        }
        var body = deployment("built", web("id=\\\"built-os\\\" build=\\\"b1\\\"", "old"));
        var old = runs(made(post("/broker/deployments", body)));
        assertThat(booted("built-old")).isEqualTo("img-b1");
        destroyed(old);
        var newest = runs(made(post("/broker/deployments", deployment("newest", web("id=\\\"built-os\\\"", "web")))));
        assertThat(booted("newest-web")).isEqualTo("img-b2");
        destroyed(newest);
        var one = made(post(
                "/broker/instances", "{\"name\": \"alone\", \"image\": {\"id\": \"built-os\", \"build\": \"b1\"}}"));
        assertThat(one.path("state").asString()).isEqualTo("running");
        assertThat(booted("alone")).isEqualTo("img-b1");
        var unknown = post("/broker/deployments", body.replace("b1", "b9"));
        assertThat(unknown.statusCode()).isEqualTo(422);
        assertThat(unknown.body()).contains("image_not_pushed_to_provider");
    }

    /// The image of the instance whose name begins so.
    private static String booted(String name) {
        return NORTH.instances.values().stream()
                .filter(one -> one.form.getOrDefault("name", "").startsWith(name))
                .map(one -> one.form.get("image_id"))
                .collect(Collectors.joining());
    }

    @Test
    void usage_tells_how_far_the_instances_of_a_deployment_ran_and_each_is_rebooted() {
        var log = (Logger) LoggerFactory.getLogger("usage");
        var heard = new ListAppender<ILoggingEvent>();
        heard.start();
        log.setLevel(Level.INFO);
        log.addAppender(heard);
        try {
            var web = runs(
                    made(post("/broker/deployments", deployment("metered", web("id=\\\"north-os\\\"", "a", "b")))));
            var at = "/broker/deployments/" + web.path("id").asString();
            var before = NORTH.lines().stream()
                    .filter(line -> line.endsWith("/reboot"))
                    .count();
            assertThat(LAB.send("POST", at + "/reboot", "", "").statusCode()).isEqualTo(202);
            waitFor(() -> NORTH.lines().stream()
                            .filter(line -> line.endsWith("/reboot"))
                            .count()
                    == before + 2);
            waitFor(() -> LAB.send("POST", at + "/stop", "", "").statusCode() == 202);
            waitFor(() -> LAB.get(at).at("/deployment/state").asString().equals("stopped"));
            assertThat(LAB.send("POST", at + "/reboot", "", "").statusCode()).isEqualTo(409);
            var records = LAB.get("/broker/usage?limit=500")
                    .path("usage")
                    .valueStream()
                    .filter(one -> one.path("deployment").path("id").equals(web.path("id")))
                    .toList();
            assertThat(records)
                    .extracting(one -> one.path("action").asString())
                    .startsWith("first_running", "all_running")
                    .endsWith("all_stopped");
            assertThat(records).allSatisfy(one -> {
                assertThat(one.path("event_id").asString()).isEqualTo("020002");
                assertThat(one.at("/provider_account/value").asString()).isEqualTo("at-north");
                assertThat(one.path("owner").asString()).isNotEmpty();
                assertThat(one.path("start_time").asString()).isNotEmpty();
            });
            assertThat(records.getLast().path("terminate_time").asString()).isNotEmpty();
            assertThat(records.getFirst().has("terminate_time")).isFalse();
            var lines = List.copyOf(heard.list).stream()
                    .map(ILoggingEvent::getFormattedMessage)
                    .filter(line -> line.contains("020002")
                            && line.contains(web.path("id").asString()))
                    .toList();
            assertThat(lines).hasSameSizeAs(records);
            var bobs =
                    Json.tree(LAB.bob("GET", "/broker/usage?limit=500", "", "").body());
            assertThat(bobs.toString()).doesNotContain("metered");
            destroyed(web);
        } finally {
            log.detachAppender(heard);
        }
    }
}
