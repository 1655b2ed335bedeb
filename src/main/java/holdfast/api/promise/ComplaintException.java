package holdfast.api.promise;

import holdfast.core.Refusal;
import holdfast.platform.HttpReply;
import java.util.Map;
import java.util.TreeMap;

/// A request that is not served, told as `{"error": "..."}` (promise.md 5.1).
final class ComplaintException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Map<String, String> headers;

    private ComplaintException(int status, String message, Map<String, String> headers) {
        super(message, null, false, false);
        this.status = status;
        this.headers = Map.copyOf(headers);
    }

    static ComplaintException unauthorized() {
        return new ComplaintException(
                401,
                "this needs the header 'X-Auth-Token' with a token that this server knows, or 'Authorization'",
                Map.of("WWW-Authenticate", "Bearer realm=\"holdfast\""));
    }

    static ComplaintException forbidden(String message) {
        return new ComplaintException(403, message, Map.of());
    }

    static ComplaintException notThere(String message) {
        return new ComplaintException(404, message, Map.of());
    }

    /// @param allowed the methods that are possible there
    static ComplaintException wrongMethod(String method, String path, String allowed) {
        return new ComplaintException(
                405, method + " is not possible on " + path + "; possible: " + allowed, Map.of("Allow", allowed));
    }

    static ComplaintException malformed(String message) {
        return new ComplaintException(400, message, Map.of());
    }

    static ComplaintException tooLarge(int most) {
        return new ComplaintException(
                413, "the body is longer than " + (most >> 10) + " kB, the most that is read here", Map.of());
    }

    static ComplaintException tooSlow() {
        return new ComplaintException(408, "the body did not arrive in time", Map.of());
    }

    static ComplaintException unavailable(String message) {
        return new ComplaintException(503, message, Map.of("Retry-After", "5"));
    }

    static ComplaintException unexpected(String message) {
        return new ComplaintException(500, message, Map.of());
    }

    /// A refusal where the status says what `result` says of intents.
    static ComplaintException of(Refusal why) {
        int status = switch (why.kind()) {
            case MALFORMED -> 400;
            case NOT_YOURS -> 403;
            case NOT_THERE -> 404;
            case NO_ROOM, CLASH -> 409;
            case BROKEN -> 502;
            case SILENT -> 504;
        };
        return new ComplaintException(status, why.message(), Map.of());
    }

    HttpReply.Content reply() {
        var json = HttpReply.json(status, Map.of("error", String.valueOf(getMessage())));
        return new HttpReply.Content(status, json.type(), json.body(), new TreeMap<>(headers));
    }
}
