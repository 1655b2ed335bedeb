package holdfast.federation.wire;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.Json;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.HostingPolicy;
import holdfast.protocol.rear.K8Slice;
import holdfast.protocol.rear.Kind;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Policy;
import holdfast.protocol.rear.Properties;
import holdfast.protocol.rear.Samples;
import holdfast.protocol.rear.Transaction;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The messages as they are written, and each oddity of those that come (fluidos.md 5.10).
class MessagesTest {
    private static final Instant NOW = Instant.parse("2025-06-01T09:00:00Z");
    private static final Configuration PIECE = new Configuration.Slice(Samples.vector("2500m", "6Gi", "25"));

    private static String example(String name) {
        return Published.text("wire/examples/" + name + ".json");
    }

    private static ObjectNode object(String json) {
        return (ObjectNode) Json.tree(json);
    }

    private static ObjectNode listed() {
        return (ObjectNode) Json.tree(example("list-mixed")).get(0);
    }

    /// The first flavor of the list, changed.
    private static Flavor read(Consumer<ObjectNode> change) {
        var flavor = listed();
        change.accept(flavor);
        return RearReader.flavor(flavor.toString()).orThrow();
    }

    private static ObjectNode in(ObjectNode node, String... path) {
        var place = node;
        for (var key : path) place = (ObjectNode) place.path(key);
        return place;
    }

    private static K8Slice slice(String cpu, String memory, String pods, Policy policy) {
        return new K8Slice("arm64", Samples.vector(cpu, memory, pods), Optional.empty(), Properties.NONE, policy);
    }

    private static JsonNode written(Dialect dialect, Kind kind) {
        return Json.tree(dialect.writer().flavor(Samples.flavor("alps-1", kind)))
                .at("/type/data");
    }

    private static Contract contract() {
        return new Contract(
                "contract-alps-1-9a48",
                "5b0f-1748768400000000000",
                Samples.flavor("alps-1", Samples.slice()),
                Optional.of(PIECE),
                Samples.BUYER,
                "milano-edge",
                Samples.OWNER,
                Optional.of(new Contract.Credentials("torino-dc", "YXBpVmVyc2lvbjogdjEK")),
                Optional.of(NOW),
                Map.of("price.amount", "0.1250", "price.currency", "EUR"),
                Optional.of("rules-1"),
                Optional.of(new Contract.Telemetry("http://10.20.0.9:9090/ingest", List.of("latency"))));
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void each_message_is_written_so(Dialect dialect) {
        var writer = dialect.writer();
        var settings =
                new Configuration.Settings(Optional.of(HostingPolicy.SHARED), Json.tree("{\"username\": \"ada\"}"));
        var ask = new Transaction.Ask("alps-1", Samples.BUYER, Optional.of(PIECE));
        var messages = new LinkedHashMap<String, String>();
        messages.put(
                "flavors",
                writer.flavors(List.of(
                        Samples.flavor("alps-1", Samples.slice()),
                        Samples.flavor("alps-2", Samples.vm()),
                        Samples.flavor("alps-3", Samples.service()),
                        Samples.flavor("alps-4", Samples.sensor()))));
        messages.put("reserve", writer.reserve(ask));
        messages.put(
                "reserve-service", writer.reserve(new Transaction.Ask("alps-3", Samples.BUYER, Optional.of(settings))));
        messages.put(
                "transaction",
                writer.transaction(new Transaction(
                        "5b0f-1748768400000000000", "alps-1", Samples.BUYER, "milano-edge", Optional.of(PIECE), NOW)));
        messages.put(
                "purchase",
                writer.purchase(
                        new Contract.Ask(contract().credentials(), contract().telemetry())));
        messages.put("contract", writer.contract(contract()));
        messages.forEach((name, message) -> Published.assertGolden(
                dialect.name().toLowerCase(Locale.ROOT) + "/" + name + ".json", Published.pretty(message)));
    }

    @Test
    void nodes_get_the_misspelt_word_and_both_are_read() {
        assertThat(written(Dialect.NODE, Samples.slice()).has("charateristics")).isTrue();
        assertThat(written(Dialect.DOC, Samples.slice()).has("characteristics")).isTrue();
        var right = read(flavor -> in(flavor, "type", "data")
                .set("characteristics", in(flavor, "type", "data").remove("charateristics")));
        assertThat(right).isEqualTo(read(_ -> {}));
    }

    @Test
    void the_country_is_read_from_altitude_too() {
        assertThat(read(_ -> {}).place().country()).isEqualTo("Italy");
        assertThat(read(flavor -> in(flavor, "location").put("country", "Ticino"))
                        .place()
                        .country())
                .isEqualTo("Ticino");
    }

    @Test
    void a_slice_without_gpu_tells_nodes_of_none_and_nothing_is_documented() {
        assertThat(written(Dialect.NODE, Samples.slice()).at("/charateristics/gpu"))
                .hasToString("{\"model\":\"\",\"cores\":\"0\",\"memory\":\"0\"}");
        assertThat(written(Dialect.DOC, Samples.slice()).at("/characteristics").has("gpu"))
                .isFalse();
        assertThat(read(_ -> {}).kind().gpuModel()).isEmpty();
    }

    @Test
    void what_is_not_known_is_left_out() {
        var bare = slice("1", "1Gi", "1", Policy.FREE);
        assertThat(written(Dialect.NODE, bare).path("properties").isEmpty()).isTrue();
        assertThat(written(Dialect.NODE, bare).at("/charateristics").has("storage"))
                .isFalse();
        var flavor = object(Dialect.NODE.writer().flavor(read(node -> {
            node.put("networkPropertyType", "");
            node.remove("location");
            node.remove("price");
        })));
        assertThat(flavor.has("networkPropertyType")).isFalse();
        assertThat(flavor.has("location")).isFalse();
        assertThat(flavor.path("price")).hasToString("{\"amount\":\"\",\"currency\":\"\",\"period\":\"\"}");
    }

    @Test
    void nodes_get_exact_amounts_and_documented_ones_are_rounded_so_that_nothing_is_oversold() {
        var policy = new Policy(Samples.vector("100500u", "1500m", "1500m"), Samples.vector("1n", "1n", "1n"));
        var odd = slice("7970838142n", "7879752Ki", "1k", policy);
        assertThat(written(Dialect.NODE, odd).at("/charateristics/cpu").stringValue())
                .isEqualTo("7970838142n");
        assertThat(written(Dialect.NODE, odd)
                        .at("/policies/partitionability/cpuMin")
                        .stringValue())
                .isEqualTo("100500u");
        var documented = written(Dialect.DOC, odd);
        assertThat(documented.path("characteristics"))
                .hasToString(
                        "{\"architecture\":\"arm64\",\"cpu\":\"7970m\",\"memory\":\"7879752Ki\",\"pods\":\"1000\"}");
        assertThat(documented.at("/policies/partitionability"))
                .hasToString("{\"cpuMin\":\"101m\",\"memoryMin\":\"2\",\"podsMin\":\"2\","
                        + "\"cpuStep\":\"1m\",\"memoryStep\":\"1\",\"podsStep\":\"1\"}");
        assertThat(written(Dialect.DOC, slice("2e3", "4e9", "3", Policy.FREE)).path("characteristics"))
                .hasToString("{\"architecture\":\"arm64\",\"cpu\":\"2000\",\"memory\":\"4G\",\"pods\":\"3\"}");
    }

    @Test
    void numbers_are_taken_where_text_is_meant() {
        var flavor = read(node -> {
            in(node, "type", "data", "charateristics")
                    .put("cpu", 8)
                    .put("pods", 110)
                    .put("memory", 34359738368L);
            in(node, "price").put("amount", new BigDecimal("0.40"));
            in(node, "location").put("latitude", 45.07);
        });
        assertThat(flavor).isEqualTo(read(_ -> {}));
    }

    @Test
    void carbon_is_read_in_the_spelling_of_declared_objects_too() {
        var flavor = read(node -> in(node, "type", "data", "properties")
                .set("carbon-footprint", in(node, "type", "data", "properties").remove("carbonFootprint")));
        assertThat(flavor.kind().properties().carbon().orElseThrow().operational())
                .containsExactly(310L, 280L, 240L);
    }

    @Test
    void a_rule_for_pods_that_is_labelled_as_addresses_is_told_by_its_shape() {
        var flavor = read(node -> in(node, "type", "data", "properties").set("networkAuthorizations", Json.tree("""
                {"deniedCommunications": [{"name": "x", "destinationPort": 443, "protocolType": "TCP",
                  "source": {"isHotCluster": true, "resourceSelectors": {"typeIdentifier": "CIDRSelector",
                    "selector": {"pod": [{"key": "app", "value": "db"}], "namespace": {"env": "prod"}}}},
                  "destination": {"resourceSelectors": {"typeIdentifier": "CIDRSelector", "selector": "10.0.0.0/8"}}}]}""")));
        assertThat(flavor.kind().properties().denied()).singleElement().satisfies(rule -> {
            assertThat(rule.source().pods()).containsExactly(Map.entry("app", "db"));
            assertThat(rule.source().namespaces()).containsExactly(Map.entry("env", "prod"));
            assertThat(rule.source().block()).isEmpty();
            assertThat(rule.destination().block()).contains("10.0.0.0/8");
            assertThat(rule.port()).isEqualTo("443");
        });
    }

    @Test
    void times_have_offsets_and_fractions_and_end_in_whole_seconds() {
        var transaction = object(example("transaction"));
        transaction.put("expirationTime", "2025-06-01T11:15:00.987654321+02:00");
        var read = RearReader.transaction(transaction.toString(), NOW).orThrow();
        assertThat(read.expires()).isEqualTo("2025-06-01T09:15:00.987654321Z");
        assertThat(Dialect.NODE.writer().transaction(read)).contains("\"2025-06-01T09:15:00Z\"");
    }

    @Test
    void seconds_to_live_are_taken_for_an_expiry() {
        var transaction = object(example("transaction"));
        transaction.remove("expirationTime");
        transaction.put("TTP", 30);
        assertThat(RearReader.transaction(transaction.toString(), NOW).orThrow().expires())
                .isEqualTo(NOW.plusSeconds(30));
    }

    @Test
    void a_kubeconfig_of_the_buyer_is_dropped() {
        var ask = object(example("reserve-request"));
        in(ask, "buyerID", "additionalInformation").put("kubeconfig", "c2VjcmV0");
        var read = RearReader.reserve(ask.toString()).orThrow();
        assertThat(read.toString()).doesNotContain("c2VjcmV0");
        assertThat(Dialect.NODE.writer().reserve(read)).doesNotContain("c2VjcmV0", "kubeconfig");
    }

    @Test
    void a_contract_names_both_fabrics_even_if_the_nodes_did_not() {
        var whole = contract();
        var nameless = new Contract(
                whole.id(),
                whole.transaction(),
                whole.flavor(),
                whole.configuration(),
                new NodeIdentity("b", "10.0.0.1:1", "x.example", Optional.empty()),
                "milano-edge",
                new NodeIdentity("s", "10.0.0.2:1", "x.example", Optional.empty()),
                whole.credentials(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                Optional.empty());
        var written = Dialect.NODE.writer().contract(nameless);
        Published.assertConforms("wire/node-contract", written);
        assertThat(Json.tree(written).at("/seller/additionalInformation/liqoID").stringValue())
                .isEqualTo("torino-dc");
        assertThat(Json.tree(written)
                        .at("/buyerID/additionalInformation/liqoID")
                        .stringValue())
                .isEqualTo("milano-edge");
    }

    @Test
    void a_documented_contract_need_not_name_its_transaction() {
        var message = object(Dialect.DOC.writer().contract(contract()));
        List.of("TransactionID", "BuyerClusterID", "Configuration", "ExtraInformation")
                .forEach(message::remove);
        var read = RearReader.contract(message.toString()).orThrow();
        assertThat(read.transaction()).isEmpty();
        assertThat(read.cluster()).isEqualTo("milano-edge");
    }

    @Test
    void rules_of_the_network_within_a_contract_are_kept_as_text() {
        var message = object(example("contract"));
        in(message, "extraInformation").set("networkRequests", Json.tree("[{\"name\": \"x\"}]"));
        assertThat(RearReader.contract(message.toString()).orThrow().extra())
                .containsEntry("networkRequests", "[{\"name\":\"x\"}]");
    }

    @Test
    void dimensions_without_amount_are_not_there() {
        assertThat(read(_ -> {}).kind().vector().amounts().keySet())
                .containsExactly(Dimension.CPU, Dimension.MEMORY, Dimension.PODS, Dimension.STORAGE);
    }
}
