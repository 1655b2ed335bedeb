package holdfast.api.promise;

import holdfast.core.Refusal;
import holdfast.platform.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Reads an object as Promise's clients write it, numbers as texts among it, and collects all that is wrong with it.
final class Fields {
    /// The longest name, id or reference.
    static final int NAME = 255;

    private static final Pattern TEXT = Pattern.compile("[^\\p{Cntrl}\\p{Cs}\\uFFFE\\uFFFF]+");
    private static final Pattern WHOLE = Pattern.compile("-?\\d{1,18}");
    private static final int EARLIEST_YEAR = 2000;
    private static final int LATEST_YEAR = 9999;
    private static final int SHOWN = 60;

    private final JsonNode node;
    private final String path;
    private final List<Refusal> faults;
    private final Set<String> known = new TreeSet<>();

    private Fields(JsonNode node, String path, List<Refusal> faults) {
        this.node = node;
        this.path = path;
        this.faults = faults;
    }

    static Fields of(JsonNode whole) {
        return new Fields(whole, "", new ArrayList<>());
    }

    /// The path of a field in the whole.
    String at(String field) {
        return path.isEmpty() ? field : path + "." + field;
    }

    void fault(String field, String message) {
        faults.add(Refusal.malformed(at(field), at(field) + " " + message));
    }

    private void wrong(String field, JsonNode value, String rule) {
        fault(field, "is " + shorten(value.toString()) + "; it must be " + rule);
    }

    boolean has(String field) {
        return any(field).isPresent();
    }

    /// What is `null` is not there.
    Optional<JsonNode> any(String field) {
        known.add(field);
        return Optional.ofNullable(node.get(field)).filter(value -> !value.isNull());
    }

    /// One line of text.
    Optional<String> text(String field) {
        return text(field, NAME);
    }

    Optional<String> text(String field, int longest) {
        return any(field).flatMap(value -> line(field, value, longest));
    }

    private Optional<String> line(String field, JsonNode value, int longest) {
        if (value.isString()
                && value.stringValue().length() <= longest
                && TEXT.matcher(value.stringValue()).matches()) {
            return Optional.of(value.stringValue());
        }
        wrong(field, value, "one line of text of 1 to " + longest + " characters");
        return Optional.empty();
    }

    String requiredText(String field) {
        missing(field);
        return text(field).orElse("");
    }

    void missing(String field) {
        if (!has(field)) {
            fault(field, "is missing");
        }
    }

    /// A number, or a text that is one.
    Optional<Long> whole(String field, long least, long most) {
        return any(field).flatMap(value -> {
            var found = value.isIntegralNumber() && value.canConvertToLong()
                    ? Optional.of(value.longValue())
                    : Optional.of(value)
                            .filter(JsonNode::isString)
                            .map(JsonNode::stringValue)
                            .filter(text -> WHOLE.matcher(text).matches())
                            .map(Long::parseLong);
            if (found.filter(number -> number >= least && number <= most).isEmpty()) {
                wrong(field, value, "a whole number from " + least + " to " + most);
                return Optional.empty();
            }
            return found;
        });
    }

    Optional<Boolean> flag(String field) {
        return any(field).flatMap(value -> {
            var word = value.isString() ? value.stringValue() : value.toString();
            if (!word.equals("true") && !word.equals("false")) {
                wrong(field, value, "true or false");
                return Optional.empty();
            }
            return Optional.of(word.equals("true"));
        });
    }

    /// A time with a zone.
    Optional<Instant> time(String field) {
        return any(field).flatMap(value -> {
            try {
                var time = OffsetDateTime.parse(value.asString(""));
                if (time.getYear() >= EARLIEST_YEAR && time.getYear() <= LATEST_YEAR) {
                    return Optional.of(time.toInstant().truncatedTo(ChronoUnit.MICROS));
                }
            } catch (DateTimeException _) {
                // told below
            }
            wrong(field, value, "a time with a zone, such as 2031-05-02T08:00:00Z");
            return Optional.empty();
        });
    }

    /// One of some words.
    <E extends Enum<E>> Optional<E> word(String field, Class<E> type) {
        return word(field, type, one -> one.name().toLowerCase(Locale.ROOT));
    }

    <E extends Enum<E>> Optional<E> word(String field, Class<E> type, Function<E, String> named) {
        return any(field).flatMap(value -> {
            var found = Stream.of(type.getEnumConstants())
                    .filter(one -> named.apply(one).equals(value.asString("")))
                    .findFirst();
            if (found.isEmpty()) {
                wrong(
                        field,
                        value,
                        "one of "
                                + Stream.of(type.getEnumConstants()).map(named).collect(Collectors.joining(", ")));
            }
            return found;
        });
    }

    Optional<Fields> object(String field) {
        return any(field).flatMap(value -> {
            if (!value.isObject()) {
                wrong(field, value, "an object");
                return Optional.empty();
            }
            return Optional.of(new Fields(value, at(field), faults));
        });
    }

    /// An object that is told in a field, maybe among others.
    Fields inside(String field, JsonNode object) {
        return new Fields(object, at(field), faults);
    }

    /// Objects in a list; one alone is a list of one.
    List<Fields> objects(String field, int most) {
        var objects = new ArrayList<Fields>();
        for (var entry : list(field, most)) {
            var name = at(field) + "[" + objects.size() + "]";
            if (!entry.isObject()) {
                faults.add(
                        Refusal.malformed(name, name + " is " + shorten(entry.toString()) + "; it must be an object"));
            }
            objects.add(new Fields(entry.isObject() ? entry : Json.object(), name, faults));
        }
        return objects;
    }

    /// Texts in a list; one alone is a list of one.
    List<String> texts(String field, int most) {
        var texts = new ArrayList<String>();
        var all = list(field, most);
        for (int i = 0; i < all.size(); i++) {
            line(field + "[" + i + "]", all.get(i), NAME).ifPresent(texts::add);
        }
        return texts;
    }

    /// One alone is a list of one.
    List<JsonNode> list(String field, int most) {
        var value = any(field);
        if (value.isEmpty()) {
            return List.of();
        }
        var entries = new ArrayList<JsonNode>();
        if (value.get().isArray()) {
            value.get().forEach(entries::add);
        } else {
            entries.add(value.get());
        }
        if (entries.size() > most) {
            fault(field, "has " + entries.size() + " entries; at most " + most + " are read");
            return List.of();
        }
        return entries;
    }

    /// A reference: a text, or an object with an `id`.
    Optional<Ref> ref(String field) {
        return any(field).flatMap(value -> {
            var id = value.isObject() ? value.path("id") : value;
            return line(field, id.isMissingNode() ? value : id, NAME).map(Ref::of);
        });
    }

    /// A capacity vector by Promise's keys; what is not named is not in it.
    Map<String, Long> vector(String field, long least) {
        var vector = new LinkedHashMap<String, Long>();
        object(field).ifPresent(given -> {
            Keys.all()
                    .forEach(key ->
                            given.whole(key, least, 1_000_000_000_000L).ifPresent(amount -> vector.put(key, amount)));
            given.end();
        });
        return vector;
    }

    /// To be called last: tells of every field that nobody has asked for.
    void end() {
        node.propertyNames().stream().filter(name -> !known.contains(name)).forEach(name -> {
            var shown = shorten(name);
            fault(shown, "is not known here; there are: " + String.join(", ", known));
        });
    }

    /// @throws FaultsException if something was wrong
    void check() {
        if (!faults.isEmpty()) {
            throw new FaultsException(faults);
        }
    }

    static String shorten(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }
}
