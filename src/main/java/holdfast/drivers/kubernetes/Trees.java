package holdfast.drivers.kubernetes;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Objects compared and changed.
final class Trees {
    private Trees() {}

    /// Whether all that `wanted` says is so.
    static boolean covers(JsonNode there, JsonNode wanted) {
        return wanted.isObject()
                ? wanted.properties().stream().allMatch(field -> covers(there.path(field.getKey()), field.getValue()))
                : there.equals(wanted);
    }

    /// What is there, changed to what `wanted` says: its own parts one by one, labels and annotations added.
    static ObjectNode merged(ObjectNode there, ObjectNode wanted) {
        var merged = there.deepCopy();
        wanted.properties().forEach(part -> {
            if (part.getKey().equals("metadata")) {
                add(merged, part.getValue(), "labels");
                add(merged, part.getValue(), "annotations");
            } else {
                merged.set(part.getKey(), part.getValue());
            }
        });
        return merged;
    }

    private static void add(ObjectNode object, JsonNode metadata, String what) {
        metadata.path(what)
                .properties()
                .forEach(one -> object.withObject("/metadata/" + what).set(one.getKey(), one.getValue()));
    }
}
