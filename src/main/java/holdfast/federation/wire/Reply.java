package holdfast.federation.wire;

import java.util.Map;
import java.util.Optional;

/// What a node answered.
///
/// @param headers by name in lower case
/// @param body empty if there is none
public record Reply(int status, Map<String, String> headers, String body) {
    public Reply {
        headers = Map.copyOf(headers);
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /// Without headers and body, which may hold secrets.
    @Override
    public String toString() {
        return "Reply[" + status + "]";
    }
}
