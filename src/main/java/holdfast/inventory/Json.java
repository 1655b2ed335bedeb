package holdfast.inventory;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// JSON inside vertex properties: bounded, and a member may not come twice.
final class Json {
    /// Large enough for any advertisement seen, small enough that sums over a whole federation cannot overflow.
    static final long LARGEST_AMOUNT = 1_000_000_000_000L;

    static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(50)
                            .maxNumberLength(100)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .build();

    private Json() {}

    /// A text that does not have the shape of its property. Checked, so that every caller says which vertex it was.
    static final class Unfit extends Exception {
        private static final long serialVersionUID = 1L;

        Unfit(String message) {
            super(message, null, false, false);
        }
    }

    /// Any JSON value.
    static JsonNode read(String text) throws Unfit {
        try {
            var node = MAPPER.readTree(text);
            if (node == null || node.isMissingNode()) {
                throw new Unfit("is not JSON: the text is blank");
            }
            return node;
        } catch (JacksonException e) {
            throw new Unfit("is not JSON: " + shorten(text) + " (" + firstLine(e) + ")");
        }
    }

    /// A JSON object, its members by name.
    static Map<String, JsonNode> object(String text) throws Unfit {
        return object(read(text), text);
    }

    static Map<String, JsonNode> object(JsonNode node, String text) throws Unfit {
        if (!node.isObject()) {
            throw new Unfit("is " + shorten(text) + ", where a JSON object is needed");
        }
        var members = new TreeMap<String, JsonNode>();
        node.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
        return members;
    }

    /// The JSON text of maps, lists, strings, numbers and booleans.
    static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /// A value as part of a message: at most some 80 characters.
    static String shorten(String text) {
        return text.length() <= 80 ? "'" + text + "'" : "'" + text.substring(0, 77) + "...'";
    }

    static String firstLine(JacksonException e) {
        var message = e.getOriginalMessage();
        if (message == null) {
            return e.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        }
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}
