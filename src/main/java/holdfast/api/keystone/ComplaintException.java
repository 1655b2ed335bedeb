package holdfast.api.keystone;

import holdfast.platform.HttpReply;
import java.util.Map;
import java.util.TreeMap;

/// A request that is not served, told in Keystone's shape.
final class ComplaintException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String title;
    private final transient Map<String, String> headers;

    private ComplaintException(int status, String title, String message, Map<String, String> headers) {
        super(message, null, false, false);
        this.status = status;
        this.title = title;
        this.headers = Map.copyOf(headers);
    }

    static ComplaintException malformed(String message) {
        return new ComplaintException(400, "Bad Request", message, Map.of());
    }

    static ComplaintException tooLarge(String message) {
        return new ComplaintException(413, "Request Entity Too Large", message, Map.of());
    }

    static ComplaintException tooSlow() {
        return new ComplaintException(408, "Request Timeout", "the body did not arrive in time", Map.of());
    }

    /// @param here where this service is
    static ComplaintException unauthorized(String message, String here) {
        return new ComplaintException(
                401, "Unauthorized", message, Map.of("WWW-Authenticate", "Keystone uri=\"" + here + "\""));
    }

    static ComplaintException forbidden(String message) {
        return new ComplaintException(403, "Forbidden", message, Map.of());
    }

    static ComplaintException notThere(String message) {
        return new ComplaintException(404, "Not Found", message, Map.of());
    }

    static ComplaintException wrongMethod(String method, String allowed) {
        return new ComplaintException(
                405,
                "Method Not Allowed",
                method + " is not served here; " + allowed + " are",
                Map.of("Allow", allowed));
    }

    static ComplaintException unexpected(String message) {
        return new ComplaintException(500, "Internal Server Error", message, Map.of());
    }

    static ComplaintException unavailable(String message) {
        return new ComplaintException(503, "Service Unavailable", message, Map.of("Retry-After", "5"));
    }

    HttpReply reply() {
        var error = Map.of("code", status, "message", String.valueOf(getMessage()), "title", title);
        var json = HttpReply.json(status, Map.of("error", new TreeMap<>(error)));
        return new HttpReply.Content(status, json.type(), json.body(), headers);
    }
}
