package holdfast.api.resources;

import holdfast.core.Caller;
import holdfast.engine.types.ResourceType;
import java.util.ArrayList;
import java.util.List;

/// What a caller may do with a type, as methods.
final class Methods {
    private Methods() {}

    /// Whether a caller has a right on a type.
    ///
    /// @param letter see [ResourceType.Rights]
    static boolean may(Caller caller, ResourceType type, char letter) {
        return type.rights().allow(caller.admin(), letter) && (letter == 'r' || !caller.readOnly());
    }

    /// @param single those of one resource, not of the collection
    static List<String> of(Caller caller, ResourceType type, boolean single) {
        var methods = new ArrayList<String>();
        if (may(caller, type, 'r')) {
            methods.add("GET");
        }
        if (!single && may(caller, type, 'c')) {
            methods.add("POST");
        }
        if (single && may(caller, type, 'u')) {
            methods.add("PUT");
        }
        if (single && may(caller, type, 'd')) {
            methods.add("DELETE");
        }
        return methods;
    }

    static Problem wrong(Ask ask, ResourceType type, boolean single) {
        var allowed = new ArrayList<>(of(ask.caller(), type, single));
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        if (single && !allowed.contains("POST")) {
            allowed.add("POST");
        }
        return Problem.wrongMethod(
                ask.method(),
                Form.shorten(ask.http().target()),
                String.join(", ", allowed.stream().sorted().toList()));
    }
}
