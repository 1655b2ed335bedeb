package holdfast.api.config;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/// What is refused, and in which words (aeolus.md 5.1, errors). One server for all of it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RefusalsTest {
    private static final String XML = "application/xml";
    private static final String JSON = "application/json";
    private static final String NOBODY = "00000000-0000-4000-8000-000000000000";

    @AutoClose
    final ConfigLab lab = new ConfigLab();

    private final String provider = lab.provider("north-1");
    private final String account = lab.account("acct-a", provider);
    private final String pool = lab.standard("pools");
    private final String family = lab.standard("pool_families");

    private SoftAssertions soft = new SoftAssertions();

    private record Try(String who, String method, String target, Map<String, String> headers, String body) {}

    private Try ask(String method, String target, String body) {
        return new Try(lab.admin, method, target, Map.of(), body);
    }

    private Try post(String target, String body) {
        return ask("POST", target, body);
    }

    private Try put(String target, String body) {
        return ask("PUT", target, body);
    }

    private ConfigLab.Reply send(Try one, String accept) {
        var headers = new HashMap<>(Map.of("Accept", accept, "Content-Type", JSON));
        headers.putAll(one.headers);
        return lab.send(one.who, one.method, one.target, headers, one.body.replace('\'', '"'));
    }

    @Test
    void each_refusal_says_what_is_wrong_and_what_would_be_right_in_both_forms() throws IOException {
        var text = new StringBuilder();
        for (var one : refused()) {
            var json = send(one, JSON);
            var xml = send(one, XML);
            assertThat(json.status()).as(one.target + one.body).isGreaterThanOrEqualTo(400);
            assertThat(xml.status()).isEqualTo(json.status());
            text.append(one.method).append(' ').append(one.target);
            if (!one.body.isEmpty()) text.append("\n    ").append(one.body);
            one.headers.forEach((name, value) -> text.append("\n    ").append(name + ": " + value));
            text.append("\n")
                    .append(json.status())
                    .append(' ')
                    .append(json.text())
                    .append('\n');
            text.append(xml.text().replaceFirst("^<\\?xml.*?\\?>\\n?", "")).append('\n');
        }
        lab.golden("refusals.txt", text.toString());
    }

    private List<Try> refused() {
        var all = new ArrayList<Try>();
        all.add(new Try("", "GET", "/broker/pools", Map.of(), ""));
        all.add(new Try(ConfigLab.BOB, "POST", "/broker/pool_families", Map.of(), "{'name':'mine'}"));
        all.add(new Try(ConfigLab.BOB, "PUT", "/broker/pools/" + pool, Map.of(), "{}"));
        all.add(post("/broker/hardware_profiles", "{'name':'x','provider':{'id':'" + provider + "'}}"));
        all.add(ask("GET", "/broker/pools/" + NOBODY, ""));
        all.add(ask("GET", "/broker/nothing", ""));
        all.add(ask("PATCH", "/broker/pools", ""));
        all.add(ask("DELETE", "/broker/pools", ""));
        all.add(new Try(lab.admin, "GET", "/broker/pools", Map.of("Accept", "text/html"), ""));
        all.add(ask("DELETE", "/broker/pools/" + pool, ""));
        all.add(ask("DELETE", "/broker/pool_families/" + family, ""));
        all.add(put("/broker/pools/" + pool, "{'lock_version':7}"));
        all.add(new Try(lab.admin, "PUT", "/broker/pools/" + pool, Map.of("If-Match", "\"99\""), "{}"));
        all.add(new Try(lab.admin, "POST", "/broker/pools", Map.of("Content-Type", "text/plain"), "x"));
        all.add(post("/broker/pools", "{'name':"));
        all.add(post("/broker/pools", "[]"));
        all.add(ask("GET", "/broker/pools?limit=many", ""));
        all.add(ask("GET", "/broker/pools?colour=red", ""));
        all.add(ask("GET", "/broker/quotas?owner=nobody", ""));
        invalid(all);
        return all;
    }

    private void invalid(List<Try> all) {
        all.add(post("/broker/pool_families", "{}"));
        all.add(post("/broker/pool_families", "{'name':'a/b'}"));
        all.add(post("/broker/pool_families", "{'name':'" + "x".repeat(101) + "'}"));
        all.add(post("/broker/pool_families", "{'name':'default'}"));
        all.add(post("/broker/pool_families", "{'name':'f','mapper_url':'ftp://x'}"));
        all.add(post("/broker/pool_families", "{'name':'f','provider_accounts':['" + NOBODY + "']}"));
        all.add(post("/broker/pool_families", "{'name':'f','quota':{'maximum_running_instances':-1}}"));
        all.add(post("/broker/pool_families", "{'name':'f','quota':{'maximum_running_instances':'few'}}"));
        all.add(post("/broker/pool_families", "{'name':'f','quota':{'maximum_total_instances':99999999999}}"));
        all.add(put("/broker/pools/" + pool, "{'quota':{'bogus':3}}"));
        all.add(put("/broker/pools/" + pool, "{'quota':3}"));
        all.add(put("/broker/pools/" + pool, "{'colour':'red'}"));
        all.add(post("/broker/pool_families", "{'name':['f']}"));
        all.add(post("/broker/permissions", "{'entity':'" + NOBODY + "','role':'Pool User','object':{'ide':'x'}}"));
        all.add(post("/broker/permissions", "{'entity':'" + NOBODY + "','role':'Pool User','object':'" + pool + "'}"));
        all.add(post("/broker/pools", "{'name':'p'}"));
        all.add(post("/broker/pools", "{'name':'p','pool_family':'7'}"));
        all.add(post("/broker/pools", "{'name':'p','pool_family':'" + NOBODY + "'}"));
        all.add(post("/broker/pools", "{'name':'default','pool_family':'" + family + "'}"));
        all.add(put("/broker/pools/" + pool, "{'enabled':'maybe'}"));
        all.add(put("/broker/pools/" + pool, "{'pool_family':'" + NOBODY + "'}"));
        all.add(put("/broker/pools/" + pool + "/selection_strategies/luck", "{'enabled':true}"));
        all.add(put("/broker/pools/" + pool + "/selection_strategies/weighting", "{'position':9}"));
        all.add(put(
                "/broker/pools/" + pool + "/selection_strategies/penalty_for_failure",
                "{'config':{'penalty_percentage':100}}"));
        all.add(put("/broker/pools/" + pool + "/selection_strategies/cost_order", "{'config':{'impact':4}}"));
        all.add(post("/broker/pools/" + pool + "/priority_groups", "{'name':'g','score':101}"));
        all.add(put("/broker/pools/" + pool + "/account_options/" + account, "{'score':-101}"));
        all.add(put("/broker/pools/" + pool + "/account_options/" + NOBODY, "{'score':1}"));
        all.add(post("/broker/providers", "{'name':'p','url':'" + lab.cloud.url() + "'}"));
        all.add(post("/broker/providers", "{'name':'p','url':'gopher://x','provider_type':'mock'}"));
        all.add(post("/broker/providers", "{'name':'p','url':'" + lab.cloud.url() + "','provider_type':'none'}"));
        for (var url :
                List.of("http://user:secret@dc.example/api", "http://dc.example:99999/api", "http://u:s@ecret@/")) {
            all.add(post("/broker/providers", "{'name':'p','url':'" + url + "','provider_type':'mock'}"));
        }
        all.add(post("/broker/provider_accounts", "{'label':'a'}"));
        all.add(post("/broker/provider_accounts", ConfigLab.account("acct-a", provider, "eve", "x")));
        all.add(post("/broker/provider_accounts", ConfigLab.account("b", provider, "bob", "")));
        all.add(post("/broker/provider_accounts", ConfigLab.account("b", provider, "eve", "guess")));
        all.add(post(
                "/broker/provider_accounts",
                ConfigLab.account("b", provider, "eve", "x").replace("}}", ",'token':'t'}}")));
        for (var measure : List.of(
                "'memory':0",
                "'memory':-1",
                "'memory':'much'",
                "'cpu':1025",
                "'storage':-1",
                "'memory':{'value':1,'unit':'GB'}",
                "'memory':{'kind':'range','first':20,'last':10}",
                "'memory':{'kind':'range','first':20}",
                "'memory':{'kind':'enum','entries':[]}",
                "'memory':{'kind':'some'}",
                "'root_type':'fast'")) {
            all.add(post("/broker/hardware_profiles", "{'name':'h'," + measure + "}"));
        }
        all.add(post("/broker/frontend_realms", "{'name':''}"));
        all.add(post("/broker/frontend_realms", "{'name':'any'}"));
        all.add(post("/broker/frontend_realms", "{'name':'r','provider_realms':['" + NOBODY + "']}"));
        all.add(post("/broker/costs", "{'price':1}"));
        all.add(post("/broker/costs", "{'hardware_profile':'x','price':1}"));
        var profile = lab.get("/broker/hardware_profiles?provider=any").at("/hardware_profiles/0/id");
        for (var cost : List.of(
                "",
                ",'price':-1",
                ",'price':1000",
                ",'price':1,'chargeable_type':'moon'",
                ",'price':1,'billing_model':'tea'",
                ",'price':1,'valid_from':'soon'",
                ",'price':1,'valid_to':'2099-01-01T00:00:00Z'")) {
            all.add(post("/broker/costs", "{'hardware_profile':'" + profile + "'" + cost + "}"));
        }
        all.add(post("/broker/users", "{}"));
        all.add(post("/broker/users", "{'name':'admin','quota':{'maximum_running_instances':1}}"));
        all.add(post("/broker/user_groups", "{'name':'g','users':['" + NOBODY + "']}"));
        all.add(post("/broker/roles", "{'name':'r','scope':'Moon'}"));
        all.add(post("/broker/permissions", "{'entity':'" + NOBODY + "','role':'Pool User'}"));
        all.add(post("/broker/permissions", "{'role':'Pool User'}"));
        all.add(post("/broker/provider_types", "{'name':'t','deltacloud_driver':'A B'}"));
        all.add(post("/broker/images", "{'id':'a b'}"));
        all.add(post(
                "/broker/image_mappings",
                "{'image':'none','provider_account':'" + account + "','provider_image':'x'}"));
        all.add(post("/broker/image_mappings", "{'image':'none','provider_account':'7','provider_image':'x'}"));
        all.add(ask("GET", "/broker/image_mappings/" + NOBODY, ""));
        all.add(ask("PATCH", "/broker/images", ""));
    }

    @Test
    void what_is_sent_to_do_harm_is_refused_quickly_and_changes_nothing() {
        var before = lab.get("/broker/pool_families").text();
        soft = new SoftAssertions();
        for (var part :
                List.of("pool_families", "hardware_profiles", "provider_accounts", "images", "image_mappings")) {
            var one = part.equals("pool_families") ? "pool_family" : part.substring(0, part.length() - 1);
            for (var body : hostileXml(one)) refuses(part, XML, body);
            for (var body : hostileJson()) refuses(part, JSON, body);
            for (var type : List.of("text/plain", "application/x-www-form-urlencoded", "application/yaml", "x", "")) {
                assertThat(refuses(part, type, "{}").status()).as(type).isEqualTo(415);
            }
        }
        for (var path : List.of(
                "pools/%00",
                "pools/%01",
                "pools/..%2F..%2Fetc",
                "pools/%ED%A0%80",
                "pools/" + "9".repeat(5_000),
                "pools/" + pool + "/%00",
                "pools/" + pool + "/priority_groups/%01",
                "pools//",
                "images/%00",
                "images/%01%3Cx",
                "image_mappings/%00",
                "pools?name=%00",
                "pools?pool_family=%00",
                "pools?limit=1e3",
                "pools?offset=-1",
                "pools?offset=99999999999999999999",
                "quotas?owner=pool:%00",
                "quotas?owner=" + "x".repeat(4_000),
                "providers?enabled=%00",
                "permissions?entity=%00",
                "hardware_profiles?provider=%00",
                "images?pool_family=%00",
                "images?state=%00",
                "image_mappings?image=%00",
                "image_mappings?status=%01",
                "image_mappings/lookup?image=%00&provider_account=" + account,
                "provider_realms?provider=%00",
                "%00",
                "%01")) {
            for (var accept : List.of(JSON, XML)) {
                var reply = lab.send(lab.admin, "GET", "/broker/" + path, Map.of("Accept", accept), "");
                soft.assertThat(reply.status()).as(path + ": " + reply.text()).isIn(200, 400, 404, 422);
                wellFormed(reply, accept, path);
            }
        }
        soft.assertAll();
        assertThat(lab.get("/broker/pool_families").text()).isEqualTo(before);
        assertThat(lab.get("/broker/images").header("X-Total-Count")).isEqualTo("0");
        assertThat(lab.get("/broker/hardware_profiles").header("X-Total-Count")).isEqualTo("0");
    }

    private static List<String> hostileXml(String root) {
        var laughs = new StringBuilder("<!DOCTYPE x [<!ENTITY a0 \"ha\">");
        for (int n = 1; n < 40; n++) laughs.append("<!ENTITY a%d \"&a%d;&a%d;\">".formatted(n, n - 1, n - 1));
        return List.of(
                laughs + "]><" + root + "><name>&a39;</name></" + root + ">",
                "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><" + root + "><name>x</name></" + root + ">",
                "<!DOCTYPE x [<!ENTITY % p SYSTEM \"http://127.0.0.1:1/\">%p;]><" + root + "/>",
                "<" + root + "><name>&unknown;</name></" + root + ">",
                ("<" + root + ">").repeat(20_000),
                "<" + root + "><a>".repeat(5_000),
                "<" + root + ">" + "<a/>".repeat(100_000) + "</" + root + ">",
                "<" + root + " " + attributes() + "/>",
                "<" + root + "><name>\u0001</name></" + root + ">",
                "<" + root + "><name>&#0;</name></" + root + ">",
                "<" + root + ">" + "x".repeat(1_100_000) + "</" + root + ">",
                "<other><name>x</name></other>",
                "{\"name\": \"x\"}",
                "");
    }

    private static String attributes() {
        var text = new StringBuilder();
        for (int n = 0; n < 20_000; n++) text.append('a').append(n).append("='' ");
        return text.toString();
    }

    private static List<String> hostileJson() {
        return List.of(
                "[".repeat(100_000),
                "{\"a\":".repeat(50_000),
                "{\"name\":\"\\u0000\"}",
                "{\"\\u0000\":\"x\"}",
                "{\"name\":\"\\ud800\",\"description\":\"\\ud800\",\"memory\":1e999999999}",
                "{\"name\":\"x\u0000\"}",
                "{\"name\":{\"name\":{\"name\":1}},\"id\":[1],\"credentials\":{\"\":\"\"},\"memory\":[[]]}",
                "{\"label\":\"x\",\"provider\":{\"id\":\"x\"},\"credentials\":\"x\",\"memory\":1e999999999}",
                "{\"name\":\"../../etc/passwd\",\"id\":\"../x\",\"memory\":" + "9".repeat(5_000) + "}",
                "{\"x\":\"" + "y".repeat(1_100_000) + "\"}",
                "null",
                "7",
                "\"x\"",
                "<xml/>",
                "\u00ef\u00bb\u00bf",
                "");
    }

    private ConfigLab.Reply refuses(String part, String type, String body) {
        var what = part + " " + type + " " + body.substring(0, Math.min(body.length(), 120));
        ConfigLab.Reply last = null;
        for (var accept : List.of(JSON, XML)) {
            var headers = new HashMap<>(Map.of("Accept", accept));
            if (!type.isEmpty()) headers.put("Content-Type", type);
            last = lab.send(lab.admin, "POST", "/broker/" + part, headers, body);
            soft.assertThat(last.status()).as(what + ": " + last.text()).isIn(400, 403, 413, 415, 422);
            wellFormed(last, accept, what);
        }
        return last;
    }

    private void wellFormed(ConfigLab.Reply reply, String form, String what) {
        soft.assertThat(reply.header("Content-Type")).as(what).startsWith(form);
        soft.assertThat(reply.text().length()).as(what).isLessThan(10_000);
        if (form.equals(JSON)) {
            soft.assertThat(Json.tree(reply.text()).isObject()).as(what).isTrue();
            return;
        }
        try {
            DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(reply.text())));
        } catch (SAXException | IOException | ParserConfigurationException e) {
            soft.fail(what + " is answered by " + reply.text(), e);
        }
    }

    @Test
    void without_its_database_it_says_when_to_come_again() {
        try (var other = new ConfigLab()) {
            other.database().close();
            for (var part : List.of("pools", "images", "image_mappings", "quotas?owner=pool:" + NOBODY)) {
                for (var form : List.of(JSON, XML)) {
                    var reply = other.send(other.admin, "GET", "/broker/" + part, Map.of("Accept", form), "");
                    assertThat(reply.status()).as(part).isEqualTo(503);
                    assertThat(reply.header("Retry-After")).as(part).isEqualTo("5");
                    assertThat(reply.text()).contains("Unavailable").doesNotContain("Exception", "jdbc", "ikari");
                    wellFormed(reply, form, part);
                }
            }
        }
        soft.assertAll();
    }
}
