package holdfast.federation.wire;

import static holdfast.federation.wire.Published.assertConforms;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.platform.Json;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.K8Slice;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.ServiceOffer;
import holdfast.protocol.rear.Vm;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Everything that is published about REAR is read, or refused by name where it is wrong.
class PublishedTest {
    private static final Instant NOW = Instant.parse("2025-06-01T09:00:00Z");

    /// The documented example of a flavor, with another kind in it.
    private static Flavor documented(String type, JsonNode data) {
        var example = (ObjectNode) Published.example("flavor");
        example.set("type", Json.object().put("name", type).set("data", data));
        assertConforms("schemas/flavor", example.toString());
        return RearReader.flavor(example.toString()).orThrow();
    }

    private static void assertWrittenAndReadAgain(Flavor flavor) {
        var documented = Dialect.DOC.writer().flavor(flavor);
        assertConforms("schemas/flavor", documented);
        assertThat(RearReader.flavor(documented).orThrow()).isEqualTo(flavor);
        var reachable = reachable(flavor);
        var node = Dialect.NODE.writer().flavor(reachable);
        assertConforms("wire/node-flavor-list", "[" + node + "]");
        assertThat(RearReader.flavor(node).orThrow().kind()).isEqualTo(flavor.kind());
    }

    /// The documented addresses have no port, and nodes cannot be asked without one.
    private static Flavor reachable(Flavor flavor) {
        var owner = flavor.owner();
        return new Flavor(
                flavor.id(),
                flavor.provider(),
                new NodeIdentity(owner.id(), owner.address() + ":30000", owner.domain(), owner.fabric()),
                flavor.kind(),
                flavor.price(),
                flavor.available(),
                flavor.network(),
                flavor.place(),
                flavor.since(),
                flavor.extra());
    }

    private static String field(Answer<?> answer) {
        return ((Answer.No<?>) answer).why().field().orElseThrow();
    }

    @Test
    void the_documented_slice_is_read_and_written() {
        var flavor = documented("k8slice", Published.example("flavor-types/k8slice"));
        assertThat(flavor.extra()).containsEntry("name", "ExampleK8Slice");
        assertThat(flavor.place().country()).isEqualTo("USA");
        assertThat(flavor.owner().fabric()).contains("liqo-001");
        assertThat(flavor.kind())
                .asInstanceOf(InstanceOfAssertFactories.type(K8Slice.class))
                .satisfies(slice -> {
                    assertThat(slice.gpuModel()).contains("NVIDIA Tesla K80");
                    assertThat(slice.properties().denied()).singleElement().satisfies(rule -> {
                        assertThat(rule.source().host()).isTrue();
                        assertThat(rule.source().pods()).containsExactly(Map.entry("app", "*"));
                        assertThat(rule.destination().block()).contains("10.0.0.0/16");
                    });
                });
        assertThat(RearReader.flavor(Published.example("flavor").toString()).orThrow())
                .isEqualTo(flavor);
        assertWrittenAndReadAgain(flavor);
    }

    @Test
    void the_documented_machine_counts_memory_in_mebibytes() {
        var flavor = documented("vm", Published.example("flavor-types/vm"));
        assertThat(flavor.kind())
                .asInstanceOf(InstanceOfAssertFactories.type(Vm.class))
                .satisfies(vm -> {
                    assertThat(vm.instance().toString()).contains("memory 8Gi", "storage 100Gi");
                    assertThat(vm.count()).isEqualTo(10);
                });
        assertWrittenAndReadAgain(flavor);
    }

    @Test
    void the_documented_service_has_its_template_as_object_or_as_text() {
        var data = Published.example("flavor-types/service");
        var flavor = documented("service", data);
        var template = data.path("Characteristics").path("ConfigurationTemplate");
        ((ObjectNode) data.path("Characteristics")).put("ConfigurationTemplate", template.toString());
        assertThat(documented("service", data)).isEqualTo(flavor);
        assertThat(((ServiceOffer) flavor.kind()).template()).isEqualTo(template);
        assertWrittenAndReadAgain(flavor);
    }

    @Test
    void the_documented_reservation_transaction_and_purchase_are_read_and_written() {
        var doc = Dialect.DOC.writer();

        var ask =
                RearReader.reserve(Published.example("reservation").toString()).orThrow();
        assertThat(ask.buyer().id()).isEqualTo("node-123");
        assertThat(ask.configuration()).get().isInstanceOf(Configuration.Slice.class);
        assertConforms("schemas/reservation", doc.reserve(ask));
        assertThat(RearReader.reserve(doc.reserve(ask)).orThrow()).isEqualTo(ask);

        var transaction = RearReader.transaction(
                        Published.example("transaction").toString(), NOW)
                .orThrow();
        assertThat(transaction.cluster()).isEqualTo("liqo-abc");
        assertConforms("schemas/transaction", doc.transaction(transaction));
        assertThat(RearReader.transaction(doc.transaction(transaction), NOW).orThrow())
                .isEqualTo(transaction);

        var purchase = RearReader.purchase(Published.example("purchase-request").toString())
                .orThrow();
        assertThat(purchase.credentials().orElseThrow().token()).contains("abc123token");
        assertConforms("schemas/purchase-request", doc.purchase(purchase));
        assertThat(RearReader.purchase(doc.purchase(purchase)).orThrow()).isEqualTo(purchase);
    }

    @Test
    void the_documented_configuration_of_a_service_lacks_what_it_must_have() {
        var ask = (ObjectNode) Published.example("reservation");
        var service = Published.example("configuration-types/service-configuration");
        ask.set("Configuration", Json.object().put("type", "service").set("data", service));
        assertThat(field(RearReader.reserve(ask.toString()))).isEqualTo("configuration.data.configurationData");
    }

    @Test
    void what_nodes_send_is_read_and_written_as_they_send_it() {
        var node = Dialect.NODE.writer();
        for (var list : List.of("list-mixed", "list-after-reserve")) {
            var heard = RearReader.flavors(Published.text("wire/examples/" + list + ".json"))
                    .orThrow();
            assertThat(heard.skipped()).isZero();
            assertSame(list, node.flavors(heard.flavors()));
        }
        assertSame(
                "reserve-request",
                node.reserve(RearReader.reserve(sent("reserve-request")).orThrow()));
        assertSame(
                "transaction",
                node.transaction(
                        RearReader.transaction(sent("transaction"), NOW).orThrow()));
        assertSame(
                "purchase-request",
                node.purchase(RearReader.purchase(sent("purchase-request")).orThrow()));
        assertSame(
                "contract", node.contract(RearReader.contract(sent("contract")).orThrow()));
    }

    private static String sent(String name) {
        return Published.text("wire/examples/" + name + ".json");
    }

    private static void assertSame(String name, String written) {
        assertThat(Json.tree(written)).isEqualTo(Json.tree(sent(name)));
    }

    @ParameterizedTest
    @EnumSource(FlavorType.class)
    void each_documented_filter_is_understood(FlavorType type) {
        var segment = switch (type) {
            case K8SLICE -> "k8slices";
            case SENSOR -> "sensors";
            case VM, SERVICE -> type.word();
        };
        assertThat(Dialect.listed(segment)).contains(type);
        var resources = YAMLMapper.shared()
                .readTree(Published.text("openapi.yaml"))
                .at("/paths/~1api~1v2~1flavors~1" + segment + "/get/parameters/0/schema/properties");
        assertThat(resources.properties()).isNotEmpty();
        var wrong = new ArrayList<Refusal>();
        resources
                .properties()
                .forEach(resource -> resource.getValue().path("oneOf").forEach(shape -> {
                    var kind =
                            shape.path("properties").propertyNames().iterator().next();
                    var key = "filter[" + resource.getKey() + "][" + kind + "]" + (kind.equals("range") ? "[min]" : "");
                    if (SelectorQuery.read(type, Map.of(key, List.of("1"))) instanceof Answer.No<?>(var why)) {
                        wrong.add(why);
                    }
                }));
        assertThat(wrong).isEmpty();
    }

    @Test
    void the_fork_for_the_edge_is_understood() {
        var example = (ObjectNode) Published.example("flavor");
        var edge = Json.tree("""
                {"uid": "s-17", "node": "barn", "type": {"category": "environment", "type": "humidity"}, "srate": 500,
                 "access": {"type": "MQTT", "source": "lora", "resource": {"topic": "barn/humidity", "node": "barn"}}}""");
        example.set("type", Json.object().put("name", "sensor").set("data", edge));
        var flavor = RearReader.flavor(example.toString()).orThrow();
        assertThat(flavor.kind()).asString().contains("humidity", "OptionalLong[500]", "barn/humidity");
        assertWrittenAndReadAgain(flavor);
    }
}
