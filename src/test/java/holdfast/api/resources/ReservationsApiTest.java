package holdfast.api.resources;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.drivers.simulated.SimulatedSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@Timeout(300)
class ReservationsApiTest {
    private static final String PATH = "/v1/reservations";

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final TestDomain domain = new TestDomain(test, SimulatedSettings.PERFECT);

    private final Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(86_400);

    @BeforeEach
    void addCloud() {
        domain.addLab("");
    }

    private String body(String items) {
        return "{\"name\": \"expo\", \"start\": \"" + start + "\", \"durationSeconds\": 3600, \"items\": [" + items
                + "]}";
    }

    private JsonNode reserve(String items) {
        var made = domain.post(TestDomain.ALICE, PATH, body(items));
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.json();
    }

    private TestDomain.Reply put(String token, String target, String body) {
        return domain.send(token, "PUT", target, "application/json", body);
    }

    private String self(JsonNode reservation) {
        return reservation.at("/links/self").stringValue();
    }

    @Test
    void a_reservation_is_made_when_the_provider_keeps_it() {
        var made = reserve("{\"kind\": \"hosts\", \"min\": 2, \"zones\": [\"north\"]}");
        assertThat(made.get("state").stringValue()).isEqualTo("reserved");
        assertThat(made.get("owner").stringValue()).isEqualTo("alice");
        assertThat(made.at("/items/0/held").stringValue()).isEqualTo("prepared");
        assertThat(made.at("/items/0/placement")).hasSize(2);
        assertThat(domain.get(TestDomain.ALICE, self(made)).json().get("state").stringValue())
                .isEqualTo("reserved");
    }

    @Test
    void a_refusal_says_what_is_missing_and_what_could_be_had() {
        reserve("{\"kind\": \"hosts\", \"min\": 3}");
        var refused = domain.post(TestDomain.BOB, PATH, body("{\"kind\": \"hosts\", \"min\": 2}"));
        assertThat(refused.status()).as(refused.text()).isEqualTo(507);
        var told = refused.json();
        assertThat(told.at("/certificate/dimension").stringValue()).isNotEmpty();
        assertThat(told.get("wish").stringValue()).isEqualTo("placement");
        assertThat(told.get("alternatives")).isNotEmpty();
        assertThat(refused.text()).doesNotContain("alice").doesNotContain("physics");
    }

    @Test
    void of_zones_that_have_too_little_the_one_is_named_that_has_most() {
        reserve("{\"kind\": \"quantity\", \"amounts\": {\"vcpu\": 32}, \"zones\": [\"north\"]}");
        var refused =
                domain.post(TestDomain.ALICE, PATH, body("{\"kind\": \"quantity\", \"amounts\": {\"vcpu\": 200}}"));
        assertThat(refused.json().at("/certificate/place").stringValue()).isEqualTo("lab/south");
        assertThat(refused.json().at("/certificate/free").longValue()).isEqualTo(32);
    }

    @Test
    void whatever_is_offered_instead_is_accepted_when_it_is_sent_as_it_is() {
        reserve("{\"kind\": \"hosts\", \"min\": 3}");
        var items =
                "{\"kind\": \"hosts\", \"min\": 1, \"max\": 2, \"zones\": [\"north\"], \"query\": \"[\\\">=\\\", \\\"$vcpus\\\", \\\"8\\\"]\"},"
                        + "{\"kind\": \"instances\", \"flavor\": \"small\", \"min\": 2, \"affinity\": false, \"provider\": \"lab\"},"
                        + "{\"kind\": \"quantity\", \"amounts\": {\"vcpu\": 1}}";
        var refused = domain.post(TestDomain.ALICE, PATH, body(items));
        assertThat(refused.status()).as(refused.text()).isEqualTo(507);
        var instead = refused.json().get("alternatives");
        assertThat(instead).isNotEmpty();
        for (var one : instead) {
            var taken = domain.post(
                    TestDomain.ALICE, PATH + "?dryRun", one.get("request").toString());
            assertThat(taken.status()).as(one + ": " + taken.text()).isEqualTo(200);
        }
    }

    @Test
    void what_is_offered_instead_is_the_same_but_for_what_was_changed() {
        reserve("{\"kind\": \"hosts\", \"min\": 3}");
        var asked = body("{\"kind\": \"hosts\", \"min\": 2}")
                .replace(
                        "\"name\"",
                        "\"hold\": true, \"ttlSeconds\": 300, \"pinned\": true, \"prefer\": \"extendable\", \"expiry\": \""
                                + start.plusSeconds(600) + "\", \"warnAt\": \"" + start.plusSeconds(3_000)
                                + "\", \"name\"");
        var refused = domain.post(TestDomain.ALICE, PATH, asked);
        assertThat(refused.status()).as(refused.text()).isEqualTo(507);
        var later = start.plusSeconds(3_600);
        assertThat(refused.json().get("alternatives"))
                .filteredOn(one -> one.get("kind").stringValue().equals("earliest"))
                .singleElement()
                .satisfies(one -> {
                    var request = one.get("request");
                    assertThat(Instant.parse(request.get("start").stringValue()))
                            .isEqualTo(later);
                    assertThat(request.get("hold").booleanValue()).isTrue();
                    assertThat(request.get("ttlSeconds").longValue()).isEqualTo(300);
                    assertThat(request.get("pinned").booleanValue()).isTrue();
                    assertThat(request.get("prefer").stringValue()).isEqualTo("extendable");
                    assertThat(Instant.parse(request.get("expiry").stringValue()))
                            .isEqualTo(later.plusSeconds(600));
                    assertThat(Instant.parse(request.get("warnAt").stringValue()))
                            .isEqualTo(later.plusSeconds(3_000));
                });
    }

    @ParameterizedTest
    @CsvSource({"fix, 0", "envelope, 0", "standby, 600"})
    void what_is_offered_instead_of_one_whose_start_is_not_known_has_no_start_either(String mode, int recall) {
        var busy = start.plusSeconds(7_200);
        var taken = domain.post(
                TestDomain.ALICE,
                PATH,
                "{\"name\": \"busy\", \"start\": \"" + start + "\", \"end\": \"" + busy
                        + "\", \"items\": [{\"kind\": \"quantity\", \"amounts\": {\"vcpu\": 20}, \"zones\": [\"north\"]}]}");
        assertThat(taken.status()).as(taken.text()).isEqualTo(201);
        var from = start.minusSeconds(1_800);
        var refused = domain.post(
                TestDomain.ALICE,
                PATH,
                "{\"name\": \"some day\", \"start\": \"" + from + "\", \"durationSeconds\": 3600, \"warnAt\": \""
                        + from.plusSeconds(3_000) + "\", \"flexible\": {\"mode\": \"" + mode
                        + "\", \"latest\": \"" + start.plusSeconds(600) + "\", \"recallSeconds\": " + recall
                        + "}, \"items\": [{\"kind\": \"quantity\", \"amounts\": {\"vcpu\": 16}, \"zones\": [\"north\"]}]}");
        assertThat(refused.status()).as(refused.text()).isEqualTo(507);
        var kinds = new java.util.TreeSet<String>();
        for (var one : refused.json().get("alternatives")) {
            var request = one.get("request");
            kinds.add(one.get("kind").stringValue());
            assertThat(request.at("/flexible/mode").stringValue()).isEqualTo(mode);
            assertThat(request.at("/flexible/recallSeconds").intValue()).isEqualTo(recall);
            var made = domain.post(TestDomain.ALICE, PATH, request.toString());
            assertThat(made.status()).as(one + ": " + made.text()).isEqualTo(201);
            if (one.get("kind").stringValue().equals("earliest")) {
                assertThat(Instant.parse(request.get("start").stringValue())).isEqualTo(busy);
                assertThat(Instant.parse(request.get("end").stringValue())).isEqualTo(busy.plusSeconds(3_600));
                assertThat(Instant.parse(request.at("/flexible/latest").stringValue()))
                        .isEqualTo(mode.equals("envelope") ? busy.plusSeconds(2_400) : busy);
                assertThat(Instant.parse(request.get("warnAt").stringValue())).isEqualTo(busy.plusSeconds(3_000));
            }
            assertThat(domain.delete(TestDomain.ALICE, self(made.json())).status())
                    .isEqualTo(202);
        }
        assertThat(kinds).contains("earliest", "max", "zones");
        assertThat(kinds.contains("shorter")).isEqualTo(!mode.equals("standby"));
    }

    @Test
    void what_is_asked_for_in_steps_moves_with_its_time_and_is_never_bent() {
        var steps = "{\"kind\": \"quantity\", \"steps\": [{\"end\": \"" + start.plusSeconds(2_400)
                + "\", \"amounts\": {\"vcpu\": 4}}, {\"start\": \"" + start.plusSeconds(2_400)
                + "\", \"amounts\": {\"vcpu\": 30}}]}";
        var made = reserve(steps);
        var day = start.plusSeconds(86_400);
        var other = put(
                TestDomain.ALICE,
                self(made),
                "{\"start\": \"" + day + "\", \"end\": \"" + day.plusSeconds(40_000) + "\"}");
        assertThat(other.status()).as(other.text()).isEqualTo(400);
        assertThat(other.json().get("message").stringValue()).startsWith("a step of it is from " + start);
        assertThat(domain.get(TestDomain.ALICE, self(made)).json().get("items")).isEqualTo(made.get("items"));
        var moved = put(
                TestDomain.ALICE,
                self(made),
                "{\"start\": \"" + day + "\", \"end\": \"" + day.plusSeconds(3_600) + "\"}");
        assertThat(moved.status()).as(moved.text()).isEqualTo(200);
        var list = moved.json().at("/items/0/steps");
        assertThat(list).hasSize(2);
        assertThat(list.at("/0/amounts/vcpu").intValue()).isEqualTo(4);
        assertThat(Instant.parse(list.at("/1/start").stringValue())).isEqualTo(day.plusSeconds(2_400));
        var flexible = body(steps).replace("\"name\"", "\"flexible\": {\"mode\": \"envelope\"}, \"name\"");
        var unsteady = domain.post(TestDomain.ALICE, PATH, flexible);
        assertThat(unsteady.status()).as(unsteady.text()).isEqualTo(400);
        assertThat(unsteady.json().get("message").stringValue()).startsWith("what is asked for in steps needs a start");
    }

    @Test
    void zero_takes_an_amount_away_and_not_all_of_it() {
        var made = reserve("{\"kind\": \"quantity\", \"amounts\": {\"vcpu\": 2, \"memory_mb\": 512}}");
        var change =
                "{\"items\": [{\"id\": \"" + made.at("/items/0/id").stringValue() + "\", \"amounts\": {\"%s\": 0}}]}";
        var less = put(TestDomain.ALICE, self(made), change.formatted("vcpu"));
        assertThat(less.status()).as(less.text()).isEqualTo(200);
        assertThat(less.json().at("/items/0/amounts").toString()).isEqualTo("{\"memory_mb\":512}");
        var none = put(TestDomain.ALICE, self(made), change.formatted("memory_mb"));
        assertThat(none.status()).as(none.text()).isEqualTo(400);
        assertThat(none.json().get("message").stringValue()).startsWith("nothing would be left of item");
    }

    @Test
    void an_offer_is_taken_or_left() {
        var offer = domain.post(
                        TestDomain.ALICE,
                        PATH,
                        body("{\"kind\": \"hosts\", \"min\": 4}").replace("\"name\"", "\"hold\": true, \"name\""))
                .json();
        assertThat(offer.get("state").stringValue()).isEqualTo("held");
        assertThat(domain.post(TestDomain.BOB, PATH, body("{\"kind\": \"hosts\", \"min\": 1}"))
                        .status())
                .isEqualTo(507);
        var taken = domain.post(TestDomain.ALICE, offer.at("/actions/confirm").stringValue(), "");
        assertThat(taken.status()).as(taken.text()).isEqualTo(200);
        assertThat(taken.json().get("state").stringValue()).isEqualTo("reserved");
        assertThat(domain.post(TestDomain.ALICE, self(offer) + "?action=confirm", "")
                        .status())
                .isEqualTo(409);
    }

    @Test
    void addresses_are_reserved_by_name_and_shown_as_they_were_asked_for() {
        for (var address : new String[] {"198.51.100.10", "198.51.100.11"}) {
            domain.database.inTransaction(tx ->
                    domain.broker.addresses().register(tx, "net-2", address).orThrow());
        }
        var made = reserve("{\"kind\": \"addresses\", \"network\": \"outside\", \"required\": [\"198.51.100.11\"]}");
        assertThat(made.at("/items/0/network").stringValue()).isEqualTo("net-2");
        assertThat(made.at("/items/0/count").intValue()).isEqualTo(1);
        assertThat(made.at("/items/0/required/0").stringValue()).isEqualTo("198.51.100.11");
        assertThat(made.at("/items/0/placement/0/place").stringValue()).isEqualTo("198.51.100.11");
        var item = made.at("/items/0/id").stringValue();
        var changed = put(
                TestDomain.ALICE,
                self(made),
                "{\"items\": [{\"id\": \"" + item + "\", \"count\": 2, \"required\": []}]}");
        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
        assertThat(changed.json().at("/items/0/placement")).hasSize(2);
        var more = domain.post(TestDomain.ALICE, PATH, body("{\"kind\": \"addresses\", \"network\": \"lab/outside\"}"));
        assertThat(more.status()).isEqualTo(507);
        assertThat(more.json().get("message").stringValue()).startsWith("network net-2 has 0 free addresses");
        for (var wrong : new String[] {
            "\"network\": \"inside\"", "\"count\": 1", "\"network\": \"outside\", \"required\": [\"web\"]"
        }) {
            var refused = domain.post(TestDomain.ALICE, PATH, body("{\"kind\": \"addresses\", " + wrong + "}"));
            assertThat(refused.status()).as(refused.text()).isEqualTo(400);
        }
    }

    @Test
    void what_is_done_before_the_end_is_shown_and_changes() {
        var made = reserve("{\"kind\": \"hosts\", \"beforeEnd\": \"snapshot\"}");
        assertThat(made.at("/items/0/beforeEnd").stringValue()).isEqualTo("snapshot");
        assertThat(Instant.parse(made.get("warnAt").stringValue())).isEqualTo(start);
        var item = made.at("/items/0/id").stringValue();
        var changed = put(
                TestDomain.ALICE, self(made), "{\"items\": [{\"id\": \"" + item + "\", \"beforeEnd\": \"nothing\"}]}");
        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
        assertThat(changed.json().at("/items/0/beforeEnd").stringValue()).isEqualTo("nothing");
        assertThat(domain.post(TestDomain.ALICE, PATH, body("{\"kind\": \"hosts\", \"beforeEnd\": \"mail\"}"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void what_is_given_up_is_free_again() {
        var made = reserve("{\"kind\": \"instances\", \"flavor\": \"large\", \"min\": 8}");
        assertThat(domain.delete(TestDomain.ALICE, self(made)).status()).isEqualTo(202);
        domain.waitFor(() -> domain.get(TestDomain.ALICE, self(made))
                .json()
                .get("state")
                .stringValue()
                .equals("cancelled"));
        assertThat(domain.delete(TestDomain.ALICE, self(made)).status()).isEqualTo(409);
        reserve("{\"kind\": \"instances\", \"flavor\": \"large\", \"min\": 8}");
    }

    @Test
    void what_is_named_changes_and_the_rest_stays() {
        var made = reserve("{\"kind\": \"hosts\", \"min\": 2}");
        var item = made.at("/items/0/id").stringValue();
        var end = start.plusSeconds(7_200);
        var changed = put(
                TestDomain.ALICE,
                self(made),
                "{\"end\": \"" + end + "\", \"warnAt\": \"" + end.minusSeconds(60) + "\", \"items\": [{\"id\": \""
                        + item + "\", \"max\": 3}]}");
        assertThat(changed.status()).as(changed.text()).isEqualTo(200);
        assertThat(changed.json().get("start")).isEqualTo(made.get("start"));
        assertThat(Instant.parse(changed.json().get("end").stringValue())).isEqualTo(end);
        assertThat(changed.json().get("updating").booleanValue()).isFalse();
        assertThat(changed.json().at("/items/0/placement")).hasSize(3);
        var never = put(TestDomain.ALICE, self(made), "{\"name\": \"fair\", \"warnAt\": \"never\"}");
        assertThat(never.json().get("warnAt").isNull()).isTrue();
        assertThat(never.json().get("name").stringValue()).isEqualTo("fair");
        assertThat(put(TestDomain.BOB, self(made), "{\"name\": \"mine\"}").status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"end\": \"2020-01-01T00:00:00Z\"} | 400 | end is 2020-01-01T00:00:00Z, which is past",
                "{\"end\": \"tomorrow\"} | 400 | end",
                "{\"owner\": \"bob\"} | 400 | owner is not a field",
                "{\"items\": [{\"id\": \"x\"}]} | 400 | items[0].id is 'x'",
                "{\"items\": [{\"id\": \"00000000-0000-0000-0000-000000000001\"}]} | 400 | it has no item",
                "{\"items\": [{\"id\": \"ITEM\", \"amounts\": {\"vcpu\": 1}}]} | 400 | amounts is no field of an item that asks for hosts",
                "{\"items\": [{\"id\": \"ITEM\", \"min\": 5}]} | 400 | max is 2; it must be at least min, 5",
                "{\"items\": [{\"id\": \"ITEM\", \"min\": 5, \"max\": 5}]} | 507 | ",
            })
    void a_change_that_cannot_be_is_refused_and_changes_nothing(String change, int status, @Nullable String message) {
        var made = reserve("{\"kind\": \"hosts\", \"min\": 2}");
        var body = change.replace("ITEM", made.at("/items/0/id").stringValue());
        var refused = put(TestDomain.ALICE, self(made), body);
        assertThat(refused.status()).as(refused.text()).isEqualTo(status);
        assertThat(refused.json().get("message").stringValue()).startsWith(message == null ? "" : message);
        assertThat(domain.get(TestDomain.ALICE, self(made)).json().get("items")).isEqualTo(made.get("items"));
    }

    private TestDomain.Reply reserve(String token, String key, String body) {
        return domain.ask(
                "POST",
                PATH,
                body,
                "Authorization",
                "Bearer " + token,
                "Content-Type",
                "application/json",
                "Idempotency-Key",
                key);
    }

    @Test
    void the_same_key_gives_the_same_answer_and_another_body_is_a_clash() {
        var body = body("{\"kind\": \"hosts\", \"min\": 4}");
        var first = reserve(TestDomain.ALICE, "5b1e", body);
        assertThat(first.status()).as(first.text()).isEqualTo(201);
        var again = reserve(TestDomain.ALICE, "5b1e", body);
        assertThat(again.status()).as(again.text()).isEqualTo(201);
        assertThat(again.json().get("id")).isEqualTo(first.json().get("id"));
        var other = reserve(TestDomain.ALICE, "5b1e", body.replace("expo", "fair"));
        assertThat(other.status()).as(other.text()).isEqualTo(409);
        assertThat(reserve(TestDomain.ALICE, "6c2f", body).status()).isEqualTo(507);
        assertThat(reserve(TestDomain.BOB, "5b1e", body).status()).isEqualTo(507);
        assertThat(domain.delete(TestDomain.ALICE, self(first.json())).status()).isEqualTo(202);
        domain.waitFor(() -> reserve(TestDomain.BOB, "5b1e", body).status() == 201);
        assertThat(reserve(TestDomain.ALICE, "two words", body).status()).isEqualTo(400);
        assertThat(domain.get(TestDomain.ALICE, PATH).json().get("data")).isEmpty();
    }

    @Test
    void what_was_made_is_told_again_though_the_same_words_are_wrong_by_now() {
        var body = "{\"name\": \"brief\", \"end\": \"" + Instant.now().plusSeconds(60)
                + "\", \"items\": [{\"kind\": \"quantity\", \"amounts\": {\"vcpu\": 1}}]}";
        var first = reserve(TestDomain.ALICE, "7d30", body);
        assertThat(first.status()).as(first.text()).isEqualTo(201);
        domain.clock.advance(Duration.ofSeconds(60));
        assertThat(domain.post(TestDomain.ALICE, PATH + "?dryRun=true", body).status())
                .isEqualTo(400);
        var again = reserve(TestDomain.ALICE, "7d30", body);
        assertThat(again.status()).as(again.text()).isEqualTo(201);
        assertThat(again.json().get("id")).isEqualTo(first.json().get("id"));
    }

    @Test
    void what_waits_for_its_start_is_begun_by_hand() {
        var now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        var made = domain.post(
                        TestDomain.ALICE,
                        PATH,
                        "{\"name\": \"soon\", \"start\": \"" + now
                                + "\", \"durationSeconds\": 3600, \"flexible\": {\"mode\": \"envelope\", \"latest\": \""
                                + now.plusSeconds(86_400)
                                + "\"}, \"items\": [{\"kind\": \"quantity\", \"amounts\": {\"vcpu\": 4}}]}")
                .json();
        var begun = domain.post(TestDomain.ALICE, made.at("/actions/activate").stringValue(), "");
        assertThat(begun.status()).as(begun.text()).isEqualTo(200);
        var term = begun.json();
        assertThat(Instant.parse(term.get("end").stringValue()))
                .isEqualTo(Instant.parse(term.get("start").stringValue()).plusSeconds(3_600));
        assertThat(term.get("actions").has("activate")).isFalse();
        assertThat(domain.post(TestDomain.ALICE, self(made) + "?action=activate", "")
                        .status())
                .isEqualTo(409);
    }

    @Test
    void one_for_now_lasts_as_long_as_was_asked_for_or_ends_when_it_was_to_end() {
        var body = "{\"name\": \"now\", %s, \"items\": [{\"kind\": \"quantity\", \"amounts\": {\"vcpu\": 4}}]}";
        var made = domain.post(TestDomain.ALICE, PATH, body.formatted("\"durationSeconds\": 7200"))
                .json();
        assertThat(Instant.parse(made.get("end").stringValue()))
                .isEqualTo(Instant.parse(made.get("start").stringValue()).plusSeconds(7_200));
        var until = domain.post(TestDomain.ALICE, PATH, body.formatted("\"end\": \"" + start + "\""))
                .json();
        assertThat(Instant.parse(until.get("end").stringValue())).isEqualTo(start);
    }

    @Test
    void one_for_now_says_until_when_it_is_good() {
        var made = domain.post(
                        TestDomain.ALICE,
                        PATH,
                        "{\"name\": \"now\", \"items\": [{\"kind\": \"quantity\", \"amounts\": {\"vcpu\": 4}}]}")
                .json();
        assertThat(Instant.parse(made.get("expiry").stringValue()))
                .isBetween(Instant.now().plusSeconds(35_000), Instant.now().plusSeconds(36_000));
    }

    @Test
    void a_dry_run_books_nothing() {
        var plan = domain.post(TestDomain.ALICE, PATH + "?dryRun", body("{\"kind\": \"hosts\", \"min\": 4}"));
        assertThat(plan.status()).as(plan.text()).isEqualTo(200);
        assertThat(plan.json().at("/items/0/placement")).hasSize(4);
        assertThat(domain.get(TestDomain.ALICE, PATH).json().get("data")).isEmpty();
        reserve("{\"kind\": \"hosts\", \"min\": 4}");
    }

    @Test
    void reservations_of_others_do_not_exist() {
        var made = reserve("{\"kind\": \"quantity\", \"amounts\": {\"vcpu\": 4}}");
        assertThat(domain.get(TestDomain.BOB, self(made)).status()).isEqualTo(404);
        assertThat(domain.delete(TestDomain.BOB, self(made)).status()).isEqualTo(404);
        assertThat(domain.get(TestDomain.BOB, PATH).json().get("data")).isEmpty();
        assertThat(domain.get(TestDomain.ANN, self(made)).status()).isEqualTo(200);
        assertThat(domain.post("", PATH, body("")).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"kind\": \"host\"} | items[0].kind is 'host'; there are: addresses, elements, hosts, instances, quantity",
                "{\"kind\": \"hosts\", \"min\": 0} | items[0].min is 0; it must be a whole number from 1 to 100000",
                "{\"kind\": \"hosts\", \"zones\": [\"west\"]} | items[0].zones names 'west'; there are: lab/north, lab/south",
                "{\"kind\": \"hosts\", \"provider\": \"moon\"} | items[0].provider is 'moon'; there are: lab",
                "{\"kind\": \"hosts\", \"query\": \"[>]\"} | items[0].query",
                "{\"kind\": \"instances\"} | items[0].flavor is missing",
                "{\"kind\": \"instances\", \"flavor\": \"giant\"} | items[0].flavor is 'giant', which no provider has; there are: large, small, tiny",
                "{\"kind\": \"quantity\", \"amounts\": {\"gold\": 1}} | items[0].amounts.gold is nothing that is counted; there are: address",
                "{\"kind\": \"addresses\", \"network\": \"moon\"} | items[0].network is 'moon', which is no external network; there are: lab/outside",
                "{\"kind\": \"quantity\"} | items[0].amounts is missing",
                "{\"kind\": \"hosts\", \"colour\": 1} | items[0].colour is not a field that is known here",
            })
    void what_is_wrong_is_named_and_nothing_is_booked(String item, String message) {
        var refused = domain.post(TestDomain.ALICE, PATH, body(item));
        assertThat(refused.status()).as(refused.text()).isEqualTo(400);
        assertThat(refused.json().get("message").stringValue()).startsWith(message);
        assertThat(domain.get(TestDomain.ALICE, PATH).json().get("data")).isEmpty();
    }

    @Test
    void one_that_wants_nothing_or_is_warned_of_outside_of_its_time_is_refused() {
        var nothing = domain.post(TestDomain.ALICE, PATH, body(""));
        assertThat(nothing.status()).isEqualTo(400);
        assertThat(nothing.json().get("message").stringValue()).startsWith("items is missing: a list such as");
        var late = start.plusSeconds(7200);
        var warned = body("{\"kind\": \"hosts\"}").replaceFirst("\\{", "{\"warnAt\": \"" + late + "\", ");
        var refused = domain.post(TestDomain.ALICE, PATH, warned);
        assertThat(refused.status()).as(refused.text()).isEqualTo(400);
        assertThat(refused.json().get("message").stringValue())
                .isEqualTo("warnAt is " + late + "; it must be in the time that is reserved, " + start + ".."
                        + start.plusSeconds(3600));
        assertThat(domain.get(TestDomain.ALICE, PATH).json().get("data")).isEmpty();
    }

    @Test
    void the_place_of_a_certificate_is_called_as_users_call_it() {
        var refused = domain.post(
                TestDomain.ALICE,
                PATH,
                body("{\"kind\": \"quantity\", \"amounts\": {\"vcpu\": 1000}, \"zones\": [\"north\"]}"));
        assertThat(refused.status()).isEqualTo(507);
        assertThat(refused.json().at("/certificate/place").stringValue()).isEqualTo("lab/north");
    }
}
