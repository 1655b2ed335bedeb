package holdfast.drivers.kubernetes;

import holdfast.authority.Fabric.Node;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// Nodes as the API server has them.
final class Nodes {
    private Nodes() {}

    static Node of(JsonNode node) {
        boolean ready =
                LiqoObjects.condition(node, "Ready").path("status").asString("").equals("True")
                        && !node.at("/spec/unschedulable").asBoolean(false);
        var labels = new TreeMap<String, String>();
        node.at("/metadata/labels")
                .properties()
                .forEach(label -> labels.put(label.getKey(), label.getValue().asString("")));
        return new Node(
                LiqoObjects.name(node),
                ready,
                stands(node),
                labels,
                LiqoObjects.amounts(node.at("/status/allocatable")));
    }

    /// Whether it is another cluster's room.
    static boolean stands(JsonNode node) {
        return LiqoObjects.label(node, LiqoObjects.VIRTUAL).equals("virtual-node");
    }
}
