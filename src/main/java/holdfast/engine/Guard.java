package holdfast.engine;

import holdfast.core.Refusal;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A condition under which a process may begin (cattle.md 6.1): fields of its resource and the values that they must
/// have at that moment. It stands in the arguments of the process, under its name and `::if`.
record Guard(String process, ObjectNode wanted) {
    static final String SUFFIX = "::if";

    /// The one of a process, if its arguments have one.
    static Optional<Guard> of(String process, JsonNode arguments) {
        return arguments.get(process + SUFFIX) instanceof ObjectNode wanted
                ? Optional.of(new Guard(process, wanted))
                : Optional.empty();
    }

    /// What is wrong with what stands in the place of a guard.
    static Optional<Refusal> fault(String process, JsonNode arguments) {
        var name = process + SUFFIX;
        var given = arguments.get(name);
        return given == null || given.isObject()
                ? Optional.empty()
                : Optional.of(Refusal.malformed(
                        name, name + " must be an object: names of fields and the values that they must have"));
    }

    /// Why the process may not begin; empty if it may.
    Optional<Refusal> refusal(Resource resource) {
        var content = resource.content().put("name", resource.name()).put("state", resource.state());
        return wanted.properties().stream()
                .filter(entry -> !content.path(entry.getKey()).equals(entry.getValue()))
                .findFirst()
                .map(entry -> Refusal.clash(process + " was to begin only if " + entry.getKey() + " is "
                        + entry.getValue() + ", which is not so"));
    }
}
