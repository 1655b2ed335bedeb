package holdfast.api.resources;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.core.Refusal;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// Everything that is not a success, in the words of this interface (cattle.md 5.6). Thrown where it is found out and
/// written in one place.
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String RETRY_SECONDS = "5";

    private final int status;
    private final String code;
    private final String told;
    private final transient ObjectNode more;
    private final transient Map<String, String> headers;

    private Problem(int status, String code, String told, ObjectNode more, Map<String, String> headers) {
        super(told, null, false, false);
        this.status = status;
        this.code = code;
        this.told = told;
        this.more = more;
        this.headers = headers;
    }

    private static Problem of(int status, String code, String message) {
        return new Problem(status, code, message, Json.object(), Map.of());
    }

    static Problem of(Refusal why) {
        return new Problem(status(why.kind()), code(why.kind()), why.message(), what(why), Map.of());
    }

    /// A refusal with what else the answer says.
    static Problem of(Refusal why, ObjectNode besides) {
        return new Problem(
                status(why.kind()), code(why.kind()), why.message(), what(why).setAll(besides), Map.of());
    }

    /// Several things are wrong: the first is the answer, all are its details.
    static Problem of(List<Refusal> all) {
        var problem = of(all.getFirst());
        if (all.size() > 1) {
            var details = problem.more.putArray("details");
            all.forEach(why -> details.add(what(why)));
        }
        return problem;
    }

    /// A value that breaks a rule of its field (cattle.md 5.5).
    ///
    /// @param rule such as `MissingRequired`
    static Problem invalid(String rule, String field, String message) {
        return new Problem(422, rule, message, Json.object().put("fieldName", field), Map.of());
    }

    /// An action that the present state does not allow (cattle.md 4.3), whoever keeps the resource.
    static Problem notAvailable(String message) {
        return invalid("ActionNotAvailable", "action", message);
    }

    /// The same, of what else there is to do.
    ///
    /// @param what such as `slice 1s7`
    static Problem notAvailable(String verb, String what, String state, List<String> offered) {
        return notAvailable(verb + " is not possible on " + what + " while it is " + state + "; possible: "
                + (offered.isEmpty() ? "nothing" : String.join(", ", offered)));
    }

    static Problem malformed(String field, String message) {
        return of(Refusal.malformed(field, message));
    }

    static Problem notThere(String message) {
        return of(Refusal.notThere(message));
    }

    static Problem conflict(String message) {
        return of(Refusal.clash(message));
    }

    /// Well formed, and of no use.
    static Problem unprocessable(Refusal why) {
        return new Problem(422, code(why.kind()), why.message(), what(why), Map.of());
    }

    static Problem upgradeRequired(String why) {
        return new Problem(
                426,
                "Upgrade Required",
                why,
                Json.object(),
                Map.of("Upgrade", "websocket", "Sec-WebSocket-Version", "13"));
    }

    static Problem badBody(String message) {
        return of(400, "InvalidBodyContent", message);
    }

    /// @param challenge whether a browser may ask its user for a password
    static Problem unauthorized(boolean challenge) {
        return new Problem(
                401,
                "Unauthorized",
                "this needs the header 'Authorization': 'Bearer <token>' with a token that this server knows, or 'Basic'"
                        + " with an API key; the administrator's token is in the file 'token' of the server's data"
                        + " directory",
                Json.object(),
                challenge ? Map.of("WWW-Authenticate", "Basic realm=\"holdfast\", charset=\"UTF-8\"") : Map.of());
    }

    /// @param allowed the methods that are possible there
    static Problem wrongMethod(String method, String path, String allowed) {
        return new Problem(
                405,
                "Method not allowed",
                method + " is not possible on " + path + "; possible: " + allowed,
                Json.object(),
                Map.of("Allow", allowed));
    }

    static Problem tooLarge(int most) {
        return of(
                413,
                "Request Entity Too Large",
                "the body is longer than " + (most < 1 << 20 ? (most >> 10) + " kB" : (most >> 20) + " MB")
                        + ", the most that is read here");
    }

    static Problem tooSlow() {
        return of(408, "Request Timeout", "the body did not arrive in time");
    }

    /// More of it would be too much.
    static Problem tooMany(String why) {
        return new Problem(429, "Too Many Requests", why, Json.object(), Map.of("Retry-After", RETRY_SECONDS));
    }

    static Problem unavailable(String why) {
        return new Problem(503, "Unavailable", why, Json.object(), Map.of("Retry-After", RETRY_SECONDS));
    }

    /// @param id under which the log tells more
    static Problem unexpected(UUID id) {
        return of(500, "Internal Server Error", "the server failed to answer; its log tells more under " + id);
    }

    /// Code, message, field and earliest start of a refusal.
    static ObjectNode what(Refusal why) {
        var node = Json.object().put("code", code(why.kind())).put("message", why.message());
        why.field().ifPresent(field -> node.put("fieldName", field));
        why.earliest().ifPresent(earliest -> node.put("earliest", earliest.toString()));
        why.wish().ifPresent(wish -> node.put("wish", wish).put("proved", why.proved()));
        why.certificate().ifPresent(certificate -> node.set("certificate", Json.toTree(certificate)));
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
            case NOT_YOURS -> "Forbidden";
            case NOT_THERE -> "Not Found";
            case CLASH -> "Conflict";
            case BROKEN -> "Broken";
            case SILENT -> "Silent";
            case NO_ROOM -> "NoRoom";
        };
    }

    /// What is wrong, in words.
    String told() {
        return told;
    }

    /// The field at fault; empty text if there is none.
    String field() {
        return more.path("fieldName").asString("");
    }

    /// As it goes over the wire.
    HttpReply.Content reply(UUID id) {
        var body = Json.object().put("id", id.toString()).put("type", "error").put("baseType", "error");
        body.putObject("links");
        body.putObject("actions");
        body.put("status", status).put("code", code).put("slug", slug()).put("message", told);
        body.putNull("detail");
        more.properties().stream()
                .filter(member -> !body.has(member.getKey()))
                .forEach(member -> body.set(member.getKey(), member.getValue()));
        return new HttpReply.Content(
                status, "application/json; charset=utf-8", Json.text(body).getBytes(UTF_8), new TreeMap<>(headers));
    }

    private String slug() {
        var slug = new StringBuilder();
        for (var word : code.split(" ")) {
            slug.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
        }
        return slug.toString();
    }
}
