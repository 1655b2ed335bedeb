package holdfast.api.config;

import holdfast.pools.clouds.Limits;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a client says of something. A field may be an attribute or an element. What is not there is not said.
record Body(Element element) {
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,10}");
    private static final Pattern DECIMAL = Pattern.compile("-?\\d{1,12}(\\.\\d{1,9})?");
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\\t\\r\\n]]");
    private static final int LONGEST_TEXT = 10_000;

    /// The text of a field, as it came.
    Optional<String> raw(String field) {
        return Optional.ofNullable(element.attributes().get(field))
                .or(() -> element.child(field).flatMap(child -> new Body(child).own()))
                .map(Object::toString);
    }

    /// Whether something is said of a field, be it that there is nothing.
    boolean says(String field) {
        return element.attributes().containsKey(field) || element.child(field).isPresent();
    }

    /// The text of this itself.
    Optional<Object> own() {
        return element.value().or(() -> element.child(Element.VALUE).flatMap(Element::value));
    }

    /// The text of a field, of a size that can be kept.
    Optional<String> text(String field) {
        var text = raw(field);
        if (text.isEmpty() && says(field)) {
            throw Failure.invalid(field, field + " must be a text");
        }
        text.ifPresent(said -> {
            if (said.length() > LONGEST_TEXT || CONTROL.matcher(said).find()) {
                throw Failure.invalid(field, field + " is too long, or has control characters");
            }
        });
        return text;
    }

    /// The same of a field that may be empty, which means that there is none.
    Optional<Optional<String>> optional(String field) {
        var said = text(field);
        return said.isEmpty() ? Optional.empty() : Optional.of(said.filter(text -> !text.isBlank()));
    }

    Optional<Boolean> flag(String field) {
        return text(field).map(text -> switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw Failure.invalid(field, field + " must be true or false");
        });
    }

    Optional<Integer> number(String field) {
        return text(field).map(text -> number(field, text.strip()));
    }

    private static int number(String field, String text) {
        if (!NUMBER.matcher(text).matches() || Math.abs(Long.parseLong(text)) > Integer.MAX_VALUE) {
            throw Failure.invalid(field, field + " must be a whole number, at most " + Integer.MAX_VALUE);
        }
        return Integer.parseInt(text);
    }

    Optional<BigDecimal> decimal(String field) {
        return text(field).map(String::strip).filter(text -> !text.isEmpty()).map(text -> decimal(field, text));
    }

    static BigDecimal decimal(String field, String text) {
        if (!DECIMAL.matcher(text).matches()) {
            throw Failure.invalid(field, field + " must be a number such as 512 or 0.5");
        }
        return new BigDecimal(text);
    }

    /// A time, such as `2031-02-03T10:00:00Z`.
    Optional<Instant> time(String field) {
        return text(field).map(String::strip).filter(text -> !text.isEmpty()).map(text -> {
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeParseException _) {
                throw Failure.invalid(field, field + " must be a time such as 2031-02-03T10:00:00Z");
            }
        });
    }

    Optional<Body> child(String field) {
        return element.child(field).map(Body::new);
    }

    /// All that is in it.
    Stream<Body> parts() {
        return element.children().stream().map(Body::new);
    }

    /// What is in a container of many; empty if that is not there.
    Optional<List<Body>> many(String field) {
        return element.child(field)
                .map(found -> found.children().stream().map(Body::new).toList());
    }

    /// The id that a reference names: `<pool id="..."/>`, or the id alone.
    Optional<String> ref(String field) {
        return child(field)
                .flatMap(child -> child.raw("id"))
                .or(() -> raw(field))
                .map(String::strip)
                .filter(text -> !text.isEmpty());
    }

    /// The same, as the id of something of ours.
    Optional<UUID> id(String field) {
        return ref(field)
                .map(text ->
                        Ids.of(text).orElseThrow(() -> Failure.invalid(field, field + " names nothing that is there")));
    }

    /// The ids in a container of references.
    Optional<List<UUID>> ids(String field) {
        return many(field)
                .map(items -> items.stream()
                        .map(item -> item.raw("id")
                                .or(() -> item.own().map(Object::toString))
                                .flatMap(text -> Ids.of(text.strip()))
                                .orElseThrow(() -> Failure.invalid(field, field + " name something that is not there")))
                        .toList());
    }

    /// All fields and their texts.
    Map<String, String> texts() {
        var texts = new TreeMap<String, String>();
        element.attributes().forEach((name, text) -> texts.put(name, text.toString()));
        for (var child : element.children()) {
            var own = new Body(child).own();
            texts.put(
                    child.name(),
                    own.orElseThrow(() -> Failure.invalid(child.name(), child.name() + " must be a text"))
                            .toString());
        }
        return texts;
    }

    /// A quota (aeolus.md 2.2): what is absent, empty or `unlimited` has no limit.
    ///
    /// @param before if nothing is said
    Limits limits(Limits before) {
        return child("quota")
                .map(quota -> new Limits(
                        quota.maximum("maximum_running_instances"), quota.maximum("maximum_total_instances")))
                .orElse(before);
    }

    private Optional<Integer> maximum(String field) {
        return text(field)
                .map(String::strip)
                .filter(text -> !text.isEmpty() && !text.equals("unlimited"))
                .map(text -> {
                    int number = number(field, text);
                    if (number < 0) {
                        throw Failure.invalid(field, field + " must be from 0 on, or unlimited");
                    }
                    return number;
                });
    }
}
