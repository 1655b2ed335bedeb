package holdfast.api.config;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Caller;
import holdfast.pools.clouds.Right.Action;
import holdfast.pools.clouds.Right.Target;
import holdfast.pools.clouds.Stored.Catalog;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Who may do what, by roles on families, pools, providers and accounts (aeolus.md 2.7).
class PermissionsTest {
    private static final String POOL = "{'name':'%s','pool_family':{'id':'%s'}}";
    private static final Caller CALLER = new Caller("alice", "physics", false);

    @AutoClose
    private final ConfigLab lab = new ConfigLab();

    private String user(String name) {
        return lab.made("/broker/users", "{'name':'" + name + "'}");
    }

    private String role(String name) {
        return lab.get("/broker/roles?name=" + name.replace(" ", "%20")).at("/roles/0/id");
    }

    private String grant(String entity, String role, String type, String object) {
        return lab.made(
                "/broker/permissions",
                "{'entity':{'id':'%s'},'role':{'id':'%s'},'object':{'type':'%s','id':'%s'}}"
                        .formatted(entity, role(role), type, object));
    }

    private String global(String entity, String role) {
        return lab.made("/broker/permissions", "{'entity':{'id':'%s'},'role':'%s'}".formatted(entity, role));
    }

    private boolean may(Action action, Target target, String... path) {
        var ids = Arrays.stream(path).map(UUID::fromString).toList();
        return lab.database()
                .inTransaction(tx -> lab.configuration.grants().held(tx, CALLER))
                .may(action, target, ids);
    }

    @Test
    void a_user_of_a_pool_may_launch_there_but_changes_nothing_and_sees_no_other_pool() {
        var family = lab.standard("pool_families");
        var mine = lab.made("/broker/pools", POOL.formatted("mine", family));
        var other = lab.made("/broker/pools", POOL.formatted("other", family));
        assertThat(lab.names(ConfigLab.ALICE, "pools")).isEmpty();
        grant(user("alice"), "Pool User", "Pool", mine);
        assertThat(lab.names(ConfigLab.ALICE, "pools")).containsExactly("mine");
        assertThat(lab.get(ConfigLab.ALICE, "/broker/pools").header("X-Total-Count"))
                .isEqualTo("1");
        assertThat(lab.get(ConfigLab.ALICE, "/broker/pools/" + mine).status()).isEqualTo(200);
        assertThat(lab.get(ConfigLab.ALICE, "/broker/pools/" + other).status()).isEqualTo(404);
        assertThat(may(Action.CREATE, Target.INSTANCE, mine, family)).isTrue();
        assertThat(may(Action.CREATE, Target.INSTANCE, other, family)).isFalse();
        var quota = lab.put(ConfigLab.ALICE, "/broker/pools/" + mine, "{'quota':{'maximum_running_instances':9}}");
        assertThat(quota.status()).isEqualTo(403);
        assertThat(quota.at("/error/code")).isEqualTo("PermissionError");
        assertThat(lab.delete(ConfigLab.ALICE, "/broker/pools/" + mine).status())
                .isEqualTo(403);
        assertThat(lab.get(ConfigLab.ALICE, "/broker/quotas?owner=pool:" + mine).status())
                .isEqualTo(200);
        assertThat(lab.get(ConfigLab.ALICE, "/broker/quotas?owner=pool:" + other)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void a_role_on_a_family_reaches_its_pools_and_all_in_them_until_it_is_taken_back() {
        var family = lab.made("/broker/pool_families", "{'name':'science'}");
        var before = lab.made("/broker/pools", POOL.formatted("before", family));
        var permission = grant(user("alice"), "Environment Administrator", "PoolFamily", family);
        lab.made("/broker/pools", POOL.formatted("after", family));
        assertThat(lab.names(ConfigLab.ALICE, "pools")).containsExactly("before", "after");
        var deployment = UUID.randomUUID().toString();
        var instance = UUID.randomUUID().toString();
        assertThat(may(Action.MODIFY, Target.INSTANCE, instance, deployment, before, family))
                .isTrue();
        assertThat(lab.put(ConfigLab.ALICE, "/broker/pools/" + before, "{'enabled':false}")
                        .status())
                .isEqualTo(200);
        assertThat(lab.put(ConfigLab.ALICE, "/broker/pools/" + before, "{'quota':{}}")
                        .status())
                .isEqualTo(403);
        lab.made(ConfigLab.ALICE, "/broker/pools", POOL.formatted("own", family));
        assertThat(lab.post(ConfigLab.ALICE, "/broker/pools", POOL.formatted("x", lab.standard("pool_families")))
                        .status())
                .isEqualTo(403);

        assertThat(lab.delete("/broker/permissions/" + permission).status()).isEqualTo(204);
        assertThat(lab.names(ConfigLab.ALICE, "pools"))
                .as("what alice has made is alice's")
                .containsExactly("own");
        assertThat(may(Action.MODIFY, Target.INSTANCE, instance, deployment, before, family))
                .isFalse();
    }

    @Test
    void who_may_do_what_with_something_in_a_pool_is_seen_by_those_who_may_see_that_of_its_family() {
        var family = lab.made("/broker/pool_families", "{'name':'science'}");
        var pool = lab.made("/broker/pools", POOL.formatted("lab", family));
        var in = Optional.of(UUID.fromString(pool));
        var catalog = lab.database()
                .inTransaction(tx -> lab.configuration
                        .catalogs()
                        .add(tx, in, "c", new Catalog("", Set.of()), "admin")
                        .orThrow());
        var given = grant(user("bob"), "Catalog User", "Catalog", catalog.id().toString());
        Supplier<List<String>> seen = () -> lab.get(ConfigLab.ALICE, "/broker/permissions")
                .json()
                .path("permissions")
                .valueStream()
                .map(one -> one.path("id").asString())
                .toList();
        assertThat(seen.get()).isEmpty();
        grant(user("alice"), "Environment Administrator", "PoolFamily", family);
        assertThat(seen.get()).contains(given);
        assertThat(lab.get(ConfigLab.ALICE, "/broker/permissions/" + given).status())
                .isEqualTo(200);
    }

    @Test
    void what_a_group_may_do_its_members_may_while_they_are_in_it() {
        var alice = user("alice");
        var group = lab.made("/broker/user_groups", "{'name':'physicists','users':['" + alice + "']}");
        var pool = lab.standard("pools");
        grant(group, "Pool Administrator", "Pool", pool);
        assertThat(lab.put(ConfigLab.ALICE, "/broker/pools/" + pool, "{'description':'ours'}")
                        .status())
                .isEqualTo(200);
        assertThat(lab.put(ConfigLab.BOB, "/broker/pools/" + pool, "{'description':'mine'}")
                        .status())
                .isEqualTo(404);
        assertThat(lab.put("/broker/user_groups/" + group, "{'users':[]}").status())
                .isEqualTo(200);
        assertThat(lab.put(ConfigLab.ALICE, "/broker/pools/" + pool, "{'description':'ours'}")
                        .status())
                .isEqualTo(404);
        assertThat(lab.post("/broker/user_groups", "{'name':'x','users':['" + UUID.randomUUID() + "']}")
                        .status())
                .isEqualTo(422);
    }

    @Test
    void the_last_permission_of_a_global_administrator_stays() {
        var first = global(user("alice"), "Global Administrator");
        var second = global(user("bob"), "Global Administrator");
        assertThat(lab.names(ConfigLab.ALICE, "users")).contains("alice", "bob");
        assertThat(lab.delete(ConfigLab.ALICE, "/broker/permissions/" + second).status())
                .isEqualTo(204);
        var last = lab.delete(ConfigLab.ALICE, "/broker/permissions/" + first);
        assertThat(last.status()).isEqualTo(409);
        assertThat(last.at("/error/message")).contains("last permission of a global administrator");
        var alice = lab.get("/broker/users?name=alice").at("/users/0/id");
        assertThat(lab.delete("/broker/users/" + alice).status()).isEqualTo(409);
        assertThat(lab.names(ConfigLab.ALICE, "users")).contains("alice");
        assertThat(lab.delete("/broker/roles/" + role("Global Administrator")).status())
                .isEqualTo(409);
    }

    @Test
    void permissions_are_given_by_those_who_may_and_seen_by_those_whom_they_concern() {
        var alice = user("alice");
        var bob = user("bob");
        var pool = lab.standard("pools");
        grant(alice, "Pool Administrator", "Pool", pool);
        var body = "{'entity':{'id':'%s'},'role':{'id':'%s'},'object':{'type':'Pool','id':'%s'}}";
        assertThat(lab.post(ConfigLab.BOB, "/broker/permissions", body.formatted(bob, role("Pool User"), pool))
                        .status())
                .isEqualTo(403);
        var given = lab.made(ConfigLab.ALICE, "/broker/permissions", body.formatted(bob, role("Pool User"), pool));
        assertThat(lab.post("/broker/permissions", body.formatted(bob, role("Pool User"), pool))
                        .at("/errors/0/message"))
                .isEqualTo("Entity has already been taken");
        assertThat(lab.post("/broker/permissions", body.formatted(bob, role("Provider User"), pool))
                        .status())
                .isEqualTo(422);
        assertThat(lab.post("/broker/permissions", body.formatted(bob, role("Pool User"), UUID.randomUUID()))
                        .status())
                .isEqualTo(422);
        assertThat(lab.post("/broker/permissions", body.formatted(UUID.randomUUID(), role("Pool User"), pool))
                        .status())
                .isEqualTo(422);
        assertThat(lab.get(ConfigLab.ALICE, "/broker/permissions?object=" + pool)
                        .header("X-Total-Count"))
                .isEqualTo("2");
        assertThat(lab.get(ConfigLab.BOB, "/broker/permissions")
                        .json()
                        .path("permissions")
                        .findValuesAsString("id"))
                .contains(given)
                .hasSizeGreaterThan(0);
        assertThat(lab.get(ConfigLab.BOB, "/broker/permissions").header("X-Total-Count"))
                .isEqualTo("1");
        assertThat(lab.delete(ConfigLab.BOB, "/broker/permissions/" + given).status())
                .isEqualTo(403);
        assertThat(lab.delete(ConfigLab.ALICE, "/broker/permissions/" + given).status())
                .isEqualTo(204);
    }

    @Test
    void a_permission_on_an_instance_is_known_by_those_who_keep_the_instances() {
        var alice = user("alice");
        var instance = UUID.randomUUID();
        var pool = lab.standard("pools");
        lab.usage.paths.put(instance, List.of(instance, UUID.fromString(pool)));
        grant(alice, "Instance User", "Instance", instance.toString());
        assertThat(may(Action.USE, Target.INSTANCE, instance.toString(), pool)).isTrue();
        assertThat(may(Action.USE, Target.INSTANCE, pool)).isFalse();
    }

    @Test
    void nobody_raises_its_own_quota_and_everybody_sees_itself() {
        var alice = user("alice");
        global(alice, "Global Administrator");
        var own = lab.put(ConfigLab.ALICE, "/broker/users/" + alice, "{'quota':{'maximum_running_instances':99}}");
        assertThat(own.status()).isEqualTo(403);
        assertThat(lab.put("/broker/users/" + alice, "{'quota':{'maximum_running_instances':9}}")
                        .status())
                .isEqualTo(200);
        var bob = user("bob");
        assertThat(lab.get(ConfigLab.BOB, "/broker/users/" + bob).at("/user/name"))
                .isEqualTo("bob");
        assertThat(lab.get(ConfigLab.BOB, "/broker/users/" + alice).status()).isEqualTo(404);
        assertThat(lab.delete("/broker/users/" + bob).status()).isEqualTo(204);
        assertThat(user("bob")).as("the same user is back").isEqualTo(bob);
    }

    @Test
    void who_makes_a_provider_owns_it_and_its_accounts_are_hidden_from_others() {
        global(user("alice"), "Global Provider User");
        global(user("bob"), "Global Pool User");
        assertThat(lab.post(
                                ConfigLab.ALICE,
                                "/broker/providers",
                                "{'name':'x','url':'http://127.0.0.1','provider_type':'mock'}")
                        .status())
                .isEqualTo(403);
        var provider = lab.provider("north-1");
        grant(lab.get("/broker/users?name=bob").at("/users/0/id"), "Provider Administrator", "Provider", provider);
        var account = lab.made(
                ConfigLab.BOB, "/broker/provider_accounts", ConfigLab.account("acct-a", provider, "bob", "let-me-in"));
        assertThat(lab.get(ConfigLab.BOB, "/broker/permissions?object=" + account)
                        .header("X-Total-Count"))
                .isEqualTo("1");
        assertThat(lab.names(ConfigLab.ALICE, "provider_accounts")).contains("acct-a");
        assertThat(lab.delete(ConfigLab.ALICE, "/broker/provider_accounts/" + account)
                        .status())
                .isEqualTo(403);
        assertThat(lab.delete(ConfigLab.BOB, "/broker/provider_accounts/" + account)
                        .status())
                .isEqualTo(204);
        assertThat(lab.get("/broker/permissions?object=" + account).header("X-Total-Count"))
                .isEqualTo("0");
    }

    @Test
    void roles_can_be_added_and_those_in_use_stay() {
        var made = lab.made(
                "/broker/roles",
                "{'name':'Watcher','scope':'Pool','privileges':[{'target_type':'Pool','action':'view'}]}");
        assertThat(lab.post("/broker/roles", "{'name':'X','scope':'Nothing'}").status())
                .isEqualTo(422);
        assertThat(lab.put("/broker/roles/" + made, "{'scope':'Provider'}").status())
                .isEqualTo(422);
        var permission = grant(user("alice"), "Watcher", "Pool", lab.standard("pools"));
        assertThat(lab.names(ConfigLab.ALICE, "pools")).containsExactly("default");
        assertThat(lab.delete("/broker/roles/" + made).status()).isEqualTo(409);
        lab.delete("/broker/permissions/" + permission);
        assertThat(lab.delete("/broker/roles/" + made).status()).isEqualTo(204);
    }
}
