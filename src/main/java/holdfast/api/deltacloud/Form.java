package holdfast.api.deltacloud;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The forms of answers, and which of them a client wants (aeolus.md 5.3.1).
enum Form {
    XML("application/xml"),
    JSON("application/json"),
    HTML("text/html"),
    GV("text/vnd.graphviz"),
    SVG("image/svg+xml");

    private static final Map<String, Form> ACCEPTED = Map.of(
            "application/xml",
            XML,
            "text/xml",
            XML,
            "application/*",
            XML,
            "application/json",
            JSON,
            "text/html",
            HTML,
            "application/xhtml+xml",
            HTML,
            "text/*",
            HTML,
            "*/*",
            HTML,
            GV.type,
            GV,
            SVG.type,
            SVG);
    private static final int MOST = 50;

    private final String type;

    Form(String type) {
        this.type = type;
    }

    /// Exactly what Content-Type says; clients compare it.
    String type() {
        return type;
    }

    /// @param format the parameter, which counts more than the header
    /// @param accept the header
    /// @return empty if the client takes none
    static Optional<Form> wanted(Optional<String> format, Optional<String> accept) {
        if (format.isPresent()) {
            var word = format.get().toUpperCase(Locale.ROOT);
            return Arrays.stream(values())
                    .filter(form -> form.name().equals(word))
                    .findFirst();
        }
        if (accept.isEmpty()) {
            return Optional.of(XML);
        }
        return Arrays.stream(accept.get().split(",", MOST + 1))
                .limit(MOST)
                .map(Range::of)
                .filter(range -> range.weight > 0 && ACCEPTED.containsKey(range.type))
                .sorted(Comparator.comparingDouble((Range range) -> -range.weight)
                        .thenComparing(range -> range.type.endsWith("/*"))) // stable: of equals the first
                .findFirst()
                .map(range -> ACCEPTED.get(range.type));
    }

    /// @param weight 0..1
    private record Range(String type, double weight) {
        static Range of(String text) {
            var parts = text.toLowerCase(Locale.ROOT).split(";");
            double weight = Arrays.stream(parts)
                    .skip(1)
                    .map(String::strip)
                    .filter(parameter -> parameter.startsWith("q="))
                    .findFirst()
                    .map(parameter -> weight(parameter.substring(2)))
                    .orElse(1.0);
            return new Range(parts.length == 0 ? "" : parts[0].strip(), weight);
        }

        private static double weight(String text) {
            return text.matches("[01]?(\\.[0-9]{1,3})?|1\\.") && !text.isEmpty()
                    ? Math.min(1, Double.parseDouble(text))
                    : 0;
        }
    }
}
