package holdfast.federation.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The query of a URL as text. Unmodified nodes send brackets as they are, others encode them; we encode (fluidos.md
/// 5.1).
public final class QueryText {
    private static final int LONGEST = 16_384;

    private QueryText() {}

    /// The parameters in their order; a trailing `?` and empty parts are nothing.
    ///
    /// @param raw what follows the question mark, at most 16,384 characters
    public static Answer<Map<String, List<String>>> read(String raw) {
        if (raw.length() > LONGEST) {
            return Answer.no(Refusal.malformed(
                    "query", "the query has " + raw.length() + " characters: send at most " + LONGEST));
        }
        try {
            var query = new LinkedHashMap<String, List<String>>();
            for (var part : raw.split("&")) {
                if (!part.isEmpty()) {
                    var sides = part.split("=", 2);
                    query.computeIfAbsent(URLDecoder.decode(sides[0], UTF_8), _ -> new ArrayList<>())
                            .add(sides.length == 1 ? "" : URLDecoder.decode(sides[1], UTF_8));
                }
            }
            return Answer.yes(query);
        } catch (IllegalArgumentException _) {
            return Answer.no(Refusal.malformed(
                    "query", "the query has a % that no two hexadecimal digits follow: write %25 for the character"));
        }
    }

    /// Everything encoded that needs it, brackets among it; without question mark.
    public static String write(Map<String, List<String>> query) {
        return query.entrySet().stream()
                .flatMap(parameter -> parameter.getValue().stream()
                        .map(value ->
                                URLEncoder.encode(parameter.getKey(), UTF_8) + "=" + URLEncoder.encode(value, UTF_8)))
                .collect(Collectors.joining("&"));
    }
}
