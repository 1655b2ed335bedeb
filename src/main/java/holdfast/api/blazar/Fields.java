package holdfast.api.blazar;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads the parameters of a request, which are refused in Blazar's words. What is not known is not looked at, as
/// Blazar does.
record Fields(ObjectNode node) {
    private static final int LONGEST = 10_000;

    /// @param where for the refusal
    static Fields of(JsonNode node, String where) {
        if (node instanceof ObjectNode object) {
            return new Fields(object);
        }
        throw BlazarProblem.malformed(where + " must be an object");
    }

    boolean has(String name) {
        return node.has(name);
    }

    /// @throws BlazarProblem 400 if it is missing; null is not
    JsonNode need(String name) {
        var found = node.get(name);
        if (found == null) {
            throw BlazarProblem.missing(name);
        }
        return found;
    }

    /// A text that must be there; null is empty.
    String needText(String name) {
        need(name);
        return text(name).orElse("");
    }

    /// Empty if it is missing or null.
    Optional<String> text(String name) {
        var found = node.get(name);
        if (found == null || found.isNull()) {
            return Optional.empty();
        }
        if (!found.isString() || found.stringValue().length() > LONGEST) {
            throw BlazarProblem.malformed(name + " must be a text of at most " + LONGEST + " characters");
        }
        return Optional.of(found.stringValue());
    }

    long needWhole(String name, long least, long most) {
        need(name);
        return whole(name, least, most).orElseThrow(() -> BlazarProblem.missing(name));
    }

    /// A whole number, also as text; empty if it is missing or null.
    Optional<Long> whole(String name, long least, long most) {
        var found = node.get(name);
        if (found == null || found.isNull()) {
            return Optional.empty();
        }
        try {
            if (found.isIntegralNumber() && !found.canConvertToLong()) {
                throw outside(name, found, least, most);
            }
            long number = found.isIntegralNumber() ? found.longValue() : Long.parseLong(found.asString(""));
            if (number < least || number > most) {
                throw outside(name, found, least, most);
            }
            return Optional.of(number);
        } catch (NumberFormatException _) {
            throw outside(name, found, least, most);
        }
    }

    private static BlazarProblem outside(String name, JsonNode found, long least, long most) {
        var text = found.toString();
        var shown = text.length() > 40 ? text.substring(0, 40) + "..." : text;
        return BlazarProblem.malformed(
                name + " is " + shown + "; it must be a whole number from " + least + " to " + most);
    }
}
