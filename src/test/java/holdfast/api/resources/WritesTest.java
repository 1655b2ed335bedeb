package holdfast.api.resources;

import static holdfast.api.resources.TestDomain.ALICE;
import static holdfast.api.resources.TestDomain.BOB;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.drivers.simulated.SimulatedSettings;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// What may be written, and what a client is told of what may not.
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WritesTest {
    private final TestDatabase db = TestDatabase.fresh();
    private final TestDomain domain = new TestDomain(db, SimulatedSettings.PERFECT);
    private String theirs = "";

    @BeforeAll
    void fill() {
        Widgets.declare(domain);
        theirs = Widgets.create(domain, BOB, "{'owner': 'bob', 'serial': 'taken'}")
                .get("id")
                .stringValue();
    }

    @AfterAll
    void stop() {
        domain.close();
        db.close();
    }

    private DynamicTest wrong(String body, String code, String field) {
        return DynamicTest.dynamicTest(code + " " + body, () -> {
            var sent = body.replace("'", "\"").replace("THEIRS", theirs);
            var before = count();
            var reply = domain.post(ALICE, "/v1/widgets", sent);
            assertThat(reply.status()).as(reply.text()).isEqualTo(422);
            assertThat(reply.json().get("code").stringValue()).isEqualTo(code);
            assertThat(reply.json().get("fieldName").stringValue()).isEqualTo(field);
            assertThat(count()).as("nothing is kept").isEqualTo(before);
        });
    }

    private int count() {
        return domain.get(domain.admin, "/v1/widgets?limit=-1")
                .json()
                .get("data")
                .size();
    }

    @TestFactory
    Stream<DynamicTest> every_rule_has_its_code() {
        return Stream.of(
                wrong("{}", "MissingRequired", "owner"),
                wrong("{'owner': null}", "NotNullable", "owner"),
                wrong("{'owner': 5}", "InvalidFormat", "owner"),
                wrong("{'owner': 'a', 'size': 'big'}", "InvalidFormat", "size"),
                wrong("{'owner': 'a', 'size': 1.5}", "InvalidFormat", "size"),
                wrong("{'owner': 'a', 'size': 99999999999999999999}", "InvalidFormat", "size"),
                wrong("{'owner': 'a', 'weight': {}}", "InvalidFormat", "weight"),
                wrong("{'owner': 'a', 'hot': 'warm'}", "InvalidFormat", "hot"),
                wrong("{'owner': 'a', 'due': 'tomorrow'}", "InvalidDateFormat", "due"),
                wrong("{'owner': 'a', 'due': '2030-01-01'}", "InvalidDateFormat", "due"),
                wrong("{'owner': 'a', 'nextId': '1w99999'}", "InvalidReference", "nextId"),
                wrong("{'owner': 'a', 'nextId': '1s1'}", "InvalidReference", "nextId"),
                wrong("{'owner': 'a', 'nextId': 'THEIRS'}", "InvalidReference", "nextId"),
                wrong("{'owner': 'a', 'tags': [null]}", "NotNullable", "tags"),
                wrong("{'owner': 'a', 'tags': [1]}", "InvalidFormat", "tags"),
                wrong("{'owner': 'a', 'settings': [1]}", "InvalidFormat", "settings"),
                wrong("{'owner': 'a', 'settings': {'x': 'y'}}", "InvalidFormat", "settings"),
                wrong("{'owner': 'a', 'serial': 'taken'}", "NotUnique", "serial"),
                wrong("{'owner': 'a', 'size': 0}", "MinLimitExceeded", "size"),
                wrong("{'owner': 'a', 'size': 101}", "MaxLimitExceeded", "size"),
                wrong("{'owner': 'a', 'label': 'a'}", "MinLengthExceeded", "label"),
                wrong("{'owner': 'a', 'label': 'aaaaaaaaaaa'}", "MaxLengthExceeded", "label"),
                wrong("{'owner': 'a', 'color': 'violet'}", "InvalidOption", "color"),
                wrong("{'owner': 'a', 'label': 'A b'}", "InvalidCharacters", "label"),
                wrong("{'owner': 'a', 'note': 'a<b'}", "InvalidCharacters", "note"),
                wrong("{'owner': 'a', 'note': 'a\\u0000b'}", "InvalidCharacters", "note"),
                wrong("{'owner': 'a', 'free': {'deep': ['\\ud800']}}", "InvalidCharacters", "free"),
                wrong("{'owner': 'a', 'uuid': 'mine'}", "InvalidFormat", "uuid"),
                wrong("{'owner': 'a', 'name': '" + "n".repeat(256) + "'}", "MaxLengthExceeded", "name"),
                wrong("[{'owner': 'a'}, {}]", "MissingRequired", "owner"));
    }

    private DynamicTest refused(String what, int status, String method, String target, String type, String body) {
        return DynamicTest.dynamicTest(what, () -> {
            var reply = domain.send(ALICE, method, target.replace("THEIRS", theirs), type, body);
            assertThat(reply.status()).as(reply.text()).isEqualTo(status);
            assertThat(reply.json().get("type").stringValue()).isEqualTo("error");
            assertThat(reply.json().get("status").intValue()).isEqualTo(status);
            assertThat(reply.response().headers().firstValue("X-API-Schemas")).isPresent();
        });
    }

    @TestFactory
    Stream<DynamicTest> other_mistakes() {
        return Stream.of(
                refused("no JSON", 400, "POST", "/v1/widgets", "", "{"),
                refused("a text", 400, "POST", "/v1/widgets", "application/json", "\"x\""),
                refused("an array of texts", 400, "POST", "/v1/widgets", "", "[\"x\"]"),
                refused("a form that is none", 400, "POST", "/v1/widgets", "application/x-www-form-urlencoded", "a=%"),
                refused("an unknown type", 404, "POST", "/v1/wigdets", "", "{}"),
                refused("an unknown version", 404, "GET", "/v9/widgets", "", ""),
                refused("an unknown id", 404, "GET", "/v1/widgets/1w99999", "", ""),
                refused("the id of another type", 404, "GET", "/v1/widgets/1i1", "", ""),
                refused("no id", 404, "GET", "/v1/widgets/@@", "", ""),
                refused("what belongs to others", 404, "GET", "/v1/widgets/THEIRS", "", ""),
                refused("a change of it", 404, "PUT", "/v1/widgets/THEIRS", "", "{}"),
                refused("an action on it", 404, "POST", "/v1/widgets/THEIRS?action=remove", "", ""),
                refused("an unknown link", 404, "GET", "/v1/widgets/THEIRS/none", "", ""),
                refused("a method for nothing", 405, "PATCH", "/v1/widgets", "", "{}"),
                refused("another", 405, "OPTIONS", "/v1/widgets/1w1", "", ""),
                refused("a new site", 405, "POST", "/v1/sites", "", "{}"),
                refused("a change of a site", 405, "PUT", "/v1/sites/x", "", "{}"),
                refused("another project", 403, "GET", "/v1/projects/biology/widgets", "", ""),
                refused("a type of a user", 403, "POST", "/v1/resourcedefinitions", "", "{\"name\": \"mine\"}"),
                refused("a body too large", 413, "POST", "/v1/widgets", "", "x".repeat((16 << 20) + 1)));
    }

    @Test
    void a_form_may_come_in_parts() {
        var type = "multipart/form-data; boundary=\"x y\"";
        var body = String.join(
                "\r\n",
                "--x y",
                "Content-Disposition: form-data; name=\"owner\"",
                "",
                "J\u00fcrgen & Co",
                "--x y",
                "content-disposition: form-data; name=tags",
                "",
                "a",
                "--x y",
                "Content-Disposition: form-data; name=\"tags\"; filename=\"b.txt\"",
                "Content-Type: text/plain",
                "",
                "b",
                "c",
                "--x y--",
                "");
        var made = domain.send(ALICE, "POST", "/v1/widgets", type, body);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(made.json().get("owner").stringValue()).isEqualTo("J\u00fcrgen & Co");
        assertThat(made.json().get("tags").toString()).isEqualTo("[\"a\",\"b\\r\\nc\"]");
        for (var wrong : new String[] {
            "", body.replace("--x y", "--other"), body.substring(0, 60), body.replace("name=\"owner\"", "")
        }) {
            var reply = domain.send(ALICE, "POST", "/v1/widgets", type, wrong);
            assertThat(reply.status()).as(wrong).isEqualTo(400);
            assertThat(reply.json().get("code").stringValue()).isEqualTo("InvalidBodyContent");
        }
        assertThat(domain.send(ALICE, "POST", "/v1/widgets", "multipart/form-data", body)
                        .status())
                .as("no boundary")
                .isEqualTo(400);
        assertThat(domain.send(ALICE, "POST", "/v1/widgets", type, body.replace("Co", "C".repeat(200_000)))
                        .status())
                .isEqualTo(413);
    }

    @Test
    void a_body_may_come_in_several_ways() {
        var form = domain.send(
                ALICE,
                "POST",
                "/v1/widgets?owner=query&note=query",
                "application/x-www-form-urlencoded",
                "owner=form&size=7&hot=true&tags=a&tags=b");
        assertThat(form.status()).as(form.text()).isEqualTo(201);
        assertThat(form.json().get("owner").stringValue())
                .as("the body counts more")
                .isEqualTo("form");
        assertThat(form.json().get("note").stringValue()).isEqualTo("query");
        assertThat(form.json().get("size").intValue()).isEqualTo(7);
        assertThat(form.json().get("tags")).hasSize(2);
        assertThat(form.response().headers().firstValue("Location"))
                .hasValue(form.json().get("links").get("self").stringValue());
        var many = domain.send(ALICE, "POST", "/v1/widgets", "", "[{\"owner\": \"a\"}, {\"owner\": \"b\"}]");
        assertThat(many.status()).isEqualTo(201);
        assertThat(many.json().get("type").stringValue()).isEqualTo("collection");
        assertThat(many.json().get("data")).hasSize(2);
    }

    @Test
    void a_secret_is_shown_once_and_what_is_not_known_is_dropped() {
        var made = Widgets.create(
                domain, ALICE, "{'owner': 'a', 'key': 'k3y', 'unknown': 1, 'state': 'active', 'id': '1w1'}");
        assertThat(made.get("key").stringValue()).isEqualTo("k3y");
        assertThat(made.has("unknown")).isFalse();
        assertThat(made.get("state").stringValue()).isEqualTo("registering");
        var later = domain.get(ALICE, made.get("links").get("self").stringValue());
        assertThat(later.text()).doesNotContain("k3y");
    }

    @Test
    void what_cannot_be_kept_is_refused_wherever_it_stands() {
        var deep = "[".repeat(40) + "]".repeat(40);
        for (var body : List.of(
                "{\"name\": \"a\", \"unknown\": " + deep + "}",
                "{\"name\": \"a\", \"unknown\": \"\\u0000\"}",
                "{\"name\": \"a\", \"\\u0000\": 1}")) {
            assertThat(domain.post(domain.admin, "/v1/widgets", body).status())
                    .as(body)
                    .isEqualTo(422);
        }
        assertThat(domain.post(domain.admin, "/v1/widgets?%00=1", "{}").status())
                .isEqualTo(400);
        var derived = UUID.nameUUIDFromBytes("project\nnewteam".getBytes(UTF_8));
        var squat = domain.post(domain.admin, "/v1/widgets", "{\"uuid\": \"" + derived + "\"}");
        assertThat(squat.status()).as(squat.text()).isEqualTo(422);
    }

    @Test
    void the_same_uuid_twice_is_a_conflict() {
        var uuid = "01234567-89ab-7000-8000-0123456789ab";
        var made = Widgets.create(domain, ALICE, "{'owner': 'a', 'uuid': '" + uuid + "'}");
        assertThat(made.get("uuid").stringValue()).isEqualTo(uuid);
        assertThat(domain.get(ALICE, "/v1/widgets/" + uuid).json().get("id")).isEqualTo(made.get("id"));
        assertThat(domain.post(ALICE, "/v1/widgets", "{\"owner\": \"a\", \"uuid\": \"" + uuid + "\"}")
                        .status())
                .isEqualTo(409);
    }

    @Test
    void what_is_not_possible_now_is_told_apart_from_what_there_is_not() {
        var active = Widgets.settled(domain, Widgets.create(domain, ALICE, "{'owner': 'a'}"));
        var self = active.get("links").get("self").stringValue();
        assertThat(domain.post(ALICE, self + "/?action=fly", "")
                        .json()
                        .get("code")
                        .stringValue())
                .isEqualTo("InvalidAction");
        assertThat(domain.post(ALICE, self + "/?action=activate", "")
                        .json()
                        .get("code")
                        .stringValue())
                .isEqualTo("ActionNotAvailable");
        assertThat(domain.delete(ALICE, self).status()).as("it is active").isEqualTo(405);
        assertThat(domain.get(ALICE, self + "?_method=DELETE").status()).isEqualTo(405);
        var deactivating = domain.post(ALICE, self + "/?action=deactivate", "{\"reason\": \"test\"}");
        assertThat(deactivating.status()).isEqualTo(202);
        Widgets.settled(domain, active);
        assertThat(domain.delete(ALICE, self).status()).isEqualTo(200);
        assertThat(domain.delete(ALICE, self).status())
                .as("again, or it is gone")
                .isIn(200, 405);
    }

    @Test
    void an_action_may_be_asked_for_under_a_condition() {
        var active = Widgets.settled(domain, Widgets.create(domain, ALICE, "{'owner': 'a'}"));
        var deactivate = active.get("links").get("self").stringValue() + "/?action=deactivate";
        assertThat(domain.post(ALICE, deactivate, "{\"widget.deactivate::if\": 7}")
                        .status())
                .isEqualTo(400);
        assertThat(domain.post(ALICE, deactivate, "{\"widget.deactivate::if\": {\"owner\": \"b\"}}")
                        .status())
                .isEqualTo(202);
        var processes = "/v1/processinstances?processName=widget.deactivate&resourceId="
                + active.get("id").stringValue();
        domain.waitFor(() -> domain.get(ALICE, processes)
                .json()
                .at("/data/0/exitReason")
                .asString("")
                .equals("CANCELED"));
        assertThat(Widgets.settled(domain, active).get("state").stringValue()).isEqualTo("active");
    }

    @Test
    void what_is_new_is_made_without_conditions() {
        var reply = domain.post(ALICE, "/v1/widgets", "{\"owner\": \"a\", \"widget.create::if\": {\"owner\": \"b\"}}");
        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.json().get("fieldName").stringValue()).isEqualTo("widget.create::if");
    }

    @Test
    void what_is_new_must_be_in_the_state_from_which_it_is_made() {
        var type = "{'name': 'late', 'processes': {'register': {'start': 'requested', 'during': 'registering',"
                + " 'done': 'registered'}, 'create': {'start': 'registered', 'during': 'creating', 'done': 'active'}}}";
        assertThat(domain.post(domain.admin, "/v1/resourcedefinitions", type.replace('\'', '"'))
                        .status())
                .isEqualTo(201);
        var reply = domain.post(ALICE, "/v1/lates", "{}");
        assertThat(reply.status()).as(reply.text()).isEqualTo(409);
        assertThat(reply.json().get("message").stringValue()).contains("late.create", "requested");
        assertThat(domain.get(ALICE, "/v1/lates").json().get("data")).isEmpty();
    }

    @Test
    void an_administrator_may_act_in_any_project() {
        var reply = domain.send(domain.admin, "POST", "/v1/projects/biology/widgets", "", "{\"owner\": \"admin\"}");
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        assertThat(reply.json().get("project").stringValue()).isEqualTo("biology");
        assertThat(domain.get(BOB, reply.json().get("links").get("self").stringValue())
                        .status())
                .isEqualTo(200);
    }
}
