package holdfast.api.config;

import holdfast.core.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Why a request is not done, as the interface says it (aeolus.md 5.1, errors).
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String ERROR = "error";
    private static final String RETRY = "5";

    private final int status;
    private final String code;
    private final transient List<Element> errors;

    private Failure(int status, String code, String message, List<Element> errors) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.errors = errors;
    }

    private static Failure of(int status, String code, String message) {
        return new Failure(status, code, message, List.of());
    }

    /// A body or a query that cannot be read.
    static Failure malformed(String message) {
        return of(400, "BadRequest", message);
    }

    static Failure forbidden(String message) {
        return of(403, "PermissionError", message);
    }

    /// Nobody may do this.
    static Failure never(String message) {
        return of(403, "ActionForbidden", message);
    }

    static Failure notFound(String message) {
        return of(404, "RecordNotFound", message);
    }

    static Failure wrongMethod(String message) {
        return of(405, "MethodNotAllowed", message);
    }

    static Failure unacceptable(String message) {
        return of(406, "NotAcceptable", message);
    }

    static Failure conflict(String message) {
        return of(409, "Conflict", message);
    }

    static Failure outdated(String message) {
        return of(412, "PreconditionFailed", message);
    }

    static Failure tooLarge(String message) {
        return of(413, "PayloadTooLarge", message);
    }

    static Failure wrongType(String message) {
        return of(415, "UnsupportedMediaType", message);
    }

    static Failure invalid(String field, String message) {
        return impossible(
                message, List.of(Element.of(ERROR).with("field", field).with("message", message)));
    }

    /// Several rules at once.
    static Failure impossible(String message, List<Element> errors) {
        return new Failure(422, "RecordInvalid", message, errors);
    }

    static Failure internal() {
        return of(500, "InternalError", "the server failed; its log says more");
    }

    static Failure unavailable(String message) {
        return of(503, "Unavailable", message);
    }

    static Failure of(Refusal refusal) {
        var message = refusal.message();
        return switch (refusal.kind()) {
            case NOT_THERE -> notFound(message);
            case NOT_YOURS -> forbidden(message);
            case MALFORMED -> invalid(refusal.field().orElse("base"), message);
            case NO_ROOM, CLASH -> conflict(message);
            case SILENT, BROKEN -> unavailable(message);
        };
    }

    Reply reply() {
        var reply = new Reply(status, Optional.of(body()), Map.of());
        return status == 503 ? reply.with("Retry-After", RETRY) : reply;
    }

    private Element body() {
        return errors.isEmpty()
                ? Element.of(ERROR).with("code", code).with("message", String.valueOf(getMessage()))
                : Element.many("errors", errors);
    }
}
