package holdfast.engine.types;

import holdfast.engine.types.FieldType.Plain;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;

/// Reads the fields of a type: `name: type`, or an object with the attributes of [Field] (cattle.md 5.5).
final class FieldReader {
    private static final int MOST = 200;
    private static final int OPTIONS = 200;
    private static final Set<String> ATTRIBUTES = Set.of(
            "type",
            "description",
            "default",
            "create",
            "update",
            "required",
            "nullable",
            "unique",
            "secret",
            "scheduleUpdate",
            "options",
            "min",
            "max",
            "minLength",
            "maxLength",
            "validChars",
            "invalidChars");
    /// What every resource has already (cattle.md 2.1).
    private static final Set<String> COMMON = Set.of(
            "id",
            "type",
            "baseType",
            "links",
            "actions",
            "uuid",
            "name",
            "description",
            "kind",
            "state",
            "accountId",
            "zoneId",
            "created",
            "removed",
            "removeTime",
            "data",
            "transitioning",
            "transitioningMessage",
            "transitioningProgress");
    private static final Pattern NAME = Pattern.compile("[a-z][A-Za-z0-9]{0,62}");
    private static final Pattern INSIDE_OF_A_CLASS =
            Pattern.compile("(?:[^\\[\\]\\\\&^]|&(?!&)|\\\\[dwsDWS\\\\\\[\\]^&-])+");

    private FieldReader() {}

    static List<Field> all(Part fields, boolean writable) {
        var read = new ArrayList<Field>();
        fields.entries(MOST).forEach((name, part) -> {
            if (!NAME.matcher(name).matches()) {
                throw part.refused(Part.quoted(name)
                        + " is not the name of a field: a lower-case letter, then at most 62 letters and digits");
            }
            if (COMMON.contains(name)) {
                throw part.refused(
                        "every resource has a field called " + name + "; leave it out or choose another name");
            }
            read.add(one(name, part, writable));
        });
        return read;
    }

    private static Field one(String name, Part part, boolean writable) {
        if (part.node().isString()) {
            return field(name, type(part), part, writable);
        }
        part.only(ATTRIBUTES);
        return field(name, type(part.need("type", "such as string or reference[network]")), part, writable);
    }

    private static FieldType type(Part part) {
        try {
            return FieldType.parse(part.text(300));
        } catch (IllegalArgumentException e) {
            throw part.refused(e.getMessage() + "; give string, password, int, float, date, boolean, enum, json, blob,"
                    + " reference[type], array[...] or map[...]");
        }
    }

    private static Field field(String name, FieldType type, Part part, boolean writable) {
        boolean text = type == Plain.STRING || type == Plain.PASSWORD || type == Plain.BLOB;
        boolean number = type == Plain.INT || type == Plain.FLOAT;
        boolean required = part.flag("required", false);
        var min = bound(part, "min", number).map(Part::number);
        var max = bound(part, "max", number).map(Part::number);
        var minLength = bound(part, "minLength", text).map(Part::length);
        var maxLength = bound(part, "maxLength", text).map(Part::length);
        if (min.isPresent() && max.isPresent() && min.get() > max.get()) {
            throw Part.refused(part.pathOf("min"), "min " + min.get() + " is above max " + max.get());
        }
        if (minLength.isPresent() && maxLength.isPresent() && minLength.get() > maxLength.get()) {
            throw Part.refused(
                    part.pathOf("minLength"),
                    "minLength " + minLength.get() + " is above maxLength " + maxLength.get());
        }
        boolean secret = part.flag("secret", false);
        if (secret && !text && type != FieldType.Plain.JSON && !(type instanceof FieldType.Mapping)) {
            throw Part.refused(
                    part.pathOf("secret"), "only a text, a map or JSON can be secret; this is " + type.text());
        }
        boolean create = part.flag("create", writable);
        if (required && !create) {
            throw Part.refused(part.pathOf("required"), "what must be given at create must be allowed there");
        }
        var options = options(part, type);
        var standard = part.at("default").map(given -> fitting(given, type, options));
        return new Field(
                name,
                type,
                part.at("description").map(words -> words.text(1_000)).orElse(""),
                standard,
                create,
                part.flag("update", writable),
                required,
                part.flag("nullable", !required),
                part.flag("unique", false),
                secret,
                part.flag("scheduleUpdate", false),
                options,
                min,
                max,
                minLength,
                maxLength,
                characters(part, "validChars", text),
                characters(part, "invalidChars", text));
    }

    private static Optional<Part> bound(Part part, String key, boolean allowed) {
        var bound = part.at(key);
        if (bound.isPresent() && !allowed) {
            throw bound.get()
                    .refused(key + " does not go with this type; "
                            + (key.endsWith("Length")
                                    ? "it is for string, password and blob"
                                    : "it is for int and float"));
        }
        return bound;
    }

    private static List<String> options(Part part, FieldType type) {
        var given = part.at("options");
        if (type != Plain.ENUM) {
            given.ifPresent(options -> {
                throw options.refused("options go with the type enum only; this is " + type.text());
            });
            return List.of();
        }
        var options =
                given
                        .orElseThrow(() -> Part.refused(part.pathOf("options"), "an enum needs options"))
                        .list(OPTIONS)
                        .stream()
                        .map(option -> option.text(128))
                        .toList();
        if (options.isEmpty() || Set.copyOf(options).size() != options.size()) {
            throw given.get().refused("options must be at least one, and no two the same");
        }
        return options;
    }

    /// A default value, if it is of the field's type.
    private static JsonNode fitting(Part given, FieldType type, List<String> options) {
        var node = given.node();
        boolean fits = switch (type) {
            case Plain.ENUM -> node.isString() && options.contains(node.stringValue());
            case Plain.INT -> node.isIntegralNumber();
            case Plain.FLOAT -> node.isNumber();
            case Plain.BOOLEAN -> node.isBoolean();
            case Plain.STRING, Plain.PASSWORD, Plain.BLOB, Plain.DATE -> node.isString();
            case Plain.JSON -> true;
            case FieldType.Reference _ -> node.isString();
            case FieldType.Array _ -> node.isArray();
            case FieldType.Mapping _, FieldType.Embedded _ -> node.isObject();
        };
        if (!fits) {
            throw given.refused("the default " + Part.quoted(node.toString()) + " is not of the type " + type.text()
                    + (options.isEmpty() ? "" : "; the options are " + String.join(", ", options)));
        }
        return node;
    }

    /// The inside of a character class that cannot leave it: no brackets, `&&` or `^` that are not escaped.
    private static Optional<String> characters(Part part, String key, boolean text) {
        return bound(part, key, text).map(given -> {
            var characters = given.text(200);
            try {
                if (INSIDE_OF_A_CLASS.matcher(characters).matches()) {
                    Pattern.compile("[" + characters + "]");
                    return characters;
                }
            } catch (PatternSyntaxException e) {
                throw given.refused(
                        Part.quoted(characters) + " is not the inside of a character class: " + e.getDescription());
            }
            throw given.refused(Part.quoted(characters)
                    + " is not the inside of a character class; write characters and ranges such as a-z0-9_, and"
                    + " put \\ before [ ] \\ ^ && and -");
        });
    }
}
