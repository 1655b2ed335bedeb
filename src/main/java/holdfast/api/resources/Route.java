package holdfast.api.resources;

import holdfast.platform.HttpReply;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One thing that can be asked for.
///
/// @param method `GET`, ...; `HEAD` goes where `GET` goes
/// @param path such as `/v1/slices/{id}`
/// @param open whether anybody may ask, without a token
/// @param parameters query parameters that it understands
record Route(String method, String path, boolean open, Set<String> parameters, Action action) {
    /// Answers it; refusals may be thrown.
    interface Action {
        HttpReply answer(Ask ask);
    }

    static Route get(String path, Action action, String... parameters) {
        return new Route("GET", path, false, Set.of(parameters), action);
    }

    static Route post(String path, Action action, String... parameters) {
        return new Route("POST", path, false, Set.of(parameters), action);
    }

    static Route delete(String path, Action action) {
        return new Route("DELETE", path, false, Set.of(), action);
    }

    /// The same for everybody.
    Route forAnybody() {
        return new Route(method, path, true, parameters, action);
    }

    boolean takes(String asked) {
        return method.equals(asked) || (method.equals("GET") && asked.equals("HEAD"));
    }

    /// The named parts, if the path is one of this route's.
    ///
    /// @param plurals what `{type}` may be
    Optional<Map<String, String>> match(List<String> segments, Set<String> plurals) {
        var pattern = path.substring(1).split("/");
        if (pattern.length != segments.size()) {
            return Optional.empty();
        }
        var named = new HashMap<String, String>();
        for (int n = 0; n < pattern.length; n++) {
            var part = pattern[n];
            var segment = segments.get(n);
            if (part.startsWith("{")) {
                named.put(part.substring(1, part.length() - 1), segment);
            } else if (!part.equals(segment)) {
                return Optional.empty();
            }
        }
        return named.containsKey("type") && !plurals.contains(named.get("type"))
                ? Optional.empty()
                : Optional.of(named);
    }
}
