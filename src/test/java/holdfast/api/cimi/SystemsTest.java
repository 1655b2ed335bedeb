package holdfast.api.cimi;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.api.deltacloud.DeltacloudLab;
import holdfast.orchestrator.instances.AccountThings;
import holdfast.orchestrator.instances.InstanceFilter;
import holdfast.orchestrator.instances.InstanceState;
import holdfast.orchestrator.instances.InstanceView;
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

/// Systems and their templates over the wire.
@Timeout(300)
class SystemsTest {
    private static final String MACHINE = """
            {"machineConfig": {"href": "/machine_configurations/small"}, "machineImage": {"href": "web-os"}}""";
    private static DeltacloudLab lab;
    private static CimiClient cimi;

    @BeforeAll
    static void start() {
        lab = new DeltacloudLab(AccountThings.Finder.NOTHING);
        cimi = new CimiClient(lab);
    }

    @AfterAll
    static void stop() {
        lab.close();
    }

    private static String system(String name, String components) {
        return "{\"name\": \"%s\", \"systemTemplate\": {\"componentDescriptors\": [%s]}}".formatted(name, components);
    }

    /// Of two machines that run.
    private static String running(String name) {
        var system = cimi.made("/systems", system(name, "{\"quantity\": 2, \"machineTemplate\": " + MACHINE + "}"));
        lab.deployments.settle(Fields.last(system));
        return system;
    }

    private static String state(String system) {
        return cimi.json(system).path("state").asString();
    }

    @Test
    void a_template_is_kept_and_shown_and_a_system_is_made_of_it_by_reference() {
        var machines = cimi.made("/machine_templates", """
                {"name": "small-web", "initialState": "STOPPED", %s""".formatted(MACHINE.substring(1)));
        var template = cimi.made("/system_templates", """
                <SystemTemplateCreate xmlns="http://schemas.dmtf.org/cimi/1"><name>pair</name>
                  <componentDescriptor><name>front</name><description>serves</description>
                    <property key="tier">front</property><type>http://schemas.dmtf.org/cimi/1/Machine</type>
                    <machineTemplate><machineConfig href="http://example.com/small"/>
                      <machineImage href="http://example.com/web-os"/><realm>europe</realm></machineTemplate>
                    <quantity> 2 </quantity></componentDescriptor>
                  <componentDescriptor><name>back</name><machineTemplate href="http://example.com/%s"/>
                  </componentDescriptor>
                </SystemTemplateCreate>""".formatted(Fields.last(machines)));
        assertThat(cimi.json(template).at("/componentDescriptors/0/quantity").isNumber())
                .isTrue();
        assertThat(cimi.json(template)
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
        var system = cimi.made("/systems", """
                <SystemCreate xmlns="http://schemas.dmtf.org/cimi/1"><name>site</name><description>d</description>
                  <property key="k">v</property><systemTemplate href="%s"/></SystemCreate>""".formatted(template));
        var plan = lab.deployments.plan(Fields.last(system));
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
        assertThat(cimi.json(system).path("description").asString()).isEqualTo("d");
        assertThat(cimi.json(system).at("/properties/k").asString()).isEqualTo("v");
        assertThat(cimi.json(system).path("realm").asString()).isEqualTo("europe");
        assertThat(cimi.sent("DELETE", template, "").status()).isEqualTo(200);
        assertThat(cimi.json("/system_templates").path("count").asInt(-1)).isZero();
        assertThat(cimi.sent("DELETE", system, "").status()).isEqualTo(200);
    }

    @Test
    void all_machines_of_a_system_are_stopped_started_and_deleted_together() {
        var system = cimi.made("/systems", system("whole", "{\"quantity\": 2, \"machineTemplate\": " + MACHINE + "}"));
        assertThat(state(system)).isEqualTo("CREATING");
        lab.deployments.settle(Fields.last(system));
        assertThat(state(system)).isEqualTo("STARTED");
        var stop = cimi.json(system).at("/operations/0");
        assertThat(stop.path("rel").asString()).endsWith("/action/stop");
        var href = stop.path("href").asString();
        assertThat(cimi.sent(
                                "POST",
                                href,
                                "<Action><action>http://schemas.dmtf.org/cimi/1/action/stop</action></Action>")
                        .status())
                .isEqualTo(202);
        assertThat(state(system)).isEqualTo("STOPPING");
        assertThat(cimi.sent("POST", system + "/start", "").status()).isEqualTo(405);
        lab.deployments.settle(Fields.last(system));
        assertThat(state(system)).isEqualTo("STOPPED");
        assertThat(cimi.sent("POST", href, "").status()).isEqualTo(202);
        assertThat(cimi.sent("POST", system + "/start", "").status()).isEqualTo(202);
        lab.deployments.settle(Fields.last(system));
        assertThat(cimi.sent("POST", system + "/start", "").status()).isEqualTo(202);
        assertThat(cimi.sent("POST", system + "/explode", "").status()).isEqualTo(404);
        var machine = cimi.json(system + "/machines")
                .at("/systemMachines/0/machine/href")
                .asString();
        assertThat(cimi.json(machine).path("name").asString()).isEqualTo("whole/machine-1-1");
        assertThat(cimi.sent("DELETE", system, "").status()).isEqualTo(200);
        assertThat(cimi.sent("DELETE", system, "").status()).isEqualTo(404);
        assertThat(lab.get(machine).ann().send().status()).isEqualTo(404);
    }

    @Test
    void each_machine_of_a_system_that_runs_is_restarted() {
        var system = cimi.made("/systems", system("again", "{\"quantity\": 2, \"machineTemplate\": " + MACHINE + "}"));
        assertThat(cimi.sent("POST", system + "/restart", "").status()).isEqualTo(405);
        lab.deployments.settle(Fields.last(system));
        var restart = cimi.json(system).at("/operations/1");
        assertThat(restart.path("rel").asString()).isEqualTo("http://schemas.dmtf.org/cimi/1/action/restart");
        var asked = cimi.sent("POST", restart.path("href").asString(), "");
        assertThat(asked.status()).as(asked.text()).isEqualTo(202);
        assertThat(lab.cloud.instances(InstanceFilter.every(), 0, 10))
                .extracting(InstanceView::state)
                .as("each goes down and comes up")
                .containsExactly(InstanceState.PENDING, InstanceState.PENDING);
        lab.deployments.settle(Fields.last(system));
        assertThat(cimi.deleted(system)).isEqualTo(200);
    }

    @Test
    void a_token_makes_one_system_of_two_requests() {
        var body = "{\"systemTemplate\": {\"componentDescriptors\": [{\"machineTemplate\": " + MACHINE + "}]}}";
        var first = cimi.sent("POST", "/systems", body, "X-Client-Token", "t1");
        assertThat(first.status()).as(first.text()).isEqualTo(201);
        var again = cimi.sent("POST", "/systems", body, "X-Client-Token", "t1");
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.header("Location")).isEqualTo(first.header("Location"));
        assertThat(cimi.sent("POST", "/systems", "{\"properties\": {\"clientToken\": \"t1\"}, " + body.substring(1))
                        .status())
                .as("another request, with the token elsewhere")
                .isEqualTo(409);
        assertThat(cimi.deleted(first.header("Location"))).isEqualTo(200);
    }

    @Test
    void a_system_is_in_the_state_of_its_machines_or_mixed() {
        var system = running("mixed");
        var machine = UUID.fromString(Fields.last(cimi.json(system + "/machines")
                .at("/systemMachines/1/machine/href")
                .asString()));
        lab.cloud.become(machine, InstanceState.STOPPED);
        assertThat(state(system)).isEqualTo("MIXED");
        assertThat(cimi.json(system).path("operations").toString()).contains("/action/start", "/action/stop");
        assertThat(cimi.json("/systems?$filter=state='MIXED'&$select=name").at("/systems/0"))
                .isEqualTo(
                        cimi.json("/systems?$filter=name='mixed'&$select=name").at("/systems/0"))
                .hasToString("{\"name\":\"mixed\"}");
        assertThat(cimi.sent("DELETE", system, "").status()).isEqualTo(200);
    }

    @Test
    void what_is_in_a_system_is_expanded_and_what_cannot_be_in_it_is_empty() {
        var system = running("parts");
        var expanded = cimi.json(system + "?$expand=machines,volumes");
        assertThat(expanded.at("/machines/systemMachines")).hasSize(2);
        assertThat(expanded.at("/volumes/count").asInt(-1)).isZero();
        assertThat(cimi.json(system + "/addresses").path("systemAddresses").isEmpty())
                .isTrue();
        var member = cimi.json(system + "/machines?$expand=machine").at("/systemMachines/0");
        assertThat(member.at("/machine/state").asString()).isEqualTo("STARTED");
        assertThat(cimi.json(member.path("id").asString()).path("resourceURI").asString())
                .endsWith("/SystemMachine");
        assertThat(cimi.sent("DELETE", member.path("id").asString(), "").status())
                .isEqualTo(405);
        assertThat(lab.get(system + "/machines")
                        .ann()
                        .xml()
                        .send()
                        .xml("count(/Collection/SystemMachine/machine/@href)"))
                .isEqualTo("2");
        assertThat(lab.get(system + "/gadgets").ann().send().status()).isEqualTo(404);
        assertThat(cimi.sent("DELETE", system, "").status()).isEqualTo(200);
    }

    @Test
    void a_system_has_a_log_and_can_be_edited() {
        var system = running("told");
        var log = cimi.json(system + "?$expand=eventLog").path("eventLog");
        assertThat(log.at("/targetResource/href").asString()).isEqualTo(system);
        assertThat(log.at("/summary/high").asInt()).isEqualTo(1);
        var event = cimi.json(log.at("/events/href").asString()).at("/events/0");
        assertThat(event.path("outcome").asString()).isEqualTo("failure");
        assertThat(event.at("/content/resType").asString()).endsWith("/System");
        assertThat(cimi.json("/event_logs").toString()).contains("events of told");
        assertThat(cimi.sent(
                                "PUT",
                                system + "?$select=description",
                                "{\"description\": \"new\", \"properties\": {\"a\": \"b\"}}")
                        .status())
                .isEqualTo(200);
        assertThat(cimi.json(system).path("description").asString()).isEqualTo("new");
        assertThat(cimi.json(system).has("properties")).isFalse();
        assertThat(cimi.sent("DELETE", system, "").status()).isEqualTo(200);
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
        var reply = cimi.sent("POST", "/systems", system("taken", asked));
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        assertThat(reply.text()).contains(why);
        if (!taken.isEmpty()) cimi.sent("DELETE", taken, "");
        assertThat(cimi.json("/systems").path("count").asInt(-1)).isZero();
    }

    @Test
    void systems_and_templates_are_offered_described_and_guarded() {
        for (var path : new String[] {"systems", "system_templates"}) {
            assertThat(cimi.json("/cloudEntryPoint").toString()).contains("/cimi/" + path + "\"");
            assertThat(cimi.json("/" + path).at("/operations/0/rel").asString()).isEqualTo("add");
            assertThat(lab.get(cimi.at("/" + path)).send().status()).isEqualTo(401);
            assertThat(lab.call("POST", cimi.at("/" + path), BodyPublishers.ofString("{}"))
                            .with("Content-Type", "application/json")
                            .eve()
                            .send()
                            .status())
                    .isEqualTo(403);
            assertThat(lab.get(cimi.at("/" + path + "/none")).ann().send().status())
                    .isEqualTo(404);
        }
        assertThat(cimi.json("/resource_metadata/system_template").path("name").asString())
                .isEqualTo("SystemTemplate");
        assertThat(cimi.json("/resource_metadata/system").toString())
                .contains("europe")
                .doesNotContain("Machine");
    }
}
