package holdfast;

import static holdfast.CloudBrokerLab.waitFor;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import holdfast.authority.Cloud.Look;
import holdfast.core.CloudServer;
import holdfast.drivers.deltacloud.MockDeltacloud;
import holdfast.platform.Json;
import holdfast.platform.Ports;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// What administrators set up, over a whole server with clouds behind it. One server for all stories, so each has a
/// family and a pool of its own.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CloudSetupTest {
    private static final String JSON = "application/json";

    @AutoClose
    private final CloudBrokerLab lab = new CloudBrokerLab();

    private final String simulated = lab.type("Simulated", "simulated", "simulated");

    CloudSetupTest() {
        lab.profile("small", 512);
    }

    // ----------------------------------------------------------------------------------------------------------------
    // saying it in few words

    private HttpResponse<String> post(String path, String json) {
        return lab.send("POST", "/broker/" + path, JSON, json);
    }

    private HttpResponse<String> put(String path, String json) {
        return lab.send("PUT", "/broker/" + path, JSON, json);
    }

    private HttpResponse<String> delete(String path) {
        return lab.send("DELETE", "/broker/" + path, "", "");
    }

    private JsonNode get(String path) {
        return lab.get("/broker/" + path);
    }

    private static String made(HttpResponse<String> reply) {
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(201);
        return Json.tree(reply.body()).iterator().next().path("id").asString();
    }

    private static void refused(HttpResponse<String> reply, int status, String... words) {
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(status);
        assertThat(List.of(words)).allMatch(reply.body()::contains, "is in " + reply.body());
    }

    private HttpResponse<String> provider(String name, String url) {
        return post(
                "providers", "{\"name\": \"%s\", \"url\": \"%s\", \"provider_type\": \"mock\"}".formatted(name, url));
    }

    private static String login(String label, String provider, String password) {
        return """
                {"label": "%s", "provider": {"id": "%s"}, "credentials": {"username": "mockuser", "password": "%s"}}
                """.formatted(label, provider, password);
    }

    /// The account at a cloud that is simulated.
    private String account(String name) {
        return lab.account(simulated, name, "http://" + name + ".example/", "ann", "secret");
    }

    /// The account at a server of Deltacloud.
    private String account(String name, MockDeltacloud mock) {
        var provider = made(provider(name, mock.url().toString()));
        return made(post("provider_accounts", login("at-" + name, provider, MockDeltacloud.PASSWORD)));
    }

    private String providerOf(String account) {
        return get("provider_accounts/" + account)
                .at("/provider_account/provider/id")
                .asString();
    }

    /// A family with a pool, both of that name.
    private String pool(String name, String quotas, String... accounts) {
        var ids = Json.text(Json.toTree(List.of(accounts)));
        var family = made(post("pool_families", "{\"name\": \"%s\", \"provider_accounts\": %s}".formatted(name, ids)));
        return made(post("pools", "{\"name\": \"%s\", \"pool_family\": \"%s\"%s}".formatted(name, family, quotas)));
    }

    private String familyOf(String pool) {
        return get("pools/" + pool).at("/pool/pool_family/id").asString();
    }

    private HttpResponse<String> launch(String pool, String fields) {
        return lab.form("/api/instances", fields, "X-Deltacloud-Provider", pool);
    }

    private JsonNode launched(String pool, String fields) {
        var reply = launch(pool, fields);
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(201);
        return Json.tree(reply.body()).path("instance");
    }

    private JsonNode instance(String pool, JsonNode known) {
        var path = "/api/instances/" + known.path("id").asString();
        return Json.tree(lab.send("GET", path, "", "", "X-Deltacloud-Provider", pool)
                        .body())
                .path("instance");
    }

    private boolean is(String pool, JsonNode known, String state) {
        return instance(pool, known).path("state").asString().equals(state);
    }

    private void act(String pool, JsonNode known, String action) {
        var path = "/api/instances/" + known.path("id").asString() + "/" + action;
        var reply = lab.form(path, "", "X-Deltacloud-Provider", pool);
        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(202);
    }

    private List<String> events(String pool, JsonNode known) {
        var path = "/cimi/event_logs/" + known.path("id").asString() + "/events";
        return Json.tree(lab.send("GET", path, "", "", "X-Deltacloud-Provider", pool)
                        .body())
                .path("events")
                .valueStream()
                .map(event -> event.path("name").asString())
                .toList();
    }

    private int placed(String name) {
        return lab.cloud("http://" + name + ".example/").placed().size();
    }

    private int running(String owner) {
        return get("quotas?owner=" + owner).at("/quota/running_instances").asInt(-1);
    }

    private int total(String owner) {
        return get("quotas?owner=" + owner).at("/quota/total_instances").asInt(-1);
    }

    // ----------------------------------------------------------------------------------------------------------------
    // stories

    @Test
    void a_provider_is_taken_only_if_it_answers_and_an_account_only_if_it_is_let_in() throws IOException {
        int port = Ports.free();
        var url = "http://127.0.0.1:" + port + "/api";
        refused(provider("reborn", url), 422, "\"field\":\"url\"", "Url is not that of a provider");
        assertThat(get("providers?name=reborn").path("providers")).isEmpty();
        var odd = lab.type("Odd", "odd", "telepathy");
        refused(
                post(
                        "providers",
                        "{\"name\": \"odd\", \"url\": \"%s\", \"provider_type\": \"%s\"}".formatted(url, odd)),
                422,
                "Url is not that of a provider",
                "driver");
        try (var mock = new MockDeltacloud("mock", port)) {
            var provider = made(provider("reborn", url));
            refused(
                    post("provider_accounts", login("lost", provider, "guess")),
                    422,
                    "\"field\":\"credentials\"",
                    "Login Credentials are Invalid for this Provider");
            assertThat(get("provider_accounts?provider=" + provider).path("provider_accounts"))
                    .isEmpty();
            made(post("provider_accounts", login("found", provider, MockDeltacloud.PASSWORD)));
            mock.die();
            refused(
                    post("provider_accounts", login("late", provider, "x").replace("mockuser", "other")),
                    422,
                    "\"field\":\"credentials\"",
                    "Cannot reach provider");
        }
    }

    @Test
    void profiles_and_realms_are_shown_as_the_provider_has_served_them() {
        try (var mock = new MockDeltacloud("mock")) {
            var provider = providerOf(account("shop", mock));
            var profiles = get("hardware_profiles?provider=" + provider).path("hardware_profiles");
            assertThat(profiles.findValuesAsString("name")).contains("m1-small", "m1-xlarge");
            var large = profiles.valueStream()
                    .filter(one -> one.path("name").asString().equals("m1-xlarge"))
                    .findFirst()
                    .orElseThrow();
            assertThat(large.path("memory").toString())
                    .contains("\"kind\":\"range\"", "\"first\":7680", "\"last\":15360", "\"value\":10240");
            assertThat(large.path("storage").toString())
                    .contains("\"kind\":\"enum\"", "\"entries\":[850,1024]", "\"value\":850");
            var realms = get("provider_realms?provider=" + provider).path("provider_realms");
            assertThat(realms.findValuesAsString("external_key")).containsExactly("eu", "us");
            assertThat(realms.findValuesAsString("available")).containsExactly("false", "true");
        }
    }

    @Test
    void what_is_secret_is_in_no_answer_and_in_no_log() {
        var root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        var before = root.getLevel();
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        root.addAppender(lines);
        root.setLevel(Level.DEBUG);
        root.info("what is logged is heard");
        try (var mock = new MockDeltacloud("mock")) {
            var provider = made(provider("quiet", mock.url().toString()));
            var answer = post("provider_accounts", login("quiet-acct", provider, MockDeltacloud.PASSWORD));
            var account = made(answer);
            lab.lookNow(account);
            mock.denying = true;
            refused(put("provider_accounts/" + account, "{\"credentials\": {\"password\": \"hunter2\"}}"), 422);
            post("provider_accounts/" + account + "/test", "{}");
            var told = List.of(
                    answer.body(),
                    get("provider_accounts/" + account).toString(),
                    get("provider_accounts").toString(),
                    get("providers/" + provider + "/provider_accounts").toString());
            assertThat(told).allSatisfy(text -> assertThat(text).contains("********"));
            var logged = List.copyOf(lines.list).stream()
                    .map(line -> line.getFormattedMessage()
                            + (line.getThrowableProxy() == null
                                    ? ""
                                    : line.getThrowableProxy().getMessage()))
                    .toList();
            assertThat(logged).isNotEmpty();
            assertThat(told).noneMatch(text -> text.contains(MockDeltacloud.PASSWORD));
            assertThat(logged).noneMatch(text -> text.contains(MockDeltacloud.PASSWORD) || text.contains("hunter2"));
        } finally {
            root.setLevel(before);
            root.detachAppender(lines);
        }
    }

    @Test
    void what_machines_or_images_need_stays_until_they_are_gone() {
        var account = account("held");
        var pool = pool("held", "", account);
        lab.image("held-os", Map.of(account, "image-1"));
        var one = launched(pool, "image_id=held-os&name=holder");
        refused(delete("pools/" + pool), 409, "holder");
        refused(delete("pool_families/" + familyOf(pool)), 409, "holder");
        refused(delete("provider_accounts/" + account), 409, "The following Deployments have not been stopped: holder");
        refused(delete("providers/" + providerOf(account)), 409, "holder");
        var standard =
                get("pool_families?default=true").at("/pool_families/0/id").asString();
        refused(delete("pool_families/" + standard), 409, "make another one the default first");
        refused(delete("pools/" + get("pools?name=default").at("/pools/0/id").asString()), 409, "the default pool");
        act(pool, one, "stop");
        waitFor(() -> is(pool, one, "STOPPED"));
        assertThat(placed("held")).isEqualTo(1);
        var family = familyOf(pool);
        assertThat(delete("pools/" + pool).statusCode()).isEqualTo(204);
        waitFor(() -> placed("held") == 0);
        waitFor(() -> total("provider_account:" + account) == 0);
        refused(delete("provider_accounts/" + account), 409, "image held-os");
        assertThat(post("images", "{\"id\": \"own-os\", \"pool_family\": \"" + family + "\"}")
                        .statusCode())
                .isEqualTo(201);
        refused(delete("pool_families/" + family), 409, "image own-os");
        assertThat(delete("images/own-os").statusCode()).isEqualTo(204);
        assertThat(delete("images/held-os").statusCode()).isEqualTo(204);
        assertThat(delete("pool_families/" + family).statusCode()).isEqualTo(204);
        var gone = delete("providers/" + providerOf(account));
        assertThat(gone.statusCode()).isEqualTo(200);
        assertThat(Json.tree(gone.body()).at("/provider/provider_accounts/0/id").asString())
                .as("its accounts went with it")
                .isEqualTo(account);
        assertThat(lab.send("GET", "/broker/provider_accounts/" + account, "", "")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void a_provider_that_is_switched_off_has_all_its_machines_stopped_first() {
        try (var mock = new MockDeltacloud("mock")) {
            var account = account("leaving", mock);
            var pool = pool("leaving", "", account);
            lab.image("leaving-os", Map.of(account, "img1"));
            var one = launched(pool, "image_id=leaving-os&name=one");
            var two = launched(pool, "image_id=leaving-os&name=two");
            waitFor(() -> is(pool, one, "RUNNING") && is(pool, two, "RUNNING"));
            var path = "providers/" + providerOf(account);
            var off = put(path, "{\"enabled\": false}");
            assertThat(off.statusCode()).as(off.body()).isEqualTo(200);
            assertThat(Json.tree(off.body()).at("/provider/enabled").asBoolean(true))
                    .isFalse();
            waitFor(() -> is(pool, one, "STOPPED") && is(pool, two, "STOPPED"));
            assertThat(mock.lines()).contains("POST /api/instances/inst1/stop", "POST /api/instances/inst2/stop");
            assertThat(running("provider_account:" + account)).isZero();
            refused(launch(pool, "image_id=leaving-os"), 409, "switched off");

            assertThat(instance(pool, one).path("actions").toString())
                    .contains("destroy")
                    .doesNotContain("start");
            var id = one.path("id").asString();
            var start = lab.form("/api/instances/" + id + "/start", "", "X-Deltacloud-Provider", pool);
            refused(start, 405, "must_be_enabled: ", "the provider is switched off");
            refused(post("instances/" + id + "/start", ""), 409, "must_be_enabled: ");
            assertThat(is(pool, one, "STOPPED")).isTrue();
            mock.instances.values().forEach(there -> there.state = "RUNNING"); // by somebody there
            lab.lookNow(account);
            waitFor(() -> is(pool, one, "RUNNING") && is(pool, two, "RUNNING"));
            assertThat(put(path, "{\"enabled\": false}").statusCode()).isEqualTo(200);
            waitFor(() -> is(pool, one, "STOPPED") && is(pool, two, "STOPPED"));
            mock.die();
            assertThat(put(path, "{\"enabled\": false}").statusCode())
                    .as("nothing runs there that could not be stopped")
                    .isEqualTo(200);
        }
    }

    @Test
    void a_provider_that_is_switched_on_again_lets_start_what_was_stopped() {
        var account = account("returning");
        var pool = pool("returning", "", account);
        lab.image("returning-os", Map.of(account, "image-1"));
        var body = """
                {"name": "pair", "pool": {"id": "%s"}, "deployable_xml": "<deployable name=\\"web\\"><assemblies>\
                <assembly name=\\"web\\" hwp=\\"small\\"><image id=\\"returning-os\\"/></assembly></assemblies></deployable>"}
                """.formatted(pool);
        var whole = made(post("deployments", body));
        waitFor(() ->
                get("deployments/" + whole).at("/deployment/state").asString().equals("running"));
        var path = "providers/" + providerOf(account);
        assertThat(put(path, "{\"enabled\": false}").statusCode()).isEqualTo(200);
        waitFor(() ->
                get("deployments/" + whole).at("/deployment/state").asString().equals("stopped"));
        refused(post("deployments/" + whole + "/start", ""), 409, "must_be_enabled: ");
        assertThat(put(path, "{\"enabled\": true}").statusCode()).isEqualTo(200);
        var started = post("deployments/" + whole + "/start", "");
        assertThat(started.statusCode()).as(started.body()).isEqualTo(202);
        waitFor(() ->
                get("deployments/" + whole).at("/deployment/state").asString().equals("running"));
    }

    @Test
    void one_that_cannot_be_reached_is_switched_off_by_who_says_so_and_what_ran_there_counts_as_stopped() {
        try (var mock = new MockDeltacloud("mock")) {
            var account = account("dead", mock);
            var pool = pool("dead", "", account);
            lab.image("dead-os", Map.of(account, "img1"));
            var one = launched(pool, "image_id=dead-os&name=one");
            waitFor(() -> is(pool, one, "RUNNING"));
            var path = "providers/" + providerOf(account);
            mock.die();
            refused(put(path, "{\"enabled\": false}"), 409, "cannot be reached", "terminate");
            assertThat(is(pool, one, "RUNNING")).isTrue();
            assertThat(get(path).at("/provider/enabled").asBoolean()).isTrue();
            var off = put(path, "{\"enabled\": false, \"terminate\": true}");
            assertThat(off.statusCode()).as(off.body()).isEqualTo(200);
            assertThat(is(pool, one, "STOPPED")).isTrue();
            assertThat(events(pool, one)).contains("forced_stop");
            assertThat(running("provider_account:" + account)).isZero();
            assertThat(running("pool:" + pool)).isZero();
            var again = put(path, "{\"enabled\": false, \"terminate\": true}");
            assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
        }
    }

    @Test
    void what_was_taken_for_stopped_is_stopped_when_its_cloud_is_back() {
        var account = account("ghostly");
        var pool = pool("ghostly", "", account);
        lab.image("ghostly-os", Map.of(account, "image-1"));
        var one = launched(pool, "image_id=ghostly-os");
        waitFor(() -> is(pool, one, "RUNNING"));
        var cloud = lab.cloud("http://ghostly.example/");
        var path = "providers/" + providerOf(account);
        cloud.goAway("out of order");
        refused(put(path, "{\"enabled\": false}"), 409, "cannot be reached");
        assertThat(put(path, "{\"enabled\": false, \"terminate\": true}").statusCode())
                .isEqualTo(200);
        assertThat(is(pool, one, "STOPPED")).isTrue();
        refused(put(path, "{\"enabled\": true}"), 422, "Url is not that of a provider", "out of order");
        cloud.comeBack();
        waitFor(() -> cloud.servers() instanceof Look.Seen<List<CloudServer>>(var servers)
                && servers.stream().noneMatch(server -> server.status().equals("ACTIVE")));
        assertThat(is(pool, one, "STOPPED")).isTrue();
        assertThat(put(path, "{\"enabled\": true}").statusCode()).isEqualTo(200);
        act(pool, one, "start");
        waitFor(() -> is(pool, one, "RUNNING") && running("pool:" + pool) == 1);
    }

    @Test
    void an_account_that_is_full_is_left_for_the_other_and_two_that_are_full_refuse() {
        var first = account("full-1");
        var second = account("full-2");
        var pool = pool("full", "", first, second);
        lab.image("full-os", Map.of(first, "image-1", second, "image-1"));
        for (var account : List.of(first, second)) {
            put("provider_accounts/" + account, "{\"quota\": {\"maximum_running_instances\": 1}}");
        }
        launched(pool, "image_id=full-os");
        launched(pool, "image_id=full-os");
        waitFor(() -> placed("full-1") == 1 && placed("full-2") == 1);
        refused(launch(pool, "image_id=full-os"), 403, "at-full-1: ", "at-full-2: ", "may not have so many instances");
    }

    @Test
    void the_quota_of_a_pool_and_that_of_a_family_refuse_the_third_by_themselves() {
        var account = account("strict");
        var pool = pool("strict", ", \"quota\": {\"maximum_running_instances\": 2}", account);
        lab.image("strict-os", Map.of(account, "image-1"));
        var one = launched(pool, "image_id=strict-os");
        launched(pool, "image_id=strict-os");
        refused(launch(pool, "image_id=strict-os"), 403, "pool_quota_reached: 2 of 2");
        put("pools/" + pool, "{\"quota\": {}}");
        put("pool_families/" + familyOf(pool), "{\"quota\": {\"maximum_running_instances\": 2}}");
        refused(launch(pool, "image_id=strict-os"), 403, "pool_family_quota_reached: 2 of 2");
        waitFor(() -> is(pool, one, "RUNNING"));
        act(pool, one, "stop");
        waitFor(() -> is(pool, one, "STOPPED"));
        launched(pool, "image_id=strict-os");
        refused(
                lab.form("/api/instances/" + one.path("id").asString() + "/start", "", "X-Deltacloud-Provider", pool),
                403,
                "pool_family_quota_reached");
    }

    @Test
    void the_quota_of_a_user_holds_in_all_pools_and_is_raised_by_somebody_else_only() {
        var account = account("mine");
        lab.image("mine-os", Map.of(account, "image-1"));
        var form = "application/x-www-form-urlencoded";
        var bob = made(post("users", "{\"name\": \"bob\", \"quota\": {\"maximum_running_instances\": 1}}"));
        var first = lab.bob("POST", "/api/instances", form, "image_id=mine-os");
        assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
        var one = Json.tree(first.body()).path("instance");
        refused(lab.bob("POST", "/api/instances", form, "image_id=mine-os"), 403, "user_quota_reached: 1 of 1");
        assertThat(running("user:" + bob)).isEqualTo(1);
        lab.lookNow(account);

        refused(lab.bob("PUT", "/broker/users/" + bob, JSON, "{\"quota\": {}}"), 404);
        var role = made(post("roles", """
                {"name": "User Keeper", "scope": "BasePermissionObject", "privileges": [
                  {"target_type": "User", "action": "view"}, {"target_type": "User", "action": "modify"},
                  {"target_type": "Quota", "action": "modify"}]}
                """));
        var all = made(
                post("permissions", "{\"entity\": {\"id\": \"%s\"}, \"role\": {\"id\": \"%s\"}}".formatted(bob, role)));
        refused(lab.bob("PUT", "/broker/users/" + bob, JSON, "{\"quota\": {}}"), 403, "nobody changes its own quota");
        assertThat(lab.bob("DELETE", "/broker/users/" + bob, "", "").statusCode())
                .as("nor by being somebody new")
                .isEqualTo(403);
        assertThat(put("users/" + bob, "{\"quota\": {\"maximum_running_instances\": 2}}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(lab.bob("POST", "/api/instances", form, "image_id=mine-os").statusCode())
                .isEqualTo(201);
        var path = "/api/instances/" + one.path("id").asString();
        waitFor(() -> lab.form(path + "/stop", "").statusCode() == 202);
        waitFor(() -> lab.get(path).at("/instance/state").asString().equals("STOPPED"));
        put("users/" + bob, "{\"quota\": {\"maximum_running_instances\": 1}}");
        refused(lab.form(path + "/start", ""), 403, "user_quota_reached");
        assertThat(delete("permissions/" + all).statusCode()).isEqualTo(204);
        put("users/" + bob, "{\"quota\": {}}");
    }

    @Test
    void what_is_counted_wrongly_is_set_right_at_night_and_told() {
        var account = account("counted");
        var pool = pool("counted", "", account);
        lab.image("counted-os", Map.of(account, "image-1"));
        var one = launched(pool, "image_id=counted-os");
        var two = launched(pool, "image_id=counted-os");
        waitFor(() -> is(pool, one, "RUNNING") && is(pool, two, "RUNNING"));
        lab.spoil("update quota_count set active = 7 where owner = ?", pool);
        lab.spoil(
                "delete from quota_use where holder = ? and owner <> '" + pool + "'",
                one.path("id").asString());
        lab.spoil("insert into quota_use values ('00000000-0000-4000-8000-000000000001', ?, 2)", account);
        assertThat(running("pool:" + pool)).isEqualTo(7);
        var said = lab.night();
        assertThat(said).startsWith("4 counts, 1 of ").contains(" and 1 that are gone");
        for (var owner : List.of("pool:" + pool, "pool_family:" + familyOf(pool), "provider_account:" + account)) {
            assertThat(running(owner)).as(owner).isEqualTo(2);
            assertThat(total(owner)).as(owner).isEqualTo(2);
        }
        assertThat(events(pool, one)).contains("quota_recounted");
        assertThat(events(pool, two)).doesNotContain("quota_recounted");
        assertThat(lab.night()).startsWith("0 counts, 0 of ").contains(" and 0 that are gone");
    }

    @Test
    void what_failed_once_at_a_provider_is_not_tried_there_again() {
        try (var mock = new MockDeltacloud("mock")) {
            var bad = account("bad", mock);
            var good = account("good");
            var pool = pool("choosy", "", bad, good);
            put("pools/" + pool + "/account_options/" + bad, "{\"score\": 100}");
            put("pools/" + pool + "/selection_strategies/weighting", "{\"enabled\": true}");
            put("pools/" + pool, "{\"deterministic\": true}");
            lab.image("choosy-os", Map.of(bad, "no-such-image", good, "image-1"));
            var one = launched(pool, "image_id=choosy-os");
            waitFor(() -> is(pool, one, "RUNNING"));
            assertThat(placed("good")).isEqualTo(1);
            assertThat(mock.count("POST /api/instances")).isEqualTo(1);
            assertThat(lab.failures(bad)).isEqualTo(1);
            lab.image("hopeless-os", Map.of(bad, "no-such-image"));
            var two = launched(pool, "image_id=hopeless-os");
            waitFor(() -> is(pool, two, "ERROR"));
            assertThat(mock.count("POST /api/instances")).isEqualTo(2);
        }
    }

    @Test
    void a_key_that_no_cloud_has_is_not_passed_over() {
        var account = account("keyless");
        var pool = pool("keyless", "", account);
        lab.image("keyless-os", Map.of(account, "image-1"));
        var one = launched(pool, "image_id=keyless-os&keyname=nobodys");
        waitFor(() -> is(pool, one, "ERROR"));
        assertThat(placed("keyless")).isZero();
    }

    @Test
    void a_hardware_profile_may_be_for_some_only() {
        var account = account("picky");
        lab.image("picky-os", Map.of(account, "image-1"));
        lab.profile("large", 1024);
        var large = get("hardware_profiles?name=large")
                .at("/hardware_profiles/0/id")
                .asString();
        var everybody =
                get("user_groups?name=everybody").at("/user_groups/0/id").asString();
        var open =
                get("permissions?entity=" + everybody).at("/permissions/0/id").asString();
        var form = "application/x-www-form-urlencoded";
        assertThat(lab.bob("GET", "/api/hardware_profiles", "", "").body()).contains("large");
        assertThat(delete("permissions/" + open).statusCode()).isEqualTo(204);
        try {
            assertThat(lab.bob("GET", "/api/hardware_profiles", "", "").body()).doesNotContain("large", "small");
            assertThat(lab.bob("GET", "/broker/hardware_profiles", "", "").body())
                    .doesNotContain("large");
            refused(
                    lab.bob("POST", "/api/instances", form, "image_id=picky-os&hwp_id=" + large),
                    400,
                    "does not exist");
            var user = made(post("roles", """
                    {"name": "Profile Viewer", "scope": "HardwareProfile",
                     "privileges": [{"target_type": "HardwareProfile", "action": "view"}]}
                    """));
            made(post("permissions", """
                    {"entity": "%s", "role": "%s", "object": {"type": "HardwareProfile", "id": "%s"}}
                    """.formatted(everybody, user, large)));
            assertThat(lab.bob("GET", "/api/hardware_profiles", "", "").body())
                    .contains("large")
                    .doesNotContain("small");
            refused(
                    lab.bob("POST", "/api/instances", form, "image_id=picky-os&hwp_id=" + large),
                    403,
                    "the hardware profile is not the user's to use");
            put("roles/" + user, """
                    {"privileges": [{"target_type": "HardwareProfile", "action": "view"},
                                    {"target_type": "HardwareProfile", "action": "use"}]}
                    """);
            var made = lab.bob("POST", "/api/instances", form, "image_id=picky-os&hwp_id=" + large);
            assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
            var path = "/api/instances/"
                    + Json.tree(made.body()).at("/instance/id").asString();
            waitFor(() -> lab.form(path + "/stop", "").statusCode() == 202);
            waitFor(() -> lab.send("DELETE", path, "", "").statusCode() == 204);
        } finally {
            made(post("permissions", "{\"entity\": \"%s\", \"role\": \"Global HWP User\"}".formatted(everybody)));
            delete("hardware_profiles/" + large);
        }
    }

    @Test
    void mappings_are_made_looked_up_changed_and_taken_out_and_verified_at_the_provider() {
        try (var mock = new MockDeltacloud("mock")) {
            var account = account("gallery", mock);
            assertThat(post("images", "{\"id\": \"gallery-os\", \"name\": \"Gallery\"}")
                            .statusCode())
                    .isEqualTo(201);
            var body = """
                    {"image": "gallery-os", "provider_account": "%s", "provider_image": "%s", "status": "COMPLETE"}
                    """;
            refused(
                    post("image_mappings?verify=true", body.formatted(account, "nothing")),
                    422,
                    "\"field\":\"provider_image\"",
                    "nothing");
            var mapping = made(post("image_mappings?verify=true", body.formatted(account, "img1")));
            refused(post("image_mappings", body.formatted(account, "img1")), 409);
            var lookup = "image_mappings/lookup?image=gallery-os&provider_account=" + account;
            assertThat(get(lookup).at("/image_mapping/provider_image").asString())
                    .isEqualTo("img1");
            refused(
                    put("image_mappings/" + mapping + "?verify=true", "{\"provider_image\": \"nothing\"}"),
                    422,
                    "nothing");
            assertThat(put("image_mappings/" + mapping, "{\"status\": \"PUSHING\"}")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(get("image_mappings?image=gallery-os&status=PUSHING").path("image_mappings"))
                    .hasSize(1);
            assertThat(delete("image_mappings/" + mapping).statusCode()).isEqualTo(204);
            assertThat(lab.send("GET", "/broker/" + lookup, "", "").statusCode())
                    .isEqualTo(404);
            mock.die();
            refused(post("image_mappings?verify=true", body.formatted(account, "img1")), 503, "the provider is away");
            refused(post("image_mappings", body.formatted(UUID.randomUUID(), "img1")), 422, "provider_account");
        }
    }
}
