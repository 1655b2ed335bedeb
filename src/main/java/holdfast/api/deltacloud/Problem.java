package holdfast.api.deltacloud;

import holdfast.core.Refusal;
import java.util.Map;

/// Why a request is not served, with the status that says so (aeolus.md 5.3.9).
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final transient Map<String, String> headers;

    Problem(int status, String message, Map<String, String> headers) {
        super(message, null, false, false);
        this.status = status;
        this.headers = Map.copyOf(headers);
    }

    Problem(int status, String message) {
        this(status, message, Map.of());
    }

    static Problem malformed(String message) {
        return new Problem(400, message);
    }

    static Problem notThere(String kind, String id) {
        return new Problem(404, "there is no " + kind + " '" + shorten(id) + "'");
    }

    /// What another part refuses.
    static Problem of(Refusal refusal) {
        int status = switch (refusal.kind()) {
            case NOT_THERE -> 404;
            case NOT_YOURS -> 403;
            case MALFORMED -> 400;
            case NO_ROOM, CLASH -> 409;
            case SILENT -> 504;
            case BROKEN -> 502;
        };
        return new Problem(status, refusal.message());
    }

    static Problem unavailable(String why) {
        return new Problem(503, why, Map.of("Retry-After", "5"));
    }

    static String shorten(String text) {
        return text.length() > 100 ? text.substring(0, 100) + "..." : text;
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    String message() {
        return String.valueOf(getMessage());
    }

    /// The name that JSON gives to it.
    static String name(int status) {
        return switch (status) {
            case 400 -> "ValidationFailure";
            case 401 -> "AuthenticationFailure";
            case 403 -> "ForbiddenError";
            case 404 -> "ObjectNotFound";
            case 405 -> "MethodNotAllowed";
            case 406 -> "NotAcceptable";
            case 409 -> "Conflict";
            case 412 -> "PreconditionFailed";
            case 413 -> "PayloadTooLarge";
            case 415 -> "UnsupportedMediaType";
            case 501 -> "NotImplemented";
            case 502 -> "ProviderError";
            case 503 -> "ServiceUnavailable";
            case 504 -> "ProviderTimeout";
            default -> "BackendError";
        };
    }
}
