package holdfast.api.declared;

import holdfast.core.Answer;
import holdfast.core.Caller;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.pools.Access;
import tools.jackson.databind.JsonNode;

/// Reads what is declared, field by field, and refuses by throwing: with the field, or because it is not for the
/// caller.
final class Wishes {
    private static final int LONGEST = 253;

    private Wishes() {}

    /// A text that must be there.
    static String text(JsonNode spec, String field) {
        var said = spec.path(field);
        var text = said.asString("");
        if (!said.isValueNode() || text.isEmpty() || text.length() > LONGEST) {
            throw wrong(field, "must be a text of 1 to " + LONGEST + " characters");
        }
        return text;
    }

    /// False if it is not there.
    static boolean truth(JsonNode spec, String field) {
        var said = spec.path(field);
        if (!said.isMissingNode() && !said.isBoolean()) {
            throw wrong(field, "must be true or false");
        }
        return said.asBoolean(false);
    }

    /// The name of another object.
    static String named(JsonNode spec, String field) {
        if (!spec.path(field).isObject()) {
            throw wrong(field, "must be an object with the name of one");
        }
        var name = spec.path(field).path("name").asString("");
        if (name.isEmpty()) {
            throw wrong(field + ".name", "is missing");
        }
        return name;
    }

    /// What is wanted already stays so.
    static void onlyMore(JsonNode before, JsonNode after, String field) {
        if (truth(before, field) && !truth(after, field)) {
            throw wrong(field, "was true, and what has begun is not taken back: delete the object");
        }
    }

    /// What only administrators may do.
    ///
    /// @param what as in "only an administrator may ..."
    static void mayOperate(Caller caller, String what) {
        Access.mayOperate(caller, what).ifPresent(why -> {
            throw new RefusedException(why);
        });
    }

    /// What may not change once it is declared.
    static void fixed(JsonNode before, JsonNode after, String field) {
        if (!before.path(field).equals(after.path(field))) {
            throw wrong(field, "is fixed once it is declared: delete the object, and declare it anew");
        }
    }

    static RefusedException wrong(String field, String rule) {
        var path = "spec." + field;
        return new RefusedException(Refusal.malformed(path, path + " " + rule));
    }

    /// The value, or the refusal thrown, with the whole path of the field.
    static <T> T orRefuse(Answer<T> answer) {
        return switch (answer) {
            case Answer.Yes<T>(var value) -> value;
            case Answer.No<T>(var why) -> throw new RefusedException(inSpec(why));
        };
    }

    private static Refusal inSpec(Refusal why) {
        return why.field()
                .filter(field -> why.kind() == Refusal.Kind.MALFORMED && !field.startsWith("spec"))
                .map(field -> Refusal.malformed("spec." + field, why.message()))
                .orElse(why);
    }
}
