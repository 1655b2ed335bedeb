package holdfast.api.config;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.Statements;
import holdfast.core.Copies;
import holdfast.pools.clouds.CloudPool;
import holdfast.pools.clouds.Landscape;
import holdfast.pools.clouds.Usage.Counts;
import holdfast.pools.clouds.Usage.Kind;
import holdfast.pools.clouds.Usage.Owner;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Pool families and pools, and how pools choose among accounts (aeolus.md 2.1, 2.2, 2.6).
class PoolsTest {
    private static final String POOL = "{'name':'%s','pool_family':{'id':'%s'}}";

    private static final UUID STANDARD = Copies.id("cloudPool", "default");

    @AutoClose
    private final ConfigLab lab = new ConfigLab();

    @Test
    void an_account_is_linked_to_a_family_and_unlinked_as_often_as_one_likes() {
        var account = lab.account("acct-a", lab.provider("north-1"));
        var family = lab.made("/broker/pool_families", "{'name':'science'}");
        var link = "/broker/pool_families/" + family + "/provider_accounts/" + account;
        assertThat(lab.get(link).status()).isEqualTo(404);
        assertThat(lab.put(link, "").status()).isEqualTo(204);
        assertThat(lab.put(link, "").status()).isEqualTo(204);
        assertThat(lab.get(link).status()).isEqualTo(204);
        assertThat(lab.get("/broker/pool_families/" + family + "/provider_accounts")
                        .at("/provider_accounts/0/id"))
                .isEqualTo(account);
        assertThat(lab.delete(link).status()).isEqualTo(204);
        assertThat(lab.get(link).status()).isEqualTo(404);
        assertThat(lab.put("/broker/pool_families/" + family + "/provider_accounts/" + UUID.randomUUID(), "")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void a_new_account_is_in_the_default_family_and_the_default_can_be_another_one() {
        var provider = lab.provider("north-1");
        var account = lab.account("acct-a", provider);
        var first = lab.standard("pool_families");
        assertThat(lab.get("/broker/pool_families/" + first).at("/pool_family/provider_accounts/0/id"))
                .isEqualTo(account);
        assertThat(lab.delete("/broker/pool_families/" + first).status()).isEqualTo(409);
        var other = lab.made("/broker/pool_families", "{'name':'science'}");
        assertThat(lab.put("/broker/pool_families/" + other, "{'default':true}").at("/pool_family/default"))
                .isEqualTo("true");
        assertThat(lab.get("/broker/pool_families?default=true")
                        .json()
                        .path("pool_families")
                        .findValuesAsString("name"))
                .containsExactly("science");
        lab.made("/broker/provider_accounts", ConfigLab.account("acct-b", provider, "eve", "so-do-i"));
        assertThat(lab.get("/broker/pool_families/" + other).json().at("/pool_family/provider_accounts"))
                .hasSize(1);
        lab.made("/broker/pool_families", "{'name':'arts','default':true}");
        assertThat(lab.get("/broker/pool_families?default=true")
                        .json()
                        .path("pool_families")
                        .findValuesAsString("name"))
                .containsExactly("arts");
    }

    @Test
    void a_family_or_a_pool_with_machines_stays_and_an_empty_family_takes_its_pools_along() {
        var family = lab.made("/broker/pool_families", "{'name':'science'}");
        var pool = lab.made("/broker/pools", POOL.formatted("dev", family));
        lab.usage.keeping.put(UUID.fromString(pool), List.of("web"));
        assertThat(lab.delete("/broker/pools/" + pool).status()).isEqualTo(409);
        var kept = lab.delete("/broker/pool_families/" + family);
        assertThat(kept.status()).isEqualTo(409);
        assertThat(kept.at("/error/message")).isEqualTo("dev is in use by web; remove that first");
        lab.usage.keeping.clear();
        var gone = lab.delete("/broker/pool_families/" + family);
        assertThat(gone.status()).isEqualTo(200);
        assertThat(gone.at("/pool_family/pools/0/name")).isEqualTo("dev");
        assertThat(gone.at("/pool_family/pools/0/id")).isEqualTo(pool);
        assertThat(lab.get("/broker/pools/" + pool).status()).isEqualTo(404);
        var empty = lab.made("/broker/pool_families", "{'name':'empty'}");
        assertThat(lab.delete("/broker/pool_families/" + empty).status()).isEqualTo(204);
        assertThat(lab.delete("/broker/pools/" + lab.standard("pools")).at("/error/message"))
                .contains("default pool");
    }

    @Test
    void names_are_unique_where_they_must_be_and_made_of_the_letters_that_are_allowed() {
        var family = lab.made("/broker/pool_families", "{'name':'science'}");
        var other = lab.made("/broker/pool_families", "{'name':'teaching'}");
        lab.made("/broker/pools", POOL.formatted("dev", family));
        assertThat(lab.post("/broker/pools", POOL.formatted("dev", family)).at("/errors/0/message"))
                .isEqualTo("Name has already been taken");
        lab.made("/broker/pools", POOL.formatted("dev", other));
        assertThat(lab.post("/broker/pool_families", "{'name':'a/b'}").at("/errors/0/message"))
                .startsWith("Name is invalid");
        assertThat(lab.post("/broker/pool_families", "{'name':''}").at("/errors/0/message"))
                .isEqualTo("Name can't be blank");
        assertThat(lab.post("/broker/pool_families", "{'name':'" + "x".repeat(101) + "'}")
                        .at("/errors/0/message"))
                .isEqualTo("Name is too long (maximum is 100 characters)");
        assertThat(lab.post("/broker/pools", "{'name':'ops'}").at("/errors/0/message"))
                .isEqualTo("Pool family can't be blank");
        var pool = lab.made(
                "/broker/pools", "{'name':'ops','pool_family':{'id':'%s'},'exported_as':'x'}".formatted(family));
        assertThat(lab.post(
                                "/broker/pools",
                                "{'name':'ops','pool_family':{'id':'%s'},'exported_as':'x'}".formatted(other))
                        .at("/errors/0/field"))
                .isEqualTo("exported_as");
        assertThat(lab.put("/broker/pools/" + pool, "{'pool_family':{'id':'%s'}}".formatted(other))
                        .status())
                .isEqualTo(422);
    }

    @Test
    void an_unlimited_quota_may_be_said_in_three_ways_and_a_limit_in_two() {
        var forms = List.of(
                "<pool_family><name>a</name></pool_family>",
                "<pool_family><name>b</name><quota/></pool_family>",
                "<pool_family><name>c</name><quota maximum_running_instances=\"unlimited\"/></pool_family>",
                "<pool_family><name>d</name><quota><maximum_running_instances></maximum_running_instances></quota></pool_family>");
        for (var form : forms) {
            assertThat(quota(form)).isEqualTo("unlimited");
        }
        assertThat(quota("<pool_family><name>e</name><quota maximum_running_instances=\"2\"/></pool_family>"))
                .isEqualTo("2");
        assertThat(quota("<pool_family><name>f</name><quota><maximum_running_instances>2</maximum_running_instances>"
                        + "</quota></pool_family>"))
                .isEqualTo("2");
        assertThat(lab.post("/broker/pool_families", "{'name':'g','quota':{'maximum_total_instances':-1}}")
                        .at("/errors/0/field"))
                .isEqualTo("maximum_total_instances");
        assertThat(lab.post("/broker/pool_families", "{'name':'g','quota':{'maximum_total_instances':2147483648}}")
                        .status())
                .isEqualTo(422);
    }

    private String quota(String xml) {
        var headers = Map.of("Content-Type", "application/xml", "Accept", "application/json");
        var made = lab.send(lab.admin, "POST", "/broker/pool_families", headers, xml);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.at("/pool_family/quota/maximum_running_instances");
    }

    @Test
    void how_much_of_a_quota_is_used_is_told() {
        var pool = lab.standard("pools");
        lab.put("/broker/pools/" + pool, "{'quota':{'maximum_running_instances':10}}");
        lab.usage.used.put(new Owner(Kind.POOL, UUID.fromString(pool)), new Counts(7, 9, 1));
        var quota = lab.get("/broker/quotas?owner=pool:" + pool);
        assertThat(quota.at("/quota/percentage_used")).isEqualTo("70");
        assertThat(quota.at("/quota/warning")).isEqualTo("true");
        assertThat(quota.at("/quota/total_instances")).isEqualTo("9");
        assertThat(quota.at("/quota/reserved_instances")).isEqualTo("1");
        assertThat(lab.get("/broker/quotas?owner=pool:" + UUID.randomUUID()).status())
                .isEqualTo(404);
        assertThat(lab.get("/broker/quotas?owner=x").status()).isEqualTo(400);

        var account = lab.account("acct-a", lab.provider("north-1"));
        lab.put("/broker/provider_accounts/" + account, "{'quota':{'maximum_running_instances':50}}");
        lab.usage.used.put(new Owner(Kind.ACCOUNT, UUID.fromString(account)), new Counts(21, 21, 0));
        assertThat(lab.get("/broker/provider_accounts/" + account).at("/provider_account/quota_used"))
                .isEqualTo("42%");
    }

    @Test
    void strategies_have_an_order_and_numbers_within_their_bounds() {
        var path = "/broker/pools/" + lab.standard("pools") + "/selection_strategies";
        assertThat(lab.get(path).json().path("selection_strategies").findValuesAsString("enabled"))
                .containsExactly("false", "false", "false", "false");
        lab.put(path + "/cost_order", "{'enabled':true,'position':1,'config':{'impact':3}}");
        lab.put(path + "/penalty_for_failure", "{'enabled':true,'config':{'time_period_minutes':60}}");
        assertThat(lab.get(path).json().path("selection_strategies").findValuesAsString("name"))
                .containsExactly("cost_order", "strict_order", "penalty_for_failure", "weighting");
        assertThat(pool().strategies())
                .containsExactly(
                        new CloudPool.Strategy.CostOrder(3), new CloudPool.Strategy.PenaltyForFailure(5, 60, 0));
        lab.put(path, "{'selection_strategies':[{'name':'penalty_for_failure'},{'name':'cost_order'}]}");
        assertThat(pool().strategies().getLast()).isEqualTo(new CloudPool.Strategy.CostOrder(3));
        assertThat(lab.put(path + "/cost_order", "{'config':{'impact':4}}").at("/errors/0/message"))
                .isEqualTo("Impact must be from 1 to 3");
        assertThat(lab.put(path + "/weighting", "{'config':{'impact':1}}").status())
                .isEqualTo(422);
        assertThat(lab.put(path + "/no_order", "{}").status()).isEqualTo(404);
        assertThat(lab.put(path, "{'selection_strategies':[{'name':'weighting'},{'name':'weighting'}]}")
                        .status())
                .isEqualTo(422);
    }

    @Test
    void groups_and_weights_lead_to_accounts_until_these_are_gone() {
        var provider = lab.provider("north-1");
        var account = lab.account("acct-a", provider);
        var pool = "/broker/pools/" + lab.standard("pools");
        var group = lab.made(
                pool + "/priority_groups",
                "{'name':'first','score':10,'providers':[{'id':'%s'}],'provider_accounts':['%s']}"
                        .formatted(provider, account));
        assertThat(lab.post(pool + "/priority_groups", "{'name':'second','score':10}")
                        .at("/errors/0/message"))
                .isEqualTo("Score has already been taken");
        assertThat(lab.post(pool + "/priority_groups", "{'name':'second','score':101}")
                        .status())
                .isEqualTo(422);
        assertThat(lab.put(pool + "/priority_groups/" + group, "{'score':-100}").at("/priority_group/score"))
                .isEqualTo("-100");
        assertThat(lab.put(pool + "/account_options/" + account, "{'score':7}").at("/account_option/score"))
                .isEqualTo("7");
        assertThat(lab.put(pool + "/account_options/" + UUID.randomUUID(), "{'score':7}")
                        .status())
                .isEqualTo(404);
        assertThat(pool().weights()).containsExactly(Map.entry(UUID.fromString(account), 7));
        assertThat(pool().groups().getFirst().providers()).containsExactly(UUID.fromString(provider));

        assertThat(lab.delete("/broker/providers/" + provider).status()).isEqualTo(200);
        assertThat(pool().weights()).isEmpty();
        assertThat(pool().groups().getFirst().accounts()).isEmpty();
        assertThat(pool().groups().getFirst().providers()).isEmpty();
        assertThat(pool().family().accounts()).isEmpty();
        assertThat(lab.delete(pool + "/priority_groups/" + group).status()).isEqualTo(204);
        assertThat(lab.delete(pool + "/account_options/" + account).status()).isEqualTo(404);
    }

    private CloudPool pool() {
        var landscape = new Landscape(lab.configuration);
        return lab.database().inTransaction(tx -> landscape.pool(tx, STANDARD)).orThrow();
    }

    @Test
    void a_pool_is_known_by_heart_until_a_change_of_it_is_committed() throws SQLException {
        lab.account("acct-a", lab.provider("north-1"));
        assertThat(pool().enabled()).isTrue();
        assertThat(Statements.here(this::pool)).as("begin and look").isEqualTo(2);
        try (var other = lab.database().connect();
                var change = other.createStatement()) {
            other.setAutoCommit(false);
            change.execute("update resource set data = jsonb_set(data, '{enabled}', 'false') where type = 'cloudPool'");
            assertThat(pool().enabled()).isTrue();
            other.commit();
        }
        assertThat(pool().enabled()).isFalse();
        assertThat(Statements.here(this::pool)).isEqualTo(2);
    }

    @Test
    void a_pool_is_read_with_its_family_accounts_and_providers() {
        var account = lab.account("acct-a", lab.provider("north-1"));
        lab.put("/broker/pools/" + lab.standard("pools"), "{'enabled':false,'deterministic':true}");
        var pool = pool();
        assertThat(pool.enabled()).isFalse();
        assertThat(pool.deterministic()).isTrue();
        var only = pool.family().accounts().getFirst();
        assertThat(only.id()).isEqualTo(UUID.fromString(account));
        assertThat(only.realms()).containsExactlyInAnyOrder("us", "eu");
        assertThat(only.provider().type().driver()).isEqualTo("mock");
        assertThat(only.provider().profiles()).hasSize(2);
    }

    @Test
    void front_end_realms_lead_to_realms_and_to_whole_providers() {
        var provider = lab.provider("north-1");
        lab.account("acct-a", provider);
        var us = lab.get("/broker/provider_realms?name=us").at("/provider_realms/0/id");
        var europe = lab.made("/broker/frontend_realms", "{'name':'europe','description':'near'}");
        var mappings = "/broker/frontend_realms/" + europe + "/mappings";
        assertThat(lab.post(mappings, "{'provider_realm':{'id':'" + us + "'}}").status())
                .isEqualTo(201);
        assertThat(lab.post(mappings, "{'provider_realm':{'id':'" + us + "'}}").status())
                .isEqualTo(422);
        assertThat(lab.post(mappings, "{'provider':{'id':'" + provider + "'}}").status())
                .isEqualTo(201);
        assertThat(lab.post(mappings, "{}").status()).isEqualTo(422);
        assertThat(lab.post(mappings, "{'provider':{'id':'" + UUID.randomUUID() + "'}}")
                        .status())
                .isEqualTo(422);
        assertThat(lab.get("/broker/provider_realms/" + us + "/frontend_realms").at("/frontend_realms/0/id"))
                .isEqualTo(europe);
        assertThat(lab.delete(mappings + "/" + us).status()).isEqualTo(204);
        assertThat(lab.get("/broker/frontend_realms/" + europe).json().at("/frontend_realm/provider_realms"))
                .isEmpty();
        assertThat(lab.delete("/broker/providers/" + provider).status()).isEqualTo(200);
        assertThat(lab.get(mappings).json().path("mappings")).isEmpty();
    }

    @Test
    void a_new_price_ends_the_one_before() {
        lab.account("acct-a", lab.provider("north-1"));
        var profile = lab.get("/broker/hardware_profiles?provider=any").at("/hardware_profiles/0/id");
        var body = "{'hardware_profile':{'id':'%s'},'price':'%s'}";
        assertThat(lab.post("/broker/costs", body.formatted(profile, "0.12345")).status())
                .isEqualTo(201);
        assertThat(lab.post("/broker/costs", body.formatted(profile, "0.2")).status())
                .isEqualTo(201);
        var costs = lab.get("/broker/costs?hardware_profile=" + profile).json().path("costs");
        assertThat(costs.findValuesAsString("price")).containsExactly("0.12345", "0.2");
        assertThat(costs.get(0).path("valid_to").asString())
                .isEqualTo(costs.get(1).path("valid_from").asString());
        assertThat(costs.get(1).has("valid_to")).isFalse();
        var later = "{'hardware_profile':{'id':'%s'},'price':'%s','valid_from':'%s-01-01T00:00:00Z'}";
        assertThat(lab.post("/broker/costs", later.formatted(profile, "0.3", "2120"))
                        .status())
                .isEqualTo(201);
        assertThat(lab.post("/broker/costs", later.formatted(profile, "0.4", "2110"))
                        .status())
                .as("the one of 2120 is not to come any more")
                .isEqualTo(201);
        assertThat(prices(profile)).containsExactly("0.12345", "0.2 until 2110-01-01T00:00:00Z", "0.4");
        assertThat(lab.post("/broker/costs", body.formatted(profile, "0.5")).status())
                .isEqualTo(201);
        assertThat(prices(profile)).containsExactly("0.12345", "0.2", "0.5");
        assertThat(lab.post("/broker/costs", later.formatted(profile, "0.3", "2001"))
                        .at("/errors/0/field"))
                .isEqualTo("valid_from");
        assertThat(lab.post("/broker/costs", body.formatted(profile, "1000")).status())
                .isEqualTo(422);
        assertThat(lab.post("/broker/costs", body.formatted(profile, "0.123456"))
                        .status())
                .isEqualTo(422);
        assertThat(lab.post("/broker/costs", body.formatted(profile + "x", "1")).status())
                .isEqualTo(422);
    }

    /// In the order in which they hold; when one ends that is known already.
    private List<String> prices(String profile) {
        return lab.get("/broker/costs?hardware_profile=" + profile)
                .json()
                .path("costs")
                .valueStream()
                .map(one -> one.path("price").asString()
                        + (one.path("valid_to").asString("").startsWith("2110")
                                ? " until " + one.path("valid_to").asString()
                                : ""))
                .toList();
    }
}
