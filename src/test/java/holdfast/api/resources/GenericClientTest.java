package holdfast.api.resources;

import static holdfast.api.resources.TestDomain.ALICE;
import static holdfast.api.resources.TestDomain.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.drivers.simulated.SimulatedSettings;
import holdfast.engine.types.Field;
import holdfast.engine.types.ResourceType;
import holdfast.engine.types.TypeFile;
import holdfast.platform.Json;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// What a client can do with types that it does not know.
@Timeout(300)
class GenericClientTest {
    @AutoClose
    private final TestDatabase db = TestDatabase.fresh();

    @AutoClose
    private final TestDomain domain = new TestDomain(db, SimulatedSettings.PERFECT);

    private static String text(JsonNode node, String field) {
        return node.path(field).asString("");
    }

    @Test
    void a_client_that_knows_only_schemas_leads_a_resource_through_its_whole_life() {
        Widgets.declare(domain);
        var client = new GenericClient(domain, ALICE, domain.server.address() + "/v1");
        assertThat(client.schema("widget")
                        .get("resourceFields")
                        .get("color")
                        .get("type")
                        .stringValue())
                .isEqualTo("enum");
        var made = client.create(
                "widget",
                Json.object().put("owner", "alice").put("name", "first").put("size", 3));
        assertThat(text(made, "transitioning")).isEqualTo("yes");
        assertThat(text(made, "id")).matches("1w\\d+");
        var active = client.wait(made);
        assertThat(text(active, "state")).isEqualTo("active");
        assertThat(text(active, "color")).as("the default").isEqualTo("red");

        var updating = client.update(active, Json.object().put("size", 4).put("note", "larger"));
        assertThat(text(updating, "state")).isEqualTo("updating-active");
        var updated = client.wait(updating);
        assertThat(updated.get("size").intValue()).isEqualTo(4);
        assertThat(text(updated, "note")).isEqualTo("larger");

        var inactive = client.wait(client.act(updated, "deactivate"));
        assertThat(text(inactive, "state")).isEqualTo("inactive");
        assertThat(inactive.get("actions").has("activate")).isTrue();
        var removed = client.wait(client.delete(inactive));
        assertThat(text(removed, "state")).isEqualTo("removed");
        assertThat(removed.get("removed").isNull()).isFalse();
        assertThat(removed.get("actions").has("restore")).isTrue();
        assertThat(client.list("widget", "")).isEmpty();
        assertThat(client.list("widget", "?_removed=true")).hasSize(1);
        var back = client.wait(client.act(removed, "restore"));
        assertThat(back.get("removed").isNull()).isTrue();
    }

    @Test
    void what_refers_to_a_resource_is_linked_with_it_and_made_through_the_link() {
        Widgets.declare(domain);
        var client = new GenericClient(domain, ALICE, domain.server.address() + "/v1/schemas");
        var first = client.create("widget", Json.object().put("owner", "alice"));
        var second = client.create("gadget", Json.object().put("owner", "alice").put("nextId", text(first, "id")));
        assertThat(text(second, "type")).isEqualTo("gadget");
        assertThat(text(second, "baseType")).isEqualTo("widget");
        assertThat(client.follow(second, "next").get("id")).isEqualTo(first.get("id"));
        var screws = first.get("links").get("screws").stringValue();
        for (int n = 1; n <= 3; n++) {
            var reply = domain.post(ALICE, screws, "{\"length\": %d}".formatted(n));
            assertThat(reply.status()).as(reply.text()).isEqualTo(201);
            assertThat(reply.json().get("widgetId")).isEqualTo(first.get("id"));
        }
        var some = client.follow(first, "screws");
        assertThat(some.get("data")).hasSize(3);
        assertThat(some.get("createDefaults").get("widgetId")).isEqualTo(first.get("id"));
        assertThat(domain.get(ALICE, screws + "?length_gt=1&limit=1").json().get("data"))
                .hasSize(1);
        var whole = domain.get(ALICE, "/v1/widgets?include=screws&include=NEXT&sort=id&order=desc")
                .json();
        assertThat(whole.get("data").get(0).get("screws")).isEmpty();
        assertThat(whole.get("data").get(0).get("next").get("id")).isEqualTo(first.get("id"));
        assertThat(whole.get("data").get(1).get("screws")).hasSize(3);
        assertThat(whole.get("data").get(1).get("next").isNull()).isTrue();
        assertThat(whole.get("createTypes").propertyNames()).containsExactlyInAnyOrder("widget", "gadget");
        assertThat(client.list("gadget", "")).as("only those").hasSize(1);
        assertThat(client.list("widget", ""))
                .as("and in the collection of their base")
                .hasSize(2);
    }

    @Test
    void methods_are_told_as_far_as_a_caller_may_use_them() {
        var admin = new GenericClient(domain, domain.admin, domain.server.address() + "/v1");
        var user = new GenericClient(domain, BOB, domain.server.address() + "/v1");
        assertThat(admin.may("delegation", "collectionMethods", "POST")).isTrue();
        assertThat(user.may("delegation", "collectionMethods", "POST")).isFalse();
        assertThat(user.may("slice", "collectionMethods", "POST")).isTrue();
        assertThat(user.may("slice", "resourceMethods", "PUT")).isFalse();
        for (var special : List.of("processInstance", "schema", "processDefinition", "error", "collection")) {
            assertThat(user.schema(special)).as(special).isNotNull();
        }
    }

    @Test
    void what_a_part_keeps_is_described_as_it_is_declared() {
        var client = new GenericClient(domain, domain.admin, domain.server.address() + "/v1");
        var parts = TypeFile.standard().stream()
                .filter(type -> type.origin() == ResourceType.Origin.PART)
                .toList();
        assertThat(parts).extracting(ResourceType::name).contains("slice", "sliver", "lease", "site");
        for (var part : parts) {
            var schema = client.schema(part.name());
            assertThat(schema.get("resourceFields").propertyNames())
                    .as(part.name())
                    .containsAll(part.fields().stream().map(Field::name).toList());
            assertThat(schema.get("collectionMethods").toString().contains("POST"))
                    .as(part.name())
                    .isEqualTo(part.rights().allow(true, 'c'));
            assertThat(schema.get("resourceFields")
                            .get("state")
                            .get("options")
                            .valueStream()
                            .map(JsonNode::stringValue))
                    .as(part.name())
                    .containsAll(part.course().orElseThrow().initial())
                    .containsAll(part.transitioning());
        }
    }

    private void kept(String type, String name, String data) {
        db.database().inTransaction(tx -> {
            var fresh = domain.engine
                    .resources()
                    .fresh(
                            java.util.UUID.randomUUID(),
                            type,
                            "here",
                            java.util.Optional.empty(),
                            name,
                            "active",
                            "clouds",
                            Json.tree(data));
            return domain.engine.resources().insert(tx, fresh, "test", "");
        });
    }

    @Test
    void what_the_cloud_broker_keeps_is_shown_to_administrators_without_what_logs_in() {
        kept("cloudAccount", "ours", "{\"credentials\": {\"password\": \"sealed\"}, \"limits\": {\"running\": 5}}");
        kept("cloudInstance", "web", "{\"owner\": \"bob\", \"order\": {\"userData\": \"private\"}}");
        kept("poolFamily", "trial", "{\"standard\": false, \"accounts\": []}");
        var accounts = domain.get(domain.admin, "/v1/cloudaccounts");
        assertThat(accounts.json().at("/data/0/limits/running").asInt()).isEqualTo(5);
        assertThat(accounts.text()).doesNotContain("sealed", "credentials\":");
        var instances = domain.get(domain.admin, "/v1/cloudinstances");
        assertThat(instances.json().at("/data/0/owner").asString()).isEqualTo("bob");
        assertThat(instances.text()).doesNotContain("private");
        assertThat(domain.get(domain.admin, "/v1/poolfamilies").text()).contains("trial");
        assertThat(domain.post(domain.admin, "/v1/cloudaccounts", "{}").status())
                .isEqualTo(405);
        assertThat(domain.get(ALICE, "/v1/cloudaccounts").status()).isEqualTo(404);
        assertThat(domain.get(ALICE, "/v1/schemas").text()).doesNotContain("cloudInstance");
    }

    @Test
    void a_type_cannot_take_the_address_of_something_else() {
        for (var given : List.of(
                "{'name': 'status'}",
                "{'name': 'healthy', 'plural': 'health'}",
                "{'name': 'x', 'aliases': ['capacity']}")) {
            var body = given.replace("'", "\"").replace("}", ", \"life\": \"default\"}");
            var reply = domain.post(domain.admin, "/v1/resourcedefinitions", body);
            assertThat(reply.status()).as(given).isEqualTo(422);
            assertThat(text(reply.json(), "code")).isEqualTo("NotUnique");
            assertThat(text(reply.json(), "message")).contains("choose another " + text(reply.json(), "fieldName"));
        }
        assertThat(domain.get(domain.admin, "/v1/resourcedefinitions").text()).doesNotContain("healthy");
    }

    @Test
    void a_type_that_is_not_for_a_caller_is_nowhere_to_be_seen() {
        for (var type : List.of(
                "{'name': 'box', 'life': 'default'}",
                "{'name': 'boxLock', 'life': 'default', 'rights': {'admin': 'crud'},"
                        + " 'fields': {'boxId': {'type': 'reference[box]'}}}")) {
            var reply = domain.post(domain.admin, "/v1/resourcedefinitions", type.replace('\'', '"'));
            assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        }
        var dark = domain.post(
                domain.admin,
                "/v1/resourcedefinitions",
                "{\"name\": \"darkBox\", \"base\": \"box\", \"rights\": {\"admin\": \"crud\"}}");
        assertThat(dark.status()).as("records name the base only").isBetween(400, 422);
        assertThat(dark.text()).contains("rights.user");
        var box = domain.post(ALICE, "/v1/boxs", "{}").json();
        inPhysics("/v1/boxLocks", "{\"boxId\": \"" + text(box, "id") + "\"}");
        var self = box.get("links").get("self").stringValue();
        assertThat(domain.get(domain.admin, self).json().get("links").has("boxLocks"))
                .isTrue();
        for (var target : List.of(
                self,
                "/v1",
                "/v1/boxs",
                "/v1/schemas",
                "/v1/status",
                "/v1/journal",
                "/v1/processinstances",
                "/v1/processsummary",
                "/v1/processdefinitions",
                "/v1/resourcedefinitions")) {
            var reply = domain.get(ALICE, target);
            assertThat(reply.status()).as(target).isEqualTo(200);
            assertThat(reply.text().toLowerCase(Locale.ROOT)).as(target).doesNotContain("boxlock");
        }
        assertThat(domain.get(ALICE, "/v1/boxs").json().get("data")).hasSize(1);
        for (var target : List.of(
                self + "/boxlocks",
                "/v1/boxlocks",
                "/v1/boxlock",
                "/v1/schemas/boxLock",
                "/v1/processdefinitions/1pd!boxlock.create",
                "/v1/resourcedefinitions/1rd!boxLock",
                "/v1/resourcedefinitions/1rd!boxLock/resourcedot")) {
            assertThat(domain.get(ALICE, target).status()).as(target).isEqualTo(404);
            assertThat(domain.get(ALICE, target.replace("lock", "lok").replace("Lock", "Lok"))
                            .text())
                    .as("no hint")
                    .doesNotContainIgnoringCase("boxlock");
        }
        assertThat(domain.get(ALICE, self + "?include=boxLocks").status()).isEqualTo(422);
        assertThat(domain.send(ALICE, "PATCH", "/v1/boxlocks", "", "").status()).isEqualTo(404);
    }

    private void inPhysics(String target, String body) {
        var made = domain.ask(
                "POST", target, body, "Authorization", "Bearer " + domain.admin, "X-API-Project-Id", "physics");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        Widgets.settled(domain, made.json());
    }

    @Test
    void definitions_tell_the_transitions_and_draw_them() {
        var one = domain.get(ALICE, "/v1/processdefinitions/1pd!instance.start").json();
        assertThat(one.get("stateTransitions").get(0).toString())
                .isEqualTo(
                        "{\"fromState\":\"stopped\",\"toState\":\"starting\",\"field\":\"state\",\"type\":\"TRANSITIONING\"}");
        assertThat(domain.get(ALICE, one.get("links").get("processDot").stringValue())
                        .text())
                .startsWith("digraph \"instance.start\" {");
        var type = domain.get(ALICE, "/v1/resourcedefinitions/1rd!INSTANCE").json();
        assertThat(text(type, "id")).isEqualTo("1rd!instance");
        assertThat(domain.get(ALICE, type.get("links").get("processes").stringValue())
                        .json()
                        .get("data")
                        .valueStream()
                        .map(each -> text(each, "name")))
                .contains("instance.start", "instance.allocate")
                .doesNotContain("lease.create");
        assertThat(domain.get(ALICE, type.get("links").get("resourceDot").stringValue())
                        .text())
                .contains("allocationState:activating");
    }

    @Test
    void a_process_is_seen_by_those_who_own_its_resource_and_mended_by_administrators() {
        Widgets.declare(domain);
        var made = Widgets.settled(domain, Widgets.create(domain, ALICE, "{'owner': 'a'}"));
        var target = "/v1/processinstances?resourceId=" + text(made, "id");
        var list = domain.get(ALICE, target).json().get("data");
        assertThat(list).hasSize(1);
        var process = list.get(0);
        assertThat(text(process, "id")).matches("1pi\\d+");
        assertThat(text(process, "processName")).isEqualTo("widget.create");
        assertThat(text(process, "exitReason")).isEqualTo("DONE");
        assertThat(process.get("data").get("owner").stringValue()).isEqualTo("a");
        assertThat(domain.get(BOB, target).json().get("data")).isEmpty();
        var self = process.get("links").get("self").stringValue();
        assertThat(domain.get(BOB, self).status()).isEqualTo(404);
        assertThat(domain.get(ALICE, self + "/processexecutions").json().get("data"))
                .hasSize(1);
        assertThat(domain.post(ALICE, self + "?action=cancel", "").status()).isEqualTo(403);
        assertThat(domain.post(domain.admin, self + "?action=cancel", "").status())
                .as("it has ended")
                .isEqualTo(422);
        assertThat(domain.post(domain.admin, self + "?action=shout", "").status())
                .isEqualTo(422);
    }
}
