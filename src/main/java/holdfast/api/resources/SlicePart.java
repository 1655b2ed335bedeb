package holdfast.api.resources;

import static java.util.stream.Collectors.toMap;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.engine.Resource;
import holdfast.orchestrator.Slice;
import holdfast.orchestrator.SliceState;
import holdfast.orchestrator.SliceState.Operation;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// What a slice shows.
final class SlicePart implements Part {
    @Override
    public Map<UUID, ObjectNode> fields(Tx tx, List<Resource> page) {
        return page.stream().collect(toMap(Resource::id, SlicePart::fields));
    }

    private static ObjectNode fields(Resource resource) {
        var slice = resource.as(Slice.class);
        return Json.object()
                .put("owner", slice.info().owner())
                .put("start", slice.term().from().toString())
                .put("end", slice.term().until().toString());
    }

    @Override
    public List<String> actions(Caller caller, Resource resource) {
        boolean possible = resource.removed().isEmpty()
                && SliceState.of(resource.state()).after(Operation.DELETE) instanceof Answer.Yes
                && Access.mayDelete(
                                caller,
                                resource.project(),
                                resource.as(Slice.class).info().owner(),
                                "slice")
                        .isEmpty();
        return possible ? List.of("delete") : List.of();
    }

    @Override
    public List<String> links() {
        return List.of("graph", "events");
    }
}
