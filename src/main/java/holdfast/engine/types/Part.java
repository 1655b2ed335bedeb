package holdfast.engine.types;

import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// A part of a definition, and where it stands in it. What is not as it must be is refused with that place.
///
/// @param path names from the top, joined by dots; empty at the top
record Part(String path, JsonNode node) {
    /// Hyphens join words in states of types; the parts of Holdfast use underscores as well.
    static final Pattern STATE = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    static final String STATE_RULE = "a state is 1 to 64 letters, digits, hyphens and underscores";
    private static final int SHOWN = 60;

    RefusedException refused(String message) {
        return refused(path, message);
    }

    static RefusedException refused(String path, String message) {
        return new RefusedException(Refusal.malformed(path, message));
    }

    /// A value in a message: quoted, and cut if it is long.
    static String quoted(String value) {
        return "'" + (value.length() > SHOWN ? value.substring(0, SHOWN) + "..." : value) + "'";
    }

    String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /// The part under `key`, unless it is left out or null.
    Optional<Part> at(String key) {
        return Optional.ofNullable(node.get(key))
                .filter(child -> !child.isNull())
                .map(child -> new Part(pathOf(key), child));
    }

    Part need(String key, String what) {
        return at(key).orElseThrow(() -> refused(pathOf(key), key + " is missing; give " + what));
    }

    /// Itself, which must be an object with no other keys than these.
    Part only(Set<String> keys) {
        entries(Integer.MAX_VALUE).forEach((key, part) -> {
            if (!keys.contains(key)) {
                throw part.refused(
                        quoted(key) + " is not known here; known are " + String.join(", ", new TreeSet<>(keys)));
            }
        });
        return this;
    }

    Map<String, Part> entries(int most) {
        if (!node.isObject()) {
            throw refused("must be an object of names and values, not " + kind());
        }
        limit(most);
        var entries = new LinkedHashMap<String, Part>();
        node.properties()
                .forEach(entry -> entries.put(entry.getKey(), new Part(pathOf(entry.getKey()), entry.getValue())));
        return entries;
    }

    List<Part> list(int most) {
        if (!node.isArray()) {
            throw refused("must be a list, not " + kind());
        }
        limit(most);
        var list = new ArrayList<Part>();
        for (int index = 0; index < node.size(); index++) {
            list.add(new Part(pathOf(String.valueOf(index)), node.get(index)));
        }
        return list;
    }

    private void limit(int most) {
        if (node.size() > most) {
            throw refused("has " + node.size() + " entries; the most is " + most);
        }
    }

    /// @param most characters
    String text(int most) {
        if (!node.isString()) {
            throw refused("must be a text, not " + kind());
        }
        var text = node.stringValue();
        if (text.length() > most) {
            throw refused("is " + text.length() + " characters long; the most is " + most);
        }
        return text;
    }

    /// A text that matches the whole of `pattern`.
    String name(Pattern pattern, String rule) {
        var text = text(1_000);
        if (!pattern.matcher(text).matches()) {
            throw refused(quoted(text) + " is not right: " + rule);
        }
        return text;
    }

    String state() {
        return name(STATE, STATE_RULE);
    }

    boolean flag() {
        if (!node.isBoolean()) {
            throw refused("must be true or false, not " + kind());
        }
        return node.booleanValue();
    }

    boolean flag(String key, boolean otherwise) {
        return at(key).map(Part::flag).orElse(otherwise);
    }

    long number() {
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw refused("must be a whole number, not " + kind());
        }
        return node.longValue();
    }

    int length() {
        long length = number();
        if (length < 0 || length > Integer.MAX_VALUE) {
            throw refused(length + " is no length; give a number from 0 to " + Integer.MAX_VALUE);
        }
        return (int) length;
    }

    private String kind() {
        return switch (node.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "a list";
            case STRING -> "the text " + quoted(node.stringValue());
            case NULL, MISSING -> "nothing";
            case NUMBER, BOOLEAN, BINARY, POJO -> quoted(node.toString());
        };
    }
}
