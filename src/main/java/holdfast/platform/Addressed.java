package holdfast.platform;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.helidon.http.HttpPrologue;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a request is about.
///
/// @param above the beginning of the path, as it came, that is left out of all else; empty text if nothing is
/// @param raw the path as it came
/// @param path its decoded segments; empty ones are left out, so that `/v1/` is `/v1`
/// @param query decoded parameters, in their order
record Addressed(String above, String raw, List<String> path, Map<String, List<String>> query) {
    /// @throws IllegalArgumentException if path or query are not properly encoded
    static Addressed of(HttpPrologue prologue) {
        var raw = prologue.uriPath().rawPath();
        var query = new LinkedHashMap<String, List<String>>();
        for (var part : prologue.query().rawValue().split("&")) {
            if (!part.isEmpty()) {
                var sides = part.split("=", 2);
                query.computeIfAbsent(URLDecoder.decode(sides[0], UTF_8), _ -> new ArrayList<>())
                        .add(sides.length == 1 ? "" : URLDecoder.decode(sides[1], UTF_8));
            }
        }
        var path = segments(raw).stream()
                .map(segment -> URLDecoder.decode(segment.replace("+", "%2B"), UTF_8))
                .toList();
        return new Addressed("", raw, path, query);
    }

    private static List<String> segments(String raw) {
        return Arrays.stream(raw.split("/"))
                .filter(segment -> !segment.isEmpty())
                .toList();
    }

    /// Without the first segments of the path.
    Addressed below(int count) {
        var all = segments(raw);
        return new Addressed(
                above + "/" + String.join("/", all.subList(0, count)),
                "/" + String.join("/", all.subList(count, all.size())),
                path.subList(count, path.size()),
                query);
    }
}
