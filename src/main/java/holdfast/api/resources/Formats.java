package holdfast.api.resources;

import holdfast.engine.types.Field;
import holdfast.engine.types.FieldType;
import holdfast.engine.types.FieldType.Plain;
import holdfast.platform.Json;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// From what a client wrote to what is stored: checks that a value is of its field's type (cattle.md 5.5). Numbers and
/// truths may be written as text, as in forms.
final class Formats {
    private static final int MOST = 1_000;
    private static final int DEEPEST = 32;

    private final Lookup lookup;

    /// Finds what a reference names.
    interface Lookup {
        /// @return the UUID; empty if there is none that the caller may refer to
        Optional<String> find(String type, String text);
    }

    Formats(Lookup lookup) {
        this.lookup = lookup;
    }

    /// The value as it is stored.
    ///
    /// @throws Problem if it is of another type
    JsonNode read(Field field, JsonNode value) {
        return read(field.name(), field.type(), value);
    }

    private JsonNode read(String field, FieldType type, JsonNode value) {
        return switch (type) {
            case Plain plain -> plain(field, plain, value);
            case FieldType.Reference(var target) -> reference(field, target, value);
            case FieldType.Array(var of) -> {
                var list = Json.mapper().createArrayNode();
                need(value.size() <= MOST, field, "a list of at most " + MOST, value);
                for (var one : value.isArray()
                        ? value
                        : Json.mapper().createArrayNode().add(text(field, value))) {
                    list.add(read(field, of, present(field, one)));
                }
                yield list;
            }
            case FieldType.Mapping(var of) -> {
                var map = Json.object();
                need(value.isObject() && value.size() <= MOST, field, "an object of at most " + MOST, value);
                value.properties().forEach(entry -> {
                    clean(field, entry.getKey());
                    map.set(
                            entry.getKey(),
                            of == Plain.JSON
                                    ? json(field, entry.getValue(), DEEPEST)
                                    : read(field, of, present(field, entry.getValue())));
                });
                yield map;
            }
            case FieldType.Embedded _ -> {
                need(value.isObject(), field, "an object", value);
                yield json(field, value, DEEPEST);
            }
        };
    }

    private JsonNode plain(String field, Plain type, JsonNode value) {
        return switch (type) {
            case STRING, PASSWORD, ENUM, BLOB -> text(field, value);
            case INT -> {
                var number =
                        number(value).filter(one -> one.stripTrailingZeros().scale() <= 0);
                need(number.isPresent(), field, "a whole number", value);
                try {
                    yield Json.toTree(number.orElseThrow().longValueExact());
                } catch (ArithmeticException _) {
                    throw wrong(field, "a whole number of 64 bits", value);
                }
            }
            case FLOAT -> {
                var number = number(value);
                need(number.isPresent(), field, "a number", value);
                yield Json.toTree(number.orElseThrow());
            }
            case BOOLEAN -> {
                var word = value.isBoolean() || value.isString() ? value.asString() : "";
                need(word.equals("true") || word.equals("false"), field, "true or false", value);
                yield Json.toTree(word.equals("true"));
            }
            case DATE ->
                Values.date(value.isString() || value.isIntegralNumber() ? value.asString() : "")
                        .<JsonNode>map(time -> Json.toTree(time.toString()))
                        .orElseThrow(() -> Problem.invalid(
                                "InvalidDateFormat",
                                field,
                                field + " is " + Form.shorten(value.toString())
                                        + "; it must be a time such as 2031-04-05T06:07:08Z"));
            case JSON -> json(field, value, DEEPEST);
        };
    }

    private JsonNode reference(String field, String target, JsonNode value) {
        need(value.isString(), field, "the id of a " + target, value);
        return lookup.find(target, value.stringValue())
                .<JsonNode>map(Json::toTree)
                .orElseThrow(() -> Problem.invalid(
                        "InvalidReference",
                        field,
                        field + " is " + Form.shorten(value.toString()) + "; there is no such " + target));
    }

    private static Optional<java.math.BigDecimal> number(JsonNode value) {
        return value.isNumber() || value.isString() ? Values.number(value.asString()) : Optional.empty();
    }

    private static JsonNode text(String field, JsonNode value) {
        need(value.isString(), field, "a text", value);
        clean(field, value.stringValue());
        return value;
    }

    private static JsonNode present(String field, JsonNode value) {
        if (value.isNull()) {
            throw Problem.invalid("NotNullable", field, field + " holds a null");
        }
        return value;
    }

    /// What the database can keep: texts of whole characters, numbers of a usual size.
    private static JsonNode json(String field, JsonNode value, int depth) {
        if (depth == 0) {
            throw Problem.invalid("InvalidFormat", field, field + " is nested more than " + DEEPEST + " deep");
        }
        if (value.isString()) {
            clean(field, value.stringValue());
        } else if (value.isNumber()) {
            need(Double.isFinite(value.asDouble()), field, "a number of a usual size", value);
        } else if (value.isArray()) {
            value.forEach(one -> json(field, one, depth - 1));
        } else {
            value.properties().forEach(entry -> {
                clean(field, entry.getKey());
                json(field, entry.getValue(), depth - 1);
            });
        }
        return value;
    }

    private static void clean(String field, String text) {
        for (int n = 0; n < text.length(); n++) {
            char one = text.charAt(n);
            boolean pair = Character.isHighSurrogate(one)
                    && n + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(n + 1));
            if (one == '\0' || Character.isSurrogate(one) && !pair) {
                throw Problem.invalid("InvalidCharacters", field, field + " holds a character that no text may hold");
            }
            n += pair ? 1 : 0;
        }
    }

    private static void need(boolean right, String field, String what, JsonNode value) {
        if (!right) {
            throw wrong(field, what, value);
        }
    }

    private static Problem wrong(String field, String what, JsonNode value) {
        return Problem.invalid(
                "InvalidFormat", field, field + " is " + Form.shorten(value.toString()) + "; it must be " + what);
    }
}
