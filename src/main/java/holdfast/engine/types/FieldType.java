package holdfast.engine.types;

import java.util.Locale;
import java.util.Optional;

/// What a field holds. Text form as in schemas: `string`, `reference[network]`, `array[reference[network]]`
/// (cattle.md 5.5).
public sealed interface FieldType {
    /// A value without parts.
    enum Plain implements FieldType {
        STRING,
        PASSWORD,
        INT,
        FLOAT,
        DATE,
        BOOLEAN,
        ENUM,
        JSON,
        BLOB;

        @Override
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// The id of a resource of a type.
    record Reference(String type) implements FieldType {
        @Override
        public String text() {
            return "reference[" + type + "]";
        }
    }

    record Array(FieldType of) implements FieldType {
        @Override
        public String text() {
            return "array[" + of.text() + "]";
        }
    }

    /// From text to values of one type.
    record Mapping(FieldType of) implements FieldType {
        @Override
        public String text() {
            return "map[" + of.text() + "]";
        }
    }

    /// An object with the fields of another schema.
    record Embedded(String schema) implements FieldType {
        @Override
        public String text() {
            return schema;
        }
    }

    String text();

    /// @param text at most 8 levels of brackets
    /// @throws IllegalArgumentException if it is no type; a bare word that is no plain type is an embedded schema
    static FieldType parse(String text) {
        return parse(text, 8);
    }

    private static FieldType parse(String text, int depth) {
        int open = text.indexOf('[');
        if (open < 0) {
            if (!text.matches("[A-Za-z][A-Za-z0-9]{0,63}")) {
                throw new IllegalArgumentException("'" + text + "' is not the name of a type");
            }
            return plain(text).<FieldType>map(plain -> plain).orElseGet(() -> new Embedded(text));
        }
        if (!text.endsWith("]") || depth == 0) {
            throw new IllegalArgumentException("'" + text + "' is not a type: the brackets do not match");
        }
        var inner = text.substring(open + 1, text.length() - 1);
        return switch (text.substring(0, open)) {
            case "reference" -> new Reference(inner);
            case "array" -> new Array(parse(inner, depth - 1));
            case "map" -> new Mapping(parse(inner, depth - 1));
            default ->
                throw new IllegalArgumentException(
                        "'" + text + "' is not a type; brackets follow reference, array or map");
        };
    }

    private static Optional<Plain> plain(String text) {
        for (var plain : Plain.values()) {
            if (plain.text().equals(text)) {
                return Optional.of(plain);
            }
        }
        return Optional.empty();
    }
}
