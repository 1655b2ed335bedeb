package holdfast.api.resources;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.drivers.simulated.SimulatedSettings;
import holdfast.platform.Json;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Settings through the interface, on a running server.
@Timeout(300)
class SettingsApiTest {
    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final TestDomain domain = new TestDomain(test, SimulatedSettings.PERFECT);

    private TestDomain.Reply put(String token, String name, String value) {
        return domain.send(
                token,
                "PUT",
                "/v1/settings/" + name,
                "application/json",
                Json.text(Json.object().put("value", value)));
    }

    private JsonNode look(String name) {
        return domain.get(domain.admin, "/v1/settings/" + name).json();
    }

    @Test
    void settings_are_listed_changed_and_reset() {
        assertThat(domain.get(domain.admin, "/v1/settings").json().get("data"))
                .extracting(one -> one.get("name").stringValue())
                .contains("provisioning.enabled", "eventing.retry");
        assertThat(look("eventing.retry").get("value").stringValue()).isEqualTo("1");
        assertThat(look("eventing.retry").get("source").stringValue()).isEqualTo("default");

        assertThat(put(domain.admin, "eventing.retry", "5").status()).isEqualTo(200);
        var changed = look("eventing.retry");
        assertThat(changed.get("value").stringValue()).isEqualTo("5");
        assertThat(changed.get("default").stringValue()).isEqualTo("1");
        assertThat(changed.get("source").stringValue()).isEqualTo("database");
        assertThat(domain.engine.settings().sends()).as("known at once").isEqualTo(5);

        assertThat(domain.delete(
                                domain.admin,
                                "/v1/settings/" + changed.get("id").stringValue())
                        .json()
                        .get("source")
                        .stringValue())
                .isEqualTo("default");
        assertThat(domain.engine.settings().sends()).isEqualTo(1);
    }

    @Test
    void a_list_of_handlers_is_made_by_its_name() {
        var made = domain.post(
                domain.admin,
                "/v1/settings",
                "{\"name\": \"process.network.create.handlers.exclude\", \"value\": \"dns\"}");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        assertThat(made.response().headers().firstValue("Location"))
                .hasValue(made.json().at("/links/self").stringValue());
        assertThat(look("process.network.create.handlers.exclude").get("value").stringValue())
                .isEqualTo("dns");
    }

    @Test
    void a_running_server_takes_requests_while_provisioning_is_off_and_does_them_when_it_is_on() {
        put(domain.admin, "provisioning.enabled", "false");
        var made = domain.post(TestDomain.ALICE, "/v1/networks", "{\"name\": \"n\"}");
        assertThat(made.status()).isEqualTo(201);
        var self = made.json().at("/links/self").stringValue();
        assertThat(domain.get(TestDomain.ALICE, self).json().get("state").stringValue())
                .isEqualTo("registering");
        put(domain.admin, "provisioning.enabled", "true");
        domain.waitFor(() -> domain.get(TestDomain.ALICE, self)
                .json()
                .get("state")
                .stringValue()
                .equals("active"));
    }

    @Test
    void only_administrators_see_and_change_settings() {
        assertThat(put(TestDomain.ALICE, "eventing.retry", "5").status()).isEqualTo(404);
        assertThat(domain.get(TestDomain.ALICE, "/v1/settings/eventing.retry").status())
                .isEqualTo(404);
        assertThat(domain.post(TestDomain.ALICE, "/v1/settings", "{\"name\": \"eventing.retry\", \"value\": 5}")
                        .status())
                .isEqualTo(404);
        assertThat(domain.delete(TestDomain.ALICE, "/v1/settings/eventing.retry")
                        .status())
                .isEqualTo(404);
        assertThat(look("eventing.retry").get("source").stringValue()).isEqualTo("default");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"name": "eventing.retries", "value": 1} | InvalidOption   | name  | did you mean eventing.retry?
            {"name": "process.thing.of.nobody.handlers.list", "value": ""} | InvalidOption | name | there is no setting
            {"name": "eventing.retry", "value": 0}   | InvalidFormat   | value | from 1 to 1000
            {"name": "eventing.retry", "value": {}}  | InvalidFormat   | value | must be a text
            {"name": "eventing.retry"}               | MissingRequired | value | must be a text
            {"name": "provisioning.enabled", "value": "no"} | InvalidFormat | value | must be true or false
            """)
    void a_bad_name_or_value_is_refused_with_the_rule(String body, String code, String field, String said) {
        var answer = domain.post(domain.admin, "/v1/settings", body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        assertThat(answer.json().get("code").stringValue()).isEqualTo(code);
        assertThat(answer.json().get("fieldName").stringValue()).isEqualTo(field);
        assertThat(answer.json().get("message").stringValue()).contains(said);
    }
}
