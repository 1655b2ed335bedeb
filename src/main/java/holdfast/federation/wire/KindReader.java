package holdfast.federation.wire;

import holdfast.core.Quantity;
import holdfast.core.Suffix;
import holdfast.protocol.rear.Carbon;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.HostingPolicy;
import holdfast.protocol.rear.K8Slice;
import holdfast.protocol.rear.Kind;
import holdfast.protocol.rear.NetworkRule;
import holdfast.protocol.rear.Policy;
import holdfast.protocol.rear.Properties;
import holdfast.protocol.rear.Sensor;
import holdfast.protocol.rear.ServiceOffer;
import holdfast.protocol.rear.Vector;
import holdfast.protocol.rear.Vm;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/// Reads what a flavor is (`type.data`), in the spelling of either dialect (fluidos.md 2.6).
final class KindReader {
    static final Quantity MEBI = binary(20);
    static final Quantity GIBI = binary(30);

    private static final long MOST = 1_000_000_000;

    private KindReader() {}

    static Kind read(FlavorType type, Item data) {
        return switch (type) {
            case K8SLICE -> slice(data.object());
            case VM -> vm(data.object());
            case SERVICE -> service(data.object());
            case SENSOR -> data.at("Characteristics").isThere() ? sensor(data) : EdgeSensor.read(data.object());
        };
    }

    private static K8Slice slice(Item data) {
        var has = data.at("charateristics", "characteristics").object();
        return new K8Slice(
                has.at("architecture").text(Item.NAME),
                amounts(has),
                has.at("gpu").at("model").said(Item.NAME),
                properties(data.at("properties")),
                policy(data.at("policies").at("partitionability")));
    }

    /// CPU, memory and pods, storage and GPU where there are.
    static Vector amounts(Item has) {
        var amounts = Vector.of(
                has.at("cpu").amount(),
                has.at("memory").amount(),
                has.at("pods").amount());
        return amounts.with(Dimension.STORAGE, optional(has.at("storage")))
                .with(Dimension.GPU_CORES, optional(has.at("gpu").at("cores")))
                .with(Dimension.GPU_MEMORY, optional(has.at("gpu").at("memory")));
    }

    private static Policy policy(Item pieces) {
        return new Policy(
                Vector.of(
                        optional(pieces.at("cpuMin")),
                        optional(pieces.at("memoryMin")),
                        optional(pieces.at("podsMin"))),
                Vector.of(
                        optional(pieces.at("cpuStep")),
                        optional(pieces.at("memoryStep")),
                        optional(pieces.at("podsStep"))));
    }

    private static Quantity optional(Item item) {
        return item.maybe().map(Item::amount).orElse(Quantity.ZERO);
    }

    private static Vm vm(Item data) {
        var has = data.at("Characteristics").object();
        var counts = data.at("Policy").at("Aggregatable");
        long least = number(counts.at("MinCount"), 1).orElse(1);
        return new Vm(
                has.at("Architecture").text(Item.NAME),
                has.at("OS").said(Item.NAME),
                new Vector(Map.of(
                        Dimension.CPU, Quantity.of(has.at("CPU").whole(0, MOST)),
                        Dimension.MEMORY, MEBI.times(has.at("Memory").whole(0, MOST)),
                        Dimension.STORAGE,
                                GIBI.times(number(has.at("Storage"), 0).orElse(0)),
                        Dimension.GPU_CORES,
                                Quantity.of(
                                        number(has.at("GPU").at("GPUCores"), 0).orElse(0)))),
                has.at("GPU").at("GPUModel").said(Item.NAME),
                properties(data.at("Properties")),
                least,
                number(counts.at("MaxCount"), least).orElse(least));
    }

    private static ServiceOffer service(Item data) {
        var has = data.at("Characteristics").maybe().orElse(data);
        return new ServiceOffer(
                has.at("name").text(Item.NAME),
                has.at("description").text(Item.TEXT),
                has.at("category").needed(),
                has.at("tags").texts(),
                has.at("hostingPolicies").items().stream()
                        .map(KindReader::hosting)
                        .toList(),
                has.at("configurationTemplate").free());
    }

    /// As `Provider`, or as `ProviderSide`.
    static HostingPolicy hosting(Item item) {
        return HostingPolicy.of(item.text(Item.NAME))
                .orElseThrow(() -> item.refused("must be Provider, Consumer or Shared"));
    }

    private static Sensor sensor(Item data) {
        var has = data.at("Characteristics").object();
        var access = data.at("AccessType").object();
        var sensor = new Sensor(
                has.at("SensorType").needed(),
                has.at("SensorModel").text(Item.NAME),
                has.at("SensorManufacturer").text(Item.NAME),
                has.at("SensorMarket").text(Item.NAME),
                number(has.at("SamplingRate"), 0),
                number(has.at("Accuracy"), 0),
                number(has.at("Consumption"), 0),
                has.at("Interface").text(Item.NAME),
                access.at("HTTP").maybe().map(http -> http.at("method").texts()),
                access.at("MQTT").maybe().map(mqtt -> mqtt.at("QoS").text(Item.NAME)),
                properties(has));
        if (sensor.access().isEmpty()) {
            throw access.refused("must have HTTP or MQTT");
        }
        return sensor;
    }

    private static OptionalLong number(Item item, long least) {
        return item.isThere() ? OptionalLong.of(item.whole(least, MOST)) : OptionalLong.empty();
    }

    private static Properties properties(Item has) {
        var rules = has.at("networkAuthorizations");
        return new Properties(
                (int) number(has.at("latency"), 0).orElse(0),
                has.at("securityStandards").texts(),
                has.at("carbonFootprint", "carbon-footprint").maybe().map(KindReader::carbon),
                rules(rules.at("deniedCommunications")),
                rules(rules.at("mandatoryCommunications")),
                has.at("additionalProperties").maybe().map(KindReader::free).orElse(Map.of()));
    }

    private static Carbon carbon(Item carbon) {
        return new Carbon(
                number(carbon.at("embodied"), 0).orElse(0),
                carbon.at("operational").items().stream()
                        .map(hour -> hour.whole(-MOST, MOST))
                        .toList());
    }

    private static Map<String, JsonNode> free(Item item) {
        var members = new LinkedHashMap<String, JsonNode>();
        item.free().properties().forEach(member -> members.put(member.getKey(), member.getValue()));
        return members;
    }

    private static List<NetworkRule> rules(Item rules) {
        return rules.items().stream()
                .map(rule -> new NetworkRule(
                        rule.at("name").text(Item.NAME),
                        end(rule.at("source")),
                        end(rule.at("destination")),
                        rule.at("destinationPort").text(Item.NAME),
                        rule.at("protocolType").text(Item.NAME)))
                .toList();
    }

    /// Nodes label what selects pods as a block of addresses too: the shape of the body tells (fluidos.md 5.10,
    /// U6).
    private static NetworkRule.End end(Item end) {
        var labelled = end.at("resourceSelectors", "resourceSelector");
        var body = labelled.at("selector").isThere() ? labelled.at("selector") : labelled;
        var inner = body.at("cidr").maybe().orElse(body);
        boolean host =
                end.at("isHotCluster", "isHostCluster").maybe().map(Item::truth).orElse(false);
        return inner.node().isString()
                ? new NetworkRule.End(host, Optional.of(inner.text(Item.NAME)), Map.of(), Map.of())
                : new NetworkRule.End(host, Optional.empty(), labels(body.at("pod")), labels(body.at("namespace")));
    }

    /// As a list of keys and values, or as an object.
    private static Map<String, String> labels(Item labels) {
        if (labels.node().isObject()) {
            return labels.members(value -> value.text(Item.NAME));
        }
        var read = new LinkedHashMap<String, String>();
        labels.items()
                .forEach(label -> read.put(
                        label.at("key").text(Item.NAME), label.at("value").text(Item.NAME)));
        return read;
    }

    private static Quantity binary(int power) {
        return new Quantity(BigInteger.ONE.shiftLeft(power).multiply(BigInteger.TEN.pow(9)), Suffix.BINARY);
    }
}
