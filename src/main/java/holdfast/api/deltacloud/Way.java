package holdfast.api.deltacloud;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A path, segment by segment, and the matrix parameters in it.
///
/// @param segments decoded, without parameters
/// @param first parameters of the first segment, as they came
/// @param matrix decoded parameters of all segments; of two of the same name the later counts
record Way(List<String> segments, String first, Map<String, String> matrix) {
    private static final int MOST = 50;

    /// @param raw properly encoded
    static Way of(String raw) {
        var segments = new ArrayList<String>();
        var matrix = new LinkedHashMap<String, String>();
        var first = "";
        for (var part : raw.split("/")) {
            if (part.isEmpty()) {
                continue;
            }
            int end = part.indexOf(';');
            if (end >= 0 && segments.isEmpty()) {
                first = part.substring(end);
            }
            segments.add(decoded(end < 0 ? part : part.substring(0, end)));
            if (end >= 0) {
                Arrays.stream(part.substring(end + 1).split(";", MOST)).forEach(one -> {
                    var sides = one.split("=", 2);
                    if (sides.length == 2) {
                        matrix.put(decoded(sides[0]), decoded(sides[1]));
                    }
                });
            }
        }
        return new Way(List.copyOf(segments), first, matrix);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
    }
}
