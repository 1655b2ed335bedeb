package holdfast.engine.handlers;

import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.platform.Json;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a handler says about a call (cattle.md 2.5).
///
/// @param name the call's `replyTo`
/// @param answers id of the event that it is about: the first of `previousIds`
/// @param message for people, with the internal one after it
/// @param data to be merged into the resource
/// @param fatal whether trying again is of no use
/// @param shouldContinue whether other handlers of the same group are to be asked too
record Reply(
        String name,
        Optional<String> answers,
        Kind kind,
        Optional<String> message,
        OptionalInt progress,
        ObjectNode data,
        boolean fatal,
        boolean shouldContinue) {
    static final String PREFIX = "reply.";
    private static final int DEEPEST = 32;
    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_MESSAGE = 1_000;

    enum Kind {
        FINAL,
        PROGRESS,
        ERROR
    }

    /// Reads what somebody has published under a name that begins with `reply.`.
    ///
    /// @throws RefusedException naming the field that is wrong
    static Reply read(ObjectNode body) {
        var name = text(body, "name", LONGEST_NAME).orElseThrow(() -> wrong("name", "name is missing"));
        var previous = Optional.ofNullable(body.get("previousIds")).filter(node -> !node.isNull());
        if (previous.isPresent() && !previous.get().isArray()) {
            throw wrong("previousIds", "previousIds must be a list of which the first is the id of the event");
        }
        var word = text(body, "transitioning", 20).orElse("no").toLowerCase(Locale.ROOT);
        var kind = switch (word) {
            case "no" -> Kind.FINAL;
            case "yes" -> Kind.PROGRESS;
            case "error" -> Kind.ERROR;
            default -> throw wrong("transitioning", "transitioning is '" + word + "'; it must be no, yes or error");
        };
        var data = Optional.ofNullable(body.get("data")).filter(node -> !node.isNull());
        if (data.isPresent() && !data.get().isObject()) {
            throw wrong("data", "data must be an object");
        }
        data.flatMap(node -> Json.unfit(node, DEEPEST)).ifPresent(rule -> {
            throw wrong("data", "data " + rule);
        });
        var content = data.map(ObjectNode.class::cast).orElseGet(Json::object);
        return new Reply(
                name,
                previous.map(ids -> ids.path(0).asString("")).filter(id -> !id.isEmpty()),
                kind,
                message(body),
                progress(body),
                content,
                content.path("fatal").asBoolean(false),
                body.path("shouldContinue").asBoolean(false));
    }

    static Reply stored(Call call) {
        return read(call.reply().orElseThrow());
    }

    private static Optional<String> message(ObjectNode body) {
        var open = text(body, "transitioningMessage", LONGEST_MESSAGE);
        var internal = text(body, "transitioningInternalMessage", LONGEST_MESSAGE);
        return open.isPresent() && internal.isPresent()
                ? Optional.of(open.get() + " : " + internal.get())
                : open.or(() -> internal);
    }

    private static OptionalInt progress(ObjectNode body) {
        var node = body.get("transitioningProgress");
        if (node == null || node.isNull()) {
            return OptionalInt.empty();
        }
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 0 || node.intValue() > 100) {
            throw wrong("transitioningProgress", "transitioningProgress must be a whole number from 0 to 100");
        }
        return OptionalInt.of(node.intValue());
    }

    private static Optional<String> text(ObjectNode body, String field, int longest) {
        JsonNode node = body.get(field);
        if (node == null || node.isNull()) {
            return Optional.empty();
        }
        if (!node.isString()
                || node.stringValue().length() > longest
                || node.stringValue().indexOf('\0') >= 0) {
            throw wrong(field, field + " must be a text of at most " + longest + " characters");
        }
        return Optional.of(node.stringValue());
    }

    private static RefusedException wrong(String field, String message) {
        return new RefusedException(Refusal.malformed(field, message));
    }
}
