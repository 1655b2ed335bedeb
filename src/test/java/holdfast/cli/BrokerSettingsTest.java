package holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `family`, `strategy`, `user`, `group`, `role`, `permission` and `deployable`.
@Timeout(300)
class BrokerSettingsTest {
    private static final String PAGE = "limit=500&offset=0";

    @AutoClose
    private final FakeServer server = new FakeServer();

    /// The id of what has that name.
    private static String id(String name) {
        return "00000000-0000-4000-8000-%012d".formatted(name.hashCode() & 0xfffffff);
    }

    private static String one(String name, String more) {
        return "{\"id\":\"%s\",\"name\":\"%s\"%s,\"lock_version\":3}"
                .formatted(id(name), name, more.isEmpty() ? "" : "," + more);
    }

    /// There is one of that name.
    private FakeServer known(String collection, String name, String more) {
        return server.on(
                "GET /broker/" + collection + "?limit=500&name=" + name + "&offset=0",
                "{\"%s\":[%s]}".formatted(collection, one(name, more)));
    }

    private Run.Ended run(String... words) {
        return Run.against(server).command(words);
    }

    private void posted(String expected) {
        assertThat(Json.tree(server.posted())).isEqualTo(Json.tree(expected));
    }

    @Test
    void a_family_is_made_and_given_accounts() {
        known("pool_families", "trial", "");
        known("provider_accounts", "ours", "");
        var link = "/broker/pool_families/" + id("trial") + "/provider_accounts/" + id("ours");
        server.on("POST /broker/pool_families", 201, "{\"pool_family\":{\"id\":\"1\"}}")
                .on("PUT " + link, 204, "")
                .on("DELETE " + link, 204, "")
                .on("PUT /broker/pool_families/" + id("trial"), "{\"pool_family\":{\"id\":\"1\"}}");
        assertThat(run("family", "add", "trial", "--max-running", "30").ok().out())
                .isEqualTo("trial is made. Next:  holdfast family link trial ACCOUNT\n");
        posted("""
                {"pool_family": {"name": "trial",
                  "quota": {"maximum_running_instances": "30", "maximum_total_instances": ""}}}""");
        assertThat(run("family", "link", "trial", "ours").ok().out()).isEqualTo("The pools of trial use ours.\n");
        assertThat(run("family", "unlink", "trial", "ours").ok().out())
                .isEqualTo("The pools of trial use ours no more.\n");
        assertThat(run("family", "default", "trial").ok().out()).isEqualTo("New accounts are put into trial.\n");
    }

    @Test
    void how_a_pool_chooses_is_changed_part_by_part() {
        known("pools", "dev", "");
        known("providers", "north", "");
        known("provider_accounts", "ours", "");
        var pool = "/broker/pools/" + id("dev");
        server.on(
                        "PUT " + pool + "/selection_strategies/weighting",
                        "{\"selection_strategy\":{\"name\":\"weighting\"}}")
                .on("GET " + pool + "/priority_groups", "{\"priority_groups\":[{\"id\":\"4\",\"name\":\"near\"}]}")
                .on("PUT " + pool + "/priority_groups/4", "{\"priority_group\":{\"id\":\"4\"}}")
                .on("DELETE " + pool + "/priority_groups/4", 204, "")
                .on("PUT " + pool + "/account_options/" + id("ours"), "{\"account_option\":{\"score\":-5}}")
                .on("GET " + pool + "/selection_strategies", """
                        {"selection_strategies":[
                          {"name":"weighting","enabled":true,"position":1,"config":{}},
                          {"name":"cost_order","enabled":false,"position":2,"config":{"impact":2}}]}""");
        assertThat(run("strategy", "on", "dev", "weighting", "--position", "1", "--number", "impact=2")
                        .ok()
                        .out())
                .isEqualTo("dev chooses by weighting.\n");
        assertThat(Json.tree(server.requests.getLast().body()))
                .isEqualTo(Json.tree("{\"enabled\": true, \"position\": 1, \"config\": {\"impact\": 2}}"));
        assertThat(run("strategy", "off", "dev", "weighting").ok().out())
                .isEqualTo("dev does not choose by weighting.\n");
        run("strategy", "group", "dev", "near", "--score", "20", "--cloud", "north")
                .ok();
        assertThat(Json.tree(server.requests.getLast().body())).isEqualTo(Json.tree("""
                {"name": "near", "score": 20, "providers": [{"id": "%s"}], "provider_accounts": []}""".formatted(id("north"))));
        assertThat(run("strategy", "ungroup", "dev", "near").ok().out()).isEqualTo("dev has no group near any more.\n");
        assertThat(run("strategy", "ungroup", "dev", "far").exit()).isEqualTo(ExitCode.NOT_THERE);
        assertThat(run("strategy", "weigh", "dev", "ours", "--score", "-5").ok().out())
                .isEqualTo("ours has the weight -5 in dev.\n");
        Run.isGolden("strategy-list.txt", run("strategy", "list", "dev").ok().out());
    }

    @Test
    void somebody_gets_a_role_on_something_and_loses_it() {
        known("users", "bob", "");
        known("pools", "dev", "");
        known("roles", "Looker", "");
        var role = "\"entity\":{\"id\":\"%s\"},\"role\":{\"id\":\"1\",\"value\":\"Looker\"}".formatted(id("bob"));
        server.on("POST /broker/permissions", 201, "{\"permission\":{\"id\":\"7\"}}")
                .on("GET /broker/permissions?entity=" + id("bob") + "&" + PAGE + "&role=" + id("Looker"), """
                        {"permissions":[{"id":"6",%s,"object":{"type":"BasePermissionObject"}},
                          {"id":"7",%s,"object":{"type":"Pool","id":"%s","href":"http://b/broker/pools/x"}}]}""".formatted(
                                role, role, id("dev")))
                .on("GET /broker/permissions?entity=" + id("bob") + "&" + PAGE, """
                        {"permissions":[{"id":"6",%s,"object":{"type":"BasePermissionObject"}},
                          {"id":"7",%s,"object":{"type":"Pool","id":"%s","href":"http://b/broker/pools/x"}}]}""".formatted(role, role, id("dev")))
                .on("GET /broker/users?" + PAGE, "{\"users\":[" + one("bob", "") + "]}")
                .on("GET /broker/user_groups?" + PAGE, "{\"user_groups\":[]}")
                .on("GET /broker/pools?" + PAGE, "{\"pools\":[" + one("dev", "") + "]}")
                .on("DELETE /broker/permissions/7", 204, "");
        assertThat(run("permission", "give", "Looker", "--user", "bob", "--pool", "dev")
                        .ok()
                        .out())
                .isEqualTo("bob is Looker on dev.\n");
        posted("""
                {"permission": {"entity": {"id": "%s"}, "role": {"id": "%s"}, "object": {"type": "Pool", "id": "%s"}}}""".formatted(id("bob"), id("Looker"), id("dev")));
        Run.isGolden(
                "permission-list.txt",
                run("permission", "list", "--user", "bob").ok().out());
        assertThat(run("permission", "revoke", "Looker", "--user", "bob", "--pool", "dev")
                        .ok()
                        .out())
                .isEqualTo("bob is not Looker on dev any more.\n");
        assertThat(run("permission", "give", "Looker", "--pool", "dev").exit()).isEqualTo(ExitCode.USAGE);
        assertThat(run("permission", "give", "Looker", "--user", "bob", "--pool", "a", "--family", "b")
                        .err())
                .contains("mutually exclusive");
    }

    @Test
    void groups_are_joined_and_left_and_roles_say_what_they_allow() {
        known("users", "carol", "");
        known("user_groups", "developers", "\"users\":[{\"id\":\"%s\"}]".formatted(id("bob")));
        known("roles", "Looker", """
                "scope":"Pool","assign_to_owner":false,"privileges":[
                  {"target_type":"Pool","action":"view"},{"target_type":"Instance","action":"view"},
                  {"target_type":"Instance","action":"create"}]""");
        server.on("PUT /broker/user_groups/" + id("developers"), "{\"user_group\":{\"id\":\"1\"}}")
                .on("POST /broker/roles", 201, "{\"role\":{\"id\":\"1\"}}")
                .on("POST /broker/users", 201, "{\"user\":{\"id\":\"1\"}}");
        assertThat(run("group", "join", "developers", "carol").ok().out()).isEqualTo("carol is in developers.\n");
        var members = Json.tree(server.requests.getLast().body());
        assertThat(members.path("lock_version").asInt()).isEqualTo(3);
        assertThat(members.path("users")).hasSize(2);
        assertThat(run("group", "leave", "developers", "carol").ok().out()).isEqualTo("carol is not in developers.\n");
        Run.isGolden("role-show.txt", run("role", "show", "Looker").ok().out());
        run("role", "add", "Starter", "--scope", "Pool", "--may", "Pool=view", "--may", "Instance=create,view")
                .ok();
        posted("""
                {"role": {"name": "Starter", "scope": "Pool", "assign_to_owner": false, "privileges": [
                  {"target_type": "Pool", "action": "view"}, {"target_type": "Instance", "action": "create"},
                  {"target_type": "Instance", "action": "view"}]}}""");
        assertThat(run("user", "add", "bob", "--max-running", "2").ok().out()).startsWith("bob is written down.");
    }

    @Test
    void a_deployable_of_the_pool_is_launched_though_another_pool_has_one_of_that_name(@TempDir Path scratch)
            throws IOException {
        var file = Files.writeString(scratch.resolve("shop.xml"), "<deployable name='shop'/>")
                .toString();
        known("pools", "dev", "");
        server.on("POST /broker/deployables", 201, "{\"deployable\":{\"id\":\"1\"}}")
                .on(
                        "GET /broker/deployables?limit=500&name=shop&offset=0&pool=" + id("dev"),
                        "{\"deployables\":[" + one("shop", "") + "]}")
                .on(
                        "POST /broker/deployments",
                        201,
                        "{\"deployment\":{\"id\":\"2\",\"name\":\"s\",\"state\":\"running\"}}");
        assertThat(run("deployable", "add", "shop", "--file", file, "--pool", "dev")
                        .ok()
                        .out())
                .isEqualTo("shop is added. Next:  holdfast deployment launch NAME --deployable shop --pool dev\n");
        run("deployment", "launch", "s", "--deployable", "shop", "--pool", "dev", "--no-wait")
                .ok();
        assertThat(Json.tree(server.requests.getLast().body()))
                .isEqualTo(Json.tree("""
                {"deployment": {"name": "s", "deployable": {"id": "%s"}, "pool": {"id": "%s"}}}""".formatted(id("shop"), id("dev"))));
    }

    @Test
    void deployables_come_and_go_in_a_catalog_which_is_changed_as_it_was_read() {
        known("pools", "dev", "");
        server.on(
                        "GET /broker/deployables?limit=500&name=shop&offset=0&pool=" + id("dev"),
                        "{\"deployables\":[" + one("shop", "") + "]}")
                .on("POST /broker/catalogs", 201, "{\"catalog\":{\"id\":\"1\"}}");
        run("catalog", "add", "web", "--pool", "dev", "--deployable", "shop").ok();
        assertThat(Json.tree(server.posted())).isEqualTo(Json.tree("""
                {"catalog": {"name": "web", "pool": {"id": "%s"}, "deployables": [{"id": "%s"}]}}""".formatted(id("dev"), id("shop"))));
        known(
                "catalogs",
                "web",
                "\"lock_version\":3,\"pool\":{\"id\":\"%s\"},\"deployables\":[{\"id\":\"%s\"}]"
                        .formatted(id("dev"), id("shop")));
        server.on("PUT /broker/catalogs/" + id("web"), "{\"catalog\":" + one("web", "\"deployables\":[]") + "}");
        assertThat(run("catalog", "exclude", "web", "shop").ok().out()).isEqualTo("web has 0 deployables now.\n");
        assertThat(Json.tree(server.requests.getLast().body()))
                .isEqualTo(Json.tree("{\"lock_version\": 3, \"deployables\": []}"));
    }

    @Test
    void a_deployment_is_explained_and_rebooted_and_the_key_of_an_instance_is_told() {
        known("pools", "dev", "");
        known("deployments", "shop", "");
        known("instances", "web", "");
        server.on(
                        "GET /broker/deployables?limit=500&name=shop&offset=0&pool=" + id("dev"),
                        "{\"deployables\":[" + one("shop", "") + "]}")
                .on("POST /broker/deployments/explain", """
                        {"explanation":{"possible":false,"reasons":[{"message":"the pool is switched off"}],
                          "candidates":[],"rejected_accounts":[]}}""")
                .on(
                        "POST /broker/deployments/" + id("shop") + "/reboot",
                        202,
                        "{\"deployment\":" + one("shop", "\"state\":\"running\"") + "}")
                .on("GET /broker/instances/" + id("web") + "/key", "{\"key\":{\"name\":\"k\",\"pem\":\"half\"}}")
                .on("GET /broker/instances/" + id("web") + "/key", "{\"key\":{\"name\":\"mine\"}}");
        assertThat(run("deployment", "explain", "--deployable", "shop", "--pool", "dev")
                        .ok()
                        .out())
                .isEqualTo("It cannot be made: the pool is switched off\n");
        assertThat(run("deployment", "reboot", "shop").ok().out()).isEqualTo("shop is running.\n");
        assertThat(run("instance", "key", "web").ok().out()).isEqualTo("half\n");
        assertThat(run("instance", "key", "web").err())
                .isEqualTo("holdfast: web is opened by the key mine, whose owner has it\n");
    }

    @Test
    void what_goes_along_with_a_cloud_or_a_pool_family_is_told() {
        known("providers", "north", "");
        server.on(
                "DELETE /broker/providers/" + id("north"),
                "{\"provider\":{\"id\":\"1\",\"name\":\"north\",\"provider_accounts\":[{\"id\":\"2\",\"name\":\"ours\"}]}}");
        assertThat(run("cloud", "remove", "north").ok().out())
                .isEqualTo("north is removed, and with it its accounts: ours.\n");
        known("pool_families", "trial", "");
        server.on(
                "DELETE /broker/pool_families/" + id("trial"),
                "{\"pool_family\":{\"id\":\"3\",\"name\":\"trial\",\"pools\":[{\"id\":\"4\",\"name\":\"dev\"}]}}");
        assertThat(run("family", "remove", "trial").ok().out())
                .isEqualTo("trial is removed, and with it its pools: dev.\n");
    }

    @Test
    void what_is_refused_is_told_with_field_and_value() {
        server.on("POST /broker/roles", 422, """
                {"errors":[{"field":"scope","value":"Poool","message":"scope must be one of Pool, PoolFamily"}]}""");
        assertThat(run("role", "add", "Starter", "--scope", "Poool").err())
                .isEqualTo("holdfast: scope must be one of Pool, PoolFamily\n  at scope: Poool\n");
    }
}
