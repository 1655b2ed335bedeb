package holdfast.orchestrator.intents;

import holdfast.core.Answer;
import holdfast.core.Quantity;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Fields of an object in an intent, and where it stands. What is not as it must be is thrown as a refusal.
record Fields(JsonNode node, String path) {
    private static final int LONGEST = 253;
    private static final int SHOWN = 40;

    static RefusedException refused(String field, String rule) {
        return new RefusedException(Refusal.malformed(field, field + " " + rule));
    }

    static String shorten(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }

    String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /// Refuses fields of other names.
    void only(String... names) {
        node.propertyNames().forEach(name -> {
            if (!Arrays.asList(names).contains(name)) {
                throw refused(
                        at(shorten(name)), "is not a field that is known here; there are: " + String.join(", ", names));
            }
        });
    }

    /// An object; one without fields if it is not there.
    Fields object(String name) {
        var value = node.path(name);
        if (!value.isMissingNode() && !value.isNull() && !value.isObject()) {
            throw refused(at(name), "must be an object");
        }
        return new Fields(value, at(name));
    }

    Optional<String> text(String name) {
        var value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isValueNode() || value.asString().length() > LONGEST) {
            throw refused(at(name), "must be a text of at most " + LONGEST + " characters");
        }
        return Optional.of(value.asString().strip()).filter(text -> !text.isEmpty());
    }

    String required(String name, String such) {
        return text(name).orElseThrow(() -> refused(at(name), "is missing; write one such as " + such));
    }

    boolean flag(String name) {
        return text(name)
                .map(word -> switch (word) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw refused(at(name), "is '" + shorten(word) + "'; it must be true or false");
                })
                .orElse(false);
    }

    Optional<Integer> whole(String name, int least, int most) {
        return text(name).map(text -> {
            if (text.matches("\\d{1,9}")) {
                int number = Integer.parseInt(text);
                if (number >= least && number <= most) {
                    return number;
                }
            }
            throw refused(
                    at(name), "is '" + shorten(text) + "'; it must be a whole number from " + least + " to " + most);
        });
    }

    /// An amount that is not negative.
    Optional<Quantity> amount(String name) {
        return text(name).map(text -> amount(at(name), text));
    }

    static Quantity amount(String field, String text) {
        return switch (Quantity.of(text)) {
            case Answer.Yes<Quantity>(var amount) when amount.signum() >= 0 -> amount;
            case Answer.Yes<Quantity> _ -> throw refused(field, "is " + text + "; it must not be less than zero");
            case Answer.No<Quantity>(var why) ->
                throw new RefusedException(Refusal.malformed(field, field + ": " + why.message()));
        };
    }

    /// The entries of a list of objects; none if it is not there.
    List<Fields> list(String name, int most) {
        var value = node.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return List.of();
        }
        if (!value.isArray() || value.size() > most) {
            throw refused(at(name), "must be a list of at most " + most);
        }
        var entries = new ArrayList<Fields>();
        for (var entry : value) {
            entries.add(new Fields(entry, at(name) + "[" + entries.size() + "]"));
        }
        return entries;
    }
}
