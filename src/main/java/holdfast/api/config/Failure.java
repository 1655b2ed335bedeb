package holdfast.api.config;

import holdfast.core.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Why a request is not done, as the interface says it (aeolus.md 5.1, errors).
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String ERROR = "error";
    private static final String MESSAGE = "message";
    private static final String RETRY = "5";
    private static final int INVALID = 422;
    private static final int LONGEST_ID = 128;

    private final int status;
    private final transient Body body;
    private final transient Map<String, String> headers;

    /// How it is written.
    private interface Body {
        /// @param said what the client said of a field
        Element of(Function<String, Optional<String>> said);
    }

    private Failure(int status, String message, Body body, Map<String, String> headers) {
        super(message, null, false, false);
        this.status = status;
        this.body = body;
        this.headers = headers;
    }

    private static Failure of(int status, String code, String message) {
        return of(status, code, message, Map.of());
    }

    private static Failure of(int status, String code, String message, Map<String, String> headers) {
        var body = Element.of(ERROR).with("code", code).with(MESSAGE, message);
        return new Failure(status, message, _ -> body, headers);
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

    /// @param called what people call such a thing
    /// @param id as it was asked for
    static Failure nothing(String called, String id) {
        return notFound("there is no " + called + " " + id.substring(0, Math.min(id.length(), LONGEST_ID)));
    }

    /// @param allowed methods, with commas
    static Failure wrongMethod(String method, String allowed) {
        var message = method + " is not served here; " + allowed + " are";
        return of(405, "MethodNotAllowed", message, Map.of("Allow", allowed));
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
        return new Failure(
                INVALID,
                message,
                said -> errors(List.of(Element.of(ERROR)
                        .with("field", field)
                        .with("value", said.apply(field))
                        .with(MESSAGE, message))),
                Map.of());
    }

    /// Several rules at once.
    static Failure impossible(String message, List<Element> errors) {
        return new Failure(INVALID, message, _ -> errors(errors), Map.of());
    }

    private static Element errors(List<Element> all) {
        return Element.many("errors", all);
    }

    static Failure internal() {
        return of(500, "InternalError", "the server failed; its log says more");
    }

    static Failure unavailable(String message) {
        return of(503, "Unavailable", message, Map.of("Retry-After", RETRY));
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
        return reply(_ -> Optional.empty());
    }

    /// @param said what the client said of a field
    Reply reply(Function<String, Optional<String>> said) {
        return new Reply(status, Optional.of(body.of(said)), headers);
    }
}
