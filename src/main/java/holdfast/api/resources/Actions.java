package holdfast.api.resources;

import holdfast.core.Caller;
import holdfast.engine.Resource;
import holdfast.engine.types.ProcessType;
import holdfast.engine.types.ResourceType;
import holdfast.pools.Access;
import java.util.List;

/// What may be done to a resource: of types that are data, every process whose start states have the present one; of
/// parts, what the part says.
final class Actions {
    private static final String REMOVE = "remove";
    private static final String RESTORE = "restore";

    private final Parts parts;

    Actions(Parts parts) {
        this.parts = parts;
    }

    /// What this caller may do to it now.
    List<String> offered(Viewer ask, ResourceType type, Resource resource) {
        if (ask.caller().readOnly()) {
            return List.of();
        }
        var part = parts.of(resource.type());
        if (part.isPresent()) {
            return part.get().actions(ask.caller(), resource);
        }
        if (!Access.maySee(ask.caller(), resource.project())) {
            return List.of();
        }
        return ask.kinds().processes(type).stream()
                .filter(process -> may(ask.caller(), type, process.verb()))
                .filter(process -> isPossible(process, resource))
                .map(ProcessType::verb)
                .toList();
    }

    static boolean may(Caller caller, ResourceType type, String verb) {
        return Methods.may(caller, type, verb.equals(REMOVE) ? 'd' : 'u');
    }

    private static boolean isPossible(ProcessType process, Resource resource) {
        boolean inState = process.move()
                .filter(move -> move.startsFrom(resource.state(move.field())))
                .isPresent();
        return inState && (!process.verb().equals(RESTORE) || resource.removed().isPresent());
    }
}
