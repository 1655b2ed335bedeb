package holdfast.api.cimi;

import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads what clients send. What came as XML is text throughout; numbers and truth are taken from text as well.
final class Fields {
    private static final int LONGEST = 65_536;
    private static final int MOST = 100;
    private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}]{1,1024}");

    private Fields() {}

    static Optional<String> text(JsonNode node, String field) {
        var value = node.path(field);
        if (!value.isMissingNode() && !value.isNull() && !value.isValueNode()) {
            throw Problem.malformed(field + " must be a text");
        }
        var text = value.asString("").strip();
        if (text.length() > LONGEST) {
            throw Problem.malformed(field + " is longer than " + LONGEST + " characters");
        }
        return Optional.of(text).filter(found -> !found.isEmpty());
    }

    /// Of at most so many characters.
    static Optional<String> text(JsonNode node, String field, int most) {
        return text(node, field).map(found -> {
            if (found.length() > most) {
                throw Problem.malformed(field + " is longer than " + most + " characters");
            }
            return found;
        });
    }

    /// What something is to be called: 1 to 1,024 characters, none of them control characters.
    static Optional<String> name(JsonNode node) {
        return text(node, "name").map(name -> {
            if (!NAME.matcher(name).matches()) {
                throw Problem.malformed("name has 1 to 1,024 characters, none of them control characters");
            }
            return name;
        });
    }

    /// At least 0.
    static Optional<BigDecimal> number(JsonNode node, String field) {
        return text(node, field, 20).map(text -> {
            try {
                var number = new BigDecimal(text);
                if (number.signum() >= 0 && Math.abs(number.scale()) <= 18) {
                    return number;
                }
            } catch (NumberFormatException _) {
                // told below
            }
            throw Problem.malformed(field + " is '" + text + "'; it must be a number of 0 or more");
        });
    }

    static Optional<ObjectNode> object(JsonNode node, String field) {
        return node.path(field) instanceof ObjectNode inside ? Optional.of(inside) : Optional.empty();
    }

    /// The last segment of the address of what is referred to; its host does not matter (aeolus.md 5.4.1).
    static Optional<String> reference(JsonNode node, String field) {
        return object(node, field)
                .flatMap(inside -> text(inside, Notation.HREF))
                .map(Fields::last);
    }

    /// The same, where the address may also be there as a text.
    static Optional<String> location(JsonNode node, String field) {
        return object(node, field).isPresent()
                ? reference(node, field)
                : text(node, field).map(Fields::last);
    }

    /// What is an object of what is in an array; empty if it is none.
    static List<ObjectNode> list(JsonNode node, String field) {
        return node.path(field)
                .valueStream()
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .toList();
    }

    static String last(String address) {
        var bare = address.split("[?#]", 2)[0];
        var trimmed = bare.endsWith("/") ? bare.substring(0, bare.length() - 1) : bare;
        try {
            var last = trimmed.substring(trimmed.lastIndexOf('/') + 1);
            return URLDecoder.decode(last.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw Problem.malformed("'" + trimmed + "' is no address");
        }
    }

    /// @return empty for what is no id of ours
    static Optional<UUID> uuid(String id) {
        try {
            return Optional.of(UUID.fromString(id));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    static Map<String, String> properties(JsonNode node) {
        var said = node.path(Notation.PROPERTIES);
        if (!said.isMissingNode() && !said.isNull() && !said.isObject()) {
            throw Problem.malformed("properties must be an object of texts");
        }
        var found = new TreeMap<String, String>();
        for (var one : said.properties()) {
            if (one.getValue().isContainer()) {
                throw Problem.malformed("property " + one.getKey() + " must be a text");
            }
            found.put(one.getKey(), one.getValue().asString(""));
        }
        if (found.size() > MOST
                || found.entrySet().stream()
                        .anyMatch(one ->
                                one.getKey().length() > 255 || one.getValue().length() > 4_096)) {
            throw Problem.malformed(
                    "properties are at most " + MOST + ", with names of 255 and values of 4,096 characters");
        }
        return found;
    }
}
