package holdfast.api.cimi;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.api.deltacloud.DeltacloudLab;
import holdfast.orchestrator.instances.AccountThings;
import holdfast.orchestrator.instances.InstanceState;
import holdfast.orchestrator.instances.Launch;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Systems and their templates over the wire.
@Timeout(60)
class SystemsTest {
    private static final String MACHINE = """
            {"machineConfig": {"href": "/machine_configurations/small"}, "machineImage": {"href": "web-os"}}""";
    private static DeltacloudLab lab;

    @BeforeAll
    static void start() {
        lab = new DeltacloudLab(AccountThings.Finder.NOTHING);
    }

    @AfterAll
    static void stop() {
        lab.close();
    }

    private static String at(String target) {
        return target.startsWith("http") ? target : lab.server.address() + "/cimi" + target;
    }

    private static JsonNode get(String target) {
        return lab.get(at(target)).ann().json().send().json();
    }

    private static DeltacloudLab.Reply sent(String method, String target, String body) {
        return lab.call(method, at(target), BodyPublishers.ofString(body))
                .with("Content-Type", body.startsWith("<") ? "application/xml" : "application/json")
                .ann()
                .json()
                .send();
    }

    private static String made(String target, String body) {
        var reply = sent("POST", target, body);
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        assertThat(reply.header("Location"))
                .isEqualTo(reply.json().path("id").asString())
                .startsWith(at(target));
        return reply.header("Location");
    }

    private static String last(String address) {
        return address.substring(address.lastIndexOf('/') + 1);
    }

    private static String system(String name, String components) {
        return "{\"name\": \"%s\", \"systemTemplate\": {\"componentDescriptors\": [%s]}}".formatted(name, components);
    }

    /// Of two machines that run.
    private static String running(String name) {
        var system = made("/systems", system(name, "{\"quantity\": 2, \"machineTemplate\": " + MACHINE + "}"));
        lab.deployments.settle(last(system));
        return system;
    }

    private static String state(String system) {
        return get(system).path("state").asString();
    }

    @Test
    void a_template_is_kept_and_shown_and_a_system_is_made_of_it_by_reference() {
        var machines = made("/machine_templates", """
                {"name": "small-web", "initialState": "STOPPED", %s""".formatted(MACHINE.substring(1)));
        var template = made("/system_templates", """
                <SystemTemplateCreate xmlns="http://schemas.dmtf.org/cimi/1"><name>pair</name>
                  <componentDescriptor><name>front</name><description>serves</description>
                    <property key="tier">front</property><type>http://schemas.dmtf.org/cimi/1/Machine</type>
                    <machineTemplate><machineConfig href="http://example.com/small"/>
                      <machineImage href="http://example.com/web-os"/><realm>europe</realm></machineTemplate>
                    <quantity> 2 </quantity></componentDescriptor>
                  <componentDescriptor><name>back</name><machineTemplate href="http://example.com/%s"/>
                  </componentDescriptor>
                </SystemTemplateCreate>""".formatted(last(machines)));
        assertThat(get(template).at("/componentDescriptors/0/quantity").isNumber())
                .isTrue();
        assertThat(get(template)
                        .at("/componentDescriptors/1/machineTemplate/href")
                        .asString())
                .as("it leads to here")
                .isEqualTo(machines);
        assertThat(lab.get(template)
                        .ann()
                        .xml()
                        .send()
                        .xml("count(/SystemTemplate/componentDescriptor[name='front'][quantity=2]"
                                + "/machineTemplate/machineConfig/@href)"))
                .isEqualTo("1");
        var system = made("/systems", """
                <SystemCreate xmlns="http://schemas.dmtf.org/cimi/1"><name>site</name><description>d</description>
                  <property key="k">v</property><systemTemplate href="%s"/></SystemCreate>""".formatted(template));
        var plan = lab.deployments.plan(last(system));
        assertThat(plan.pool()).isEqualTo(lab.cloud.pool().id());
        assertThat(plan.realm()).contains("europe");
        assertThat(plan.partial()).isFalse();
        assertThat(plan.assemblies())
                .extracting(Launch::name)
                .containsExactly(Optional.of("front-1"), Optional.of("front-2"), Optional.of("back"));
        assertThat(plan.assemblies()).allSatisfy(one -> {
            assertThat(one.image()).isEqualTo("web-os");
            assertThat(one.profile()).contains("small");
            assertThat(one.realm()).isEmpty();
        });
        assertThat(plan.assemblies()).extracting(Launch::stopped).containsExactly(false, false, true);
        assertThat(plan.assemblies().getFirst().properties()).containsEntry("tier", "front");
        assertThat(get(system).path("description").asString()).isEqualTo("d");
        assertThat(get(system).at("/properties/k").asString()).isEqualTo("v");
        assertThat(get(system).path("realm").asString()).isEqualTo("europe");
        assertThat(sent("DELETE", template, "").status()).isEqualTo(200);
        assertThat(get("/system_templates").path("count").asInt(-1)).isZero();
        assertThat(sent("DELETE", system, "").status()).isEqualTo(200);
    }

    @Test
    void all_machines_of_a_system_are_stopped_started_and_deleted_together() {
        var system = made("/systems", system("whole", "{\"quantity\": 2, \"machineTemplate\": " + MACHINE + "}"));
        assertThat(state(system)).isEqualTo("CREATING");
        lab.deployments.settle(last(system));
        assertThat(state(system)).isEqualTo("STARTED");
        var stop = get(system).at("/operations/0");
        assertThat(stop.path("rel").asString()).endsWith("/action/stop");
        var href = stop.path("href").asString();
        assertThat(sent("POST", href, "<Action><action>http://schemas.dmtf.org/cimi/1/action/stop</action></Action>")
                        .status())
                .isEqualTo(202);
        assertThat(state(system)).isEqualTo("STOPPING");
        assertThat(sent("POST", system + "/start", "").status()).isEqualTo(405);
        lab.deployments.settle(last(system));
        assertThat(state(system)).isEqualTo("STOPPED");
        assertThat(sent("POST", href, "").status()).isEqualTo(202);
        assertThat(sent("POST", system + "/start", "").status()).isEqualTo(202);
        lab.deployments.settle(last(system));
        assertThat(sent("POST", system + "/start", "").status()).isEqualTo(202);
        assertThat(sent("POST", system + "/explode", "").status()).isEqualTo(404);
        var machine =
                get(system + "/machines").at("/systemMachines/0/machine/href").asString();
        assertThat(get(machine).path("name").asString()).isEqualTo("whole/machine-1-1");
        assertThat(sent("DELETE", system, "").status()).isEqualTo(200);
        assertThat(sent("DELETE", system, "").status()).isEqualTo(404);
        assertThat(lab.get(machine).ann().send().status()).isEqualTo(404);
    }

    @Test
    void a_system_is_in_the_state_of_its_machines_or_mixed() {
        var system = running("mixed");
        var machine = UUID.fromString(last(
                get(system + "/machines").at("/systemMachines/1/machine/href").asString()));
        lab.cloud.become(machine, InstanceState.STOPPED);
        assertThat(state(system)).isEqualTo("MIXED");
        assertThat(get(system).path("operations").toString()).contains("/action/start", "/action/stop");
        assertThat(get("/systems?$filter=state='MIXED'&$select=name").at("/systems/0"))
                .isEqualTo(get("/systems?$filter=name='mixed'&$select=name").at("/systems/0"))
                .hasToString("{\"name\":\"mixed\"}");
        assertThat(sent("DELETE", system, "").status()).isEqualTo(200);
    }

    @Test
    void what_is_in_a_system_is_expanded_and_what_cannot_be_in_it_is_empty() {
        var system = running("parts");
        var expanded = get(system + "?$expand=machines,volumes");
        assertThat(expanded.at("/machines/systemMachines")).hasSize(2);
        assertThat(expanded.at("/volumes/count").asInt(-1)).isZero();
        assertThat(get(system + "/addresses").path("systemAddresses").isEmpty()).isTrue();
        var member = get(system + "/machines?$expand=machine").at("/systemMachines/0");
        assertThat(member.at("/machine/state").asString()).isEqualTo("STARTED");
        assertThat(get(member.path("id").asString()).path("resourceURI").asString())
                .endsWith("/SystemMachine");
        assertThat(sent("DELETE", member.path("id").asString(), "").status()).isEqualTo(405);
        assertThat(lab.get(system + "/machines")
                        .ann()
                        .xml()
                        .send()
                        .xml("count(/Collection/SystemMachine/machine/@href)"))
                .isEqualTo("2");
        assertThat(lab.get(system + "/gadgets").ann().send().status()).isEqualTo(404);
        assertThat(sent("DELETE", system, "").status()).isEqualTo(200);
    }

    @Test
    void a_system_has_a_log_and_can_be_edited() {
        var system = running("told");
        var log = get(system + "?$expand=eventLog").path("eventLog");
        assertThat(log.at("/targetResource/href").asString()).isEqualTo(system);
        assertThat(log.at("/summary/high").asInt()).isEqualTo(1);
        var event = get(log.at("/events/href").asString()).at("/events/0");
        assertThat(event.path("outcome").asString()).isEqualTo("failure");
        assertThat(event.at("/content/resType").asString()).endsWith("/System");
        assertThat(get("/event_logs").toString()).contains("events of told");
        assertThat(sent(
                                "PUT",
                                system + "?$select=description",
                                "{\"description\": \"new\", \"properties\": {\"a\": \"b\"}}")
                        .status())
                .isEqualTo(200);
        assertThat(get(system).path("description").asString()).isEqualTo("new");
        assertThat(get(system).has("properties")).isFalse();
        assertThat(sent("DELETE", system, "").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | componentDescriptors | ",
                "400 | machineTemplate is missing | {\"name\": \"a\"}",
                "400 | made of machines | {\"type\": \"http://schemas.dmtf.org/cimi/1/Volume\", \"volumeTemplate\": {}}",
                "400 | whole number | {\"quantity\": 0, \"machineTemplate\": M}",
                "400 | whole number | {\"quantity\": 1.5, \"machineTemplate\": M}",
                "400 | at most 100 | {\"quantity\": 60, \"machineTemplate\": M}, {\"quantity\": 60, \"machineTemplate\": M}",
                "400 | in one realm | {\"machineTemplate\": {\"realm\": \"europe\", N}, {\"machineTemplate\": {\"realm\": \"asia\", N}",
                "400 | initialState | {\"machineTemplate\": {\"initialState\": \"PAUSED\", N}",
                "404 | MachineTemplate | {\"machineTemplate\": {\"href\": \"/machine_templates/none\"}}",
                "409 | taken | {\"machineTemplate\": M}"
            })
    void what_cannot_be_made_is_refused(int status, String why, String components) {
        var taken = status == 409 ? running("taken") : "";
        var asked = Optional.ofNullable(components)
                .orElse("")
                .replace("M}", MACHINE + "}")
                .replace("N}", MACHINE.substring(1) + "}");
        var reply = sent("POST", "/systems", system("taken", asked));
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        assertThat(reply.text()).contains(why);
        if (!taken.isEmpty()) sent("DELETE", taken, "");
        assertThat(get("/systems").path("count").asInt(-1)).isZero();
    }

    @Test
    void systems_and_templates_are_offered_described_and_guarded() {
        for (var path : new String[] {"systems", "system_templates"}) {
            assertThat(get("/cloudEntryPoint").toString()).contains("/cimi/" + path + "\"");
            assertThat(get("/" + path).at("/operations/0/rel").asString()).isEqualTo("add");
            assertThat(lab.get(at("/" + path)).send().status()).isEqualTo(401);
            assertThat(lab.call("POST", at("/" + path), BodyPublishers.ofString("{}"))
                            .with("Content-Type", "application/json")
                            .eve()
                            .send()
                            .status())
                    .isEqualTo(403);
            assertThat(lab.get(at("/" + path + "/none")).ann().send().status()).isEqualTo(404);
        }
        assertThat(get("/resource_metadata/system_template").path("name").asString())
                .isEqualTo("SystemTemplate");
        assertThat(get("/resource_metadata/system").toString())
                .contains("europe")
                .doesNotContain("Machine");
    }
}
