package holdfast.engine.types;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A field of a type: what it may hold, and who may write it when (cattle.md 5.5).
///
/// @param name in camel case
/// @param standard what it holds if nothing is said at create; empty for nothing
/// @param create whether it may be given at create
/// @param update whether it may be given at update
/// @param required whether it must be given at create
/// @param nullable whether it may be null
/// @param unique whether no two resources of the type that are not removed hold the same
/// @param secret shown in the answer to create and never again; kept encrypted or as a hash
/// @param scheduleUpdate whether a change of it runs the type's update process
/// @param options the values of an enum; empty otherwise
/// @param min of a number; `minLength` and `maxLength` are of a text in characters
/// @param validChars the only characters of a text, as the inside of a character class
/// @param invalidChars characters that a text may not hold, likewise
public record Field(
        String name,
        FieldType type,
        String description,
        Optional<JsonNode> standard,
        boolean create,
        boolean update,
        boolean required,
        boolean nullable,
        boolean unique,
        boolean secret,
        boolean scheduleUpdate,
        List<String> options,
        Optional<Long> min,
        Optional<Long> max,
        Optional<Integer> minLength,
        Optional<Integer> maxLength,
        Optional<String> validChars,
        Optional<String> invalidChars) {
    public Field {
        options = List.copyOf(options);
    }

    /// A field that is only shown.
    public static Field shown(String name, FieldType type, String description) {
        return plain(name, type, description, false, false, Optional.empty());
    }

    /// A field of which nothing more is to be said than this; it may be null.
    public static Field plain(
            String name,
            FieldType type,
            String description,
            boolean create,
            boolean update,
            Optional<Integer> maxLength) {
        return new Field(
                name,
                type,
                description,
                Optional.empty(),
                create,
                update,
                false,
                true,
                false,
                false,
                false,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                maxLength,
                Optional.empty(),
                Optional.empty());
    }
}
