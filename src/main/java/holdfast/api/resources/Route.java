package holdfast.api.resources;

import holdfast.platform.HttpReply;
import holdfast.platform.HttpRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// One thing that can be asked for.
///
/// @param method `GET`, ...; `HEAD` goes where `GET` goes
/// @param path such as `/v1/slices/{id}`
/// @param open whether anybody may ask, without a token
/// @param parameters query parameters that it understands; [#ANY] if what else there is does not matter
record Route(String method, String path, boolean open, Set<String> parameters, Action action) {
    static final Set<String> ANY = Set.of("*");

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

    static Route put(String path, Action action) {
        return new Route("PUT", path, false, Set.of(), action);
    }

    /// A route whose query parameters are filters and fields: what it does not know is none of its business.
    Route anyParameters() {
        return new Route(method, path, open, ANY, action);
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
    /// @param segments of the path; letters are the same in any case
    /// @param isType tells what `{type}` may be
    Optional<Map<String, String>> match(List<String> segments, Predicate<String> isType) {
        var pattern = path.equals("/") ? new String[0] : path.substring(1).split("/");
        if (pattern.length != segments.size()) {
            return Optional.empty();
        }
        var named = new HashMap<String, String>();
        for (int n = 0; n < pattern.length; n++) {
            var part = pattern[n];
            var segment = segments.get(n);
            if (part.startsWith("{")) {
                named.put(part.substring(1, part.length() - 1), segment);
            } else if (!part.equalsIgnoreCase(segment)) {
                return Optional.empty();
            }
        }
        return named.containsKey("type") && !isType.test(named.get("type")) ? Optional.empty() : Optional.of(named);
    }

    /// Refuses parameters that it does not understand, and characters that no text may hold.
    void check(HttpRequest request) {
        boolean any = parameters.equals(ANY);
        for (var parameter : request.query().entrySet()) {
            var name = Form.shorten(parameter.getKey());
            if (!any && !name.startsWith("_") && !name.equals("projectId") && !parameters.contains(name)) {
                throw Problem.malformed(
                        name,
                        "parameter " + name + " is not known here" + Nearest.hint(parameter.getKey(), parameters));
            }
            if (parameter.getValue().stream().anyMatch(value -> value.indexOf('\0') >= 0)) {
                throw Problem.malformed(name, name + " holds a character that no text may hold");
            }
            if (parameter.getKey().indexOf('\0') >= 0) {
                throw Problem.malformed("parameter", "the name of a parameter holds a character that no text may hold");
            }
        }
        if (request.path().stream().anyMatch(segment -> segment.indexOf('\0') >= 0)) {
            throw Problem.malformed("path", "the path holds a character that no text may hold");
        }
    }
}
