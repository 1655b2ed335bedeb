package holdfast.api.resources;

import holdfast.core.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Reads an object that somebody wrote by hand, and collects all that is wrong with it: unknown fields, missing fields,
/// wrong kinds of values.
final class Form {
    private static final Pattern TEXT = Pattern.compile("[^\\p{Cntrl}\\p{Cs}\\uFFFE\\uFFFF]+");
    private static final int SHOWN = 60;

    private final JsonNode node;
    private final String path;
    private final List<Refusal> faults;
    private final Set<String> known = new TreeSet<>();

    /// @param path of the object in the whole, such as `nodes.node1`; empty for the whole
    /// @param faults where what is wrong is added
    Form(JsonNode node, String path, List<Refusal> faults) {
        this.node = node;
        this.path = path;
        this.faults = faults;
    }

    /// The path of the object.
    String path() {
        return path;
    }

    /// The path of a field.
    String at(String field) {
        return path.isEmpty() ? field : path + "." + field;
    }

    void fault(String field, String message) {
        faults.add(Refusal.malformed(at(field), message));
    }

    private Optional<JsonNode> value(String field) {
        known.add(field);
        return Optional.ofNullable(node.get(field)).filter(value -> !value.isNull());
    }

    boolean has(String field) {
        return value(field).isPresent();
    }

    Optional<JsonNode> any(String field) {
        return value(field);
    }

    /// One line of text.
    Optional<String> text(String field, int longest) {
        return value(field).flatMap(value -> line(at(field), value, longest));
    }

    String requiredText(String field, int longest) {
        if (!has(field)) {
            fault(field, at(field) + " is missing");
        }
        return text(field, longest).orElse("");
    }

    private Optional<String> line(String where, JsonNode value, int longest) {
        if (!value.isString()) {
            faults.add(Refusal.malformed(
                    where,
                    where + " is " + shorten(value.toString()) + ", where a text is needed; write it in quotes"));
            return Optional.empty();
        }
        var text = value.stringValue();
        if (text.length() > longest || !TEXT.matcher(text).matches()) {
            faults.add(Refusal.malformed(
                    where,
                    where + " must be one line of 1 to " + longest + " characters; it is "
                            + shorten("'" + text + "'")));
            return Optional.empty();
        }
        return Optional.of(text);
    }

    Optional<Long> whole(String field, long least, long most) {
        return value(field).flatMap(value -> {
            if (value.isIntegralNumber()
                    && value.canConvertToLong()
                    && value.longValue() >= least
                    && value.longValue() <= most) {
                return Optional.of(value.longValue());
            }
            fault(
                    field,
                    at(field) + " is " + shorten(value.toString()) + "; it must be a whole number from " + least
                            + " to " + most);
            return Optional.empty();
        });
    }

    /// `true` or `false`.
    Optional<Boolean> flag(String field) {
        return value(field).flatMap(value -> {
            if (value.isBoolean()) {
                return Optional.of(value.booleanValue());
            }
            fault(field, at(field) + " is " + shorten(value.toString()) + "; it must be true or false");
            return Optional.empty();
        });
    }

    /// A list; empty if it is not there.
    List<JsonNode> list(String field, int longest) {
        var value = value(field);
        if (value.isEmpty()) {
            return List.of();
        }
        if (!value.get().isArray() || value.get().size() > longest) {
            fault(
                    field,
                    at(field) + " must be a list of at most " + longest + " entries"
                            + (value.get().isArray()
                                    ? "; it has " + value.get().size()
                                    : "; it is " + shorten(value.get().toString())));
            return List.of();
        }
        var entries = new ArrayList<JsonNode>();
        value.get().forEach(entries::add);
        return entries;
    }

    List<String> texts(String field, int most, int longest) {
        var texts = new ArrayList<String>();
        for (var entry : list(field, most)) {
            line(at(field) + "[" + texts.size() + "]", entry, longest).ifPresent(texts::add);
        }
        return texts;
    }

    /// To be called last: tells of every field that nobody has asked for.
    void end() {
        node.properties().forEach(field -> {
            if (!known.contains(field.getKey())) {
                var name = shorten(field.getKey());
                fault(name, at(name) + " is not a field that is known here" + Nearest.hint(field.getKey(), known));
            }
        });
    }

    static String shorten(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }
}
