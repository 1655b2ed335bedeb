package holdfast.broker.choice;

import holdfast.broker.choice.PropertyQuery.Operator;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Reads the JSON text of a [PropertyQuery]: at most 10,000 characters and 8 levels.
final class PropertyReader {
    private static final int LONGEST = 10_000;
    private static final int DEEPEST = 8;
    private static final JsonFactory JSON = new JsonFactory();

    private final String field;
    private final JsonParser parser;

    private PropertyReader(String field, JsonParser parser) {
        this.field = field;
        this.parser = parser;
    }

    /// @throws RefusedException naming the field and the character
    static PropertyQuery read(String field, String text) {
        if (text.isBlank()) {
            return PropertyQuery.everything();
        }
        if (text.length() > LONGEST) {
            throw new RefusedException(
                    Refusal.malformed(field, field + " has " + text.length() + " characters; it may have " + LONGEST));
        }
        try (var parser = JSON.createParser(ObjectReadContext.empty(), text)) {
            var reader = new PropertyReader(field, parser);
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw reader.wrong("a list such as [\">=\", \"$vcpus\", \"16\"] is wanted");
            }
            var query = reader.list(1);
            if (parser.nextToken() != null) {
                throw reader.wrong("the query ends before this");
            }
            return query;
        } catch (JacksonException malformed) {
            throw wrong(
                    field,
                    malformed.getLocation() == null
                            ? 0
                            : malformed.getLocation().getCharOffset(),
                    "no JSON here");
        }
    }

    /// After the opening bracket; reads the closing one.
    private PropertyQuery list(int depth) {
        if (depth > DEEPEST) {
            throw wrong("nested deeper than " + DEEPEST + " levels");
        }
        if (parser.nextToken() == JsonToken.END_ARRAY && depth == 1) {
            return PropertyQuery.everything();
        }
        var word = text("an operator is wanted");
        return switch (word) {
            case "and" -> new PropertyQuery.And(queries(depth));
            case "or" -> new PropertyQuery.Or(queries(depth));
            case "not" -> {
                next(JsonToken.START_ARRAY, "not takes one query in brackets");
                var part = list(depth + 1);
                next(JsonToken.END_ARRAY, "not takes one query");
                yield new PropertyQuery.Not(part);
            }
            case "in" -> new PropertyQuery.In(name(), values());
            default -> {
                var operator = operator(word);
                var name = name();
                parser.nextToken();
                var value = text("a value is wanted");
                next(JsonToken.END_ARRAY, "a comparison has an operator, a name and a value");
                yield new PropertyQuery.Compare(operator, name, value);
            }
        };
    }

    private List<PropertyQuery> queries(int depth) {
        var parts = new ArrayList<PropertyQuery>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                throw wrong("and and or take queries in brackets");
            }
            parts.add(list(depth + 1));
        }
        if (parts.isEmpty()) {
            throw wrong("and and or take at least one query");
        }
        return parts;
    }

    private List<String> values() {
        var values = new ArrayList<String>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            values.add(text("a value is wanted"));
        }
        if (values.isEmpty()) {
            throw wrong("in takes at least one value");
        }
        return values;
    }

    private Operator operator(String sign) {
        return Arrays.stream(Operator.values())
                .filter(one -> one.sign.equals(sign) || one == Operator.EQUAL && sign.equals("="))
                .findFirst()
                .orElseThrow(() -> wrong("there is no operator " + sign + "; there are: = "
                        + Arrays.stream(Operator.values()).map(one -> one.sign).collect(Collectors.joining(" "))
                        + " and or not in"));
    }

    private String name() {
        parser.nextToken();
        var name = text("a name is wanted");
        if (!name.startsWith("$") || name.length() == 1) {
            throw wrong("a name begins with $, such as $vcpus");
        }
        return name.substring(1);
    }

    private String text(String wanted) {
        var token = parser.currentToken();
        if (token != JsonToken.VALUE_STRING && (token == null || !token.isNumeric())) {
            throw wrong(wanted);
        }
        return parser.getString();
    }

    private void next(JsonToken token, String rule) {
        if (parser.nextToken() != token) {
            throw wrong(rule);
        }
    }

    private RefusedException wrong(String rule) {
        return wrong(field, parser.currentTokenLocation().getCharOffset(), rule);
    }

    private static RefusedException wrong(String field, long at, String rule) {
        return new RefusedException(
                Refusal.malformed(field, field + " is wrong at character " + Math.max(0, at) + ": " + rule));
    }
}
