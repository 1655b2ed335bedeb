package holdfast.api.resources;

import holdfast.engine.types.Field;
import holdfast.engine.types.FieldType;
import holdfast.platform.Json;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Holds what a client wrote against the fields of a type, in the order of cattle.md 5.5. Unknown fields, and those
/// that it may not write, are dropped.
final class Validation {
    private final Formats formats;
    private final Taken taken;

    /// Whether another resource of the type holds a value already that only one may hold.
    interface Taken {
        boolean isTaken(Field field, JsonNode value);
    }

    Validation(Formats formats, Taken taken) {
        this.formats = formats;
        this.taken = taken;
    }

    /// What is to be stored of a new resource, defaults filled in.
    ///
    /// @throws Problem for the first rule that is broken
    ObjectNode create(List<Field> fields, ObjectNode body) {
        var values = Json.object();
        for (var field : fields) {
            if (field.create() && body.has(field.name())) {
                values.set(field.name(), checked(field, body.get(field.name())));
            }
        }
        for (var field : fields) {
            var value = values.get(field.name());
            boolean missing = value == null || value.isArray() && value.isEmpty();
            if (field.required() && missing && field.standard().isEmpty()) {
                throw Problem.invalid("MissingRequired", field.name(), field.name() + " is missing");
            }
            if (value == null) {
                field.standard().ifPresent(standard -> values.set(field.name(), standard));
            }
        }
        return values;
    }

    /// What is to be changed of a resource.
    ///
    /// @throws Problem for the first rule that is broken
    ObjectNode update(List<Field> fields, ObjectNode body) {
        var values = Json.object();
        for (var field : fields) {
            if (field.update() && body.has(field.name())) {
                var value = checked(field, body.get(field.name()));
                if (field.required() && value.isArray() && value.isEmpty()) {
                    throw Problem.invalid("MissingRequired", field.name(), field.name() + " must not be empty");
                }
                values.set(field.name(), value);
            }
        }
        return values;
    }

    private JsonNode checked(Field field, JsonNode given) {
        if (given.isNull()) {
            if (!field.nullable()) {
                throw Problem.invalid("NotNullable", field.name(), field.name() + " must not be null");
            }
            return given;
        }
        var value = formats.read(field, given);
        if (field.unique() && taken.isTaken(field, value)) {
            throw Problem.invalid(
                    "NotUnique",
                    field.name(),
                    field.name() + " is " + shown(value) + ", which another one has already");
        }
        if (value.isNumber()) {
            number(field, value);
        }
        if (value.isString()) {
            text(field, value.stringValue());
        } else if (value.isArray() && field.type() instanceof FieldType.Array) {
            value.forEach(one -> {
                if (one.isString()) {
                    text(field, one.stringValue());
                }
            });
        }
        return value;
    }

    private static void number(Field field, JsonNode value) {
        field.min()
                .filter(min -> value.decimalValue().compareTo(java.math.BigDecimal.valueOf(min)) < 0)
                .ifPresent(min -> {
                    throw Problem.invalid(
                            "MinLimitExceeded", field.name(), field.name() + " is " + value + "; the least is " + min);
                });
        field.max()
                .filter(max -> value.decimalValue().compareTo(java.math.BigDecimal.valueOf(max)) > 0)
                .ifPresent(max -> {
                    throw Problem.invalid(
                            "MaxLimitExceeded", field.name(), field.name() + " is " + value + "; the most is " + max);
                });
    }

    private static void text(Field field, String text) {
        int length = text.codePointCount(0, text.length());
        field.minLength().filter(min -> length < min).ifPresent(min -> {
            throw Problem.invalid(
                    "MinLengthExceeded",
                    field.name(),
                    field.name() + " has " + length + " characters; the least are " + min);
        });
        field.maxLength().filter(max -> length > max).ifPresent(max -> {
            throw Problem.invalid(
                    "MaxLengthExceeded",
                    field.name(),
                    field.name() + " has " + length + " characters; the most are " + max);
        });
        if (!field.options().isEmpty() && !field.options().contains(text)) {
            throw Problem.invalid(
                    "InvalidOption",
                    field.name(),
                    field.name() + " is '" + Form.shorten(text) + "'" + Nearest.hint(text, field.options()));
        }
        field.validChars().filter(valid -> !matches("[" + valid + "]*", text)).ifPresent(valid -> {
            throw Problem.invalid(
                    "InvalidCharacters", field.name(), field.name() + " may only hold the characters " + valid);
        });
        field.invalidChars()
                .filter(invalid -> !matches("[^" + invalid + "]*", text))
                .ifPresent(invalid -> {
                    throw Problem.invalid(
                            "InvalidCharacters",
                            field.name(),
                            field.name() + " may not hold the characters " + invalid);
                });
    }

    private static boolean matches(String pattern, String text) {
        return Pattern.compile(pattern, Pattern.DOTALL).matcher(text).matches();
    }

    private static String shown(JsonNode value) {
        return Form.shorten(value.toString());
    }
}
