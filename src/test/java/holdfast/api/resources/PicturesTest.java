package holdfast.api.resources;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.drivers.simulated.SimulatedSettings;
import holdfast.platform.Json;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who acts in a process, as its definition and its picture tell.
@Timeout(300)
class PicturesTest {
    private static final String PROCESS = "/v1/processdefinitions/1pd!network.deactivate";

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final TestDomain domain = new TestDomain(test, SimulatedSettings.PERFECT);

    private String register(String name, String process) {
        var body = Json.object().put("name", name);
        body.putArray("processConfigs").addObject().put("name", process);
        var made = domain.post(domain.admin, "/v1/externalhandlers", Json.text(body));
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        var self = made.json().at("/links/self").stringValue();
        domain.waitFor(() ->
                domain.get(domain.admin, self).json().path("state").asString("").equals("active"));
        return self;
    }

    @Test
    void a_picture_names_the_handlers_outside_that_take_part_now() {
        assertThat(domain.get(domain.admin, PROCESS + "/processdot").text()).contains("network.deactivate[no-op]  ");
        register("early", "pre.network.deactivate");
        var late = register("late", "network.*");
        register("mail", "post.*.deactivate");
        assertThat(domain.get(domain.admin, PROCESS + "/processdot").text())
                .contains("label=\"network.deactivate[pre=early,logic=late,post=mail]  \"");
        assertThat(domain.get(domain.admin, "/v1/resourcedefinitions/1rd!network/resourcedot")
                        .text())
                .contains("network.deactivate[pre=early,logic=late,post=mail]  ", "network.remove[logic=late]  ");
        var definition = domain.get(domain.admin, PROCESS).json();
        assertThat(definition.at("/processHandlers/implementations/0/name").asString())
                .isEqualTo("late");

        for (var target : new String[] {PROCESS, PROCESS + "/processdot", PROCESS + "/processsvg"}) {
            var shown = domain.get(TestDomain.ALICE, target);
            assertThat(shown.status()).as(target).isEqualTo(200);
            assertThat(shown.text())
                    .as("to one who may not read handlers: " + target)
                    .doesNotContain("early", "late", "mail");
        }

        assertThat(domain.post(domain.admin, late + "/?action=deactivate", "{}").status())
                .isEqualTo(202);
        domain.waitFor(() -> domain.get(domain.admin, PROCESS + "/processdot")
                .text()
                .contains("network.deactivate[pre=early,post=mail]  "));
    }
}
