package holdfast.federation.wire;

import holdfast.core.Answer;
import holdfast.core.Quantity;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.platform.Json;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// A value somewhere in a message, and the way to it. What it is asked for and cannot give, it refuses by throwing,
/// with field, value and rule; those who read whole messages catch it.
///
/// @param path such as `type.data.cpu`; empty for the message itself
/// @param secret whether its value must not be named
record Item(JsonNode node, String path, boolean secret) {
    /// Of ids and addresses.
    static final int NAME = 253;

    /// Of texts for people.
    static final int TEXT = 4_000;

    /// Of lists within an item, and of JSON that is kept as it is, in characters.
    private static final int MOST = 1_000;

    private static final int LARGEST = 65_536;
    private static final int SHOWN = 60;
    private static final String QUANTITY =
            "must be a quantity: a number below 2^63 with a suffix of Kubernetes or none, such as 2500m or 4Gi";
    private static final Pattern ID = Pattern.compile("[\\x21-\\x7e&&[^/?#\\\\]]{1," + NAME + "}");

    /// The message itself.
    static Item of(JsonNode node) {
        return new Item(node, "", false);
    }

    /// The member of that name; of several names, the first that is there.
    Item at(String name, String... others) {
        for (var other : others) {
            if (!member(name).isThere() && member(other).isThere()) {
                return member(other);
            }
        }
        return member(name);
    }

    private Item member(String name) {
        var found = Loose.member(node, name).orElse(MissingNode.getInstance());
        return new Item(found, path.isEmpty() ? name : path + "." + name, secret);
    }

    /// The same, whose value is never named.
    Item hidden() {
        return new Item(node, path, true);
    }

    /// `null` is not there.
    boolean isThere() {
        return !node.isMissingNode() && !node.isNull();
    }

    /// Empty if it is not there.
    Optional<Item> maybe() {
        return Optional.of(this).filter(Item::isThere);
    }

    /// An object with anything in it; empty for none and for `{}`.
    Optional<Item> filled() {
        return maybe().filter(item -> !item.object().node.isEmpty());
    }

    Item object() {
        if (!node.isObject()) {
            throw refused("must be an object");
        }
        return this;
    }

    /// An id: printable, without blanks and slashes, 1 to 253 characters.
    String id() {
        var text = text(NAME);
        if (!ID.matcher(text).matches()) {
            throw refused("must be 1 to " + NAME + " printable characters without blanks and slashes");
        }
        return text;
    }

    /// A text, empty if it is not there; a number or truth value as it is written.
    ///
    /// @param longest in characters
    String text(int longest) {
        if (!isThere()) {
            return "";
        }
        if (node.isContainer()) {
            throw refused("must be a text");
        }
        var text = node.asString();
        if (text.length() > longest) {
            throw refused("must have at most " + longest + " characters");
        }
        return text;
    }

    /// A text that says something.
    Optional<String> said(int longest) {
        return Optional.of(text(longest)).filter(text -> !text.isEmpty());
    }

    /// A text that must say something.
    String needed() {
        return said(NAME).orElseThrow(() -> refused("must be a text"));
    }

    /// Zero or more.
    Quantity amount() {
        if (!isThere()) {
            throw refused(QUANTITY);
        }
        return switch (Quantity.of(text(NAME).strip())) {
            case Answer.Yes<Quantity>(var amount) when amount.signum() >= 0 -> amount;
            case Answer.Yes<Quantity> _ -> throw refused("must not be negative");
            case Answer.No<Quantity> _ -> throw refused(QUANTITY);
        };
    }

    /// A whole number from `least` to `most`.
    long whole(long least, long most) {
        try {
            var number = new BigDecimal(text(NAME));
            long value = number.longValueExact();
            if (value >= least && value <= most) {
                return value;
            }
        } catch (ArithmeticException | NumberFormatException _) {
            // said below
        }
        throw refused("must be a whole number from " + least + " to " + most);
    }

    boolean truth() {
        return switch (text(NAME)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refused("must be true or false");
        };
    }

    /// A time with any offset, in the years 0 to 9999.
    Instant time() {
        try {
            var time = OffsetDateTime.parse(text(NAME));
            if (time.getYear() >= 0 && time.getYear() <= 9999) {
                return time.toInstant();
            }
        } catch (DateTimeException _) {
            // said below
        }
        throw refused("must be a time as in RFC 3339, such as 2025-06-01T08:00:00Z");
    }

    /// The items of a list, none if it is not there; at most 1,000.
    List<Item> items() {
        if (!isThere()) {
            return List.of();
        }
        if (!node.isArray() || node.size() > MOST) {
            throw refused("must be a list of at most " + MOST + " items");
        }
        return IntStream.range(0, node.size())
                .mapToObj(index -> new Item(node.get(index), path + "[" + index + "]", secret))
                .toList();
    }

    List<String> texts() {
        return items().stream().map(item -> item.text(TEXT)).toList();
    }

    /// The members of an object by name, as they come, at most 1,000; none if it is not there.
    <T> Map<String, T> members(Function<Item, T> reading) {
        var members = new LinkedHashMap<String, T>();
        if (isThere()) {
            if (object().node.size() > MOST) {
                throw refused("must have at most " + MOST + " members");
            }
            node.properties()
                    .forEach(member -> members.put(
                            member.getKey(),
                            reading.apply(new Item(member.getValue(), path + "." + member.getKey(), secret))));
        }
        return members;
    }

    /// An object of any shape, given as it is or as its text: kept as it is, at most 65,536 characters.
    JsonNode free() {
        var tree = node.isString() && Loose.read(node.stringValue()) instanceof Answer.Yes<JsonNode>(var read)
                ? read
                : node;
        var text = tree.toString();
        if (!tree.isObject() || text.length() > LARGEST) {
            throw refused("must be an object, or the text of one, of at most " + LARGEST + " characters");
        }
        return Json.tree(text); // as it is when it comes out of the database, so that both are equal
    }

    /// A text, or the JSON of what is none: at most 65,536 characters.
    String json() {
        if (!node.isContainer()) {
            return text(LARGEST);
        }
        var text = node.toString();
        if (text.length() > LARGEST) {
            throw refused("must have at most " + LARGEST + " characters");
        }
        return text;
    }

    /// Refuses the message for what is here.
    ///
    /// @param rule to follow the value, such as `must be a text`
    RefusedException refused(String rule) {
        var field = path.isEmpty() ? "body" : path;
        var value = !isThere() ? " is missing: it " : secret ? " " : " is " + shown() + ": it ";
        return new RefusedException(Refusal.malformed(field, field + value + rule));
    }

    private String shown() {
        if (node.isContainer()) {
            return node.isArray() ? "a list" : "an object";
        }
        var text = node.toString();
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
    }
}
