package holdfast.api.deltacloud;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.orchestrator.instances.AccountThings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Forms, headers, and who is asked who it is.
@Timeout(300)
class NegotiationTest {
    private static DeltacloudLab lab;

    @BeforeAll
    static void start() {
        lab = new DeltacloudLab(AccountThings.Finder.NOTHING);
    }

    @AfterAll
    static void stop() {
        lab.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/xml | application/xml",
                "text/xml | application/xml",
                "application/json | application/json",
                "text/html | text/html",
                "application/xhtml+xml | text/html",
                "*/* | text/html",
                "*/*; q=0.5, application/xml | application/xml",
                "application/xml;q=0.2, application/json;q=0.9 | application/json",
                "application/xml;q=0, application/json;q=0.1 | application/json",
                "*/*, application/json | application/json",
                "text/html, image/gif, *; q=.2, */*; q=.2 | text/html",
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | text/html",
                "image/png, text/xml;q=0.1 | application/xml",
            })
    void the_form_is_what_the_client_likes_best(String accept, String type) {
        var reply = lab.get("").with("Accept", accept).send();
        assertThat(reply.header("Content-Type")).isEqualTo(type);
        assertThat(reply.status()).isEqualTo(200);
    }

    @Test
    void without_a_wish_it_is_xml_and_a_parameter_counts_more_than_the_header() {
        assertThat(lab.get("").send().header("Content-Type")).isEqualTo("application/xml");
        assertThat(lab.get("?format=json").xml().send().header("Content-Type")).isEqualTo("application/json");
        assertThat(lab.get("?format=html").xml().send().text()).startsWith("<!DOCTYPE html>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "application/xml;q=0", "application/json;q=nonsense", ""})
    void what_we_cannot_write_is_not_acceptable(String accept) {
        var reply = lab.get("/hardware_profiles").with("Accept", accept).send();
        assertThat(reply.status()).isEqualTo(406);
        assertThat(reply.text()).isEmpty();
    }

    @Test
    void nothing_is_launched_for_one_who_could_not_read_of_it() {
        int before = lab.cloud.instances.size();
        var reply = lab.post("/instances", "image_id=web-os")
                .ann()
                .with("Accept", "image/png")
                .send();
        assertThat(reply.status()).isEqualTo(406);
        assertThat(lab.cloud.instances).hasSize(before);
    }

    @Test
    void every_answer_says_whose_it_is_and_is_not_sent_twice() {
        var reply = lab.get(";driver=MOCK;provider=dev/realms").ann().json().send();
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Server")).isEqualTo("Apache-Deltacloud/1.1.3");
        assertThat(reply.header("X-Deltacloud-Driver")).isEqualTo("mock");
        assertThat(reply.header("X-Deltacloud-Provider")).isEqualTo("dev");
        assertThat(reply.header("Cache-Control")).isEqualTo("max-age=0, private, must-revalidate");
        assertThat(reply.header("X-Backend-Runtime")).matches("\\d+\\.\\d{3}");
        assertThat(reply.header("Date")).endsWith("GMT");
        assertThat(reply.header("ETag")).matches("\"[0-9a-f]{32}\"");
        var again = lab.get(";driver=MOCK;provider=dev/realms")
                .ann()
                .json()
                .with("If-None-Match", "\"x\", W/" + reply.header("ETag"))
                .send();
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.text()).isEmpty();
        assertThat(lab.get("").xml().send().header("X-Deltacloud-Provider")).isEmpty();
    }

    @Test
    void headers_count_more_than_the_path() {
        var reply = lab.get(";driver=mock;provider=a")
                .xml()
                .with("X-Deltacloud-Driver", "EC2")
                .with("X-Deltacloud-Provider", "b")
                .send();
        assertThat(reply.xml("/api/@driver")).isEqualTo("ec2");
        assertThat(reply.xml("/api/@provider")).isEqualTo("b");
    }

    @Test
    void the_entry_point_is_for_everybody_unless_the_login_is_to_be_checked() {
        assertThat(lab.get("").xml().send().status()).isEqualTo(200);
        assertThat(lab.get("?force_auth=false").xml().send().status()).isEqualTo(200);
        assertThat(lab.get("?force_auth=true").xml().ann().send().status()).isEqualTo(200);
        for (var word : new String[] {"1", "true"}) {
            var reply =
                    lab.get("?force_auth=" + word).xml().basic("ann", "wrong").send();
            assertThat(reply.status()).isEqualTo(401);
            assertThat(reply.text()).contains("Authentication failed");
            assertThat(reply.header("WWW-Authenticate"))
                    .isEqualTo("Basic realm=\"broker-deltacloud@127.0.0.1:" + lab.server.port() + "\"");
        }
    }

    @Test
    void features_change_with_the_driver_and_any_provider_is_repeated() {
        var mock = lab.get(";driver=mock;provider=test1").xml().send();
        assertThat(mock.xml("/api/@provider")).isEqualTo("test1");
        assertThat(mock.xml("/api/@version")).isEqualTo("1.1.3");
        assertThat(mock.xml("//link[@rel='instances']/feature[@name='user_name']/param/@name"))
                .isEqualTo("name");
        assertThat(mock.xml("//link[@rel='instances']/@href"))
                .isEqualTo(lab.root() + ";driver=mock;provider=test1/instances");
        var ec2 = lab.get("").with("X-Deltacloud-Driver", "ec2").json().send();
        assertThat(ec2.json().at("/api/provider").asString()).isEqualTo("default");
        assertThat(ec2.text()).contains("\"user_data\"").doesNotContain("user_name");
        var own = lab.get("").json().send().json();
        assertThat(own.at("/api/driver").asString()).isEqualTo("broker");
        assertThat(own.at("/api/links").findValuesAsString("rel"))
                .contains("drivers", "hardware_profiles", "images", "instance_states", "instances", "realms")
                .doesNotContain("buckets", "keys");
        assertThat(own.toString()).contains("[{\"name\":\"user_name\",\"rel\":\"create\"");
        assertThat(own.toString())
                .contains("\"params\":[\"name:string:optional\"],\"constraints\":{\"max_length\":\"50\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/realms", "/drivers", "/nonsense"})
    void an_unknown_driver_is_refused_everywhere(String path) {
        var reply = lab.get(path).ann().xml().with("X-Deltacloud-Driver", "vax").send();
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.xml("/error/message")).contains("vax");
    }

    @Test
    void an_unknown_pool_is_told_to_those_who_said_who_they_are() {
        var target = ";provider=nowhere/instances";
        assertThat(lab.get(target).xml().send().status()).isEqualTo(401);
        var reply = lab.get(target).xml().ann().send();
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.xml("/error/message")).isEqualTo("Pool 'nowhere' not found");
        assertThat(reply.xml("/error/backend/@provider")).isEqualTo("nowhere");
    }

    @ParameterizedTest
    @CsvSource({
        "drivers,200",
        "hardware_profiles,200",
        "instance_states,200",
        "realms,401",
        "images,401",
        "instances,401"
    })
    void some_collections_are_open(String collection, int status) {
        assertThat(lab.get("/" + collection).json().send().status()).isEqualTo(status);
        assertThat(lab.get("/" + collection).json().ann().send().status()).isEqualTo(200);
    }

    @Test
    void a_form_at_the_entry_point_leads_to_driver_and_provider() {
        var reply = lab.post("", "driver=mock&provider=a%20b;c").send();
        assertThat(reply.status()).isEqualTo(301);
        assertThat(reply.header("Location")).isEqualTo(lab.root() + ";driver=mock;provider=a%20b%3Bc");
    }

    @Test
    void options_tell_methods_and_parameters() {
        var of = lab.call("OPTIONS", "/instances").send();
        assertThat(of.status()).isEqualTo(200);
        assertThat(of.header("Allow")).isEqualTo("OPTIONS,GET,POST,DELETE");
        assertThat(lab.call("OPTIONS", "/instances/create").send().header("Allow"))
                .startsWith("image_id:string:required,realm_id:string:optional,");
        assertThat(lab.call("OPTIONS", "/instances/create/x/y").send().status()).isEqualTo(404);
    }

    @Test
    void head_is_get_without_a_body() {
        var get = lab.get("/realms").ann().xml().send();
        var head = lab.call("HEAD", "/realms").ann().xml().send();
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.text()).isEmpty();
        assertThat(head.header("ETag")).isEqualTo(get.header("ETag"));
    }

    @Test
    void what_no_account_has_lacks_its_capability() {
        var reply = lab.get("/buckets").ann().xml().send();
        assertThat(reply.status()).isEqualTo(412);
        assertThat(reply.header("Expect")).isEqualTo("buckets");
        assertThat(reply.xml("/error/message"))
                .isEqualTo("The required capability to execute this operation is missing");
        assertThat(lab.post("/images", "instance_id=x")
                        .ann()
                        .json()
                        .send()
                        .json()
                        .at("/code")
                        .asInt())
                .isEqualTo(412);
        assertThat(lab.get("/nonsense").ann().xml().send().status()).isEqualTo(404);
    }

    @Test
    void the_states_are_a_graph() {
        var json = lab.get("/instance_states").json().send().json();
        assertThat(json.isArray()).isTrue();
        assertThat(json.at("/1").toString())
                .isEqualTo(
                        "{\"name\":\"pending\",\"transitions\":[{\"to\":\"running\",\"auto\":\"true\"},{\"to\":\"error\",\"auto\":\"true\"}]}");
        var xml = lab.get("/instance_states").xml().send();
        assertThat(xml.xml("/states/state[@name='running']/transition[@action='stop']/@to"))
                .isEqualTo("stopping");
        assertThat(lab.get("/instance_states?format=gv").send().text())
                .startsWith("digraph \"instance_states\" {")
                .contains("\"running\" -> \"stopping\"");
        assertThat(lab.get("/instance_states?format=svg").send().text()).contains("<svg");
        assertThat(lab.get("/realms?format=gv").ann().send().status()).isEqualTo(406);
        assertThat(lab.get("/instance_states?format=png").send().status()).isEqualTo(406);
    }

    @Test
    void drivers_name_the_pools_of_whoever_asks() {
        assertThat(lab.get("/drivers").json().send().text())
                .contains("\"broker\":{\"name\":\"Broker\"")
                .doesNotContain("dev");
        assertThat(lab.get("/drivers")
                        .ann()
                        .json()
                        .send()
                        .json()
                        .at("/mock/entrypoints/default/dev")
                        .asString())
                .isEqualTo(lab.root() + ";driver=mock;provider=dev");
        assertThat(lab.get("/drivers/broker").ann().xml().send().xml("/driver/provider/entrypoint"))
                .isEqualTo(lab.root() + ";driver=broker;provider=dev");
        assertThat(lab.get("/drivers/vax").xml().send().status()).isEqualTo(404);
        assertThat(lab.get("/drivers/own").xml().send().xml("/driver/name"))
                .as("a type that only this broker knows")
                .isEqualTo("own");
    }

    @Test
    void a_profile_is_called_by_its_name_and_found_by_its_id_too() {
        var reply = lab.get("/hardware_profiles/00000000-0000-0000-0000-0000000000a2")
                .xml()
                .send();
        assertThat(reply.xml("/hardware_profile/@id")).isEqualTo("arm");
        assertThat(reply.xml("/hardware_profile/@href")).isEqualTo(lab.root() + "/hardware_profiles/arm");
    }

    @Test
    void profiles_tell_what_can_be_asked_for() {
        var reply = lab.get("/hardware_profiles/small").xml().send();
        assertThat(reply.xml("/hardware_profile/property[@name='memory']/@value"))
                .isEqualTo("2048");
        assertThat(reply.xml("/hardware_profile/property[@name='memory']/param/@name"))
                .isEqualTo("hwp_memory");
        assertThat(reply.xml("/hardware_profile/property[@name='memory']/range/@last"))
                .isEqualTo("8192");
        assertThat(reply.xml("/hardware_profile/property[@name='storage']/enum/entry[2]/@value"))
                .isEqualTo("80");
        assertThat(reply.xml("/hardware_profile/property[@name='cpu']/@kind")).isEqualTo("fixed");
        assertThat(lab.get("/hardware_profiles/small")
                        .json()
                        .send()
                        .json()
                        .at("/hardware_profile/properties")
                        .toString())
                .isEqualTo("{\"cpu\":\"1\",\"memory\":\"2048\",\"storage\":\"40\",\"architecture\":\"x86_64\"}");
    }

    @Test
    void there_is_always_a_realm_that_is_any() {
        var reply = lab.get("/realms").ann().xml().send();
        assertThat(reply.xml("/realms/realm[1]/@id")).isEqualTo("any");
        assertThat(reply.xml("/realms/realm[name='europe']/state")).isEqualTo("AVAILABLE");
        assertThat(reply.xml("/realms/realm[name='far away']/@id")).isEqualTo("00000000-0000-0000-0000-000000000002");
        assertThat(reply.xml("/realms/realm[name='far away']/state")).isEqualTo("UNAVAILABLE");
        assertThat(lab.get("/realms/any")
                        .ann()
                        .json()
                        .send()
                        .json()
                        .at("/realm/limit")
                        .asString())
                .isEqualTo("unlimited");
    }

    @Test
    void images_say_which_profiles_fit() {
        var reply =
                lab.get("/images?owner_id=self&architecture=x86_64").ann().xml().send();
        assertThat(reply.xml("/images/image/@id")).isEqualTo("web-os");
        assertThat(reply.xml("count(/images/image/hardware_profiles/hardware_profile)"))
                .isEqualTo("1");
        assertThat(reply.xml("/images/image/actions/link[@rel='create_instance']/@href"))
                .isEqualTo(lab.root() + "/instances;image_id=web-os");
        assertThat(lab.get("/images?owner_id=bob").ann().xml().send().xml("count(//image)"))
                .isEqualTo("0");
        assertThat(lab.get("/images/web-os")
                        .ann()
                        .json()
                        .send()
                        .json()
                        .at("/image/owner")
                        .asString())
                .isEqualTo("ann");
    }

    @Test
    void pages_lead_to_everything_and_repeat_nothing_as_markup() {
        var page = lab.get("/images/web-os?format=html").ann().send();
        assertThat(page.text()).contains("serves &lt;pages&gt;").doesNotContain("<pages>");
        assertThat(page.header("Content-Security-Policy")).contains("default-src 'none'");
        assertThat(lab.get("/instances?format=html").ann().send().text()).contains("/api/instances/new");
        assertThat(lab.get("/instances/new").ann().send().text())
                .contains("name=\"image_id\"")
                .contains("<form method=\"post\" action=\"" + lab.root() + "/instances\">");
        assertThat(lab.get("?format=html").send().text()).contains("href=\"" + lab.root() + "/instances\"");
        assertThat(lab.get("/instances/new;image_id=%22web%22").ann().send().text())
                .as("the link of an image")
                .contains("value=\"&quot;web&quot;\"");
        assertThat(lab.get("/drivers?format=html").ann().send().text()).contains("id: dev");
        assertThat(lab.get("?format=html").send().text())
                .contains("<form method=\"post\" action=\"" + lab.root() + "\">")
                .contains("name=\"provider\"");
        assertThat(lab.get("/instance_states?format=html").send().text()).contains("instance_states?format=svg");
        assertThat(lab.get("/realms/new").ann().send().status()).isEqualTo(404);
    }
}
