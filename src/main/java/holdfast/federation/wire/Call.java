package holdfast.federation.wire;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One question to a node.
///
/// @param path its segments, decoded
/// @param query decoded, the values of one key in their order, see [QueryText]
/// @param headers by name in lower case
/// @param body empty if there is none
public record Call(
        String method, List<String> path, Map<String, List<String>> query, Map<String, String> headers, String body) {
    public Call {
        path = List.copyOf(path);
        headers = Map.copyOf(headers);
    }

    /// Without query and body.
    public static Call get(List<String> path) {
        return new Call("GET", path, Map.of(), Map.of(), "");
    }

    /// With a body of JSON.
    public static Call post(List<String> path, String body) {
        return new Call("POST", path, Map.of(), Map.of("content-type", "application/json"), body);
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /// The same with one more header, or another value of it.
    public Call with(String header, String value) {
        var more = new HashMap<>(headers);
        more.put(header, value);
        return new Call(method, path, query, more, body);
    }

    /// The same with another query.
    public Call asking(Map<String, List<String>> other) {
        return new Call(method, path, other, headers, body);
    }

    /// Without query, headers and body, which may hold secrets.
    @Override
    public String toString() {
        return method + " /" + String.join("/", path);
    }
}
