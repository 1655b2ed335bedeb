package holdfast.api.blazar;

import holdfast.core.Refusal;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// A request that is not served, told in one of Blazar's shapes. Clients read `error_message` (promise.md 5.4).
final class BlazarProblem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final Shape shape;
    private final transient Map<String, String> headers;

    private enum Shape {
        /// What the service itself refuses.
        SERVICE,
        /// What never gets to it: unknown paths, methods, versions.
        FRAMEWORK,
        /// What the check of tokens refuses, in Keystone's words.
        TOKEN,
        /// What should not have happened.
        INTERNAL
    }

    private BlazarProblem(int status, Shape shape, String message, Map<String, String> headers) {
        super(message, null, false, false);
        this.status = status;
        this.shape = shape;
        this.headers = Map.copyOf(headers);
    }

    private static BlazarProblem service(int status, String message) {
        return new BlazarProblem(status, Shape.SERVICE, message, Map.of());
    }

    static BlazarProblem malformed(String message) {
        return service(400, message);
    }

    static BlazarProblem missing(String parameter) {
        return malformed("Missing parameter " + parameter);
    }

    static BlazarProblem forbidden(String message) {
        return service(403, message);
    }

    static BlazarProblem notThere(String message) {
        return service(404, message);
    }

    static BlazarProblem clash(String message) {
        return service(409, message);
    }

    static BlazarProblem tooLarge(String message) {
        return service(413, message);
    }

    static BlazarProblem unavailable(String message) {
        return new BlazarProblem(503, Shape.SERVICE, message, Map.of("Retry-After", "5"));
    }

    static BlazarProblem internal() {
        return new BlazarProblem(500, Shape.INTERNAL, "Internal Server Error", Map.of());
    }

    static BlazarProblem noPath() {
        return new BlazarProblem(404, Shape.FRAMEWORK, "The resource could not be found.", Map.of());
    }

    static BlazarProblem wrongMethod(String method, String allowed) {
        return new BlazarProblem(
                405, Shape.FRAMEWORK, method + " is not served here; " + allowed + " are", Map.of("Allow", allowed));
    }

    static BlazarProblem version(int status, String message) {
        return new BlazarProblem(status, Shape.FRAMEWORK, message, Map.of());
    }

    /// @param keystone where tokens are issued
    static BlazarProblem unauthorized(String keystone) {
        return new BlazarProblem(
                401,
                Shape.TOKEN,
                "The request you have made requires authentication.",
                Map.of("WWW-Authenticate", "Keystone uri=\"" + keystone + "\""));
    }

    /// The column "Ours" of promise.md 5.4. A time that a policy forbids is no matter of form: 403.
    static BlazarProblem of(Refusal why) {
        return switch (why.kind()) {
            case MALFORMED ->
                why.wish().filter("policy"::equals).isPresent() ? forbidden(why.message()) : malformed(why.message());
            case NOT_THERE -> notThere(why.message());
            case NOT_YOURS -> forbidden(why.message());
            case NO_ROOM, CLASH -> clash(why.message());
            case SILENT, BROKEN -> unavailable(why.message());
        };
    }

    HttpReply.Content reply() {
        var json = HttpReply.json(status, body());
        return new HttpReply.Content(status, json.type(), json.body(), headers);
    }

    private ObjectNode body() {
        var message = String.valueOf(getMessage());
        var body = Json.object();
        switch (shape) {
            case SERVICE ->
                body.put("error_code", status).put("error_message", message).put("error_name", status);
            case FRAMEWORK -> body.put("error", status).put("error_message", message);
            case TOKEN ->
                body.putObject("error")
                        .put("message", message)
                        .put("code", status)
                        .put("title", "Unauthorized");
            case INTERNAL ->
                body.put("error_code", status).put("error_message", message).put("error_name", "INTERNAL_SERVER_ERROR");
        }
        return body;
    }
}
