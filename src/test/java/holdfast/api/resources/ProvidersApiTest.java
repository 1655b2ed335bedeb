package holdfast.api.resources;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.drivers.simulated.SimulatedSettings;
import holdfast.platform.Faults;
import holdfast.platform.LostRaceException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@Timeout(300)
class ProvidersApiTest {
    private static final String LAB = """
            {"name": "lab", "driver": "simulated", "password": "%s"}""";

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final TestDomain domain = new TestDomain(test, SimulatedSettings.PERFECT);

    private JsonNode add(String password) {
        var added = domain.post(domain.admin, "/v1/providers", LAB.formatted(password));
        assertThat(added.status()).as(added.text()).isEqualTo(201);
        return added.json();
    }

    private JsonNode look(JsonNode provider) {
        return domain.get(domain.admin, provider.at("/links/self").stringValue())
                .json();
    }

    private void untilIn(JsonNode provider, String state) {
        domain.waitFor(() -> look(provider).get("state").stringValue().equals(state));
    }

    @Test
    void a_provider_shows_what_it_has_as_soon_as_it_was_seen() {
        var added = add(TestDomain.CLOUD_PASSWORD);
        assertThat(added.get("state").stringValue()).isEqualTo("connecting");
        untilIn(added, "up");
        var seen = look(added);
        assertThat(seen.get("hosts").intValue()).isEqualTo(4);
        assertThat(seen.get("enforced").booleanValue()).isTrue();
        assertThat(seen.get("flavors")).hasSize(3);
        assertThat(seen.get("hypervisors")).hasSize(4);
        assertThat(seen.at("/hypervisors/0/total/vcpu").intValue()).isEqualTo(16);
        assertThat(seen.at("/limits/vcpu").longValue()).isEqualTo(64);
        assertThat(seen.toString()).doesNotContain(TestDomain.CLOUD_PASSWORD).doesNotContain("sealed");
        domain.waitFor(() ->
                !domain.get(TestDomain.ALICE, "/v1/pools").json().get("data").isEmpty());
    }

    @Test
    void wrong_credentials_are_told_until_another_password_is_given() {
        var added = add("wrong");
        untilIn(added, "down");
        assertThat(look(added).get("transitioningMessage").stringValue()).contains("does not know that password");
        var self = added.at("/links/self").stringValue();
        domain.send(
                domain.admin,
                "PUT",
                self,
                "application/json",
                "{\"password\": \"" + TestDomain.CLOUD_PASSWORD + "\", \"cleaningSeconds\": 60}");
        untilIn(added, "up");
        assertThat(look(added).get("cleaningSeconds").intValue()).isEqualTo(60);
        assertThat(look(added).get("driver").stringValue()).isEqualTo("simulated");
    }

    private JsonNode change(JsonNode provider, int status, String body) {
        var answer =
                domain.send(domain.admin, "PUT", provider.at("/links/self").stringValue(), "application/json", body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.text()).doesNotContain("Tr0ub4dor");
        return answer.json();
    }

    @Test
    void the_bus_of_a_cloud_is_set_changed_shown_without_its_password_and_left() {
        var answer = domain.post(
                domain.admin,
                "/v1/providers",
                "{\"name\": \"lab\", \"driver\": \"simulated\", \"notifications\": \"amqp://me@bus/\","
                        + " \"notificationsPassword\": \"Tr0ub4dor\", \"password\": \"" + TestDomain.CLOUD_PASSWORD
                        + "\"}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        var added = answer.json();
        untilIn(added, "up");
        domain.waitFor(() -> look(added).get("notificationsTrouble").isString());
        var seen = look(added);
        assertThat(seen.get("state").stringValue()).isEqualTo("up");
        assertThat(seen.get("notifications").stringValue()).isEqualTo("amqp://me@bus/");
        assertThat(seen.at("/notificationsTopics/1").stringValue()).isEqualTo("versioned_notifications");
        assertThat(seen.toString()).doesNotContain("Tr0ub4dor");
        assertThat(change(added, 200, "{\"notificationsTopics\": [\"holdfast\"]}")
                        .at("/notificationsTopics"))
                .hasSize(1);
        assertThat(change(added, 200, "{\"cleaningSeconds\": 5}")
                        .get("notifications")
                        .stringValue())
                .isEqualTo("amqp://me@bus/");
        assertThat(change(added, 400, "{\"notifications\": \"amqp://me:Tr0ub4dor@bus/\"}")
                        .toString())
                .contains("notificationsPassword");
        assertThat(change(added, 200, "{\"notifications\": \"none\"}").path("notifications"))
                .isEmpty();
        assertThat(change(added, 400, "{\"notificationsPassword\": \"Tr0ub4dor\"}")
                        .toString())
                .contains("notifications is missing");
    }

    /// Every transaction loses a race when it is run for the first time.
    private static final class Unlucky implements Faults {
        private final Map<Thread, Integer> commits = new ConcurrentHashMap<>();

        @Override
        public void beforeCommit(int n) {
            if (commits.merge(Thread.currentThread(), 1, Integer::sum) % 2 == 1) {
                throw new LostRaceException("a test wants it so");
            }
        }
    }

    @Test
    void a_change_is_the_same_however_often_it_is_tried() {
        var added = add(TestDomain.CLOUD_PASSWORD);
        untilIn(added, "up");
        test.database().inject(new Unlucky());
        var changed = domain.send(
                domain.admin,
                "PUT",
                added.at("/links/self").stringValue(),
                "application/json",
                "{\"cleaningSeconds\": 60}");
        test.database().inject(Faults.NONE);
        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
        assertThat(look(added).get("cleaningSeconds").intValue()).isEqualTo(60);
    }

    @Test
    void a_provider_is_not_taken_out_under_a_reservation_that_it_does_not_keep() {
        var added = domain.post(
                        domain.admin,
                        "/v1/providers",
                        "{\"name\": \"lab\", \"driver\": \"simulated\", \"enforce\": false, \"password\": \""
                                + TestDomain.CLOUD_PASSWORD + "\"}")
                .json();
        untilIn(added, "up");
        domain.waitFor(() ->
                !domain.get(TestDomain.ALICE, "/v1/pools").json().get("data").isEmpty());
        var start = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(86_400);
        var made = domain.post(
                TestDomain.ALICE,
                "/v1/reservations",
                "{\"name\": \"expo\", \"start\": \"" + start
                        + "\", \"durationSeconds\": 3600, \"items\": [{\"kind\": \"hosts\", \"min\": 2}]}");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        var self = added.at("/links/self").stringValue();
        var refused = domain.delete(domain.admin, self);
        assertThat(refused.status()).as(refused.text()).isEqualTo(409);
        assertThat(refused.text()).contains("1 item");
        assertThat(look(added).get("state").stringValue()).isEqualTo("up");
        domain.delete(TestDomain.ALICE, made.json().at("/links/self").stringValue());
        domain.waitFor(() -> domain.delete(domain.admin, self).status() == 200);
    }

    @Test
    void a_refresh_looks_again_and_a_removal_takes_it_out() {
        var added = add(TestDomain.CLOUD_PASSWORD);
        untilIn(added, "up");
        int before = look(added).get("version").intValue();
        var asked = domain.post(domain.admin, look(added).at("/actions/refresh").stringValue(), "");
        assertThat(asked.status()).as(asked.text()).isEqualTo(202);
        domain.waitFor(() -> look(added).get("version").intValue() > before);
        var gone = domain.delete(domain.admin, added.at("/links/self").stringValue());
        assertThat(gone.json().get("state").stringValue()).isEqualTo("removed");
        domain.waitFor(
                () -> domain.get(domain.admin, "/v1/pools").json().get("data").isEmpty());
    }

    @Test
    void users_do_not_see_providers() {
        add(TestDomain.CLOUD_PASSWORD);
        assertThat(domain.get(TestDomain.ALICE, "/v1/providers").status()).isEqualTo(404);
        assertThat(domain.post(TestDomain.ALICE, "/v1/providers", LAB.formatted("x"))
                        .status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | name | name is missing",
                "{\"name\": \"x\", \"driver\": \"aws\"} | driver | driver is aws; there are: openstack, deltacloud, holdfast, simulated",
                "{\"name\": \"x\"} | endpoint | endpoint must be the address of Keystone, such as https://cloud.example:5000/v3",
                "{\"name\": \"x\", \"endpoint\": \"http://h:5000/v3\"} | username | username is missing, or longer than 255 characters",
                "{\"name\": \"x\", \"driver\": \"simulated\", \"pollSeconds\": 1} | pollSeconds | pollSeconds is 1; it must be a whole number from 5 to 86400",
                "{\"name\": \"x\", \"driver\": \"simulated\", \"enforce\": \"no\"} | enforce | enforce is \"no\"; it must be true or false",
                "{\"name\": \"x\", \"driver\": \"simulated\", \"pasword\": \"y\"} | pasword | pasword is not a field that is known here; did you mean password?",
            })
    void what_is_wrong_is_named_and_nothing_is_added(String body, String field, String message) {
        var refused = domain.post(domain.admin, "/v1/providers", body);
        assertThat(refused.status()).as(refused.text()).isBetween(400, 422);
        assertThat(Map.of("text", refused.text()).toString()).contains(field, message.replace("\"", "\\\""));
        assertThat(domain.get(domain.admin, "/v1/providers").json().get("data")).isEmpty();
    }
}
