package holdfast.broker.services;

import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.platform.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/// A text with places for values: `{{ .name }}`, and `{{ .name | filter }}` with some of the filters `default`,
/// `quote`, `upper`, `lower` and `b64enc` (fluidos.md 4.5). That is all of the language of templates of Go that is
/// taken.
///
/// It is read and filled in one pass, so in time linear in its length and in that of the values.
///
final class Template {
    /// In characters.
    static final int LONGEST = 65_536;

    private static final int MOST_PLACES = 1_000;
    private static final int MOST_FILTERS = 10;
    private static final int SHOWN = 60;
    private static final String OPEN = "{{";
    private static final String CLOSE = "}}";
    private static final String TAKEN =
            "write {{ .name }}, or {{ .name | filter }} with default \"text\", quote, upper," + " lower or b64enc";
    private static final Pattern NAME = Pattern.compile("\\.([A-Za-z_][A-Za-z0-9_]{0,62})");
    private static final Pattern DEFAULT =
            Pattern.compile("default\\s+(\"(?:[^\"\\\\]|\\\\[\"\\\\])*+\"|-?[0-9]{1,18})");

    private final String source;
    private final List<Part> parts;

    private Template(String source, List<Part> parts) {
        this.source = source;
        this.parts = List.copyOf(parts);
    }

    private sealed interface Part {}

    private record Text(String text) implements Part {}

    /// @param missing what stands there if there is no value
    private record Place(String name, Optional<JsonNode> missing, List<Filter> filters) implements Part {}

    private enum Filter {
        /// As JSON writes a text: in quotes, on one line.
        QUOTE(Template::quoted),
        UPPER(text -> text.toUpperCase(Locale.ROOT)),
        LOWER(text -> text.toLowerCase(Locale.ROOT)),
        B64ENC(text -> Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));

        private final UnaryOperator<String> change;

        Filter(UnaryOperator<String> change) {
            this.change = change;
        }

        static Optional<Filter> of(String word) {
            return Stream.of(values())
                    .filter(filter -> filter.name().toLowerCase(Locale.ROOT).equals(word))
                    .findFirst();
        }
    }

    /// @param where the field that it is in
    /// @throws RefusedException if it has anything else in braces, or is too long
    static Template of(String source, String where) {
        if (source.length() > LONGEST) {
            throw refused(where, "has " + source.length() + " characters; write at most " + LONGEST);
        }
        var parts = new ArrayList<Part>();
        int from = 0;
        for (int open = source.indexOf(OPEN); open >= 0; open = source.indexOf(OPEN, from)) {
            int close = end(source, open + OPEN.length());
            if (close < 0) {
                throw refused(where, "has {{ without }}: " + TAKEN);
            }
            if (open > from) {
                parts.add(new Text(source.substring(from, open)));
            }
            parts.add(place(source.substring(open + OPEN.length(), close), where));
            from = close + CLOSE.length();
            if (parts.size() > 2 * MOST_PLACES) {
                throw refused(where, "has more than " + MOST_PLACES + " values; write fewer");
            }
        }
        if (from < source.length()) {
            parts.add(new Text(source.substring(from)));
        }
        return new Template(source, parts);
    }

    /// Where the braces close again, which those within a text in quotes do not.
    private static int end(String source, int from) {
        boolean quoted = false;
        for (int at = from; at < source.length(); at++) {
            char letter = source.charAt(at);
            if (quoted && letter == '\\') {
                at++;
            } else if (letter == '"') {
                quoted = !quoted;
            } else if (!quoted && source.startsWith(CLOSE, at)) {
                return at;
            }
        }
        return -1;
    }

    private static Place place(String inside, String where) {
        var words = pipeline(inside);
        var name = NAME.matcher(words.getFirst());
        if (!name.matches()) {
            throw refused(where, "has {{" + shorten(inside) + "}}, which is no place for a value: " + TAKEN);
        }
        if (words.size() > MOST_FILTERS) {
            throw refused(where, "has more than " + MOST_FILTERS + " filters in one place; write fewer");
        }
        Optional<JsonNode> missing = Optional.empty();
        var filters = new ArrayList<Filter>();
        for (var word : words.subList(1, words.size())) {
            var preset = DEFAULT.matcher(word);
            var filter = Filter.of(word);
            if (preset.matches() && filters.isEmpty() && missing.isEmpty()) {
                missing = Optional.of(Json.tree(preset.group(1)));
            } else if (filter.isPresent()) {
                filters.add(filter.get());
            } else {
                throw refused(
                        where,
                        "has the filter '" + shorten(word) + "', which is not taken there: " + TAKEN
                                + "; default comes first, and once");
            }
        }
        return new Place(name.group(1), missing, filters);
    }

    /// The parts between bars, without the blanks around them; a bar within a text in quotes is part of it.
    private static List<String> pipeline(String inside) {
        var words = new ArrayList<String>();
        boolean quoted = false;
        int from = 0;
        for (int at = 0; at < inside.length(); at++) {
            char letter = inside.charAt(at);
            if (quoted && letter == '\\') {
                at++;
            } else if (letter == '"') {
                quoted = !quoted;
            } else if (letter == '|' && !quoted) {
                words.add(inside.substring(from, at).strip());
                from = at + 1;
            }
        }
        words.add(inside.substring(from).strip());
        return words;
    }

    /// What must have a value, as nothing is written for it in case there is none.
    Stream<String> needed() {
        return places().filter(place -> place.missing().isEmpty()).map(Place::name);
    }

    /// All that it has places for.
    Stream<String> named() {
        return places().map(Place::name);
    }

    private Stream<Place> places() {
        return parts.stream().filter(Place.class::isInstance).map(Place.class::cast);
    }

    /// The text with its values. Where it is nothing but one place without filters, it is that value as it is: a
    /// number stays a number.
    ///
    /// @param where the field that it is in
    /// @throws RefusedException naming the value if one is missing, is no text, number or truth value, or has
    ///     several
    ///     lines and stands among other text, where it might be taken for more than a value
    JsonNode render(Map<String, JsonNode> values, String where) {
        if (parts.size() == 1 && parts.getFirst() instanceof Place place) {
            var value = value(place, values, where);
            return place.filters().isEmpty() ? value : StringNode.valueOf(filtered(place, value));
        }
        var text = new StringBuilder();
        for (var part : parts) {
            switch (part) {
                case Text(var fixed) -> text.append(fixed);
                case Place place -> {
                    var value = filtered(place, value(place, values, where));
                    if (!isOneLine(value)) {
                        throw refused(
                                "configurationData." + place.name(),
                                "has several lines or control characters, and goes into the middle of a text (" + where
                                        + "): write one line");
                    }
                    text.append(value);
                }
            }
        }
        return StringNode.valueOf(text.toString());
    }

    static boolean isOneLine(String value) {
        return value.chars().noneMatch(Template::breaksLine);
    }

    private static boolean breaksLine(int letter) {
        return Character.isISOControl(letter)
                || Character.getType(letter) == Character.LINE_SEPARATOR
                || Character.getType(letter) == Character.PARAGRAPH_SEPARATOR;
    }

    private static String quoted(String text) {
        var quoted = new StringBuilder();
        Json.text(text).chars().forEach(letter -> {
            if (breaksLine(letter)) {
                quoted.append("\\u%04x".formatted(letter));
            } else {
                quoted.append((char) letter);
            }
        });
        return quoted.toString();
    }

    private static String filtered(Place place, JsonNode value) {
        var text = value.asString();
        for (var filter : place.filters()) {
            text = filter.change.apply(text);
        }
        return text;
    }

    private static JsonNode value(Place place, Map<String, JsonNode> values, String where) {
        var value = Optional.ofNullable(values.get(place.name()))
                .filter(given -> !given.isNull())
                .filter(given ->
                        place.missing().isEmpty() || !given.asString("x").isEmpty())
                .or(place::missing)
                .orElseThrow(() -> refused(
                        "configurationData." + place.name(), "is missing, and needed by " + where + ": set it"));
        if (!value.isValueNode()) {
            throw refused("configurationData." + place.name(), "must be a text, a number or a truth value");
        }
        return value;
    }

    private static String shorten(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }

    private static RefusedException refused(String field, String rule) {
        return new RefusedException(Refusal.malformed(field, field + " " + rule));
    }

    @Override
    public String toString() {
        return source;
    }
}
