package holdfast.api.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// How all of `/broker` is spoken: forms, lists, versions and errors (aeolus.md 5.1).
class WireTest {
    private static final String XML = "application/xml";
    private static final String JSON = "application/json";

    @AutoClose
    private final ConfigLab lab = new ConfigLab();

    private ConfigLab.Reply send(String method, String target, Map<String, String> headers, String body) {
        return lab.send(lab.admin, method, target, headers, body);
    }

    private String xml(String target) {
        return send("GET", target, Map.of(), "").text();
    }

    @Test
    void each_resource_has_its_form_in_xml_and_in_json() throws IOException {
        var provider = lab.provider("north-1");
        var account = lab.account("acct-a", provider);
        lab.put("/broker/provider_accounts/" + account, "{'quota':{'maximum_running_instances':40}}");
        var realm = lab.get("/broker/provider_realms?name=us").at("/provider_realms/0/id");
        lab.made("/broker/frontend_realms", "{'name':'europe','provider_realms':['%s']}".formatted(realm));
        lab.made("/broker/hardware_profiles", "{'name':'small','memory':512,'cpu':1,'architecture':'x86_64'}");
        var shown = new StringBuilder();
        for (var target : List.of(
                "/broker",
                "/broker/provider_types?deltacloud_driver=ec2",
                "/broker/providers",
                "/broker/provider_accounts",
                "/broker/provider_realms?name=us",
                "/broker/pool_families",
                "/broker/pools",
                "/broker/frontend_realms",
                "/broker/hardware_profiles",
                "/broker/hardware_profiles?provider=any",
                "/broker/pools/" + lab.standard("pools") + "/selection_strategies",
                "/broker/roles?name=Pool%20User",
                "/broker/permissions?limit=1",
                "/broker/nothing")) {
            shown.append("GET ").append(target).append("\n\n");
            shown.append(xml(target).replaceAll("><(?!/)", ">\n<")).append('\n');
            shown.append(Json.tree(lab.get(target).text()).toPrettyString()).append("\n\n");
        }
        lab.golden("resources.txt", shown.toString());
    }

    private ConfigLab.Reply bytes(String type, byte[] body) {
        return lab.send(lab.admin, "POST", "/broker/user_groups", Map.of("Content-Type", type, "Accept", JSON), body);
    }

    @Test
    void documents_are_read_in_the_characters_that_they_are_written_in_and_others_are_refused() {
        var xml = "%s<user_group><name>%s</name><description>caf\u00e9</description></user_group>";
        var latin = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>";
        var body = xml.formatted("", "x");
        for (var reply : List.of(
                bytes(XML, xml.formatted(latin, "declared").getBytes(ISO_8859_1)),
                bytes(
                        XML + "; charset=\"iso-8859-1\"",
                        xml.formatted("", "told").getBytes(ISO_8859_1)),
                bytes(XML + ";charset=utf-8", xml.formatted(latin, "told more").getBytes(UTF_8)),
                bytes(XML, xml.formatted("\ufeff", "marked").getBytes(UTF_8)),
                bytes(XML, xml.formatted("\ufeff", "wide").getBytes(UTF_16LE)),
                bytes(XML, xml.formatted("\n ", "template").getBytes(UTF_8)))) {
            assertThat(reply.status()).as(reply.text()).isEqualTo(201);
            assertThat(reply.at("/user_group/description")).isEqualTo("caf\u00e9");
        }
        var json = "{\"name\": \"x\", \"description\": \"%s\"}";
        for (var reply : List.of(
                bytes(XML, body.getBytes(ISO_8859_1)),
                bytes(XML + "; charset=none", body.getBytes(UTF_8)),
                bytes(JSON, json.formatted("caf\u00e9").getBytes(ISO_8859_1)),
                bytes(JSON, json.formatted("\u00ff\u00fe").getBytes(ISO_8859_1)),
                bytes(JSON, json.formatted("\\ud800").getBytes(UTF_8)),
                bytes(JSON, json.replace("description", "\\udc00").getBytes(UTF_8)))) {
            assertThat(reply.status()).as(reply.text()).isEqualTo(400);
        }
        assertThat(bytes(JSON, json.formatted("\\ud83d\\ude00").getBytes(UTF_8)).at("/user_group/description"))
                .isEqualTo("\ud83d\ude00");
    }

    @Test
    void a_profile_is_made_listed_and_removed_in_xml_and_in_json() {
        var body = "<hardware_profile><name>small</name><memory><value>512</value><unit>MB</unit></memory>"
                + "<storage><value>nil</value></storage><cpu unit=\"count\">1</cpu>"
                + "<architecture><value>x86_64</value></architecture></hardware_profile>";
        var made = send("POST", "/broker/hardware_profiles", Map.of("Content-Type", XML), body);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(made.header("Content-Type")).isEqualTo("application/xml; charset=utf-8");
        assertThat(made.text()).contains("unit=\"MB\">512</memory>", "unit=\"GB\">nil</storage>");
        var large = lab.post(
                "/broker/hardware_profiles",
                "{'hardware_profile':{'name':'large','memory':{'kind':'enum','entries':[2048,1024],'value':1024},"
                        + "'storage':{'kind':'range','first':10,'last':20},'root_type':'persistent'}}");
        assertThat(large.status()).as(large.text()).isEqualTo(201);
        assertThat(large.text()).contains("\"entries\":[1024,2048]");
        assertThat(lab.names(lab.admin, "hardware_profiles")).containsExactly("small", "large");
        for (var wrong : List.of(
                "'memory':0",
                "'memory':{'value':1,'unit':'GB'}",
                "'cpu':1025",
                "'storage':-1",
                "'memory':'much'",
                "'memory':{'kind':'range','first':20,'last':10}",
                "'memory':{'kind':'enum','entries':[]}",
                "'root_type':'fast'")) {
            assertThat(lab.post("/broker/hardware_profiles", "{'name':'x'," + wrong + "}")
                            .status())
                    .as(wrong)
                    .isEqualTo(422);
        }
        assertThat(lab.put("/broker/hardware_profiles/" + ConfigLab.id(large), "{'cpu':4}")
                        .text())
                .contains("\"value\":4", "\"entries\":[1024,2048]");
        var gone = send("DELETE", "/broker/hardware_profiles/" + ConfigLab.id(large), Map.of(), "");
        assertThat(gone.status()).isEqualTo(204);
        assertThat(gone.text()).isEmpty();
        assertThat(lab.names(lab.admin, "hardware_profiles")).containsExactly("small");
    }

    @Test
    void of_two_who_change_one_version_the_second_is_refused() {
        var path = "/broker/pools/" + lab.standard("pools");
        var read = lab.get(path);
        assertThat(read.at("/pool/lock_version")).isEqualTo("0");
        assertThat(read.header("ETag")).isEqualTo("\"1\"");
        assertThat(lab.put(path, "{'description':'first','lock_version':0}").at("/pool/lock_version"))
                .isEqualTo("1");
        var second = lab.put(path, "{'description':'second','lock_version':0}");
        assertThat(second.status()).isEqualTo(409);
        assertThat(lab.get(path).at("/pool/description")).isEqualTo("first");
        var old = Map.of("If-Match", "\"1\"", "Content-Type", JSON, "Accept", JSON);
        var outdated = send("PUT", path, old, "{\"description\":\"third\"}");
        assertThat(outdated.status()).isEqualTo(412);
        assertThat(outdated.at("/error/code")).isEqualTo("PreconditionFailed");
        var now = Map.of("If-Match", "\"2\"", "Content-Type", JSON, "Accept", JSON);
        assertThat(send("PUT", path, now, "{\"description\":\"third\"}").header("ETag"))
                .isEqualTo("\"3\"");
        assertThat(send("DELETE", path, old, "").status()).isEqualTo(412);
    }

    @Test
    void of_many_who_take_one_name_at_once_one_has_it() throws Exception {
        Callable<Integer> take =
                () -> lab.post("/broker/pool_families", "{'name':'science'}").status();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var statuses = threads.invokeAll(Collections.nCopies(12, take)).stream()
                    .map(Future::resultNow)
                    .toList();
            assertThat(statuses).containsOnlyOnce(201);
            assertThat(statuses).containsOnly(201, 422);
        }
        var other = lab.made("/broker/pool_families", "{'name':'teaching'}");
        assertThat(lab.put("/broker/pool_families/" + other, "{'name':'science'}")
                        .at("/errors/0/message"))
                .isEqualTo("Name has already been taken");
    }

    @Test
    void lists_have_a_bound_an_offset_and_a_count_of_all() {
        for (int i = 0; i < 3; i++) {
            lab.made("/broker/pool_families", "{'name':'f" + i + "'}");
        }
        var page = lab.get("/broker/pool_families?limit=2&offset=1");
        assertThat(page.header("X-Total-Count")).isEqualTo("4");
        assertThat(page.json().path("pool_families").findValuesAsString("name")).containsExactly("f0", "f1");
        assertThat(lab.get("/broker/pool_families?name=f2").header("X-Total-Count"))
                .isEqualTo("1");
        assertThat(lab.get("/broker/pool_families?limit=0").status()).isEqualTo(400);
        assertThat(lab.get("/broker/pool_families?limit=501").status()).isEqualTo(400);
        assertThat(lab.get("/broker/pool_families?colour=red").at("/error/message"))
                .isEqualTo("there is no parameter colour");
    }

    @Test
    void the_form_of_the_answer_is_what_the_client_takes() {
        var forms = Map.of(
                "",
                XML,
                "*/*",
                XML,
                "application/*",
                XML,
                "text/xml",
                XML,
                JSON,
                JSON,
                "application/json, application/xml;q=0.5",
                JSON,
                "application/json;q=0.2, application/xml",
                XML,
                "text/html, application/json",
                JSON,
                "application/json, */*;q=0.1",
                JSON);
        forms.forEach((accept, type) -> {
            Map<String, String> headers = accept.isEmpty() ? Map.of() : Map.of("Accept", accept);
            assertThat(send("GET", "/broker", headers, "").header("Content-Type"))
                    .as(accept)
                    .startsWith(type);
        });
        assertThat(send("GET", "/broker", Map.of("Accept", "text/html"), "").status())
                .isEqualTo(406);
        assertThat(send("GET", "/broker", Map.of("Accept", "application/json;q=0"), "")
                        .status())
                .isEqualTo(406);
    }

    @Test
    void bodies_that_cannot_be_read_are_refused_and_entities_are_not_followed() {
        var to = "/broker/pool_families";
        assertThat(send("POST", to, Map.of("Content-Type", "text/plain"), "x").status())
                .isEqualTo(415);
        assertThat(send("POST", to, Map.of(), "").status()).isEqualTo(415);
        for (var body : List.of("", "<pool_family>", "<pool/>", "<pool_family/>trailing", "<a".repeat(40_000))) {
            var refused = send("POST", to, Map.of("Content-Type", XML), body);
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.text()).contains("<error><code>BadRequest</code>");
        }
        assertThat(send("POST", to, Map.of("Content-Type", XML), "<pool_family>".repeat(40))
                        .status())
                .isEqualTo(400);
        var entity = "<!DOCTYPE pool_family [<!ENTITY e SYSTEM \"file:///etc/hostname\">]>"
                + "<pool_family><name>&e;</name></pool_family>";
        assertThat(send("POST", to, Map.of("Content-Type", XML), entity).status())
                .isEqualTo(400);
        for (var body : List.of("", "{", "[".repeat(100), "{\"name\":\"\\u0000\"}")) {
            assertThat(send("POST", to, Map.of("Content-Type", JSON), body).status())
                    .as(body)
                    .isEqualTo(400);
        }
        assertThat(send("POST", to, Map.of("Content-Type", XML), " ".repeat((1 << 20) + 1))
                        .status())
                .isEqualTo(413);
        assertThat(lab.names(lab.admin, "pool_families")).containsExactly("default");
    }

    @Test
    void texts_come_back_as_they_were_in_both_forms() {
        var text = "a < b & \"c\" > 'd' \u00e9\u4e2d ]]>";
        var headers = Map.of("Content-Type", JSON, "Accept", JSON);
        var made = send(
                "POST",
                "/broker/pool_families",
                headers,
                Json.text(Json.object().put("name", "x").put("description", text)));
        assertThat(made.at("/pool_family/description")).isEqualTo(text);
        var id = ConfigLab.id(made);
        var xml = xml("/broker/pool_families/" + id);
        assertThat(send("PUT", "/broker/pool_families/" + id, Map.of("Content-Type", XML), xml)
                        .status())
                .isEqualTo(200);
        assertThat(lab.get("/broker/pool_families/" + id).at("/pool_family/description"))
                .isEqualTo(text);
    }

    @Test
    void strangers_wrong_methods_and_what_is_not_there_are_told_so() {
        var stranger = lab.send("", "GET", "/broker/pools", Map.of(), "");
        assertThat(stranger.status()).isEqualTo(401);
        assertThat(stranger.text()).isEmpty();
        assertThat(stranger.header("WWW-Authenticate")).isEqualTo("Basic realm=\"broker\"");
        assertThat(lab.send("alice:guess", "GET", "/broker/pools", Map.of(), "").status())
                .isEqualTo(401);
        assertThat(lab.get("/broker/pools/7").at("/error/code")).isEqualTo("RecordNotFound");
        assertThat(lab.get("/broker/pools/" + lab.standard("pools") + "/nothing")
                        .status())
                .isEqualTo(404);
        assertThat(send("PATCH", "/broker/pools", Map.of(), "").status()).isEqualTo(405);
        assertThat(send("DELETE", "/broker", Map.of(), "").status()).isEqualTo(405);
    }
}
