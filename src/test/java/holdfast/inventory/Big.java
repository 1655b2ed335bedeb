package holdfast.inventory;

import holdfast.core.Capacities;
import java.util.Map;

/// Advertisements of any size.
final class Big {
    private Big() {}

    /// So many servers, each with so many devices.
    static Graph sites(int servers, int devices) {
        var graph = Graph.builder("big");
        for (int s = 0; s < servers; s++) {
            var capacities = Capacities.of(64, 512, 4000);
            graph.put(Vertex.of("s" + s, VertexClass.NETWORK_NODE, "Server", "big-w" + s)
                    .with(Property.SITE, "BIG" + s % 10)
                    .with(Property.CAPACITIES, CapacityJson.write(capacities))
                    .with(
                            Property.CAPACITY_DELEGATIONS,
                            Delegation.write(Map.of("primary", Delegation.of(capacities)))));
            for (int d = 0; d < devices; d++) {
                var id = "s" + s + "-" + d;
                var unit = Capacities.of("unit", 1);
                graph.put(Vertex.of(id, VertexClass.COMPONENT, "GPU", "big-w" + s + "-gpu-" + d)
                        .with(Property.MODEL, d % 2 == 0 ? "Tesla T4" : "RTX6000")
                        .with(
                                Property.LABELS,
                                Labels.of("bdf", "0000:%02x:00.0".formatted(d)).json())
                        .with(Property.CAPACITIES, CapacityJson.write(unit))
                        .with(Property.CAPACITY_DELEGATIONS, Delegation.write(Map.of("primary", Delegation.of(unit)))));
                graph.connect("s" + s, Relation.HAS, id);
            }
        }
        return graph.build();
    }
}
