package holdfast.sim;

import static holdfast.db.Tables.CLAIM;
import static holdfast.db.Tables.JOURNAL;
import static holdfast.db.Tables.OUTBOX;
import static holdfast.db.Tables.PROCESS;
import static holdfast.db.Tables.RESOURCE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.authority.Deployment;
import holdfast.authority.Deployments;
import holdfast.authority.Driver.Key;
import holdfast.authority.Fabric;
import holdfast.authority.Fabric.Bond;
import holdfast.broker.services.Services;
import holdfast.drivers.simulated.SimulatedFabric;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.federation.wire.Call;
import holdfast.federation.wire.NoAnswer;
import holdfast.federation.wire.Reply;
import holdfast.platform.Json;
import holdfast.platform.Secrets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// A service from purchase to end: its buyer asks as nodes do, and a simulated cluster runs it.
@Timeout(300)
final class ServiceStoriesTest {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final String MINE = "Tr0ub4dor-and-3";
    private static final String WAY_IN = "buyers-kubeconfig-of-the-test";

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private SellerDomain seller;
    private SimulatedFabric fabric;

    @BeforeEach
    void open() {
        seller = new SellerDomain("alps", 30_007, test);
        fabric = new SimulatedFabric("alps", List.of(), seller.world.platform);
        var secrets = Secrets.of(new byte[32]);
        var engine = seller.world.engine;
        var broker = seller.world.broker;
        seller.world.actor(new Deployments(seller.world.platform, engine, secrets, fabric));
        new Services("broker", Optional.of(Deployments.NAME), engine, secrets, broker.market(), broker.blueprints());
        ServiceShop.open(seller.world, seller.node);
    }

    private Reply call(Call call) {
        try {
            var reply = seller.call(call);
            seller.world.settle();
            return reply;
        } catch (NoAnswer e) {
            throw new AssertionError(e);
        }
    }

    private String listed() {
        return seller.world
                .look(tx -> seller.world.broker.market().list(tx, Optional.empty()))
                .getFirst()
                .id();
    }

    private Reply reserve(String configuration) {
        return call(Call.post(List.of("api", "v2", "reservations"), """
                {"flavorID": "%s", "buyerID": {"ID": "anna", "IP": "10.0.0.9:30000", "domain": "b.example",
                 "additionalInformation": {"liqoID": "buyer-cluster"}}%s}""".formatted(
                        listed(),
                        configuration.isEmpty()
                                ? ""
                                : ", \"configuration\": {\"type\": \"service\", \"data\": " + configuration + "}")));
    }

    private Reply purchase(Reply held, String body) {
        var transaction = Json.tree(held.body()).path("transactionID").stringValue();
        return call(Call.post(List.of("api", "v2", "transactions", transaction, "purchase"), body));
    }

    private static final String ASK =
            "{\"liqoCredentials\": {\"clusterID\": \"buyer-cluster\", \"kubeconfig\": \"%s\"}}"
                    .formatted(Base64.getEncoder().encodeToString(WAY_IN.getBytes(UTF_8)));

    /// What a cluster waits for comes with time.
    private void clusterWorks() {
        for (int tick = 0; tick < 8; tick++) {
            seller.world.advance(Duration.ofSeconds(10));
            seller.world.settle();
        }
    }

    private JsonNode bought(String configuration) {
        var held = reserve(configuration);
        assertThat(held.status()).as(held.body()).isEqualTo(200);
        var bought = purchase(held, ASK);
        assertThat(bought.status()).as(bought.body()).isEqualTo(200);
        return Json.tree(bought.body());
    }

    private Resource deployment() {
        return seller.world
                .look(tx -> seller.world.engine.resources().list(tx, Resources.typed(Deployment.TYPE), 10))
                .getFirst();
    }

    private Bond.Workload workload() {
        var key = new Key(deployment().as(Deployment.class).contract().toString(), Fabric.WORKLOAD);
        return (Bond.Workload) fabric.bond(key).orElseThrow();
    }

    private List<JsonNode> objects() {
        var objects = new ArrayList<JsonNode>();
        try (var documents =
                YAML.readerFor(JsonNode.class).<JsonNode>readValues(workload().manifest())) {
            documents.forEachRemaining(objects::add);
        }
        return objects;
    }

    private static JsonNode config(JsonNode contract) {
        var coded = contract.at("/peeringTargetCredentials/kubeconfig").stringValue();
        return Json.tree(new String(Base64.getDecoder().decode(coded), UTF_8));
    }

    @Test
    void what_is_bought_runs_in_a_namespace_of_its_own_and_its_buyer_gets_at_it() {
        var contract = bought("");
        var title = contract.path("contractID").stringValue();
        assertThat(deployment().state()).isEqualTo("active");
        assertThat(workload().namespace()).isEqualTo(title);
        assertThat(objects())
                .allSatisfy(object -> assertThat(object.at("/metadata/labels")
                                .path("reservation.fluidos.eu/contract")
                                .stringValue())
                        .isEqualTo(title));
        assertThat(objects())
                .extracting(object -> object.path("kind").stringValue())
                .containsExactly("Secret", "Service", "Deployment", "Secret");
        var told = objects().getLast();
        assertThat(told.at("/metadata/name").stringValue()).isEqualTo("credentials-" + title);
        assertThat(told.at("/stringData/endpoints").stringValue())
                .isEqualTo("db-service." + title + ".svc.cluster.local:3306");
        var user = config(contract).at("/users/0/user");
        assertThat(user.path("password").stringValue()).hasSizeGreaterThan(30);
        assertThat(told.at("/stringData/password")).isEqualTo(user.path("password"));
        assertThat(told.at("/stringData/username")).isEqualTo(user.path("username"));
        assertThat(objects().getFirst().at("/stringData/password")).isEqualTo(user.path("password"));
        assertThat(config(contract).at("/extensions/0/extension/database")).isEqualTo(told.at("/stringData/database"));
        assertThat(config(contract).at("/clusters/0/cluster/server")).isEqualTo(told.at("/stringData/endpoints"));

        var over = call(new Call("DELETE", List.of("api", "v2", "contracts", title), Map.of(), Map.of(), ""));
        assertThat(over.status()).as(over.body()).isEqualTo(202);
        assertThat(fabric.list()).as("nothing is left in the cluster").isEmpty();
        assertThat(deployment().state()).isEqualTo("removed");
        assertThat(deployment().as(Deployment.class).order()).isEmpty();
    }

    @Test
    void it_is_gone_when_its_term_is_over_and_asking_again_for_the_contract_tells_the_same() {
        var held = reserve("");
        var first = purchase(held, ASK);
        var again = purchase(held, ASK);
        assertThat(again.body()).isEqualTo(first.body());
        seller.world.advance(Duration.ofHours(25));
        seller.world.settle();
        assertThat(deployment().state()).isEqualTo("removed");
        assertThat(fabric.list()).isEmpty();
    }

    @Test
    void two_buyers_get_one_each_with_other_passwords() {
        var one = bought("");
        var flavor = listed();
        var two = bought("{\"configurationData\": {}}");
        assertThat(listed()).as("a sale takes nothing away from others").isEqualTo(flavor);
        assertThat(two.path("contractID")).isNotEqualTo(one.path("contractID"));
        assertThat(config(two).at("/users/0/user/password"))
                .isNotEqualTo(config(one).at("/users/0/user/password"));
    }

    @Test
    void what_everybody_tries_first_is_replaced() {
        var contract = bought(
                "{\"configurationData\": {\"username\": \"admin\", \"password\": \"admin\", \"database\": \"mydb\"}}");
        var user = config(contract).at("/users/0/user");
        assertThat(user.path("username").stringValue()).isNotEqualTo("admin");
        assertThat(user.path("password").stringValue()).isNotEqualTo("admin").hasSizeGreaterThan(30);
        assertThat(objects().getFirst().at("/stringData/database").stringValue())
                .isEqualTo("mydb");
    }

    @Test
    void a_service_at_its_buyers_runs_on_a_part_of_their_cluster_that_is_given_back() {
        var contract = bought("{\"hostingPolicy\": \"Consumer\", \"configurationData\": {}}");
        clusterWorks();
        var title = contract.path("contractID").stringValue();
        assertThat(deployment().state()).isEqualTo("active");
        var pair =
                (Bond.Pair) fabric.bond(new Key("buyer-cluster", Fabric.PAIR)).orElseThrow();
        assertThat(new String(Base64.getDecoder().decode(pair.credentials()), UTF_8))
                .isEqualTo(WAY_IN);
        assertThat(fabric.bond(new Key(title, Fabric.SLICE))).isPresent();
        assertThat(workload().node()).contains(title);
        call(new Call("DELETE", List.of("api", "v2", "contracts", title), Map.of(), Map.of(), ""));
        assertThat(fabric.list()).isEmpty();
    }

    @Test
    void what_cannot_be_made_ends_the_contract_and_leaves_nothing() {
        fabric.grants(SimulatedFabric.Grant.DENIED);
        bought("{\"hostingPolicy\": \"Shared\", \"configurationData\": {}}");
        clusterWorks();
        assertThat(deployment().state()).isEqualTo("failed");
        assertThat(seller.contracts()).containsExactly("terminated");
        assertThat(fabric.list().stream().map(Key::part)).doesNotContain(Fabric.SLICE, Fabric.WORKLOAD);
    }

    @Test
    void who_does_not_say_how_its_cluster_is_reached_buys_nothing_and_keeps_its_hold() {
        var held = reserve("");
        assertThat(purchase(held, "{}").status()).isEqualTo(400);
        assertThat(purchase(held, ASK).status()).isEqualTo(200);
    }

    @Test
    void settings_that_the_template_does_not_let_be_are_refused_without_being_repeated() {
        Map.of(
                        "{\"configurationData\": {\"password\": 4711}}", "password",
                        "{\"configurationData\": {\"username\": \"a 4711\"}}", "username",
                        "{\"configurationData\": {\"colour\": \"4711\"}}", "colour",
                        "{\"configurationData\": {\"password\": \"4711\\n\"}}", "one line",
                        "{\"configurationData\": {\"password\": {\"x\": 4711}}}", "password",
                        "{\"configurationData\": \"4711\"}", "object",
                        "{\"hostingPolicy\": \"Moon\", \"configurationData\": {}}", "Provider")
                .forEach((data, rule) -> {
                    var refused = reserve(data);
                    assertThat(refused.status()).as(refused.body()).isEqualTo(400);
                    assertThat(refused.body()).contains(rule).doesNotContain("4711");
                });
    }

    @Test
    void what_a_buyer_sets_is_in_no_table_and_is_told_to_its_buyer_alone() {
        var contract =
                bought("{\"hostingPolicy\": \"Shared\", \"configurationData\": {\"password\": \"" + MINE + "\"}}");
        clusterWorks();
        assertThat(contract.at("/configuration/data/configurationData/password").stringValue())
                .as("what was bought")
                .isEqualTo(MINE);
        assertThat(workload().manifest()).contains(MINE);
        var secret = config(contract).at("/users/0/user/password").stringValue();
        assertThat(secret).isEqualTo(MINE);
        var all = seller.world.look(tx -> {
            var text = new StringBuilder();
            for (var table : List.of(RESOURCE, CLAIM, OUTBOX, JOURNAL, PROCESS))
                text.append(tx.sql().fetch(table).formatJSON());
            text.append(tx.sql().fetch("select * from asked_once").formatJSON());
            return text.toString();
        });
        assertThat(all).contains("sealed:").doesNotContain(MINE).doesNotContain(WAY_IN);
        assertThat(all).doesNotContain(Base64.getEncoder().encodeToString(WAY_IN.getBytes(UTF_8)));
    }
}
