package holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `pool`, `cloud`, `account`, `image`, `hwprofile`, `realm`, `instance` and `deployment`.
@Timeout(300)
class BrokerTest {
    private static final String PAGE = "limit=500&offset=0";

    /// Ids, as servers give them.
    private static final Map<String, String> IDS = Map.of(
            "north", "00000000-0000-4000-8000-000000000001",
            "ours", "00000000-0000-4000-8000-000000000002",
            "dev", "00000000-0000-4000-8000-000000000003",
            "small", "00000000-0000-4000-8000-000000000004",
            "europe", "00000000-0000-4000-8000-000000000005",
            "web", "00000000-0000-4000-8000-000000000006",
            "us", "00000000-0000-4000-8000-000000000007",
            "shop", "00000000-0000-4000-8000-000000000008");

    @AutoClose
    private final FakeServer server = new FakeServer();

    /// There is one of that name.
    private FakeServer known(String collection, String name, String more) {
        return server.on(
                "GET /broker/" + collection + "?limit=500&name=" + name + "&offset=0",
                "{\"%s\":[%s]}".formatted(collection, one(name, more)));
    }

    private static String one(String name, String more) {
        return "{\"id\":\"%s\",\"href\":\"http://b/broker/x/%s\",\"name\":\"%s\"%s,\"lock_version\":0}"
                .formatted(id(name), id(name), name, more.isEmpty() ? "" : "," + more);
    }

    private static String id(String name) {
        return IDS.getOrDefault(name, "");
    }

    private Run.Ended run(String... words) {
        return Run.against(server).command(words);
    }

    @Test
    void an_account_is_added_with_a_password_that_is_no_argument(@TempDir Path scratch) throws IOException {
        known("providers", "north", "")
                .on("POST /broker/provider_accounts", 201, "{\"provider_account\":{\"id\":\"9\"}}");
        var password = Files.writeString(scratch.resolve("p"), "open sesame\n").toString();
        var key = Files.writeString(scratch.resolve("k"), "-----KEY-----\n").toString();
        var words =
                List.of("account", "add", "ours", "--cloud", "north", "--username", "ann", "--password-file", password);
        var ended = Run.against(server)
                .command(java.util.stream.Stream.concat(
                                words.stream(),
                                java.util.stream.Stream.of(
                                        "--credential-file", "x509private=" + key, "--max-running", "5"))
                        .toArray(String[]::new))
                .ok();
        assertThat(ended.out()).isEqualTo("ours is added: it has logged in at north.\n");
        assertThat(Json.tree(server.posted())).isEqualTo(Json.tree("""
                {"provider_account": {"label": "ours", "provider": {"id": "%s"},
                  "credentials": {"username": "ann", "password": "open sesame", "x509private": "-----KEY-----"},
                  "quota": {"maximum_running_instances": "5", "maximum_total_instances": ""}}}""".formatted(id("north"))));
    }

    @Test
    void what_breaks_a_rule_is_told_with_its_field_and_all_reasons() {
        server.on(
                "POST /broker/providers",
                422,
                "{\"errors\":[{\"field\":\"url\",\"message\":\"Url is not that of a provider\"}]}");
        var ended = run("cloud", "add", "north", "--type", "mock", "--url", "http://nobody/");
        assertThat(ended.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(ended.err()).isEqualTo("holdfast: Url is not that of a provider\n  at url\n");
        server.on("POST /broker/instances", 422, """
                {"errors": [{"code": "no_image", "message": "no image there", "provider_account": "ours"},
                            {"code": "account_quota", "message": "its quota is full", "provider_account": "theirs"}]}""");
        assertThat(run("instance", "launch", "--image", "web-os").err())
                .isEqualTo("holdfast: ours: no image there\n  also: theirs: its quota is full\n");
        server.on(
                "DELETE /broker/providers/" + id("north"),
                409,
                "{\"error\":{\"code\":\"Conflict\",\"message\":\"it is used\"}}");
        known("providers", "north", "");
        assertThat(run("cloud", "remove", "north").err()).isEqualTo("holdfast: it is used\n");
    }

    @Test
    void a_name_that_nobody_has_and_one_that_several_have_are_told_apart() {
        server.on("GET /broker/pools?limit=500&name=dev&offset=0", "{\"pools\":[]}");
        var nobody = run("pool", "show", "dev");
        assertThat(nobody.exit()).isEqualTo(ExitCode.NOT_THERE);
        assertThat(nobody.err())
                .isEqualTo("holdfast: there is no pool dev\n  see what there is with:  holdfast pool list\n");
        server.on("GET /broker/pools?limit=500&name=two&offset=0", "{\"pools\":[{\"id\":\"1\"},{\"id\":\"2\"}]}");
        var several = run("pool", "show", "two");
        assertThat(several.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(several.err())
                .contains("there are 2 of the name two; name one by its id")
                .contains("  1\n  2\n");
    }

    @Test
    void a_pool_is_shown_with_how_it_chooses_and_names_for_what_it_refers_to() {
        known("pools", "dev", """
                "description":"for trials","pool_family":{"id":"1","href":"http://b/broker/pool_families/1","value":"trial"},
                "quota":{"maximum_running_instances":5,"maximum_total_instances":"unlimited"},"enabled":true,
                "deployments":{"href":"http://b/broker/pools/3/deployments"},"created_at":"2031-04-05T12:00:00Z"
                """)
                .on("GET /broker/pools/" + id("dev") + "/selection_strategies", """
                        {"selection_strategies":[
                          {"name":"penalty_for_failure","enabled":true,"position":1,"config":{"penalty_percentage":10}},
                          {"name":"weighting","enabled":false,"position":2,"config":{}}]}""")
                .on("GET /broker/pools/" + id("dev") + "/priority_groups", """
                        {"priority_groups":[{"id":"4","name":"near","score":10,"providers":[{"id":"%s",
                          "href":"http://b/broker/providers/x"}],"provider_accounts":[]}]}""".formatted(id("north")))
                .on("GET /broker/pools/" + id("dev") + "/account_options", """
                        {"account_options":[{"provider_account":{"id":"%s","href":"http://b/broker/provider_accounts/x"},
                          "score":-5}]}""".formatted(id("ours")))
                .on("GET /broker/providers?" + PAGE, "{\"providers\":[" + one("north", "") + "]}")
                .on("GET /broker/provider_accounts?" + PAGE, "{\"provider_accounts\":[" + one("ours", "") + "]}");
        Run.isGolden("pool-show.txt", run("pool", "show", "dev").ok().out());
        assertThat(run("pool", "show", "dev", "-o", "json").ok().out()).contains("\"enabled\" : true");
    }

    @Test
    void lists_are_tables_or_what_the_server_said() {
        server.on("GET /broker/pools?" + PAGE, "{\"pools\":[" + one("dev", """
                "pool_family":{"id":"1","value":"trial"},"quota":{"maximum_running_instances":5,
                "maximum_total_instances":"unlimited"},"enabled":true,"description":"for trials"
                """) + "]}")
                .on("GET /broker/provider_accounts?" + PAGE, "{\"provider_accounts\":[" + one("ours", """
                "provider":{"id":"1","value":"north"},"provider_type":"ec2","credentials":{"username":"ann",
                "password":"********"},"quota_used":"42%","quota":{"maximum_running_instances":40,
                "maximum_total_instances":"unlimited"},"priority":2""") + "]}")
                .on(
                        "GET /broker/hardware_profiles?" + PAGE + "&provider=any",
                        "{\"hardware_profiles\":[" + one("small", """
                "memory":{"unit":"MB","kind":"range","first":"512","last":"4096","value":"nil"},
                "cpu":{"unit":"count","kind":"enum","entries":["1","2"],"value":"1"},
                "storage":{"unit":"GB","value":"nil"},"architecture":{"value":"x86_64"},
                "provider":{"id":"1","value":"north"}""") + "]}")
                .on("GET /broker/frontend_realms?" + PAGE, "{\"frontend_realms\":[]}");
        Run.isGolden(
                "broker-lists.txt",
                run("pool", "list").ok().out()
                        + run("account", "list").ok().out()
                        + run("hwprofile", "list", "--cloud", "any").ok().out()
                        + run("realm", "list").ok().out());
        assertThat(run("pool", "list", "-o", "yaml").ok().out()).startsWith("- id:");
    }

    @Test
    void images_are_mapped_unmapped_and_looked_up_by_names() {
        known("provider_accounts", "ours", "");
        var at = "&provider_account=" + id("ours");
        server.on("POST /broker/image_mappings?verify=true", 201, "{\"image_mapping\":{\"id\":\"7\"}}")
                .on("GET /broker/image_mappings?image=web-os&limit=500&offset=0" + at, """
                        {"image_mappings":[{"id":"6","build":"b1"},{"id":"7","build":null}]}""")
                .on("DELETE /broker/image_mappings/7", 204, "")
                .on("GET /broker/image_mappings/lookup?image=web-os" + at, """
                        {"image_mapping":{"provider_image":"ami-1","status":"COMPLETE"}}""");
        assertThat(run("image", "map", "web-os", "ami-1", "--account", "ours", "--verify")
                        .ok()
                        .out())
                .isEqualTo("web-os is ami-1 at ours.\n");
        assertThat(Json.tree(server.posted()).path("image_mapping")).isEqualTo(Json.tree("""
                {"provider_image": "ami-1", "image": "web-os", "provider_account": "%s"}""".formatted(id("ours"))));
        assertThat(run("image", "lookup", "web-os", "--account", "ours").ok().out())
                .isEqualTo("ami-1  COMPLETE\n");
        assertThat(run("image", "unmap", "web-os", "--account", "ours").ok().out())
                .isEqualTo("Nothing stands for web-os at ours any more.\n");
        assertThat(run("image", "map", "web-os", "ami-1").exit()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void a_realm_leads_to_a_cloud_or_to_a_part_of_one() {
        known("frontend_realms", "europe", "");
        known("providers", "north", "");
        var mappings = "/broker/frontend_realms/" + id("europe") + "/mappings";
        server.on(
                        "GET /broker/provider_realms?limit=500&name=us&offset=0&provider=" + id("north"),
                        "{\"provider_realms\":[" + one("us", "") + "]}")
                .on(
                        "GET /broker/provider_realms?limit=500&name=eu&offset=0&provider=" + id("north"),
                        "{\"provider_realms\":[]}")
                .on("POST " + mappings, 201, "{\"mapping\":{\"id\":\"7\"}}")
                .on("DELETE " + mappings + "/" + id("north"), 204, "");
        assertThat(run("realm", "map", "europe", "north/us").ok().out()).isEqualTo("europe leads to north/us.\n");
        assertThat(server.posted()).isEqualTo("{\"mapping\":{\"provider_realm\":{\"id\":\"%s\"}}}".formatted(id("us")));
        assertThat(run("realm", "unmap", "europe", "north").ok().out()).isEqualTo("europe leads to north no more.\n");
        var nowhere = run("realm", "map", "europe", "north/eu");
        assertThat(nowhere.exit()).isEqualTo(ExitCode.NOT_THERE);
        assertThat(nowhere.err()).contains("holdfast realm parts --cloud north");
    }

    @Test
    void a_size_is_a_number_a_range_or_some_numbers() {
        server.on("POST /broker/hardware_profiles", 201, "{\"hardware_profile\":{\"id\":\"1\"}}");
        run("hwprofile", "add", "roomy", "--memory", "512..4096", "--cpu", "1,2", "--storage", "20")
                .ok();
        assertThat(Json.tree(server.posted()).path("hardware_profile")).isEqualTo(Json.tree("""
                {"name": "roomy", "memory": {"kind": "range", "first": "512", "last": "4096"},
                 "cpu": {"kind": "enum", "entries": ["1", "2"]}, "storage": {"value": "20"}}"""));
    }

    @Test
    void a_quota_is_changed_in_one_part_and_shown_as_it_is_used() {
        known("provider_accounts", "ours", "\"quota\":{\"maximum_running_instances\":5,\"maximum_total_instances\":9}")
                .on("PUT /broker/provider_accounts/" + id("ours"), "{\"provider_account\":{\"id\":\"1\"}}")
                .on("GET /broker/quotas?owner=provider_account%3A" + id("ours"), """
                        {"quota":{"owner":"x","maximum_running_instances":8,"maximum_total_instances":9,
                          "running_instances":2,"total_instances":3}}""");
        assertThat(run("account", "quota", "ours", "--max-running", "8").ok().out())
                .isEqualTo("running        2 of 8\nin all         3 of 9\n");
        assertThat(server.requests.get(1).body())
                .isEqualTo("{\"quota\":{\"maximum_running_instances\":\"8\",\"maximum_total_instances\":\"9\"}}");
    }

    @Test
    void an_account_that_does_not_log_in_is_told_with_the_reason_and_a_status() {
        known("provider_accounts", "ours", "").on("POST /broker/provider_accounts/" + id("ours") + "/test", """
                {"test":{"available":false,"message":"the provider refuses ann","latency_ms":12}}""");
        var ended = run("account", "test", "ours");
        assertThat(ended.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(ended.err()).isEqualTo("holdfast: ours does not log in: the provider refuses ann\n");
    }

    private static String instance(String state, String more) {
        return "{\"instance\":" + one("web", "\"state\":\"" + state + "\"" + (more.isEmpty() ? "" : "," + more)) + "}";
    }

    private static final String LAUNCH =
            "instance launch web --image web-os --hwprofile small --pool dev --realm europe --size memory=2048";

    private FakeServer launching() {
        known("pools", "dev", "");
        known("hardware_profiles", "small", "");
        known("frontend_realms", "europe", "");
        return server.on("POST /broker/instances", 201, instance("pending", ""));
    }

    @Test
    void a_launch_names_what_it_wants_and_is_followed_until_it_runs() {
        launching()
                .on("GET /broker/instances/" + id("web"), instance("pending", ""))
                .on(
                        "GET /broker/instances/" + id("web"),
                        instance(
                                "running",
                                "\"provider_account\":{\"value\":\"ours\"},\"public_addresses\":\"198.51.100.4\""));
        var ended = run(LAUNCH.split(" ")).ok();
        assertThat(ended.out()).isEqualTo("web is running at ours, 198.51.100.4.\n");
        assertThat(ended.err()).isEqualTo("web  pending\nweb  running\n");
        assertThat(Json.tree(server.posted()).path("instance"))
                .isEqualTo(Json.tree("""
                {"name": "web", "image": {"id": "web-os"}, "pool": {"id": "%s"}, "hardware_profile": {"id": "%s"},
                 "frontend_realm": {"id": "%s"}, "instance_hwp": {"memory": "2048"}}""".formatted(id("dev"), id("small"), id("europe"))));
    }

    @Test
    void a_launch_that_fails_or_takes_too_long_ends_with_failure() {
        launching()
                .on(
                        "GET /broker/instances/" + id("web"),
                        instance("create_failed", "\"last_error\":\"no room anywhere\""));
        var failed = run(LAUNCH.split(" "));
        assertThat(failed.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(failed.err()).endsWith("holdfast: web is create_failed: no room anywhere\n");
        server.on("GET /broker/instances/" + id("web"), instance("pending", ""));
        var late = Run.against(server).clockThatRuns(200).command(LAUNCH.split(" "));
        assertThat(late.exit()).isEqualTo(ExitCode.FAILED);
        var soon = run((LAUNCH + " --no-wait").split(" ")).ok();
        assertThat(soon.out()).isEqualTo("web is pending.\n");
    }

    @Test
    void what_could_be_made_where_is_told_account_by_account() {
        known("pools", "dev", "").on("POST /broker/pools/" + id("dev") + "/explain", """
                {"explanation":{"possible":true,"reasons":[],
                  "candidates":[{"provider_account":{"value":"ours"},"provider":{"value":"north"},"rank":1,"group_score":10,
                    "price":"0.02","notes":["failed twice of late"]}],
                  "rejected_accounts":[{"provider_account":{"value":"theirs"},"provider":{"value":"south"},
                    "reasons":[{"code":"account_quota","message":"its quota is full"}]}]}}""");
        Run.isGolden(
                "instance-explain.txt",
                run("instance", "explain", "--image", "web-os", "--pool", "dev")
                        .ok()
                        .out());
    }

    @Test
    void instances_are_listed_stopped_and_destroyed_by_name() {
        known("instances", "web", "\"state\":\"running\"");
        known("pools", "dev", "");
        var at = "/broker/instances/" + id("web");
        server.on("GET /broker/instances?limit=500&offset=0&pool=" + id("dev") + "&state=running", """
                        {"instances":[{"name":"web","state":"running","hardware_profile":{"value":"small"},
                          "provider_account":{"value":"ours"},"private_addresses":"10.0.0.4"}]}""")
                .on("POST " + at + "/stop", 202, instance("shutting_down", ""))
                .on("GET " + at, instance("stopped", ""))
                .on("DELETE " + at, 202, instance("stopped", ""))
                .on("GET " + at + "/events?" + PAGE, """
                        {"events":[{"event_time":"2031-04-05T12:00:00Z","summary":"created"},
                          {"event_time":"2031-04-05T12:00:01Z","status_code":"running","summary":"it runs"}]}""");
        Run.isGolden(
                "instance-list.txt",
                run("instance", "list", "--pool", "dev", "--state", "running")
                                .ok()
                                .out()
                        + run("instance", "events", "web").ok().out());
        var stopped = run("instance", "stop", "web").ok();
        assertThat(stopped.err()).isEqualTo("web  shutting_down\nweb  stopped\n");
        server.on("GET " + at, 404, "{\"error\":{\"code\":\"RecordNotFound\",\"message\":\"there is no instance\"}}");
        var gone = run("instance", "destroy", "web").ok();
        assertThat(gone.out()).isEqualTo("web is gone.\n");
        assertThat(gone.err()).isEqualTo("web  stopped\nweb  gone\n");
    }

    @Test
    void a_deployment_is_launched_from_a_file_and_deleted(@TempDir Path scratch) throws IOException {
        var file = Files.writeString(scratch.resolve("shop.xml"), "<deployable name='shop'/>")
                .toString();
        var at = "/broker/deployments/" + id("shop");
        known("pools", "dev", "");
        known("deployments", "shop", "\"state\":\"running\"");
        server.on("POST /broker/deployments", 201, "{\"deployment\":" + one("shop", "\"state\":\"pending\"") + "}")
                .on("GET " + at, "{\"deployment\":" + one("shop", "\"state\":\"running\"") + "}")
                .on("DELETE " + at, 204, "");
        var ended = run("deployment", "launch", "shop", "--file", file, "--pool", "dev")
                .ok();
        assertThat(ended.out()).isEqualTo("shop is running.\n");
        assertThat(ended.err()).isEqualTo("shop  pending\nshop  running\n");
        assertThat(Json.tree(server.posted()).path("deployment")).isEqualTo(Json.tree("""
                {"name": "shop", "deployable_xml": "<deployable name='shop'/>", "pool": {"id": "%s"}}""".formatted(id("dev"))));
        assertThat(run("deployment", "delete", "shop").ok().out()).isEqualTo("shop is gone.\n");
    }
}
