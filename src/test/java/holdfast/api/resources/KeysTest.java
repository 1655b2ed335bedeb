package holdfast.api.resources;

import static holdfast.api.resources.TestDomain.ALICE;
import static holdfast.api.resources.TestDomain.BOB;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import holdfast.TestDatabase;
import holdfast.drivers.simulated.SimulatedSettings;
import holdfast.platform.Json;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Keys for the interface, and in which project they act.
@Timeout(300)
class KeysTest {
    @AutoClose
    private final TestDatabase db = TestDatabase.fresh();

    @AutoClose
    private final TestDomain domain = new TestDomain(db, SimulatedSettings.PERFECT);

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    }

    private static String basic(JsonNode key) {
        return basic(text(key, "publicValue"), text(key, "secretValue"));
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asString("");
    }

    /// A key that is active.
    private JsonNode key(String token, String body) {
        var made = domain.post(token, "/v1/apikeys", body);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        become(made.json(), "active");
        return made.json();
    }

    private void become(JsonNode resource, String state) {
        var self = resource.get("links").get("self").stringValue();
        domain.waitFor(
                () -> text(domain.get(domain.admin, self).json(), "state").equals(state));
    }

    private TestDomain.Reply get(JsonNode key, String target) {
        return domain.ask("GET", target, "", "Authorization", basic(key));
    }

    private void act(String token, JsonNode resource, String verb) {
        var done = domain.post(token, resource.get("links").get("self").stringValue() + "?action=" + verb, "");
        assertThat(done.status()).as(done.text()).isEqualTo(202);
    }

    @Test
    void a_key_opens_the_interface_for_its_maker_in_its_project() {
        var key = key(ALICE, "{\"name\": \"laptop\"}");
        var status = get(key, "/v1/status");
        assertThat(status.status()).as(status.text()).isEqualTo(200);
        assertThat(text(status.json(), "user")).isEqualTo("alice");
        assertThat(text(status.json(), "project")).isEqualTo("physics");
        assertThat(status.json().get("admin").booleanValue()).isFalse();
        assertThat(get(key, "/v1").response().headers().firstValue("X-API-Schemas"))
                .hasValue(domain.server.address() + "/v1/schemas");
    }

    private TestDomain.Reply inPhysics(String method, String target, String body) {
        return domain.ask(method, target, body, "Authorization", "Bearer " + BOB, "X-API-Project-Id", "physics");
    }

    @Test
    void a_user_acts_in_each_project_that_it_is_a_member_of() {
        var physics = text(key(ALICE, "{}"), "accountId");
        var membership = "{\"projectId\": \"" + physics
                + "\", \"externalId\": \"bob\", \"externalIdType\": \"user\", \"role\": \"readonly\"}";
        assertThat(inPhysics("GET", "/v1/apikeys", "").status()).isEqualTo(403);
        assertThat(domain.post(BOB, "/v1/projectmembers", membership).status())
                .as("nobody makes himself a member")
                .isEqualTo(422);
        var made = domain.post(ALICE, "/v1/projectmembers", membership);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        become(made.json(), "active");

        var seen = inPhysics("GET", "/v1/apikeys", "");
        assertThat(seen.json().get("data")).hasSize(1);
        assertThat(seen.response().headers().firstValue("X-API-ACCOUNT-ID")).hasValue(physics);
        assertThat(inPhysics("POST", "/v1/apikeys", "{}").status())
                .as("only looks")
                .isEqualTo(403);
        assertThat(domain.get(BOB, "/v1/apikeys").json().get("data"))
                .as("at home")
                .isEmpty();
        assertThat(domain.get(BOB, "/v1/projects/" + physics + "/apikeys")
                        .json()
                        .get("data"))
                .hasSize(1);

        var self = made.json().get("links").get("self").stringValue();
        assertThat(domain.send(ALICE, "PUT", self, "application/json", "{\"role\": \"member\"}")
                        .status())
                .isEqualTo(200);
        assertThat(inPhysics("POST", "/v1/apikeys", "{}").status()).isEqualTo(201);
        act(ALICE, made.json(), "deactivate");
        become(made.json(), "inactive");
        assertThat(inPhysics("GET", "/v1/apikeys", "").status()).isEqualTo(403);
    }

    @Test
    void what_a_project_is_linked_with_is_reached_in_that_project_by_id_and_by_name() {
        var physics = text(key(ALICE, "{}"), "accountId");
        var byId = "/v1/projects/" + physics + "/projectmembers";
        var byName = "/v1/Projects/physics/projectMembers";
        assertThat(domain.get(BOB, byId).status()).as("no member").isEqualTo(403);
        var owner = domain.post(
                ALICE, byName, "{'externalId': 'bob', 'externalIdType': 'user', 'role': 'owner'}".replace('\'', '"'));
        assertThat(owner.status()).as(owner.text()).isEqualTo(201);
        become(owner.json(), "active");
        var made = domain.post(BOB, byId, "{\"externalId\": \"carol\", \"externalIdType\": \"user\"}");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(text(made.json(), "projectId")).isEqualTo(physics);
        for (var token : List.of(BOB, ALICE, domain.admin)) {
            assertThat(domain.get(token, byId).json().path("data")).hasSize(2);
            assertThat(domain.get(token, byName).json().path("data")).hasSize(2);
        }
    }

    @Test
    void a_membership_that_an_administrator_makes_belongs_to_its_project() {
        var physics = text(key(ALICE, "{}"), "accountId");
        var made = domain.post(
                domain.admin,
                "/v1/projectmembers",
                "{\"projectId\": \"" + physics + "\", \"externalId\": \"bob\", \"externalIdType\": \"user\"}");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(text(made.json(), "accountId")).isEqualTo(physics);
        assertThat(domain.get(ALICE, "/v1/projectmembers").json().get("data")).hasSize(1);
    }

    @Test
    void what_stands_in_a_query_is_not_logged() {
        var log = (Logger) LoggerFactory.getLogger(ResourcesApi.class);
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        log.addAppender(lines);
        try {
            db.database().close();
            assertThat(domain.get(ALICE, "/v1/apikeys?secretValue=hush").status())
                    .isGreaterThanOrEqualTo(500);
        } finally {
            log.detachAppender(lines);
        }
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(line -> line.contains("/v1/apikeys"))
                .noneMatch(line -> line.contains("hush"));
    }

    @Test
    void the_secret_is_shown_once_and_kept_by_nobody() {
        var key = key(ALICE, "{}");
        var secret = text(key, "secretValue");
        assertThat(secret).hasSizeGreaterThan(30);
        var self = key.get("links").get("self").stringValue();
        assertThat(domain.get(ALICE, self).json().has("secretValue")).isFalse();
        assertThat(domain.get(ALICE, "/v1/credentials").text()).doesNotContain(secret);
        assertThat(everything()).as("the whole database").doesNotContain(secret).contains("sealed:");
    }

    @Test
    void secrets_of_all_types_are_shown_once_and_stored_sealed() {
        var made = domain.post(
                ALICE,
                "/v1/usernamepasswords",
                "{\"publicValue\": \"alice\", \"secretValue\": \"correct horse battery staple\"}");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(text(made.json(), "secretValue")).isEqualTo("correct horse battery staple");
        become(made.json(), "active");
        var template = domain.post(
                ALICE, "/v1/hosttemplates", "{\"secretValues\": {\"password\": \"correct horse battery staple\"}}");
        assertThat(template.status()).as(template.text()).isEqualTo(201);
        become(template.json(), "active");
        var seen = domain.get(ALICE, made.json().get("links").get("self").stringValue());
        assertThat(seen.text()).doesNotContain("correct horse").doesNotContain("sealed:");
        assertThat(everything()).doesNotContain("correct horse");
    }

    @Test
    void a_secret_that_is_changed_is_sealed_as_well() {
        var made = domain.post(ALICE, "/v1/certificates", "{\"cert\": \"c\", \"key\": \"first secret\"}");
        become(made.json(), "active");
        var self = made.json().get("links").get("self").stringValue();
        var changed = domain.send(ALICE, "PUT", self, "application/json", "{\"key\": \"second secret\"}");
        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
        assertThat(changed.text()).doesNotContain("second secret");
        become(made.json(), "active");
        assertThat(everything()).doesNotContain("first secret").doesNotContain("second secret");
    }

    private String everything() {
        return domain.database.inTransaction(tx -> {
            var all = new StringBuilder();
            for (var table : new String[] {"resource", "process", "process_log", "journal", "outbox"}) {
                tx.sql()
                        .fetch("select t::text from " + table + " t")
                        .forEach(row -> all.append(row.get(0)).append('\n'));
            }
            return all.toString();
        });
    }

    @Test
    void wrong_secrets_and_unknown_keys_get_the_same_answer() {
        var key = key(ALICE, "{}");
        var access = text(key, "publicValue");
        var wrong = domain.ask("GET", "/v1/status", "", "Authorization", basic(access, "guess"));
        var unknown = domain.ask("GET", "/v1/status", "", "Authorization", basic("0".repeat(32), "guess"));
        var broken = domain.ask("GET", "/v1/status", "", "Authorization", "Basic %%%");
        for (var refused : new TestDomain.Reply[] {wrong, unknown, broken}) {
            assertThat(refused.status()).isEqualTo(401);
            assertThat(text(refused.json(), "type")).isEqualTo("error");
            assertThat(refused.response()
                            .headers()
                            .firstValue("WWW-Authenticate")
                            .orElse(""))
                    .startsWith("Basic realm=");
            assertThat(text(refused.json(), "message")).isEqualTo(text(wrong.json(), "message"));
        }
        var quiet = domain.ask("GET", "/v1/status", "", "X-API-No-Challenge", "true");
        assertThat(quiet.response().headers().firstValue("WWW-Authenticate")).isEmpty();
        assertThat(quiet.status()).isEqualTo(401);
    }

    @Test
    void a_key_that_is_switched_off_or_removed_is_no_key_from_then_on() {
        var key = key(ALICE, "{}");
        assertThat(get(key, "/v1/status").status()).isEqualTo(200);
        act(ALICE, key, "deactivate");
        assertThat(get(key, "/v1/status").status()).as("at once").isEqualTo(401);
        become(key, "inactive");
        act(ALICE, key, "activate");
        become(key, "active");
        assertThat(get(key, "/v1/status").status()).isEqualTo(200);
        act(ALICE, key, "deactivate");
        become(key, "inactive");
        domain.delete(ALICE, key.get("links").get("self").stringValue());
        become(key, "removed");
        assertThat(get(key, "/v1/status").status()).isEqualTo(401);
    }

    @Test
    void no_key_of_a_project_is_taken_while_its_account_is_switched_off() {
        var key = key(ALICE, "{}");
        var account = domain.get(domain.admin, "/v1/projects?name=physics")
                .json()
                .get("data")
                .get(0);
        act(domain.admin, account, "deactivate");
        assertThat(get(key, "/v1/status").status()).isEqualTo(401);
        assertThat(domain.post(ALICE, account.get("links").get("self").stringValue() + "?action=activate", "")
                        .status())
                .as("not for members")
                .isEqualTo(422);
    }

    @Test
    void what_a_key_stands_for_cannot_be_changed_in_the_database() {
        var key = key(ALICE, "{}");
        var other = key(BOB, "{}");
        domain.database.inTransaction(tx -> tx.sql()
                .execute("update resource set data = jsonb_set(data, '{role}',"
                        + " '\"admin\"'), project = 'biology' where id = '" + text(key, "uuid") + "'::uuid"));
        assertThat(text(get(key, "/v1/status").json(), "project")).isEqualTo("physics");
        assertThat(get(key, "/v1/status").json().get("admin").booleanValue()).isFalse();
        domain.database.inTransaction(tx -> tx.sql()
                .execute("update resource set data = jsonb_set(data,"
                        + " '{secretValue}', (select data -> 'secretValue' from resource where id = '"
                        + text(other, "uuid")
                        + "'::uuid)) where id = '" + text(key, "uuid") + "'::uuid"));
        assertThat(domain.ask(
                                "GET",
                                "/v1/status",
                                "",
                                "Authorization",
                                basic(text(key, "publicValue"), text(other, "secretValue")))
                        .status())
                .as("the secret of another key, moved here")
                .isEqualTo(401);
    }

    @Test
    void nobody_makes_a_key_that_may_do_more_than_its_maker() {
        for (var role : new String[] {"admin", "readAdmin"}) {
            var refused = domain.post(ALICE, "/v1/apikeys", "{\"role\": \"" + role + "\"}");
            assertThat(refused.status()).isEqualTo(403);
            assertThat(text(refused.json(), "fieldName")).isEqualTo("role");
        }
        assertThat(domain.post(ALICE, "/v1/apikeys", "{\"user\": \"bob\"}").status())
                .isEqualTo(403);
        assertThat(domain.post(ALICE, "/v1/apikeys", "{\"role\": \"emperor\"}").status())
                .isEqualTo(422);
        var given = key(domain.admin, "{\"user\": \"carol\", \"role\": \"member\"}");
        var status = get(given, "/v1/status").json();
        assertThat(text(status, "user")).isEqualTo("carol");
        assertThat(status.get("admin").booleanValue()).isFalse();
    }

    @Test
    void a_key_for_looking_changes_nothing_and_is_offered_nothing() {
        var key = key(ALICE, "{\"role\": \"readonly\"}");
        assertThat(get(key, "/v1/apikeys").json().get("data")).hasSize(1);
        assertThat(get(key, "/v1/apikeys").json().get("data").get(0).get("actions"))
                .isEmpty();
        assertThat(get(key, "/v1/schemas/apiKey")
                        .json()
                        .get("collectionMethods")
                        .toString())
                .isEqualTo("[\"GET\"]");
        for (var method : new String[] {"POST", "PUT", "DELETE"}) {
            assertThat(domain.ask(method, "/v1/apikeys", "{}", "Authorization", basic(key))
                            .status())
                    .as(method)
                    .isEqualTo(403);
        }
        assertThat(domain.ask("GET", "/v1/apikeys?_method=POST", "", "Authorization", basic(key))
                        .status())
                .isEqualTo(403);
        var seeing = key(domain.admin, "{\"role\": \"readAdmin\"}");
        assertThat(get(seeing, "/v1/apikeys").json().get("data")).hasSize(2);
        assertThat(get(seeing, "/v1/status").response().headers().firstValue("X-API-ACCOUNT-KIND"))
                .hasValue("readAdmin");
    }

    @Test
    void only_some_keys_or_agents_are_made_at_once() {
        for (var collection : List.of("apikeys", "agents")) {
            var many = "[" + "{},".repeat(10) + "{}]";
            var reply = domain.post(domain.admin, "/v1/" + collection, many);
            assertThat(reply.status()).as(reply.text()).isEqualTo(422);
            assertThat(text(reply.json(), "code")).isEqualTo("MaxLimitExceeded");
            assertThat(text(reply.json(), "message")).contains("array of 11", "at most 10");
            assertThat(domain.get(domain.admin, "/v1/" + collection).json().get("data"))
                    .isEmpty();
        }
        var made = domain.post(domain.admin, "/v1/apikeys", "[{}, {}]");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(text(made.json().at("/data/0"), "secretValue"))
                .isNotEqualTo(text(made.json().at("/data/1"), "secretValue"));
    }

    @Test
    void a_key_for_looking_is_offered_no_mending_of_processes() {
        var key = key(domain.admin, "{\"role\": \"readAdmin\"}");
        assertThat(get(key, "/v1/processinstances").json().at("/data/0/actions"))
                .isEmpty();
        assertThat(get(key, "/v1/schemas/processinstance").json().get("resourceActions"))
                .isEmpty();
        assertThat(domain.get(ALICE, "/v1/schemas/processinstance").json().get("resourceActions"))
                .isEmpty();
        assertThat(domain.get(domain.admin, "/v1/schemas/processinstance")
                        .json()
                        .get("resourceActions")
                        .has("retry"))
                .isTrue();
    }

    @Test
    void a_browser_uses_a_users_name_and_token() {
        assertThat(domain.ask("GET", "/v1/status", "", "Authorization", basic("alice", ALICE))
                        .status())
                .isEqualTo(200);
        assertThat(domain.ask("GET", "/v1/status", "", "Authorization", basic("bob", ALICE))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void every_resource_names_the_account_of_its_project() {
        var key = key(ALICE, "{}");
        var id = text(key, "accountId");
        assertThat(id).matches("1a\\d+");
        var account = get(key, key.get("links").get("account").stringValue()).json();
        assertThat(text(account, "id")).isEqualTo(id);
        assertThat(text(account, "name")).isEqualTo("physics");
        assertThat(text(account, "type")).isEqualTo("project");
        var headers = get(key, "/v1").response().headers();
        assertThat(headers.firstValue("X-API-ACCOUNT-ID")).hasValue(id);
        assertThat(headers.firstValue("X-API-ACCOUNT-NAME")).hasValue("physics");
        assertThat(headers.firstValue("X-API-ACCOUNT-KIND")).hasValue("project");
        assertThat(headers.firstValue("X-API-USER-ID")).hasValue("alice");
        assertThat(headers.firstValue("X-API-Client-IP")).hasValue("127.0.0.1");
        assertThat(domain.get(domain.admin, "/v1/apikeys?accountId=" + id)
                        .json()
                        .get("data"))
                .hasSize(1);
        assertThat(domain.get(domain.admin, "/v1/apikeys?accountId=1a99999999")
                        .json()
                        .get("data"))
                .isEmpty();
        assertThat(domain.get(domain.admin, "/v1/apikeys?include=account")
                        .json()
                        .get("data")
                        .get(0)
                        .get("account")
                        .get("id"))
                .isEqualTo(account.get("id"));
    }

    @Test
    void projects_are_chosen_by_header_parameter_or_path_and_only_by_members() {
        var physics = text(key(ALICE, "{}"), "accountId");
        var biology = text(key(BOB, "{}"), "accountId");
        var mine = domain.get(ALICE, "/v1/projects").json().get("data");
        assertThat(mine).hasSize(1);
        assertThat(text(mine.get(0), "id")).isEqualTo(physics);
        assertThat(domain.get(domain.admin, "/v1/projects").json().get("data")).hasSizeGreaterThanOrEqualTo(2);
        assertThat(text(domain.get(ALICE, "/v1/projects/" + physics).json(), "name"))
                .isEqualTo("physics");
        for (var own : new String[] {physics, "physics"}) {
            assertThat(domain.get(ALICE, "/v1/apikeys?projectId=" + own).status())
                    .isEqualTo(200);
            assertThat(domain.get(ALICE, "/v1/projects/" + own + "/apikeys")
                            .json()
                            .get("data"))
                    .hasSize(1);
        }
        for (var other : new String[] {biology, "biology", "1a99999999", "no such"}) {
            var asked =
                    domain.ask("GET", "/v1/apikeys", "", "Authorization", "Bearer " + ALICE, "X-API-Project-Id", other);
            assertThat(asked.status()).as(other).isEqualTo(403);
        }
        var made = domain.post(domain.admin, "/v1/projects/" + biology + "/apikeys", "{\"role\": \"member\"}");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(text(made.json(), "accountId")).isEqualTo(biology);
    }

    @Test
    void an_administrator_makes_projects_before_they_are_used() {
        var made = domain.post(domain.admin, "/v1/projects", "{\"name\": \"chemistry\", \"description\": \"new\"}");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        become(made.json(), "active");
        var id = text(made.json(), "id");
        var key = domain.ask(
                "POST",
                "/v1/apikeys",
                "{\"user\": \"dora\", \"role\": \"member\"}",
                "Authorization",
                "Bearer " + domain.admin,
                "X-API-Project-Id",
                id);
        assertThat(text(key.json(), "accountId")).isEqualTo(id);
        assertThat(domain.post(domain.admin, "/v1/projects", "{\"name\": \"chemistry\"}")
                        .status())
                .as("there is one")
                .isEqualTo(409);
        assertThat(domain.post(domain.admin, "/v1/projects", "{\"name\": \"no good\"}")
                        .status())
                .isEqualTo(422);
        assertThat(domain.post(ALICE, "/v1/projects", "{\"name\": \"mine\"}").status())
                .isEqualTo(405);
    }

    private TestDomain.Reply asAdmin(String method, String target, String body, String project) {
        return domain.ask(method, target, body, "Authorization", "Bearer " + domain.admin, "X-API-Project-Id", project);
    }

    @Test
    void no_project_is_made_by_looking_or_by_what_is_refused() {
        for (var id : new String[] {"1a99999999", "0197b1c6-5f3e-7001-9c55-2f1f8a4f6c11"}) {
            assertThat(asAdmin("POST", "/v1/apikeys", "{}", id).status()).as(id).isEqualTo(403);
        }
        var readAdmin = key(domain.admin, "{\"role\": \"readAdmin\"}");
        assertThat(domain.ask(
                                "POST",
                                "/v1/apikeys",
                                "{}",
                                "Authorization",
                                basic(readAdmin),
                                "X-API-Project-Id",
                                "typo")
                        .status())
                .isEqualTo(403);
        assertThat(asAdmin("GET", "/v1/apikeys", "", "typo").status()).isEqualTo(200);
        assertThat(asAdmin("PATCH", "/v1/apikeys", "{}", "typo").status()).isEqualTo(405);
        assertThat(asAdmin("POST", "/v1/nothing", "{}", "typo").status()).isEqualTo(404);
        assertThat(asAdmin("POST", "/v1/apikeys", "{\"role\": \"emperor\"}", "typo")
                        .status())
                .isEqualTo(422);
        assertThat(domain.get(domain.admin, "/v1/projects").json().get("data").valueStream())
                .extracting(project -> text(project, "name"))
                .containsExactly("default");
        var made = asAdmin("POST", "/v1/apikeys", "{}", "meant");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(made.response().headers().firstValue("X-API-ACCOUNT-ID")).hasValue(text(made.json(), "accountId"));
    }

    @Test
    void keys_and_memberships_of_a_project_that_is_gone_open_nothing() {
        var key = key(ALICE, "{}");
        var membership = "{\"projectId\": \"" + text(key, "accountId")
                + "\", \"externalId\": \"bob\", \"externalIdType\": \"user\", \"role\": \"member\"}";
        become(domain.post(ALICE, "/v1/projectmembers", membership).json(), "active");
        assertThat(inPhysics("GET", "/v1/apikeys", "").status()).isEqualTo(200);
        domain.database.inTransaction(
                tx -> tx.sql().execute("delete from resource where type = 'account' and project = 'physics'"));
        assertThat(get(key, "/v1/status").status()).isEqualTo(401);
        assertThat(inPhysics("GET", "/v1/apikeys", "").status()).isEqualTo(403);
    }

    @Test
    void rights_of_a_subtype_hold_for_who_comes_through_its_base() {
        for (var type : new String[] {
            "{'name': 'box', 'life': 'default', 'activates': true, 'fields': {'size': {'type': 'int'}}}",
            "{'name': 'glassBox', 'base': 'box', 'activates': true, 'rights': {'user': 'r', 'admin': 'crud'}}"
        }) {
            var declared = domain.post(domain.admin, "/v1/resourcedefinitions", type.replace('\'', '"'));
            assertThat(declared.status()).as(declared.text()).isEqualTo(201);
        }
        var glass = asAdmin("POST", "/v1/glassboxs", "{\"size\": 1}", "physics");
        assertThat(glass.status()).as(glass.text()).isEqualTo(201);
        become(glass.json(), "active");
        var self = "/v1/boxs/" + text(glass.json(), "id");
        assertThat(domain.get(ALICE, self).json().get("actions")).isEmpty();
        assertThat(domain.send(ALICE, "PUT", self, "application/json", "{\"size\": 2}")
                        .status())
                .isEqualTo(405);
        assertThat(domain.delete(ALICE, self).status()).isEqualTo(405);
        assertThat(domain.post(ALICE, self + "?action=deactivate", "{}").status())
                .isEqualTo(422);
        var after = domain.get(domain.admin, self).json();
        assertThat(text(after, "state")).isEqualTo("active");
        assertThat(after.get("size").intValue()).isEqualTo(1);
    }

    @Test
    void a_stream_ends_with_the_key_that_opened_it() throws Exception {
        var key = key(ALICE, "{}");
        try (var hears = Listening.as(domain, basic(key), "*")) {
            hears.next("ping");
            act(ALICE, key, "deactivate");
            assertThat(hears.ends()).isTrue();
        }
    }

    @Test
    void administrators_and_users_have_schemas_of_their_own() {
        var admin = domain.get(domain.admin, "/v1/schemas").json().get("data");
        var user = domain.get(ALICE, "/v1/schemas").json().get("data");
        assertThat(ids(admin)).contains("externalHandler", "apiKey", "project").containsAll(ids(user));
        assertThat(ids(user)).contains("apiKey", "project").doesNotContain("externalHandler");
        assertThat(domain.get(ALICE, "/v1/externalhandlers").status()).isEqualTo(404);
        var project = domain.get(ALICE, "/v1/schemas/project").json();
        assertThat(project.get("collectionMethods").toString()).isEqualTo("[\"GET\"]");
        assertThat(project.get("resourceFields").get("name").get("create").booleanValue())
                .isFalse();
        assertThat(domain.get(domain.admin, "/v1/schemas/project")
                        .json()
                        .get("collectionMethods")
                        .toString())
                .contains("POST");
    }

    private static java.util.Set<String> ids(JsonNode schemas) {
        var ids = new java.util.TreeSet<String>();
        schemas.forEach(schema -> ids.add(text(schema, "id")));
        return ids;
    }

    @Test
    void what_a_stock_client_sends_is_understood_and_every_failure_is_json() {
        var key = key(ALICE, "{}");
        var made = domain.ask(
                "POST",
                "/v1/genericobjects",
                "{\"name\": \"x\"}",
                "Authorization",
                basic(key),
                "Accept",
                "application/json");
        assertThat(made.status())
                .as("JSON without a content type: " + made.text())
                .isEqualTo(201);
        assertThat(text(made.json(), "name")).isEqualTo("x");
        var large = domain.ask(
                "POST", "/v1/genericobjects", "{\"x\": \"" + "x".repeat(17 << 20) + "\"}", "Authorization", basic(key));
        assertThat(large.status()).isEqualTo(413);
        assertThat(large.json().get("status").intValue()).isEqualTo(413);
        var lost = get(key, "/v7/things");
        assertThat(lost.status()).isEqualTo(404);
        assertThat(Json.text(lost.json())).contains("\"type\":\"error\"");
        for (var failed : new TestDomain.Reply[] {large, lost}) {
            assertThat(failed.response().headers().firstValue("X-API-Schemas")).isPresent();
        }
    }
}
