package holdfast.api.deltacloud;

import static java.util.Locale.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Refusal;
import holdfast.orchestrator.instances.AccountThings;
import holdfast.orchestrator.instances.InstanceState;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The life of an instance, on the wire.
@Timeout(300)
class InstancesTest {
    private static DeltacloudLab lab;

    @BeforeAll
    static void start() {
        lab = new DeltacloudLab(AccountThings.Finder.NOTHING);
    }

    @AfterAll
    static void stop() {
        lab.close();
    }

    @BeforeEach
    void empty() {
        lab.cloud.instances.clear();
        lab.cloud.launches.clear();
        lab.cloud.tokens.clear();
        lab.cloud.slow = false;
        lab.cloud.trouble = Optional.empty();
        lab.cloud.most = 100;
    }

    private static DeltacloudLab.Reply act(String id, String action) {
        return lab.call("POST", "/instances/" + id + "/" + action).ann().xml().send();
    }

    @Test
    void an_instance_is_made_rebooted_stopped_started_and_destroyed() {
        var made = lab.post("/instances", "image_id=web-os&name=web-1&hwp_id=small&realm_id=europe")
                .ann()
                .xml()
                .send();
        assertThat(made.status()).isEqualTo(201);
        var id = made.xml("/instance/@id");
        var href = lab.root() + "/instances/" + id;
        assertThat(made.header("Location")).isEqualTo(href).isEqualTo(made.xml("/instance/@href"));
        assertThat(made.xml("/instance/state")).isEqualTo("RUNNING");
        assertThat(made.xml("/instance/realm/@id")).isEqualTo("europe");
        assertThat(made.xml("/instance/actions/link[@rel='stop']/@href")).isEqualTo(href + "/stop");

        assertThat(act(id, "reboot").status()).isEqualTo(202);
        var stopped = act(id, "stop");
        assertThat(stopped.status()).isEqualTo(202);
        assertThat(stopped.xml("/instance/state")).isEqualTo("STOPPED");
        assertThat(stopped.xml("/instance/actions/link[@rel='destroy']/@method"))
                .isEqualTo("delete");
        assertThat(stopped.xml("/instance/actions/link[@rel='destroy']/@href")).isEqualTo(href);
        assertThat(act(id, "start").status()).isEqualTo(202);
        assertThat(act(id, "stop").status()).isEqualTo(202);

        var destroyed = lab.call("DELETE", "/instances/" + id).ann().xml().send();
        assertThat(destroyed.status()).isEqualTo(204);
        assertThat(destroyed.text()).isEmpty();
        assertThat(lab.get("/instances/" + id).ann().xml().send().status()).isEqualTo(404);
        assertThat(act(id, "stop").status()).isEqualTo(404);
    }

    @Test
    void what_takes_long_is_answered_before_it_is_done() {
        lab.cloud.slow = true;
        var made = lab.post("/instances", "image_id=web-os").ann().xml().send();
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.xml("/instance/state")).isEqualTo("PENDING");
        assertThat(made.xml("count(/instance/actions/link)")).isEqualTo("0");
        assertThat(made.xml("count(/instance/image|/instance/realm|/instance/hardware_profile)"))
                .isEqualTo("3");
        var id = made.xml("/instance/@id");
        lab.cloud.settle(UUID.fromString(id));
        assertThat(act(id, "stop").xml("/instance/state")).isEqualTo("STOPPING");
        assertThat(act(id, "start").status()).isEqualTo(405);
    }

    @ParameterizedTest
    @CsvSource({"start,RUNNING", "destroy,RUNNING", "stop,STOPPED", "reboot,STOPPED", "stop,ERROR"})
    void what_the_state_does_not_allow_is_refused(String action, String state) {
        var id = lab.launched();
        lab.cloud.become(UUID.fromString(id), InstanceState.valueOf(state));
        var reply = action.equals("destroy")
                ? lab.call("DELETE", "/instances/" + id).ann().xml().send()
                : act(id, action);
        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.xml("/error/message"))
                .startsWith(action + " is not possible ")
                .endsWith(state.toLowerCase(ROOT));
        assertThat(lab.cloud.instances).containsKey(UUID.fromString(id));
    }

    @ParameterizedTest
    @EnumSource(InstanceState.class)
    void every_state_has_a_word_that_clients_know(InstanceState state) {
        var id = UUID.fromString(lab.launched());
        lab.cloud.become(id, state);
        var word = switch (state) {
            case NEW, PENDING -> "PENDING";
            case RUNNING -> "RUNNING";
            case SHUTTING_DOWN -> "STOPPING";
            case STOPPED -> "STOPPED";
            case CREATE_FAILED, ERROR, VANISHED -> "ERROR";
        };
        assertThat(lab.get("/instances?state=" + word).ann().xml().send().xml("/instances/instance/state"))
                .isEqualTo(word);
        boolean goes = state == InstanceState.STOPPED || state.failed();
        assertThat(lab.call("DELETE", "/instances/" + id).ann().send().status()).isEqualTo(goes ? 204 : 405);
    }

    @Test
    void fields_come_in_path_query_and_body_and_the_body_counts_most() {
        var reply = lab.post("/instances;image_id=nothing;name=a?image_id=web-os&name=b&hwp_memory=4096", "name=c")
                .ann()
                .xml()
                .send();
        assertThat(reply.xml("/instance/name")).isEqualTo("c");
        assertThat(lab.cloud.launches.getFirst().sizes()).isEqualTo(Map.of("memory", "4096"));
        assertThat(reply.xml("/instance/hardware_profile/property[@name='memory']/@value"))
                .isEqualTo("4096");
        assertThat(reply.xml("count(/instance/hardware_profile/property)")).isEqualTo("1");

        var body = String.join(
                "\r\n",
                "--xx",
                "Content-Disposition: form-data; name=\"image_id\"",
                "",
                "web-os",
                "--xx",
                "Content-Disposition: form-data; name=\"name\"",
                "",
                "d\u00e9",
                "--xx--",
                "");
        var parts = lab.call("POST", "/instances?name=e", BodyPublishers.ofString(body))
                .with("Content-Type", "multipart/form-data; boundary=xx")
                .ann()
                .json()
                .send();
        assertThat(parts.status()).isEqualTo(201);
        assertThat(parts.json().at("/instance/name").asString()).isEqualTo("d\u00e9");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name=x | 400 | Required parameter 'image_id' not found in [name]",
                "image_id=web-os&hwp_id=zzz | 400 | Hardware profile 'zzz' does not exists.",
                "image_id=web-os&hwp_memory=9999 | 400 | hwp_memory cannot be 9999 in small",
                "image_id=web-os&realm_id=mars | 404 | there is no realm 'mars'",
                "image_id=zzz | 404 | there is no image 'zzz'",
                "image_id=web-os&instance_count=51 | 400 | Parameter 'instance_count' is '51', which is no whole number from 1 to 50",
                "image_id=web-os&firewalls1=f | 400 | No account of this pool knows the parameter 'firewalls1' of instances",
            })
    void a_launch_that_cannot_be_is_refused_with_the_reason(String form, int status, String message) {
        var reply = lab.post("/instances", form).ann().xml().send();
        assertThat(reply.xml("/error/message")).isEqualTo(message);
        assertThat(reply.status()).isEqualTo(status);
        assertThat(lab.cloud.instances).isEmpty();
    }

    @Test
    void a_launch_for_which_there_is_no_quota_is_forbidden() {
        lab.cloud.most = 0;
        var reply = lab.post("/instances", "image_id=web-os").ann().json().send();
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.json().toString())
                .isEqualTo("{\"code\":403,\"message\":\"mock-1: quota_reached\",\"error\":\"ForbiddenError\"}");
    }

    @Test
    void several_are_launched_at_once_or_none() {
        var form = "image_id=web-os&name=n&instance_count=3";
        var reply = lab.post("/instances", form).ann().xml().send();
        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.xml("count(/instances/instance)")).isEqualTo("3");
        assertThat(reply.xml("/instances/instance[3]/name")).isEqualTo("n-3");
        lab.cloud.most = 5;
        assertThat(lab.post("/instances", form).ann().xml().send().status()).isEqualTo(403);
        assertThat(lab.cloud.instances).hasSize(3);
    }

    @Test
    void who_asks_again_with_the_same_token_gets_the_same() {
        var first = lab.post("/instances", "image_id=web-os").ann().xml().with("X-Client-Token", "t-1");
        var id = first.send().xml("/instance/@id");
        assertThat(first.send().xml("/instance/@id")).isEqualTo(id);
        assertThat(lab.cloud.instances).hasSize(1);
        var bad = lab.post("/instances", "image_id=web-os").ann().xml().with("X-Client-Token", "a b");
        assertThat(bad.send().status()).isEqualTo(400);
    }

    @Test
    void a_launch_keeps_to_a_type_and_hands_its_key_on_whose_account_the_pool_knows() {
        var account = UUID.randomUUID();
        var form = "image_id=web-os&keyname=" + account + "~k1&user_data=aGVsbG8=";
        var reply = lab.post(";driver=mock/instances", form).ann().json().send();
        var launch = lab.cloud.launches.getFirst();
        assertThat(launch.driver()).hasValue("mock");
        assertThat(launch.key()).hasValue(account + "~k1");
        assertThat(launch.tied()).isEmpty();
        assertThat(launch.userData()).hasValue("aGVsbG8=");
        assertThat(reply.json().at("/instance/authentication/keyname").asString())
                .isEqualTo(account + "~k1");
        assertThat(reply.json().at("/instance/href").asString()).startsWith(lab.root() + ";driver=mock/instances/");
        lab.post("/instances", "image_id=web-os&realm_id=any").ann().send();
        assertThat(lab.cloud.launches.getLast().driver()).isEmpty();
        assertThat(lab.cloud.launches.getLast().realm()).isEmpty();
    }

    @Test
    void lists_are_narrowed() {
        var id = lab.launched();
        lab.post("/instances", "image_id=web-os&name=other&realm_id=europe")
                .ann()
                .send();
        for (var query : new String[] {"name=web-1", "id=" + id, "realm_id=any"}) {
            var reply = lab.get("/instances?" + query).ann().xml().send();
            assertThat(reply.xml("count(//instance)")).as(query).isEqualTo("1");
            assertThat(reply.xml("//instance/@id")).as(query).isEqualTo(id);
        }
        assertThat(lab.get("/instances?state=STOPPED").ann().json().send().text())
                .isEqualTo("{\"instances\":[]}");
        assertThat(lab.get("/instances?realm_id=00000000-0000-0000-0000-000000000001")
                        .ann()
                        .xml()
                        .send()
                        .xml("//instance/name"))
                .isEqualTo("other");
        assertThat(lab.get("/instances?realm_id=europe").ann().xml().send().xml("//instance/name"))
                .isEqualTo("other");
    }

    @Test
    void a_page_deletes_by_a_form_that_says_so() {
        var id = lab.launched();
        assertThat(lab.get("/instances/" + id + "?format=html").ann().send().text())
                .as("while it runs it is not destroyed")
                .doesNotContain("value=\"delete\"")
                .contains("<span> type: ipv4</span><span> 198.51.100.4</span>");
        act(id, "stop");
        var page = lab.get("/instances/" + id + "?format=html").ann().send().text();
        assertThat(page).containsOnlyOnce("name=\"_method\" value=\"delete\"");
        assertThat(lab.post("/instances/" + id, "_method=delete").ann().send().status())
                .isEqualTo(204);
        assertThat(lab.cloud.instances).isEmpty();
        assertThat(lab.post("/instances/" + id, "_method=get").ann().send().status())
                .isEqualTo(405);
        var second = lab.launched();
        act(second, "stop");
        var browser = lab.post("/instances/" + second, "_method=delete")
                .ann()
                .with("Accept", "text/html,application/xml;q=0.9,*/*;q=0.8")
                .send();
        assertThat(browser.status()).as("it would stay where nothing is").isEqualTo(303);
        assertThat(browser.header("Location")).isEqualTo(lab.root() + "/instances");
    }

    @Test
    void who_may_only_look_and_pages_of_others_change_nothing() {
        assertThat(lab.get("/instances").eve().xml().send().status()).isEqualTo(200);
        assertThat(lab.post("/instances", "image_id=web-os").eve().xml().send().status())
                .isEqualTo(403);
        assertThat(lab.post("/instances", "image_id=web-os")
                        .ann()
                        .with("Origin", "http://evil.example")
                        .send()
                        .status())
                .isEqualTo(403);
        assertThat(lab.post("/instances", "image_id=web-os")
                        .ann()
                        .with("Sec-Fetch-Site", "cross-site")
                        .send()
                        .status())
                .isEqualTo(403);
        assertThat(lab.cloud.instances).isEmpty();
        var own = lab.server.address().toString();
        assertThat(lab.post("/instances", "image_id=web-os")
                        .ann()
                        .with("Origin", own)
                        .send()
                        .status())
                .isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource({
        "NOT_THERE,404,404",
        "NOT_YOURS,403,403",
        "MALFORMED,400,400",
        "NO_ROOM,409,409",
        "CLASH,409,405",
        "SILENT,504,504",
        "BROKEN,502,502"
    })
    void each_refusal_has_its_status(Refusal.Kind kind, int ofLaunch, int ofAction) {
        var id = lab.launched();
        lab.cloud.trouble = Optional.of(new Refusal(kind, "no", Optional.empty(), Optional.empty()));
        var launch = lab.post("/instances", "image_id=web-os").ann().xml().send();
        assertThat(launch.status()).isEqualTo(ofLaunch);
        assertThat(launch.xml("/error/message")).isEqualTo("no");
        assertThat(act(id, "stop").status()).isEqualTo(ofAction);
        lab.cloud.become(UUID.fromString(id), InstanceState.STOPPED);
        assertThat(lab.call("DELETE", "/instances/" + id).ann().send().status()).isEqualTo(ofAction);
    }

    @Test
    void commands_are_not_run() {
        var id = lab.launched();
        assertThat(lab.post("/instances/" + id + "/run", "cmd=ls")
                        .ann()
                        .xml()
                        .send()
                        .status())
                .isEqualTo(501);
    }

    @Test
    void errors_tell_what_was_asked_without_secrets() {
        var id = lab.launched();
        var reply = lab.post(";driver=mock/instances/" + id + "/start?a=b", "password=hush&name=%3Cx%3E")
                .ann()
                .xml()
                .send();
        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.xml("/error/@status")).isEqualTo("405");
        assertThat(reply.xml("/error/@url")).isEqualTo("/api;driver=mock/instances/" + id + "/start");
        assertThat(reply.xml("/error/backend/@driver")).isEqualTo("mock");
        assertThat(reply.xml("/error/code")).isEqualTo("405");
        assertThat(reply.xml("count(/error/backtrace)"))
                .as("the client in Ruby before 1.1.3 breaks on one that is empty")
                .isEqualTo("0");
        assertThat(reply.xml("/error/request/param[@name='name']")).isEqualTo("\"<x>\"");
        assertThat(reply.text()).doesNotContain("hush");
        var json = lab.call("POST", "/instances/" + id + "/start").ann().json().send();
        assertThat(json.json().toString())
                .isEqualTo("{\"code\":405,\"message\":\"start is not possible for web-1: it is running\","
                        + "\"error\":\"MethodNotAllowed\"}");
        assertThat(lab.get("/instances/x")
                        .ann()
                        .with("Accept", "text/html")
                        .send()
                        .text())
                .startsWith("<!DOCTYPE html>")
                .contains("there is no instance");
    }
}
