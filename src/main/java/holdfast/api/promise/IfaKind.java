package holdfast.api.promise;

import holdfast.core.Capacities;
import holdfast.platform.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// The three kinds of resources of the IFA interfaces, and their words for quantities (promise.md 5.2).
enum IfaKind {
    COMPUTE(
            "computePoolReservation",
            "computePoolReserved",
            List.of(
                    new Amount("numCpuCores", "vcpu", 1),
                    new Amount("numVcInstances", "instance", 1),
                    new Amount("virtualMemSize", "memory_mb", 1_024)),
            Map.of("vcInstances", "instance", "cpuCores", "vcpu", "memory", "memory_mb")),
    NETWORK(
            "networkReservation",
            "networkReserved",
            List.of(new Amount("numPublicIps", "address", 1)),
            Map.of("publicIps", "address")),
    STORAGE(
            "storagePoolReservation",
            "storagePoolReserved",
            List.of(
                    new Amount("storageSize", "volume_gb", 1),
                    new Amount("numVolumes", "volume", 1),
                    new Amount("numSnapshots", "snapshot", 1)),
            Map.of("volumes", "volume", "storage", "volume_gb", "snapshots", "snapshot"));

    /// @param unit how many of ours one of it is: memory is in GB there and in MB here
    private record Amount(String word, String dimension, long unit) {}

    private static final long MOST = 1_000_000_000L;

    /// What a request calls its loose quantities, and what an answer does.
    final String wanted;

    final String got;
    private final List<Amount> amounts;
    private final Map<String, String> types;

    IfaKind(String wanted, String got, List<Amount> amounts, Map<String, String> types) {
        this.wanted = wanted;
        this.got = got;
        this.amounts = amounts;
        this.types = types;
    }

    static IfaKind of(String word) {
        return Stream.of(values())
                .filter(kind -> kind.word().equals(word))
                .findFirst()
                .orElseThrow(() -> ComplaintException.notThere(
                        "there is no " + Fields.shorten(word) + "; there are: compute, network, storage"));
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The field that names what kind of resource it is about.
    String typeField() {
        return word() + "ResourceTypeId";
    }

    /// The dimension of what `typeField` names; empty text if it was wrong, which is told.
    String dimension(Fields fields) {
        var type = fields.requiredText(typeField());
        if (!type.isEmpty() && !types.containsKey(type)) {
            fields.fault(
                    typeField(),
                    "is " + Fields.shorten(type) + "; there are: " + String.join(", ", new TreeMap<>(types).keySet()));
        }
        return types.getOrDefault(type, "");
    }

    /// The amounts that an object names, by our dimensions; zeros included.
    Map<String, Long> read(Fields fields) {
        var found = new LinkedHashMap<String, Long>();
        fields.object(wanted).ifPresent(given -> {
            for (var amount : amounts) {
                given.whole(amount.word, 0, MOST).ifPresent(value -> found.put(amount.dimension, value * amount.unit));
            }
            given.end();
        });
        return found;
    }

    /// What of some amounts is of this kind; empty if nothing is.
    ObjectNode show(Capacities some) {
        var node = Json.object();
        for (var amount : amounts) {
            long value = some.get(amount.dimension);
            if (value != 0) {
                node.put(amount.word, value / amount.unit);
            }
        }
        return node;
    }
}
