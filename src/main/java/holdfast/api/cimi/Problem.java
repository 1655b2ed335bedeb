package holdfast.api.cimi;

import holdfast.core.Refusal;
import java.util.Map;

/// Why a request is not served (aeolus.md 5.4.6).
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final transient Map<String, String> headers;

    Problem(int status, String message) {
        this(status, message, Map.of());
    }

    Problem(int status, String message, Map<String, String> headers) {
        super(message, null, false, false);
        this.status = status;
        this.headers = headers;
    }

    static Problem of(Refusal why) {
        return switch (why.kind()) {
            case NOT_THERE -> new Problem(404, why.message());
            case NOT_YOURS -> new Problem(403, why.message());
            case MALFORMED -> new Problem(400, why.message());
            case CLASH, NO_ROOM -> new Problem(409, why.message());
            case SILENT -> new Problem(503, why.message(), Map.of("Retry-After", "10"));
            case BROKEN -> new Problem(500, why.message());
        };
    }

    static Problem malformed(String message) {
        return new Problem(400, message);
    }

    static Problem nothing(String what) {
        return new Problem(404, "there is no " + what);
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    /// The status as a word.
    String word() {
        return switch (status) {
            case 400 -> "BadRequest";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "NotFound";
            case 405 -> "MethodNotAllowed";
            case 406 -> "NotAcceptable";
            case 409 -> "Conflict";
            case 412 -> "PreconditionFailed";
            case 413 -> "PayloadTooLarge";
            case 415 -> "UnsupportedMediaType";
            case 503 -> "ServiceUnavailable";
            default -> "InternalServerError";
        };
    }
}
