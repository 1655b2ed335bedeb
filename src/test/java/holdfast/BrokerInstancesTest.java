package holdfast;

import static holdfast.CloudBrokerLab.waitFor;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import holdfast.authority.Cloud.Order;
import holdfast.authority.Cloud.Order.Instance.Way;
import holdfast.authority.Driver.Key;
import holdfast.core.Wanted;
import holdfast.platform.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Instances in the configuration interface of a whole broker: what is launched, where it could be, what became of it.
final class BrokerInstancesTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/broker/instances.txt");
    private static final boolean BLESS = Boolean.getBoolean("holdfast.bless");
    private static final String JSON = "application/json";
    private static final String XML = "application/xml";
    private static final String NORTH = "http://north.example/";
    private static final String SOUTH = "http://south.example/";

    @AutoClose
    private final CloudBrokerLab lab = new CloudBrokerLab();

    @AutoClose
    private final HttpClient stranger = HttpClient.newHttpClient();

    private String north = "";
    private String south = "";
    private String bob = "";

    private void clouds() {
        var type = lab.type("Simulated", "simulated", "simulated");
        north = lab.account(type, "north", NORTH, "ann", "secret");
        south = lab.account(type, "south", SOUTH, "ann", "secret");
        lab.profile("small", 512);
        lab.image("web-os", Map.of(north, "image-1"));
    }

    private String launched(String name) {
        var made = lab.post("/broker/instances", "{\"name\":\"%s\",\"image\":\"web-os\"}".formatted(name));
        assertThat(made.at("/instance/state").asString()).as(made.toString()).isEqualTo("running");
        return made.at("/instance/id").asString();
    }

    private String pool() {
        return lab.get("/broker/pools").at("/pools/0/id").asString();
    }

    private static List<String> all(JsonNode some, String field) {
        return some.valueStream().map(one -> one.path(field).asString("")).toList();
    }

    // --------------------------------------------------------------------------------------------------------------
    // the life of one

    private final StringBuilder wire = new StringBuilder();

    private HttpResponse<String> told(String method, String path, String type, String body) {
        var headers = type.isEmpty() ? JSON : type;
        var answer = lab.send(method, path, body.isEmpty() ? "" : headers, body, "Accept", headers);
        wire.append(method).append(' ').append(path).append('\n');
        if (!body.isEmpty()) wire.append(body).append('\n');
        wire.append('\n').append(answer.statusCode()).append('\n');
        answer.headers()
                .firstValue("Location")
                .ifPresent(where -> wire.append(where).append('\n'));
        if (!answer.body().isEmpty()) {
            wire.append(
                    type.equals(XML)
                            ? answer.body().replaceAll("><(?!/)", ">\n<")
                            : Json.tree(answer.body()).toPrettyString());
            wire.append('\n');
        }
        wire.append('\n');
        return answer;
    }

    @Test
    void an_instance_lives_its_life_in_xml_and_in_json_and_all_of_it_is_on_record() throws IOException {
        clouds();
        var records = new ListAppender<ILoggingEvent>();
        records.start();
        var log = (Logger) LoggerFactory.getLogger("usage");
        log.setLevel(Level.INFO);
        log.addAppender(records);
        var made = told("POST", "/broker/instances", XML, """
                <instance><name>web-1</name><image id="web-os"/><hardware_profile>small</hardware_profile></instance>""");
        var path =
                URI.create(made.headers().firstValue("Location").orElseThrow()).getPath();
        told("GET", path, "", "");
        told("POST", path + "/stop", "", "");
        told("POST", path + "/stop", "", "");
        told("GET", path + "/tasks", "", "");
        told("GET", path + "/matches", "", "");
        told("GET", path + "/events", XML, "");
        told("GET", "/broker/instances?state=running", "", "");
        told("GET", "/broker/instances?state=flying", "", "");
        told("GET", "/broker/events?status_code=running", "", "");
        told("GET", "/broker/usage", "", "");
        told("DELETE", path, "", "");
        told("GET", path, "", "");
        golden(wire.toString());
        assertThat(lab.get("/broker/instances?provider_account=" + south).path("instances"))
                .isEmpty();
        var since = lab.get("/broker/events?source_type=instance&from=2100-01-01T00:00:00Z");
        assertThat(since.path("events")).isEmpty();
        var lines = records.list.stream()
                .map(line -> Json.tree(line.getFormattedMessage()))
                .filter(line -> path.endsWith(line.path("instance").asString()))
                .toList();
        assertThat(lines).extracting(line -> line.path("action").asString()).containsExactly("running", "stopped");
        assertThat(lines.getLast().path("provider").asString()).isEqualTo("north");
        assertThat(lines.getLast().path("start_time").asString())
                .isEqualTo(lines.getFirst().path("time").asString());
    }

    private void golden(String text) throws IOException {
        var numbers = new LinkedHashMap<String, String>();
        var plain = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
                .matcher(text)
                .replaceAll(id -> numbers.computeIfAbsent(id.group(), _ -> "id" + (numbers.size() + 1)))
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "2031-02-03T10:00:00Z")
                .replaceAll("PT[0-9.]+S", "PT1S")
                .replaceAll("id=\"\\d+\"", "id=\"7\"")
                .replaceAll("\"id\" : \\d+", "\"id\" : 7")
                .replace(lab.url(""), "http://b.example");
        if (BLESS) Files.writeString(GOLDEN, plain);
        assertThat(plain).isEqualTo(Files.readString(GOLDEN));
    }

    // --------------------------------------------------------------------------------------------------------------
    // where it could be

    @Test
    void what_can_be_launched_where_is_explained_and_what_cannot_is_refused_with_the_same_codes() {
        clouds();
        var launch = "{\"image\":\"web-os\",\"hardware_profile\":\"small\"}";
        var why = lab.post("/broker/pools/" + pool() + "/explain", launch).path("explanation");
        assertThat(why.path("possible").asBoolean()).isTrue();
        assertThat(all(why.path("candidates"), "rank")).containsExactly("1");
        assertThat(why.at("/candidates/0/provider_account/value").asString()).isEqualTo("at-north");
        assertThat(why.at("/candidates/0/matches/0/provider_image").asString()).isEqualTo("image-1");
        assertThat(why.at("/rejected_accounts/0/provider_account/value").asString())
                .isEqualTo("at-south");
        assertThat(why.at("/rejected_accounts/0/reasons/0/code").asString()).isEqualTo("image_not_pushed_to_provider");

        lab.image("other-os", Map.of());
        var refused = lab.send("POST", "/broker/instances", JSON, "{\"image\":\"other-os\"}");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(all(Json.tree(refused.body()).path("errors"), "provider_account"))
                .containsExactly("at-north", "at-south");
        assertThat(all(Json.tree(refused.body()).path("errors"), "code")).containsOnly("image_not_pushed_to_provider");

        lab.send("PUT", "/broker/pools/" + pool(), JSON, "{\"quota\":{\"maximum_running_instances\":0}}");
        var full =
                lab.send("POST", "/broker/instances", XML, "<instance><image id='web-os'/></instance>", "Accept", XML);
        assertThat(full.statusCode()).isEqualTo(422);
        assertThat(full.body()).contains("<errors><error><code>pool_quota_reached</code>");

        for (var wrong : Map.of("image", "none", "hardware_profile", "huge", "frontend_realm", "moon", "pool", "sea")
                .entrySet()) {
            var body = Json.object().put("image", "web-os").put("hardware_profile", "small");
            body.put(wrong.getKey(), wrong.getValue());
            var answer = lab.send("POST", "/broker/instances", JSON, body.toString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        }
        assertThat(lab.get("/broker/instances").path("instances")).isEmpty();
        assertThat(lab.get("/broker/events").path("events")).isEmpty();
        matched();
        ofPools();
    }

    private void matched() {
        var matches = lab.post("/broker/hardware_profiles/matching", "{\"memory\":1000,\"cpu\":1}");
        assertThat(all(matches.path("matches"), "provider")).hasSize(2);
        assertThat(matches.at("/matches/0/hardware_profile/value").asString()).isEqualTo("small");
        assertThat(matches.at("/matches/0/instance_hwp/memory").asString()).isEqualTo("2048");
        var none = lab.post("/broker/hardware_profiles/matching", "{\"memory\":999999}");
        assertThat(none.at("/matches/1/reason/code").asString()).isEqualTo("hw_profile_match_not_found");
    }

    /// Each pool has an address of its own, at which all links lead to itself.
    private void ofPools() {
        var family = lab.get("/broker/pool_families").at("/pool_families/0/id").asString();
        lab.post("/broker/pools", "{\"name\":\"far west\",\"pool_family\":\"%s\"}".formatted(family));
        var form = "application/x-www-form-urlencoded";
        var west = "/pools/far%20west/api";
        var made = Json.tree(lab.send("POST", west + "/instances", form, "image_id=web-os&name=web")
                .body());
        var href = made.at("/instance/href").asString();
        assertThat(href).startsWith(lab.url(west + "/instances/"));
        assertThat(lab.get(href).at("/instance/name").asString()).isEqualTo("web");
        assertThat(lab.get("/pools/default/api/instances").path("instances")).isEmpty();
        assertThat(lab.get("/pools/far%20west/cimi/machines").path("machines")).hasSize(1);
        for (var face : List.of("api/instances/none", "cimi/machines/none")) {
            assertThat(lab.send("GET", "/pools/default/" + face, "", "", "Accept", XML)
                            .body())
                    .contains("url=\"/pools/default/" + face);
        }
        assertThat(lab.send("GET", "/pools/nowhere/api/instances", "", "").statusCode())
                .isEqualTo(404);
        assertThat(lab.send("GET", "/pools/default/other", "", "").statusCode()).isEqualTo(404);
        assertThat(lab.send("GET", "/pools", "", "").statusCode()).isEqualTo(404);
        assertThat(lab.stranger("/pools/default/api/instances")).isEqualTo(401);
    }

    // --------------------------------------------------------------------------------------------------------------
    // who sees it

    private JsonNode bobs(String path) {
        return Json.tree(lab.bob("GET", path, "", "").body());
    }

    private String grant(String role, String type, String id) {
        var made = lab.post("/broker/permissions", """
                {"entity": {"id": "%s"}, "role": "%s", "object": {"type": "%s", "id": "%s"}}""".formatted(bob, role, type, id));
        assertThat(made.path("permission").has("id")).as(made.toString()).isTrue();
        return "/broker/permissions/" + made.at("/permission/id").asString();
    }

    private void takenBack(String permission) {
        assertThat(lab.send("DELETE", permission, "", "").statusCode()).isEqualTo(204);
    }

    @Test
    void a_role_on_a_family_a_pool_or_an_instance_shows_what_it_reaches_until_it_is_taken_back() {
        clouds();
        bob = lab.post("/broker/users", "{\"name\":\"bob\"}").at("/user/id").asString();
        var one = launched("one");
        launched("two");
        var own = Json.tree(lab.bob("POST", "/broker/instances", JSON, "{\"name\":\"own\",\"image\":\"web-os\"}")
                .body());
        assertThat(own.at("/instance/owner").asString()).isEqualTo("bob");
        assertThat(own.path("instance").has("provider_account")).isFalse();
        assertThat(own.path("instance").has("external_key")).isFalse();
        assertThat(names()).containsExactly("own");
        assertThat(lab.bob("GET", "/broker/instances/" + one, "", "").statusCode())
                .isEqualTo(404);

        var user = grant("Instance User", "Instance", one);
        assertThat(names()).containsExactly("one", "own");
        assertThat(bobs("/broker/instances/" + one + "/events").path("events")).isNotEmpty();
        assertThat(lab.bob("DELETE", "/broker/instances/" + one, "", "").statusCode())
                .isEqualTo(403);
        assertThat(lab.bob("POST", "/broker/instances/" + one + "/reboot", "", "")
                        .statusCode())
                .isEqualTo(202);
        takenBack(user);
        assertThat(names()).containsExactly("own");
        assertThat(bobs("/broker/usage").path("usage")).hasSize(1);

        var family = lab.get("/broker/pool_families").at("/pool_families/0/id").asString();
        for (var scope : List.of(
                List.of("Pool Administrator", "Pool", pool()),
                List.of("Environment Administrator", "PoolFamily", family))) {
            var role = grant(scope.get(0), scope.get(1), scope.get(2));
            assertThat(names()).as(scope.get(0)).containsExactly("one", "two", "own");
            assertThat(bobs("/broker/events?status_code=running").path("events"))
                    .hasSize(3);
            assertThat(bobs("/broker/usage").path("usage")).hasSize(3);
            assertThat(bobs("/broker/instances/" + one + "/matches").path("matches"))
                    .as("accounts are not the pool's")
                    .isEmpty();
            takenBack(role);
            assertThat(names()).containsExactly("own");
            assertThat(bobs("/broker/events?source_type=provider_account").path("events"))
                    .isEmpty();
        }
        assertThat(lab.bob("GET", "/broker/instances?provider_account=" + north, "", "")
                        .statusCode())
                .isEqualTo(403);
        assertThat(lab.stranger("/broker/instances")).isEqualTo(401);
    }

    private List<String> names() {
        return all(bobs("/broker/instances").path("instances"), "name");
    }

    // --------------------------------------------------------------------------------------------------------------
    // what clouds tell, and what nobody knows of

    private int called(String url, String key, String state) throws IOException, InterruptedException {
        var body = "{\"external_key\":\"%s\",\"state\":\"%s\"}".formatted(key, state);
        var request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", JSON)
                .POST(BodyPublishers.ofString(body))
                .build();
        return stranger.send(request, BodyHandlers.discarding()).statusCode();
    }

    private static Wanted.Instance wanted(String name, boolean on) {
        return new Wanted.Instance(
                name, "1", Map.of(), "image-1", Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), on, 0);
    }

    @Test
    void a_hint_of_a_cloud_makes_the_tracker_look_at_once_and_what_it_says_counts_for_nothing() throws Exception {
        clouds();
        var path = "/broker/instances/" + launched("web");
        var key = lab.get(path).at("/instance/external_key").asString();
        var account = "/broker/provider_accounts/" + north + "/callback";
        assertThat(lab.bob("GET", account, "", "").statusCode()).isEqualTo(404);
        var url = lab.get(account).at("/callback/href").asString();

        assertThat(called(url, key, "ERROR")).isEqualTo(204);
        assertThat(called(url, "server-77", "RUNNING")).isEqualTo(404);
        assertThat(called(url.substring(0, url.length() - 1), key, "RUNNING")).isEqualTo(403);
        assertThat(called(url.replace(north, UUID.randomUUID().toString()), key, "RUNNING"))
                .isEqualTo(404);
        assertThat(called(url.replace(north, south), key, "RUNNING")).isEqualTo(403);
        assertThat(lab.get(path).at("/instance/state").asString()).isEqualTo("running");

        var cloud = lab.cloud(NORTH);
        cloud.ensure(cloud.list().getFirst(), new Order.Instance(wanted("web", false), Way.SWITCH));
        var then = Instant.now();
        assertThat(called(url, key, "RUNNING")).isEqualTo(204);
        waitFor(() -> lab.get(path).at("/instance/state").asString().equals("stopped"));
        assertThat(Duration.between(then, Instant.now()))
                .as("long before the look that would have come anyway")
                .isLessThan(Duration.ofSeconds(10));
        assertThat(all(lab.get(path + "/events").path("events"), "status_code")).endsWith("running", "stopped");
    }

    @Test
    void what_bears_our_mark_and_is_nobodys_is_shown_and_left_alone_until_it_is_deleted() {
        clouds();
        launched("web");
        var cloud = lab.cloud(NORTH);
        cloud.ensure(
                new Key(UUID.randomUUID().toString(), "server"), new Order.Instance(wanted("by-hand", true), Way.MAKE));
        lab.lookNow(north);
        lab.lookNow(north);
        assertThat(cloud.placed()).containsOnlyKeys("web", "by-hand");
        var orphans = lab.get("/broker/orphans").path("orphans");
        assertThat(all(orphans, "name")).containsExactly("by-hand");
        assertThat(orphans.at("/0/provider_account/id").asString()).isEqualTo(north);
        assertThat(Json.tree(lab.bob("GET", "/broker/orphans", "", "").body()).path("orphans"))
                .isEmpty();
        var path = "/broker/orphans/" + orphans.at("/0/id").asString();
        assertThat(lab.get("/broker/orphans?provider_account=" + south).path("orphans"))
                .isEmpty();
        assertThat(lab.bob("DELETE", path, "", "").statusCode()).isEqualTo(404);
        assertThat(lab.send("DELETE", path, "", "").statusCode()).isEqualTo(202);
        waitFor(() -> lab.send("GET", path, "", "").statusCode() == 404);
        assertThat(cloud.placed()).containsOnlyKeys("web");
    }
}
