package holdfast.federation.wire;

import holdfast.core.Quantity;
import holdfast.platform.Json;
import holdfast.protocol.rear.Carbon;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.K8Slice;
import holdfast.protocol.rear.Kind;
import holdfast.protocol.rear.NetworkRule;
import holdfast.protocol.rear.Policy;
import holdfast.protocol.rear.Properties;
import holdfast.protocol.rear.Sensor;
import holdfast.protocol.rear.ServiceOffer;
import holdfast.protocol.rear.Vector;
import holdfast.protocol.rear.Vm;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes what a flavor is (`type`) and what of it is bought (`configuration`). Virtual machines and sensors have one
/// spelling, the documented one: nodes that are out there know none (fluidos.md 2.6, 2.8).
final class KindWriter {
    private final Spelling spelling;

    KindWriter(Spelling spelling) {
        this.spelling = spelling;
    }

    ObjectNode type(Kind kind) {
        var data = switch (kind) {
            case K8Slice slice -> slice(slice);
            case Vm vm -> vm(vm);
            case ServiceOffer service -> spelling.service(service);
            case Sensor sensor -> sensor(sensor);
        };
        var type = Json.object().put("name", kind.type().word());
        type.set("data", data);
        return type;
    }

    ObjectNode configuration(Configuration configuration) {
        var data = Json.object();
        switch (configuration) {
            case Configuration.Slice slice -> {
                Trees.put(data, "architecture", slice.architecture());
                amounts(data, slice.amounts(), slice.gpuModel(), false);
            }
            case Configuration.Instances(var count) -> data.put("count", count);
            case Configuration.Settings(var hosting, var settings) -> {
                hosting.ifPresent(policy -> data.put(spelling.setting("hostingPolicy"), policy.word()));
                data.set(spelling.setting("configurationData"), spelling.settings(settings));
            }
            case Configuration.Access(var protocol) -> data.put("accessType", protocol.name());
        }
        var written = Json.object().put("type", configuration.type().word());
        written.set("data", data);
        return written;
    }

    private ObjectNode slice(K8Slice slice) {
        var has = Json.object().put("architecture", slice.architecture());
        amounts(has, slice.vector(), slice.gpuModel(), spelling.alwaysGpu());
        var policies = Json.object();
        policies.set("partitionability", partitionability(slice.policy()));
        var data = Json.object();
        data.set(spelling.characteristics(), has);
        data.set("properties", properties(slice.properties(), UnaryOperator.identity()));
        data.set("policies", policies);
        return data;
    }

    private void amounts(ObjectNode has, Vector amounts, Optional<String> gpuModel, boolean alwaysGpu) {
        has.put("cpu", amount(amounts, Dimension.CPU));
        has.put("memory", amount(amounts, Dimension.MEMORY));
        has.put("pods", amount(amounts, Dimension.PODS));
        boolean gpu = gpuModel.isPresent()
                || amounts.get(Dimension.GPU_CORES).signum() > 0
                || amounts.get(Dimension.GPU_MEMORY).signum() > 0;
        if (gpu || alwaysGpu) {
            has.putObject("gpu")
                    .put("model", gpuModel.orElse(""))
                    .put("cores", amount(amounts, Dimension.GPU_CORES))
                    .put("memory", amount(amounts, Dimension.GPU_MEMORY));
        }
        if (amounts.get(Dimension.STORAGE).signum() > 0) {
            has.put("storage", amount(amounts, Dimension.STORAGE));
        }
    }

    private String amount(Vector amounts, Dimension dimension) {
        return spelling.amount(dimension, amounts.get(dimension));
    }

    private ObjectNode partitionability(Policy policy) {
        var pieces = Json.object();
        for (var dimension : List.of(Dimension.CPU, Dimension.MEMORY, Dimension.PODS)) {
            pieces.put(dimension.word() + "Min", least(policy.minimum(), dimension));
        }
        for (var dimension : List.of(Dimension.CPU, Dimension.MEMORY, Dimension.PODS)) {
            pieces.put(dimension.word() + "Step", least(policy.step(), dimension));
        }
        return pieces;
    }

    private String least(Vector amounts, Dimension dimension) {
        return spelling.atLeast(dimension, amounts.get(dimension));
    }

    private ObjectNode vm(Vm vm) {
        var data = Json.object();
        var has = data.putObject("Characteristics").put("Architecture", vm.architecture());
        Trees.put(has, "OS", vm.os());
        has.put("CPU", whole(vm.instance().get(Dimension.CPU), Quantity.of(1)));
        has.put("Memory", whole(vm.instance().get(Dimension.MEMORY), KindReader.MEBI));
        var gpu = Json.object();
        Trees.put(gpu, "GPUModel", vm.gpuModel());
        if (vm.instance().get(Dimension.GPU_CORES).signum() > 0) {
            gpu.put("GPUCores", whole(vm.instance().get(Dimension.GPU_CORES), Quantity.of(1)));
        }
        Trees.set(has, "GPU", gpu);
        if (vm.instance().get(Dimension.STORAGE).signum() > 0) {
            has.put("Storage", whole(vm.instance().get(Dimension.STORAGE), KindReader.GIBI));
        }
        Trees.set(data, "Properties", properties(vm.properties(), KindWriter::capital));
        data.putObject("Policy")
                .putObject("Aggregatable")
                .put("MinCount", vm.least())
                .put("MaxCount", vm.count());
        return data;
    }

    private static long whole(Quantity amount, Quantity unit) {
        return amount.nano().divide(unit.nano()).longValueExact();
    }

    private ObjectNode sensor(Sensor sensor) {
        var data = Json.object();
        var has = data.putObject("Characteristics").put("SensorType", sensor.sensorType());
        Trees.put(has, "SensorModel", sensor.model());
        Trees.put(has, "SensorManufacturer", sensor.manufacturer());
        Trees.put(has, "SensorMarket", sensor.market());
        sensor.samplingRate().ifPresent(rate -> has.put("SamplingRate", rate));
        sensor.accuracy().ifPresent(percent -> has.put("Accuracy", percent));
        sensor.consumption().ifPresent(power -> has.put("Consumption", power));
        Trees.put(has, "Interface", sensor.connector());
        has.setAll(properties(sensor.properties(), KindWriter::capital));
        var access = data.putObject("AccessType");
        sensor.methods().ifPresent(methods -> access.putObject("HTTP").set("method", Trees.texts(methods)));
        sensor.qos().ifPresent(qos -> access.putObject("MQTT").put("QoS", qos));
        return data;
    }

    /// What is not known is left out.
    private ObjectNode properties(Properties properties, UnaryOperator<String> key) {
        var written = Json.object();
        if (properties.latency() > 0) {
            written.put(key.apply("latency"), properties.latency());
        }
        if (!properties.standards().isEmpty()) {
            written.set(key.apply("securityStandards"), Trees.texts(properties.standards()));
        }
        properties.carbon().ifPresent(carbon -> written.set(key.apply("carbonFootprint"), carbon(carbon, key)));
        var rules = Json.object();
        rules(rules, key.apply("deniedCommunications"), properties.denied());
        rules(rules, key.apply("mandatoryCommunications"), properties.mandatory());
        Trees.set(written, key.apply("networkAuthorizations"), rules);
        Trees.set(written, "additionalProperties", Trees.object(properties.additional()));
        return written;
    }

    private static ObjectNode carbon(Carbon carbon, UnaryOperator<String> key) {
        var written = Json.object().put(key.apply("embodied"), carbon.embodied());
        var hours = written.putArray(key.apply("operational"));
        carbon.operational().forEach(hours::add);
        return written;
    }

    private void rules(ObjectNode all, String key, List<NetworkRule> rules) {
        if (!rules.isEmpty()) {
            var list = all.putArray(key);
            rules.forEach(rule -> list.add(rule(rule)));
        }
    }

    private JsonNode rule(NetworkRule rule) {
        var written = Json.object().put("name", rule.name());
        written.set("source", spelling.end(rule.source()));
        written.set("destination", spelling.end(rule.destination()));
        return written.put("destinationPort", rule.port()).put("protocolType", rule.protocol());
    }

    /// The body of a selector: a block of addresses as a text, else labels as lists of keys and values.
    static JsonNode selector(NetworkRule.End end) {
        return end.block()
                .<JsonNode>map(block -> Json.array().add(block).get(0))
                .orElseGet(() -> {
                    var labels = Json.object();
                    labels(labels, "pod", end.pods());
                    labels(labels, "namespace", end.namespaces());
                    return labels;
                });
    }

    private static void labels(ObjectNode all, String key, Map<String, String> labels) {
        if (!labels.isEmpty()) {
            var list = all.putArray(key);
            new TreeMap<>(labels)
                    .forEach((name, value) -> list.addObject().put("key", name).put("value", value));
        }
    }

    static String capital(String key) {
        return Character.toUpperCase(key.charAt(0)) + key.substring(1);
    }
}
