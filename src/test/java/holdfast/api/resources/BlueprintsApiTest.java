package holdfast.api.resources;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.broker.market.Buyer;
import holdfast.broker.market.Sales;
import holdfast.broker.market.Verdict;
import holdfast.drivers.simulated.SimulatedSettings;
import holdfast.federation.wire.Dialect;
import holdfast.platform.Json;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.NodeIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Services that administrators offer by blueprints, over the native interface.
@Timeout(300)
final class BlueprintsApiTest {
    private static final String BLUEPRINTS = "/v1/blueprints";
    private static final Path ROOT = Path.of(System.getProperty("holdfast.root", "."));
    private static final String GOOD = """
            {"kind":"ServiceBlueprint","metadata":{"name":"queue"},"spec":{"name":"queue","category":"message-queue",
             "templates":[{"name":"map","serviceData":{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"map"},
             "data":{"a":"{{ .username }}"}}}]}}""";

    @AutoClose
    private static final TestDatabase TEST = TestDatabase.fresh();

    /// One for all: what a test adds is removed after it.
    @AutoClose
    private static final TestDomain DOMAIN =
            new TestDomain(TEST, SimulatedSettings.PERFECT, "src/test/resources/sim/lab-ad.graphml");

    @AfterEach
    void remove() {
        DOMAIN.get(DOMAIN.admin, BLUEPRINTS)
                .json()
                .path("data")
                .forEach(one -> DOMAIN.delete(
                        DOMAIN.admin, BLUEPRINTS + "/" + one.path("id").stringValue()));
    }

    private TestDomain.Reply add(String body) {
        return DOMAIN.post(DOMAIN.admin, BLUEPRINTS, body);
    }

    private List<Flavor> listed() {
        return DOMAIN.database.inTransaction(tx -> DOMAIN.broker.market().list(tx, Optional.empty()));
    }

    private Verdict reserve(Buyer buyer, Sales.Wish wish) {
        return DOMAIN.database.inTransaction(tx -> {
            return DOMAIN.broker.market().sales().reserve(tx, buyer, wish);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"src/test/resources/rear/samples/service-blueprint-db.yaml", "examples/services/database.yaml"})
    void the_published_sample_and_the_example_apply_as_they_are(String file) throws IOException {
        var text = Files.readString(ROOT.resolve(file));
        var added = add(text);
        assertThat(added.status()).as(added.text()).isEqualTo(201);
        assertThat(added.json().path("state").stringValue()).isEqualTo("offered");
        assertThat(listed()).hasSize(1);
        assertThat(Json.tree(Dialect.NODE.writer().flavors(listed())).get(0).at("/type/data/category"))
                .isEqualTo(Json.tree("\"database\""));
        assertThat(Json.tree(Dialect.DOC.writer().flavors(listed())).get(0).at("/type/data/Characteristics/Category"))
                .isEqualTo(Json.tree("\"database\""));
        var again =
                DOMAIN.post(DOMAIN.admin, BLUEPRINTS, Json.text(Json.object().put("text", text)));
        assertThat(again.status()).as("of each name there is one").isEqualTo(409);
        assertThat(listed()).hasSize(1);
    }

    @Test
    void removing_it_takes_its_flavor_off_the_list_but_not_what_is_held() {
        var added = add(GOOD);
        assertThat(added.status()).as(added.text()).isEqualTo(201);
        var flavor = listed().getFirst().id();
        var buyer =
                new Buyer(new NodeIdentity("anna", "127.0.0.1:1", "b.example", Optional.empty()), "anna@b.example", "");
        var wish = new Sales.Wish(flavor, Optional.empty(), Optional.empty());
        assertThat(reserve(buyer, wish)).isInstanceOf(Verdict.Held.class);

        var removed = DOMAIN.delete(
                DOMAIN.admin, BLUEPRINTS + "/" + added.json().path("id").stringValue());
        assertThat(removed.status()).as(removed.text()).isEqualTo(200);
        assertThat(listed()).isEmpty();
        assertThat(DOMAIN.get(DOMAIN.admin, BLUEPRINTS).json().path("data")).isEmpty();
        var other = new Buyer(buyer.identity(), "bert@b.example", "");
        assertThat(reserve(other, wish)).isInstanceOf(Verdict.Gone.class);
        assertThat(DOMAIN.get(DOMAIN.admin, "/v1/transactions")
                        .json()
                        .path("data")
                        .get(0)
                        .path("state")
                        .stringValue())
                .isEqualTo("held");
        assertThat(add(GOOD).status()).as("the name is free again").isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '~',
            value = {
                "\"category\":\"message-queue\" § \"category\":\"teapot\" § spec.category § teapot",
                "\"category\":\"message-queue\" § \"colour\":\"red\" § spec.colour § known",
                "\"name\":\"queue\"}, § \"name\":\"Queue!\"}, § metadata.name § Queue!",
                "ServiceBlueprint § Service § kind § ServiceBlueprint",
                "{{ .username }} § {{ .vhost }} § templates[0].serviceData § vhost",
                "{{ .username }} § {{ .username | trim }} § templates[0].serviceData.data.a § trim",
                "{{ .username }} § {{ if .username }}x{{ end }} § templates[0].serviceData.data.a § {{ .name }}",
                "\"kind\":\"ConfigMap\" § \"kind\":\"ClusterRole\" § serviceData.kind § ClusterRole",
                "\"metadata\":{\"name\":\"map\"} § \"metadata\":{\"name\":\"{{ .username }}\"} § metadata.name § no value",
                "\"metadata\":{\"name\":\"map\"} § \"metadata\":{\"name\":\"map\",\"namespace\":\"x\"} § namespace § leave it out",
                "\"data\":{\"a\" § \"data\":{\"{{ .username }}\" § serviceData.data § texts only",
                "\"spec\":{ § \"spec\":{\"configurationTemplate\":{\"type\":\"objec\"}, § configurationTemplate § object",
                "\"spec\":{ § \"spec\":{\"configurationTemplate\":{\"required\":\"x\"}, § configurationTemplate.required § draft 7",
                "\"spec\":{ § \"spec\":{\"configurationTemplate\":{\"allOf\":[{\"$ref\":\"#\"}]}, § $ref § refers to nothing",
                "\"spec\":{ § \"spec\":{\"configurationTemplate\":{\"properties\":{\"x\":{\"pattern\":\"(?=a)\"}}}, § pattern § RE2",
                "\"spec\":{ § \"spec\":{\"hostingPolicies\":[\"Moon\"], § hostingPolicies § Moon",
                "\"spec\":{ § \"spec\":{\"price\":{\"amount\":\"free\",\"currency\":\"EUR\",\"period\":\"hour\"}, § price.amount § 0.40"
            })
    void what_is_wrong_is_named_with_value_and_rule(String good, String bad, String field, String rule) {
        assertThat(GOOD).contains(good);
        var refused = add(GOOD.replace(good, bad));
        assertThat(refused.status()).as(refused.text()).isEqualTo(400);
        assertThat(refused.text()).contains(field).contains(rule);
        assertThat(listed()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "a: b: c", "a: 1\na: 2", "--- {}\n--- {}", "7"})
    void what_is_no_document_is_refused(String body) {
        assertThat(add(body).status()).isEqualTo(400);
    }

    @Test
    void only_administrators_add_and_see_blueprints() {
        assertThat(DOMAIN.post(TestDomain.ALICE, BLUEPRINTS, GOOD).status()).isIn(403, 404, 405);
        assertThat(add(GOOD).status()).isEqualTo(201);
        assertThat(DOMAIN.get(TestDomain.ALICE, BLUEPRINTS).text()).doesNotContain("queue");
    }
}
