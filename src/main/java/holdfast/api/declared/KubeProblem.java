package holdfast.api.declared;

import holdfast.core.Refusal;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import java.util.Optional;

/// A request that is not served, told as Kubernetes tells it: an object of kind `Status`.
final class KubeProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String reason;
    private final transient Optional<String> field;

    private KubeProblem(int status, String reason, String message, Optional<String> field) {
        super(message, null, false, false);
        this.status = status;
        this.reason = reason;
        this.field = field;
    }

    static KubeProblem badRequest(String message) {
        return new KubeProblem(400, "BadRequest", message, Optional.empty());
    }

    static KubeProblem unauthorized() {
        return new KubeProblem(401, "Unauthorized", "Unauthorized: send a token or a pair of keys", Optional.empty());
    }

    static KubeProblem forbidden(String message) {
        return new KubeProblem(403, "Forbidden", message, Optional.empty());
    }

    static KubeProblem notFound(String message) {
        return new KubeProblem(404, "NotFound", message, Optional.empty());
    }

    static KubeProblem wrongMethod(String message) {
        return new KubeProblem(405, "MethodNotAllowed", message, Optional.empty());
    }

    static KubeProblem conflict(String message) {
        return new KubeProblem(409, "Conflict", message, Optional.empty());
    }

    static KubeProblem tooLarge(String message) {
        return new KubeProblem(413, "RequestEntityTooLarge", message, Optional.empty());
    }

    static KubeProblem wrongType(String message) {
        return new KubeProblem(415, "UnsupportedMediaType", message, Optional.empty());
    }

    static KubeProblem invalid(String field, String message) {
        return new KubeProblem(422, "Invalid", message, Optional.of(field));
    }

    static KubeProblem internal() {
        return new KubeProblem(
                500, "InternalError", "this should not have happened; it is in the log", Optional.empty());
    }

    static KubeProblem unavailable(String message) {
        return new KubeProblem(503, "ServiceUnavailable", message, Optional.empty());
    }

    static KubeProblem of(Refusal why) {
        return switch (why.kind()) {
            case MALFORMED -> new KubeProblem(422, "Invalid", why.message(), why.field());
            case NOT_THERE -> notFound(why.message());
            case NOT_YOURS -> forbidden(why.message());
            case CLASH ->
                new KubeProblem(
                        409,
                        why.message().endsWith("already exists") ? "AlreadyExists" : "Conflict",
                        why.message(),
                        Optional.empty());
            case NO_ROOM -> conflict(why.message());
            case SILENT, BROKEN -> unavailable(why.message());
        };
    }

    HttpReply.Content reply() {
        var body = Json.object()
                .put("kind", "Status")
                .put("apiVersion", "v1")
                .put("status", "Failure")
                .put("message", getMessage())
                .put("reason", reason)
                .put("code", status);
        body.putObject("metadata");
        field.ifPresent(path -> body.putObject("details")
                .putArray("causes")
                .addObject()
                .put("reason", "FieldValueInvalid")
                .put("message", getMessage())
                .put("field", path));
        return HttpReply.json(status, body);
    }
}
