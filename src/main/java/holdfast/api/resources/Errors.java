package holdfast.api.resources;

import holdfast.core.Refusal;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// Everything that is not a success, in the words of this interface.
final class Errors {
    private static final String RETRY_SECONDS = "5";

    private Errors() {}

    static HttpReply.Content refused(Refusal why) {
        return HttpReply.json(status(why.kind()), refusal(why));
    }

    /// Several things are wrong: the first is the answer, all are its details.
    static HttpReply.Content refused(List<Refusal> all) {
        if (all.size() == 1) {
            return refused(all.getFirst());
        }
        var first = all.getFirst();
        var body = refusal(first);
        var details = body.putArray("details");
        all.forEach(why -> details.add(what(why)));
        return HttpReply.json(status(first.kind()), body);
    }

    private static ObjectNode refusal(Refusal why) {
        return error(status(why.kind()), code(why.kind()), why.message()).setAll(what(why));
    }

    /// Code, message, field and earliest start of a refusal.
    static ObjectNode what(Refusal why) {
        var node = Json.object().put("code", code(why.kind())).put("message", why.message());
        why.field().ifPresent(field -> node.put("fieldName", field));
        why.earliest().ifPresent(earliest -> node.put("earliest", earliest.toString()));
        return node;
    }

    private static int status(Refusal.Kind kind) {
        return switch (kind) {
            case MALFORMED -> 400;
            case NOT_YOURS -> 403;
            case NOT_THERE -> 404;
            case CLASH -> 409;
            case BROKEN -> 502;
            case SILENT -> 504;
            case NO_ROOM -> 507;
        };
    }

    private static String code(Refusal.Kind kind) {
        return switch (kind) {
            case MALFORMED -> "Malformed";
            case NOT_YOURS -> "NotYours";
            case NOT_THERE -> "NotThere";
            case CLASH -> "Clash";
            case BROKEN -> "Broken";
            case SILENT -> "Silent";
            case NO_ROOM -> "NoRoom";
        };
    }

    static HttpReply.Content unauthorized() {
        return plain(
                        401,
                        "Unauthorized",
                        "this needs the header 'Authorization: Bearer <token>' with a token that this server knows; the"
                                + " administrator's is in the file 'token' of the server's data directory")
                .with("WWW-Authenticate", "Bearer realm=\"holdfast\"");
    }

    static HttpReply.Content wrongMethod(String method, String path, String allowed) {
        return plain(405, "MethodNotAllowed", method + " is not possible on " + path + "; possible: " + allowed)
                .with("Allow", allowed);
    }

    /// Well formed, and of no use.
    static HttpReply.Content unprocessable(Refusal why) {
        return HttpReply.json(422, error(422, code(why.kind()), why.message()).setAll(what(why)));
    }

    static HttpReply.Content upgradeRequired(String why) {
        return plain(426, "UpgradeRequired", why).with("Upgrade", "websocket");
    }

    static HttpReply.Content tooLarge(int most) {
        return plain(413, "TooLarge", "the body is longer than " + (most >> 20) + " MB, the most that is read here");
    }

    static HttpReply.Content tooSlow() {
        return plain(408, "TooSlow", "the body did not arrive in time");
    }

    static HttpReply.Content unavailable(String why) {
        return plain(503, "Unavailable", why).with("Retry-After", RETRY_SECONDS);
    }

    /// @param id under which the log tells more
    static HttpReply.Content unexpected(UUID id) {
        var body = error(500, "ServerError", "the server failed to answer; its log tells more under " + id);
        return HttpReply.json(500, body.put("id", id.toString()));
    }

    private static HttpReply.Content plain(int status, String code, String message) {
        return HttpReply.json(status, error(status, code, message));
    }

    private static ObjectNode error(int status, String code, String message) {
        return Json.object()
                .put("type", "error")
                .put("status", status)
                .put("code", code)
                .put("message", message);
    }
}
