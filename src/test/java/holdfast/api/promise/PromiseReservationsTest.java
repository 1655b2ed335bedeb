package holdfast.api.promise;

import static holdfast.api.promise.PromiseDomain.ALICE;
import static holdfast.api.promise.PromiseDomain.ANN;
import static holdfast.api.promise.PromiseDomain.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Timeout(300)
class PromiseReservationsTest {
    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final PromiseDomain domain = new PromiseDomain(test);

    private final Instant start = Instant.now().truncatedTo(ChronoUnit.HOURS).plus(2, ChronoUnit.HOURS);
    private final String window = "'start': '" + start + "', 'end': '" + start.plusSeconds(3_600) + "'";

    @BeforeEach
    void addCloud() {
        domain.addCloud("lab");
    }

    private String reserve(String token, String wish) {
        var made = domain.ask(token, "create-reservation", "{" + window + ", " + wish + "}");
        assertThat(made.status()).isEqualTo(200);
        assertThat(made.result()).as(made.text()).isEqualTo("ok");
        return made.get("reservation-id").asString("");
    }

    /// What each of these makes, by the field of its answer.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "create-reservation | {'capacity': {'cores': 2}} | reservation-id",
                "request-offer | {'capacity': {'cores': 2}} | offer-id",
                "create-instance | {'name': 'web', 'image': 'cirros', 'flavor': 'tiny'} | instance-id",
                "increase-capacity | {'source': 'lab', 'zone': 'north', 'capacity': {'cores': 2}} | pool-id",
            })
    void what_is_asked_for_again_with_its_key_is_made_once(String intent, String body, String id) {
        var made = domain.ask(domain.admin, intent, body, "Idempotency-Key", "5b1e");
        assertThat(made.result()).as(made.text()).isEqualTo("ok");
        var again = domain.send(domain.admin, "POST", "/" + intent, body, "Idempotency-Key", "5b1e");
        assertThat(again.get(id)).as(again.text()).isEqualTo(made.get(id));
        assertThat(domain.ask(domain.admin, intent, body, "Idempotency-Key", "6c2f")
                        .get(id))
                .isNotEqualTo(made.get(id));
        var other =
                domain.ask(domain.admin, "create-reservation", "{'capacity': {'cores': 3}}", "Idempotency-Key", "5b1e");
        assertThat(other.result()).as(other.text()).isEqualTo("error");
        assertThat(other.get("message").asString("")).contains("was used for another request");
    }

    @Test
    void whether_an_element_is_wanted_alone_is_said_in_words_that_are_known() {
        var refused = domain.ask(
                ALICE,
                "create-reservation",
                "{" + window + ", 'elements': [{'id': 'network:inside', 'exclusive': 'yes'}]}");
        assertThat(refused.result()).isEqualTo("error");
        assertThat(refused.text()).contains("elements.exclusive is \\\"yes\\\"; it must be true or false");
    }

    @Test
    void numbers_may_be_texts_and_what_was_asked_for_is_shown() {
        var id = reserve(
                ALICE, "'zone': 'north', 'capacity': {'cores': '12', 'ram': 24576, 'instances': '3'}, 'expiry': 45");
        var shown = domain.get(ALICE, PromiseDomain.ROOT + "promise/reservations/" + id)
                .json();
        assertThat(shown.at("/capacity/cores").longValue()).isEqualTo(12);
        assertThat(shown.at("/capacity/ram").longValue()).isEqualTo(24_576);
        assertThat(shown.at("/capacity/ports").longValue()).isZero();
        assertThat(shown.at("/remaining/instances").longValue()).isEqualTo(3);
        assertThat(shown.get("status").stringValue()).isEqualTo("reserved");
        assertThat(shown.get("active").booleanValue()).isFalse();
        assertThat(shown.get("expiry").stringValue())
                .isEqualTo(start.plus(45, ChronoUnit.MINUTES).toString());
        assertThat(shown.get("pools")).hasSize(1);
    }

    @Test
    void a_refusal_is_a_conflict_with_the_deficit_and_what_is_offered_instead_is_accepted_unchanged() {
        reserve(BOB, "'zone': 'north', 'capacity': {'cores': 24}");
        var body = "{" + window + ", 'zone': 'north', 'capacity': {'cores': 16, 'ram': 1024}}";
        var refused = domain.ask(ALICE, "create-reservation", body);
        assertThat(refused.status()).isEqualTo(200);
        assertThat(refused.result()).as(refused.text()).isEqualTo("conflict");
        var deficit = refused.json().at("/deficit/0");
        assertThat(deficit.get("key").stringValue()).isEqualTo("cores");
        assertThat(deficit.get("at").stringValue()).isEqualTo(start.toString());
        assertThat(deficit.get("requested").longValue()).isEqualTo(16);
        assertThat(deficit.get("available").longValue()).isEqualTo(8);
        var instead = refused.get("alternatives");
        assertThat(instead.propertyNames()).as(refused.text()).contains("max", "earliest", "zones");
        assertThat(refused.text()).doesNotContain("bob").doesNotContain("biology");
        takeEach(body, instead);
    }

    @Test
    void cores_of_one_site_and_memory_of_another_are_never_mixed() {
        domain.addCloud("annex");
        reserve(BOB, "'zone': 'lab/north', 'capacity': {'cores': 32}");
        reserve(BOB, "'zone': 'lab/south', 'capacity': {'cores': 32}");
        for (var zone : new String[] {"annex/north", "annex/south"}) {
            reserve(BOB, "'zone': '" + zone + "', 'capacity': {'ram': 131072}");
        }
        var mixed = domain.ask(ALICE, "create-reservation", "{" + window + ", 'capacity': {'cores': 1, 'ram': 1}}");
        assertThat(mixed.result()).as(mixed.text()).isEqualTo("conflict");
        reserve(ALICE, "'capacity': {'cores': 32}");
        reserve(ALICE, "'capacity': {'ram': 131072}");
    }

    @Test
    void what_exists_is_claimed_and_found_by_what_is_claimed() {
        var id = reserve(ALICE, "'elements': ['network:inside', {'id': 'image:cirros', 'exclusive': true}]");
        var shown = domain.get(ALICE, PromiseDomain.ROOT + "promise/reservations/" + id)
                .json();
        assertThat(shown.get("elements").toString()).isEqualTo("[\"network:net-1\",\"image:image-1\"]");
        assertThat(reserve(BOB, "'elements': ['network:inside']")).isNotEqualTo(id);
        for (var taken : new String[] {"'image:cirros'", "'network:nowhere'"}) {
            var refused = domain.ask(BOB, "create-reservation", "{" + window + ", 'elements': [" + taken + "]}");
            assertThat(refused.result()).as(refused.text()).isNotEqualTo("ok");
            assertThat(refused.text()).doesNotContain("whole");
        }
        var image = domain.ask(BOB, "create-reservation", "{" + window + ", 'elements': ['image:cirros']}");
        assertThat(image.get("message").asString("")).startsWith("image cirros is taken, or not there, from " + start);
        assertThat(image.json().at("/deficit/0/key").stringValue()).isEqualTo("element");
        assertThat(image.json().at("/deficit/0/element").stringValue()).isEqualTo("image cirros");
        var some = domain.ask(ALICE, "query-reservation", "{'elements': {'every': ['network:inside']}}");
        assertThat(some.get("reservations").toString()).contains(id);
        var none = domain.ask(ALICE, "query-reservation", "{'elements': {'some': ['network:outside']}}");
        assertThat(none.get("reservations")).isEmpty();
        var inside = domain.ask(
                ALICE, "create-reservation", "{" + window + ", 'elements': ['ResourceReservation:" + id + "']}");
        assertThat(inside.result()).as(inside.text()).isEqualTo("ok");
        var kept = domain.ask(ALICE, "cancel-reservation", "{'reservation-id': '" + id + "'}");
        assertThat(kept.result()).as(kept.text()).isNotEqualTo("ok");
        assertThat(kept.text()).contains("claimed by reservation");
    }

    @Test
    void instances_of_flavors_are_reserved_host_by_host() {
        var id = reserve(ALICE, "'instance': [{'flavor': 'large', 'count': '2'}, {'flavor': 'tiny', 'count': 1}]");
        var shown = domain.get(ALICE, PromiseDomain.ROOT + "promise/reservations/" + id)
                .json();
        assertThat(shown.at("/capacity/cores").longValue()).isEqualTo(17);
        assertThat(shown.at("/capacity/instances").longValue()).isEqualTo(3);
        var refused = domain.ask(
                ALICE, "create-reservation", "{" + window + ", 'instance': [{'flavor': 'large', 'count': 8}]}");
        assertThat(refused.result()).as(refused.text()).isEqualTo("conflict");
    }

    @Test
    void an_offer_is_held_until_it_is_accepted() {
        var offer = domain.ask(
                ALICE, "request-offer", "{" + window + ", 'ttl': 60, 'zone': 'north', 'capacity': {'cores': 32}}");
        assertThat(offer.result()).as(offer.text()).isEqualTo("ok");
        assertThat(Instant.parse(offer.get("expires").asString("")))
                .isBefore(Instant.now().plusSeconds(61));
        assertThat(domain.ask(BOB, "create-reservation", "{" + window + ", 'zone': 'north', 'capacity': {'cores': 1}}")
                        .result())
                .isEqualTo("conflict");
        var accept =
                "{'offer-id': 'ResourceReservation:" + offer.get("offer-id").asString("") + "'}";
        assertThat(domain.ask(BOB, "accept-offer", accept).result()).isEqualTo("error");
        var taken = domain.ask(ALICE, "accept-offer", accept);
        assertThat(taken.get("status").asString("")).as(taken.text()).isEqualTo("reserved");
        assertThat(domain.ask(ALICE, "accept-offer", accept).result()).isEqualTo("error");
    }

    @Test
    void an_uncertain_start_is_fixed_or_claimed_until_it_is_activated() {
        reserve(BOB, "'zone': 'north', 'capacity': {'cores': 32}");
        var range = "{'start': {'earliest': '" + start + "', 'latest': '" + start.plusSeconds(7_200)
                + "'}, 'duration': 1800, 'zone': 'north', 'capacity': {'cores': 8}, 'mode': '%s'}";
        var fixed = domain.ask(ALICE, "create-reservation", range.formatted("fix"));
        assertThat(fixed.get("start").asString(""))
                .as(fixed.text())
                .isEqualTo(start.plusSeconds(3_600).toString());
        assertThat(domain.ask(ALICE, "create-reservation", range.formatted("envelope"))
                        .result())
                .isEqualTo("conflict");
        var now = "{'start': {'earliest': '" + Instant.now() + "', 'latest': '" + start
                + "'}, 'duration': 1800, 'zone': 'south', 'capacity': {'cores': 8}, 'mode': 'envelope'}";
        var claimed = domain.ask(ALICE, "create-reservation", now);
        assertThat(claimed.result()).as(claimed.text()).isEqualTo("ok");
        var id = "{'reservation-id': '" + claimed.get("reservation-id").asString("") + "'}";
        assertThat(domain.ask(BOB, "activate-reservation", id).result()).isEqualTo("error");
        var begun = domain.ask(ALICE, "activate-reservation", id);
        assertThat(begun.result()).as(begun.text()).isEqualTo("ok");
        assertThat(Instant.parse(begun.get("end").asString("")))
                .isEqualTo(Instant.parse(begun.get("start").asString("")).plusSeconds(1_800));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'mode': 'fix'", "'mode': 'envelope'", "'mode': 'standby', 'recall': 60"})
    void what_is_offered_instead_of_an_uncertain_start_is_put_into_the_request_as_it_is(String mode) {
        reserve(BOB, "'zone': 'north', 'capacity': {'cores': 24}");
        var body = "{'start': {'earliest': '" + start.minusSeconds(600) + "', 'latest': '" + start.plusSeconds(60)
                + "'}, 'duration': 1800, 'zone': 'north', 'capacity': {'cores': 16}, 'warn-at': '"
                + start.plusSeconds(600) + "', 'expiry': 5, " + mode + "}";
        var refused = domain.ask(ALICE, "create-reservation", body);
        assertThat(refused.result()).as(refused.text()).isEqualTo("conflict");
        var instead = refused.get("alternatives");
        assertThat(instead.propertyNames()).as(refused.text()).contains("max", "earliest", "zones");
        assertThat(instead.at("/earliest/start/earliest").stringValue())
                .isEqualTo(start.plusSeconds(3_600).toString());
        takeEach(body, instead);
    }

    /// Each of what is offered is put into the request as it is, and accepted.
    private void takeEach(String body, JsonNode instead) {
        for (var name : instead.propertyNames()) {
            var changed = (ObjectNode) holdfast.platform.Json.tree(body.replace('\'', '"'));
            switch (name) {
                case "max" -> changed.set("capacity", instead.get(name));
                case "zones" -> changed.set("zone", instead.get(name).get(0).get("zone"));
                default -> changed.setAll((ObjectNode) instead.get(name));
            }
            var taken = domain.ask(ALICE, "create-reservation", changed.toString());
            assertThat(taken.result()).as(name + ": " + taken.text()).isEqualTo("ok");
            domain.ask(
                    ALICE,
                    "cancel-reservation",
                    "{'reservation-id': '" + taken.get("reservation-id").asString("") + "'}");
        }
    }

    @Test
    void what_stands_by_is_activated_when_its_provider_has_agreed() {
        var claimed = domain.ask(
                ALICE,
                "create-reservation",
                "{'start': {'earliest': '" + Instant.now() + "', 'latest': '" + start
                        + "'}, 'duration': 1800, 'instance': [{'flavor': 'tiny'}], 'mode': 'standby', 'recall': 8}");
        assertThat(claimed.result()).as(claimed.text()).isEqualTo("ok");
        var id = claimed.get("reservation-id").asString("");
        var begun = domain.ask(ALICE, "activate-reservation", "{'reservation-id': '" + id + "'}");
        assertThat(begun.get("message").asString("")).isEqualTo("activated");
        var from = Instant.parse(begun.get("start").asString(""));
        assertThat(from).isBefore(Instant.now().plusSeconds(9));
        assertThat(begun.get("end").asString(""))
                .isEqualTo(from.plusSeconds(1_800).toString());
    }

    @Test
    void nothing_is_not_reserved_and_not_left() {
        for (var nothing :
                new String[] {"'instance': []", "'capacity': {'cores': 0}", "'elements': [], 'instance': []"}) {
            var refused = domain.ask(ALICE, "create-reservation", "{" + window + ", " + nothing + "}");
            assertThat(refused.result()).as(refused.text()).isEqualTo("error");
        }
        var id = reserve(ALICE, "'capacity': {'cores': 2, 'ram': 512}");
        var change = "{'reservation-id': '" + id + "', 'capacity': {%s}}";
        assertThat(domain.ask(ALICE, "update-reservation", change.formatted("'ram': 0"))
                        .result())
                .isEqualTo("ok");
        var none = domain.ask(ALICE, "update-reservation", change.formatted("'cores': 0"));
        assertThat(none.result()).as(none.text()).isEqualTo("error");
        assertThat(none.get("message").asString("")).startsWith("nothing would be left of item");
        assertThat(domain.ask(ALICE, "update-reservation", change.formatted("'cores': 3"))
                        .result())
                .isEqualTo("ok");
    }

    @Test
    void what_is_given_up_is_free_again_and_can_be_given_up_once() {
        var id = reserve(ALICE, "'zone': 'north', 'capacity': {'cores': 32}");
        var body = "{'reservation-id': '" + id + "'}";
        assertThat(domain.ask(ALICE, "cancel-reservation", body).result()).isEqualTo("ok");
        assertThat(domain.ask(ALICE, "cancel-reservation", body).result()).isEqualTo("error");
        reserve(ALICE, "'zone': 'north', 'capacity': {'cores': 32}");
    }

    @Test
    void what_belongs_to_another_project_does_not_exist() {
        var id = reserve(ALICE, "'capacity': {'cores': 4}");
        var path = PromiseDomain.ROOT + "promise/reservations/" + id;
        assertThat(domain.get(ANN, path).status()).isEqualTo(200);
        assertThat(domain.get(BOB, path).status()).isEqualTo(404);
        assertThat(domain.get(BOB, PromiseDomain.ROOT + "promise/reservations").json())
                .isEmpty();
        assertThat(domain.ask(BOB, "cancel-reservation", "{'reservation-id': '" + id + "'}")
                        .result())
                .isEqualTo("error");
        assertThat(domain.ask(BOB, "list-reservations", "").get("reservations")).isEmpty();
        assertThat(domain.ask(BOB, "query-reservation", "").get("reservations")).isEmpty();
        assertThat(domain.ask(ANN, "list-reservations", "").get("reservations")).hasSize(1);
    }

    @Test
    void a_query_lists_what_touches_its_window_or_lies_in_it_and_what_that_is_together() {
        var first = reserve(ALICE, "'capacity': {'cores': 4}");
        var later = domain.ask(
                ALICE,
                "create-reservation",
                "{'start': '" + start.plusSeconds(1_800) + "', 'end': '" + start.plusSeconds(7_200)
                        + "', 'capacity': {'cores': 2, 'addresses': 1}}");
        assertThat(later.result()).as(later.text()).isEqualTo("ok");
        var second = later.get("reservation-id").asString("");
        var over = "{'window': {'start': '" + start.plusSeconds(600) + "', 'end': '" + start.plusSeconds(7_200)
                + "'%s}%s}";
        var both = domain.ask(ALICE, "query-reservation", over.formatted("", ""));
        assertThat(both.get("reservations").valueStream().map(node -> node.stringValue()))
                .containsExactlyInAnyOrder(first, second);
        var points = both.get("utilization");
        assertThat(points).as(both.text()).hasSize(3);
        assertThat(points.valueStream().map(node -> node.at("/capacity/cores").longValue()))
                .containsExactly(4L, 6L, 2L);
        assertThat(points.valueStream().map(node -> node.get("count").longValue()))
                .containsExactly(1L, 2L, 1L);
        assertThat(points.get(1).get("timestamp").stringValue())
                .isEqualTo(start.plusSeconds(1_800).toString());
        var inside = domain.ask(
                ALICE, "query-reservation", over.formatted(", 'scope': 'exclusive'", ", 'show-utilization': false"));
        assertThat(inside.get("reservations").valueStream().map(node -> node.stringValue()))
                .containsExactly(second);
        assertThat(inside.json().has("utilization")).isFalse();
        var without = domain.ask(
                ALICE, "query-reservation", over.formatted("", ", 'without': ['ResourceReservation:" + second + "']"));
        assertThat(without.get("reservations").valueStream().map(node -> node.stringValue()))
                .containsExactly(first);
    }

    @Test
    void notices_are_read_with_their_numbers() {
        var id = reserve(ALICE, "'capacity': {'cores': 4}");
        var query = "{'since': 0, 'wait': 30, 'filter': {'events': ['reservation.*'], 'reservation': ['" + id + "']}}";
        var told = domain.ask(ALICE, "query-events", query);
        assertThat(told.get("events").valueStream().map(node -> node.get("type").stringValue()))
                .as(told.text())
                .contains("reservation.reserved");
        assertThat(told.get("sequence").longValue()).isPositive();
        assertThat(domain.ask(BOB, "query-events", query.replace("'wait': 30", "'wait': 0"))
                        .get("events"))
                .isEmpty();
    }
}
