package holdfast.api.config;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.pools.clouds.TestCloud;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Clouds are registered, looked at, switched off and taken out (aeolus.md 4.1).
class ProvidersTest {
    @AutoClose
    private final ConfigLab lab = new ConfigLab();

    @Test
    void a_provider_is_registered_only_when_it_is_alive() {
        int port;
        try (var gone = new TestCloud()) {
            port = gone.port();
        }
        var body = "{'name':'north-1','url':'http://127.0.0.1:%d/api','provider_type':'mock'}".formatted(port);
        var dead = lab.post("/broker/providers", body);
        assertThat(dead.status()).isEqualTo(422);
        assertThat(dead.at("/errors/0/field")).isEqualTo("url");
        assertThat(dead.at("/errors/0/message")).contains("Cannot reach provider");
        assertThat(lab.get("/broker/providers").json().path("providers")).isEmpty();
        try (var _ = new TestCloud(port)) {
            var alive = lab.post("/broker/providers", body);
            assertThat(alive.status()).isEqualTo(201);
            assertThat(alive.header("Location"))
                    .isEqualTo(lab.server.address() + "/broker/providers/" + ConfigLab.id(alive));
            assertThat(alive.at("/provider/provider_type")).isEqualTo("mock");
        }
    }

    @Test
    void credentials_of_an_account_are_checked_live() {
        var provider = lab.provider("north-1");
        var wrong = lab.post("/broker/provider_accounts", ConfigLab.account("acct-a", provider, "bob", "guess"));
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.text()).contains("Login Credentials are Invalid for this Provider");
        assertThat(lab.sites.sites).isEmpty();
        var right = lab.post("/broker/provider_accounts", ConfigLab.account("acct-a", provider, "bob", "let-me-in"));
        assertThat(right.status()).isEqualTo(201);
        assertThat(right.at("/provider_account/provider/value")).isEqualTo("north-1");
        assertThat(lab.sites.sites)
                .containsOnly(Map.entry(
                        UUID.fromString(ConfigLab.id(right)), Map.of("username", "bob", "password", "let-me-in")));
        var again = lab.post("/broker/provider_accounts", ConfigLab.account("acct-b", provider, "bob", "let-me-in"));
        assertThat(again.at("/errors/0/message")).isEqualTo("Username has already been taken");
        lab.cloud.close();
        var silent = lab.post("/broker/provider_accounts", ConfigLab.account("acct-c", provider, "eve", "so-do-i"));
        assertThat(silent.text()).contains("Cannot reach provider");
        assertThat(silent.status()).isEqualTo(422);
    }

    @Test
    void profiles_and_realms_of_a_provider_are_those_that_it_served() {
        var provider = lab.provider("north-1");
        var account = lab.account("acct-a", provider);
        var profiles =
                lab.get("/broker/hardware_profiles?provider=" + provider).json().path("hardware_profiles");
        assertThat(profiles.findValuesAsString("name")).containsExactly("m1-small", "m1-large");
        var small = profiles.get(0);
        assertThat(small.at("/memory/value").asString()).isEqualTo("1740.8");
        assertThat(small.at("/external_key").asString()).isEqualTo("m1 small");
        assertThat(lab.get("/broker/hardware_profiles/" + small.path("id").asString())
                        .at("/hardware_profile/name"))
                .isEqualTo("m1-small");
        var large = profiles.get(1);
        assertThat(large.path("memory").toString())
                .contains("\"kind\":\"range\"", "\"first\":7680", "\"last\":15360", "\"value\":10240");
        assertThat(large.path("storage").toString()).contains("\"entries\":[850,1024]", "\"value\":850");
        assertThat(large.at("/cpu/value").asString()).isEqualTo("nil");
        assertThat(lab.get("/broker/hardware_profiles?provider=any").header("X-Total-Count"))
                .isEqualTo("2");

        var realms =
                lab.get("/broker/provider_realms?provider=" + provider).json().path("provider_realms");
        assertThat(realms.findValuesAsString("external_key")).containsExactly("eu", "us");
        assertThat(realms.findValuesAsString("available")).containsExactly("false", "true");
        assertThat(realms.get(1).at("/provider_accounts/0/id").asString()).isEqualTo(account);

        lab.cloud.realms.remove("eu");
        lab.cloud.realms.put("asia", true);
        assertThat(lab.post("/broker/provider_accounts/" + account + "/test", "{}")
                        .at("/test/available"))
                .isEqualTo("true");
        assertThat(lab.get("/broker/provider_realms")
                        .json()
                        .path("provider_realms")
                        .findValuesAsString("available"))
                .as("asia; eu, which is gone; us")
                .containsExactly("true", "false", "true");
        lab.cloud.close();
        assertThat(lab.post("/broker/provider_accounts/" + account + "/test", "{}")
                        .at("/test/message"))
                .isEqualTo("Cannot reach provider");
    }

    @Test
    void what_clients_may_not_change_is_forbidden() {
        var provider = lab.provider("north-1");
        lab.account("acct-a", provider);
        var profile = lab.get("/broker/hardware_profiles?provider=any").at("/hardware_profiles/0/id");
        assertThat(lab.delete("/broker/hardware_profiles/" + profile).at("/error/code"))
                .isEqualTo("ActionForbidden");
        assertThat(lab.post("/broker/hardware_profiles", "{'name':'x','provider':{'id':'" + provider + "'}}")
                        .status())
                .isEqualTo(403);
        var realm = lab.get("/broker/provider_realms").at("/provider_realms/0/id");
        assertThat(lab.delete("/broker/provider_realms/" + realm).status()).isEqualTo(405);
    }

    @Test
    void a_type_says_which_credentials_an_account_must_give() {
        var ec2 = lab.get("/broker/provider_types?deltacloud_driver=ec2").json().path("provider_types");
        assertThat(ec2.get(0).path("credential_definitions").findValuesAsString("name"))
                .containsExactly("username", "password", "account_id", "x509private", "x509public");
        assertThat(ec2.get(0).path("stopped_instances_disappear").asBoolean()).isTrue();
        var provider = lab.made(
                "/broker/providers",
                "{'name':'amazon','url':'%s','provider_type':{'id':'%s'}}"
                        .formatted(lab.cloud.url(), ec2.get(0).path("id").asString()));
        var missing = lab.post("/broker/provider_accounts", ConfigLab.account("a", provider, "AK1", "SK1"));
        assertThat(missing.status()).isEqualTo(422);
        assertThat(missing.at("/errors/0/field")).isEqualTo("account_id");
        assertThat(missing.at("/errors/0/message")).isEqualTo("Account id can't be blank");
        assertThat(lab.delete("/broker/provider_types/" + ec2.get(0).path("id").asString())
                        .status())
                .isEqualTo(409);
        assertThat(lab.delete("/broker/providers/" + provider).status()).isEqualTo(204);
        assertThat(lab.delete("/broker/provider_types/" + ec2.get(0).path("id").asString())
                        .status())
                .isEqualTo(204);
        lab.configuration.seed();
        assertThat(lab.get("/broker/provider_types").header("X-Total-Count")).isEqualTo("5");
    }

    @Test
    void passwords_are_shown_nowhere_and_the_mask_changes_nothing() {
        var provider = lab.provider("north-1");
        var made = lab.post("/broker/provider_accounts", ConfigLab.account("acct-a", provider, "bob", "let-me-in"));
        var id = ConfigLab.id(made);
        var shown = lab.get("/broker/provider_accounts/" + id);
        var listed = lab.get("/broker/providers/" + provider + "/provider_accounts");
        var stored = lab.database()
                .inTransaction(
                        tx -> tx.sql().fetch("select data::text from resource").formatCSV());
        for (var text : List.of(made.text(), shown.text(), listed.text(), stored)) {
            assertThat(text).doesNotContain("let-me-in");
        }
        assertThat(shown.at("/provider_account/credentials/password")).isEqualTo("********");
        assertThat(stored).contains("sealed:");

        var path = "/broker/provider_accounts/" + id;
        var same = "{'label':'acct-b','credentials':{'username':'bob','password':'********'}}";
        assertThat(lab.put(path, same).at("/provider_account/name")).isEqualTo("acct-b");
        assertThat(lab.sites.sites.get(UUID.fromString(id))).containsEntry("password", "let-me-in");
        assertThat(lab.put(path, "{'credentials':{'password':'guess'}}").status())
                .isEqualTo(422);
        lab.cloud.users.put("bob", "another");
        assertThat(lab.put(path, "{'credentials':{'password':'another'}}").status())
                .isEqualTo(200);
        assertThat(lab.sites.sites.get(UUID.fromString(id))).containsEntry("password", "another");
        assertThat(lab.put(path, "{'provider':{'id':'" + UUID.randomUUID() + "'}}")
                        .status())
                .isEqualTo(422);
    }

    @Test
    void a_provider_that_is_switched_off_has_its_machines_stopped_first() {
        var provider = lab.provider("north-1");
        var account = UUID.fromString(lab.account("acct-a", provider));
        lab.usage.stubborn.add("web: it does not answer");
        var path = "/broker/providers/" + provider;
        var refused = lab.put(path, "{'enabled':false}");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text()).contains("web: it does not answer");
        assertThat(lab.get(path).at("/provider/enabled")).isEqualTo("true");
        lab.usage.stubborn.clear();
        assertThat(lab.put(path, "{'enabled':false}").at("/provider/enabled")).isEqualTo("false");
        assertThat(lab.usage.stopped)
                .as("in vain, before it is off, and what was started meanwhile")
                .containsExactly(account, account, account);
        assertThat(lab.usage.forced).isEmpty();
        assertThat(lab.put(path, "{'enabled':true}").at("/provider/enabled")).isEqualTo("true");
    }

    @Test
    void one_that_cannot_be_reached_is_switched_off_only_by_who_says_so() {
        var provider = lab.provider("north-1");
        var account = UUID.fromString(lab.account("acct-a", provider));
        lab.cloud.close();
        var path = "/broker/providers/" + provider;
        var refused = lab.put(path, "{'enabled':false}");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.text()).contains("terminate");
        assertThat(lab.usage.forced).isEmpty();
        assertThat(lab.put(path, "{'enabled':false,'terminate':true}").at("/provider/enabled"))
                .isEqualTo("false");
        assertThat(lab.usage.forced).containsExactly(account);
        assertThat(lab.usage.stopped).isEmpty();
        assertThat(lab.put(path, "{'enabled':true}").status()).isEqualTo(422);
    }

    @Test
    void what_machines_run_at_stays_and_what_goes_takes_its_parts_along() {
        var provider = lab.provider("north-1");
        var account = lab.account("acct-a", provider);
        lab.usage.keeping.put(UUID.fromString(account), List.of("web"));
        var kept = lab.delete("/broker/provider_accounts/" + account);
        assertThat(kept.status()).isEqualTo(409);
        assertThat(kept.at("/error/message")).isEqualTo("The following Deployments have not been stopped: web");
        assertThat(lab.delete("/broker/providers/" + provider).status()).isEqualTo(409);
        lab.usage.keeping.clear();
        var gone = lab.delete("/broker/providers/" + provider);
        assertThat(gone.status()).isEqualTo(200);
        assertThat(gone.at("/provider/provider_accounts/0/name")).isEqualTo("acct-a");
        assertThat(gone.at("/provider/provider_accounts/0/id")).isEqualTo(account);
        assertThat(lab.get("/broker/provider_accounts/" + account).status()).isEqualTo(404);
        assertThat(lab.sites.sites).isEmpty();
    }
}
