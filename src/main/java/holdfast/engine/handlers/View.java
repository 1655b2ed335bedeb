package holdfast.engine.handlers;

import holdfast.core.Caller;
import holdfast.engine.Resource;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import tools.jackson.databind.node.ObjectNode;

/// How resources are shown to those outside: as the interface shows them.
public interface View {
    /// The id that people see.
    ///
    /// @param number see [Resource#number]
    String id(String type, long number);

    /// The whole, as `caller` may see it.
    ObjectNode show(Tx tx, Caller caller, Resource resource);

    /// Without links and actions, the content beside the common fields.
    View PLAIN = new View() {
        @Override
        public String id(String type, long number) {
            return type + " " + number;
        }

        @Override
        public ObjectNode show(Tx tx, Caller caller, Resource resource) {
            var node = Json.object()
                    .put("id", id(resource.type(), resource.number()))
                    .put("type", resource.type());
            node.put("name", resource.name()).put("state", resource.state()).put("project", resource.project());
            node.put("transitioningMessage", resource.message().orElse(null));
            node.put("transitioningProgress", resource.progress().orElse(null));
            node.put("created", resource.created().toString());
            resource.content().properties().forEach(field -> {
                if (!node.has(field.getKey())) {
                    node.set(field.getKey(), field.getValue());
                }
            });
            return node;
        }
    };
}
