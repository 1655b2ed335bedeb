package holdfast.api.resources;

import holdfast.core.Caller;
import holdfast.engine.Resource;
import holdfast.platform.Tx;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// What is special about the resources that one part of Holdfast keeps.
interface Part {
    /// Fields beside those that every resource has, by resource. References are the UUIDs of what they refer to.
    ///
    /// @param page resources of the part's type; the number of queries does not depend on how many
    Map<UUID, ObjectNode> fields(Tx tx, List<Resource> page);

    /// What the caller may do to it now.
    default List<String> actions(Caller caller, Resource resource) {
        return List.of();
    }

    /// Links beside those that follow from references, each below the resource's own address.
    default List<String> links() {
        return List.of();
    }
}
