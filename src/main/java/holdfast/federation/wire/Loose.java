package holdfast.federation.wire;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// JSON as the nodes that are out there read it (fluidos.md 5.1): of members with one name the last counts, whatever
/// the case of its letters, and what follows the first value is passed over. Members that nobody asks for do no harm.
/// Numbers are kept exact. What no database can keep (NUL, half of a surrogate pair) becomes U+FFFD.
final class Loose {
    /// Of a body, in characters.
    static final int LARGEST = 10 << 20;

    private static final int DEEPEST = 64;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(LARGEST)
                    .maxNumberLength(100)
                    .maxNameLength(1_000)
                    .build())
            .build();

    private Loose() {}

    /// The first value of a text of at most 10 Mi characters, nested at most 64 deep.
    static Answer<JsonNode> read(String text) {
        if (text.length() > LARGEST) {
            return no("has " + text.length() + " characters: send at most " + LARGEST);
        }
        try (var parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            return parser.nextToken() == null ? no("is empty: send JSON, at least {}") : Answer.yes(value(parser));
        } catch (JacksonException e) {
            return no("is no JSON" + place(e) + ": send one object or list, nested at most " + DEEPEST + " deep");
        }
    }

    /// The member of an object with that name: of several that differ in case, the last.
    static Optional<JsonNode> member(JsonNode object, String name) {
        return object.properties().stream()
                .filter(member -> member.getKey().equalsIgnoreCase(name))
                .reduce((_, last) -> last)
                .map(Map.Entry::getValue);
    }

    private static JsonNode value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                var object = NODES.objectNode();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    var name = clean(parser.currentName());
                    parser.nextToken();
                    object.remove(name); // the last of several comes last
                    object.set(name, value(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                var array = NODES.arrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(parser));
                }
                yield array;
            }
            case VALUE_STRING -> NODES.stringNode(clean(parser.getString()));
            case VALUE_NUMBER_INT -> whole(parser);
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(fraction(parser));
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            default -> NODES.nullNode();
        };
    }

    /// As small a node as holds it, so that equal numbers are equal nodes.
    private static JsonNode whole(JsonParser parser) {
        return switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            default -> NODES.numberNode(parser.getBigIntegerValue());
        };
    }

    /// Exact, unless it is so large or so small that nobody meant it.
    private static BigDecimal fraction(JsonParser parser) {
        var number = parser.getDecimalValue();
        return Math.abs((long) number.precision() - number.scale()) > 300 ? BigDecimal.ZERO : number;
    }

    private static String clean(String text) {
        if (text.chars().noneMatch(unit -> unit == 0 || Character.isSurrogate((char) unit))) {
            return text;
        }
        return text.codePoints()
                .map(point -> point == 0 || point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE
                        ? 0xFFFD
                        : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /// Where, but not what: a body may hold secrets.
    private static String place(JacksonException e) {
        return Optional.ofNullable(e.getLocation())
                .filter(location -> location.getLineNr() > 0)
                .map(location -> " at line " + location.getLineNr() + ", column " + location.getColumnNr())
                .orElse("");
    }

    private static <T> Answer<T> no(String rule) {
        return Answer.no(Refusal.malformed("body", "the body " + rule));
    }
}
