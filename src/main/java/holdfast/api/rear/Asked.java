package holdfast.api.rear;

import holdfast.federation.wire.Call;
import holdfast.federation.wire.Dialect;
import holdfast.federation.wire.Reply;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A question for which there is a route.
///
/// @param name what stands in place of the `*` in the path; empty if there is none
record Asked(Call call, Passport passport, String name) {
    private static final String JSON = "application/json";

    /// The one that it shows, else that of nodes.
    Dialect dialect() {
        return Dialect.of(call).orElse(Dialect.NODE);
    }

    /// The first value of a parameter.
    Optional<String> parameter(String key) {
        return call.query().getOrDefault(key, List.of()).stream().findFirst();
    }

    static Reply json(int status, String body) {
        return new Reply(status, Map.of("content-type", JSON), body);
    }

    static Reply empty(int status) {
        return new Reply(status, Map.of(), "");
    }
}
