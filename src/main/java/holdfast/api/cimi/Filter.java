package holdfast.api.cimi;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Which entries of a collection are asked for (aeolus.md 5.4.5), read from the text of `$filter`:
///
/// - `or` of `and` of comparisons, with parentheses
/// - an attribute, or `property['name']`, then `=`, `!=`, `<`, `<=`, `>` or `>=`, then a value: an integer, `true`,
///   `false`, a time, or a text in quotes
///
/// An attribute that an entry does not have is not equal to anything; a value of another kind never matches.
sealed interface Filter {
    record And(List<Filter> all) implements Filter {}

    record Or(List<Filter> any) implements Filter {}

    /// @param property whether `name` is one of the user's own properties
    record Comparison(boolean property, String name, Operator operator, Value value) implements Filter {}

    /// How two values are compared.
    enum Operator {
        EQUAL("="),
        UNEQUAL("!="),
        LESS("<"),
        AT_MOST("<="),
        MORE(">"),
        AT_LEAST(">=");

        private final String sign;

        Operator(String sign) {
            this.sign = sign;
        }

        private boolean holds(int order) {
            return switch (this) {
                case EQUAL -> order == 0;
                case UNEQUAL -> order != 0;
                case LESS -> order < 0;
                case AT_MOST -> order <= 0;
                case MORE -> order > 0;
                case AT_LEAST -> order >= 0;
            };
        }

        private static Operator of(String sign) {
            for (var operator : values()) {
                if (operator.sign.equals(sign)) {
                    return operator;
                }
            }
            throw new IllegalArgumentException(sign);
        }
    }

    /// What an attribute is compared with.
    sealed interface Value {
        record Number(long value) implements Value {}

        record Truth(boolean value) implements Value {}

        record Time(Instant value) implements Value {}

        record Text(String value) implements Value {}

        /// Whether there is a before and an after.
        default boolean ordered() {
            return switch (this) {
                case Number _, Time _ -> true;
                case Truth _, Text _ -> false;
            };
        }

        /// How an attribute's value lies to this one; empty if it is of another kind.
        default Optional<Integer> order(JsonNode node) {
            return switch (this) {
                case Number(var value) ->
                    node.isIntegralNumber()
                            ? Optional.of(node.bigIntegerValue().compareTo(BigInteger.valueOf(value)))
                            : Optional.empty();
                case Truth(var value) ->
                    node.isBoolean() ? Optional.of(Boolean.compare(node.booleanValue(), value)) : Optional.empty();
                case Time(var value) ->
                    node.isString() ? time(node.stringValue()).map(own -> own.compareTo(value)) : Optional.empty();
                case Text(var value) ->
                    node.isString() ? Optional.of(node.stringValue().compareTo(value)) : Optional.empty();
            };
        }

        private static Optional<Instant> time(String text) {
            try {
                return Optional.of(OffsetDateTime.parse(text).toInstant());
            } catch (DateTimeException _) {
                return Optional.empty();
            }
        }
    }

    /// Longer ones are refused.
    int LONGEST = 4_096;
    /// So many parentheses may stand in each other.
    int DEEPEST = 32;

    default boolean matches(JsonNode entry) {
        return switch (this) {
            case And(var all) -> all.stream().allMatch(one -> one.matches(entry));
            case Or(var any) -> any.stream().anyMatch(one -> one.matches(entry));
            case Comparison(var property, var name, var operator, var value) -> {
                var node = property ? entry.path("properties").path(name) : entry.path(name);
                yield node.isMissingNode() || node.isNull()
                        ? operator == Operator.UNEQUAL
                        : value.order(node).filter(operator::holds).isPresent();
            }
        };
    }

    /// @return MALFORMED with the place where it cannot be understood
    static Answer<Filter> read(String text) {
        if (text.length() > LONGEST) {
            return Answer.no(Refusal.malformed("$filter", "$filter is longer than " + LONGEST + " characters"));
        }
        try {
            return Answer.yes(new Reader(text).whole());
        } catch (Misread e) {
            return Answer.no(Refusal.malformed(
                    "$filter",
                    "$filter cannot be understood at character " + (e.at + 1) + ": " + e.getMessage()
                            + "; such as name='web' and (cpu>=2 or property['tier']='front')"));
        }
    }

    /// Something stands where it cannot.
    final class Misread extends Exception {
        private static final long serialVersionUID = 1;
        private final int at;

        private Misread(int at, String message) {
            super(message);
            this.at = at;
        }
    }

    /// Reads from left to right, never back.
    final class Reader {
        private static final Pattern WORD = Pattern.compile("\\s*(and|or)\\b");
        private static final Pattern PROPERTY = Pattern.compile("\\s*property\\[(?:'([^']*)'|\"([^\"]*)\")\\]");
        private static final Pattern ATTRIBUTE = Pattern.compile("\\s*([A-Za-z][A-Za-z0-9_]*)");
        private static final Pattern OPERATOR = Pattern.compile("\\s*(!=|<=|>=|=|<|>)");
        private static final Pattern QUOTED = Pattern.compile("\\s*(?:'([^']*)'|\"([^\"]*)\")");
        private static final Pattern BARE = Pattern.compile("\\s*([^\\s()'\"]+)");
        private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,18}");

        private final String text;
        private int at;
        private int depth;

        private Reader(String text) {
            this.text = text;
        }

        private Filter whole() throws Misread {
            var all = any();
            if (!text.substring(at).isBlank()) {
                throw new Misread(at, "'and' or 'or' must follow");
            }
            return all;
        }

        private Filter any() throws Misread {
            var found = new ArrayList<>(List.of(all()));
            while (word("or")) {
                found.add(all());
            }
            return found.size() == 1 ? found.getFirst() : new Or(found);
        }

        private Filter all() throws Misread {
            var found = new ArrayList<>(List.of(one()));
            while (word("and")) {
                found.add(one());
            }
            return found.size() == 1 ? found.getFirst() : new And(found);
        }

        private boolean word(String wanted) {
            var word = here(WORD);
            if (!word.lookingAt() || !word.group(1).equals(wanted)) {
                return false;
            }
            at = word.end();
            return true;
        }

        private Filter one() throws Misread {
            if (skip('(')) {
                if (++depth > DEEPEST) {
                    throw new Misread(at, "too many parentheses");
                }
                var inside = any();
                depth--;
                if (!skip(')')) {
                    throw new Misread(at, "a ')' is missing");
                }
                return inside;
            }
            var property = here(PROPERTY);
            boolean own = property.lookingAt();
            var name = own ? property : next(ATTRIBUTE, "an attribute is missing");
            if (own) {
                at = property.end();
            }
            var sign = next(OPERATOR, "one of = != < <= > >= is missing");
            var operator = Operator.of(sign.group(1));
            int place = at;
            var value = value();
            if (!value.ordered() && operator != Operator.EQUAL && operator != Operator.UNEQUAL) {
                throw new Misread(place, "text and truth have no order; use = or !=");
            }
            return new Comparison(own, own ? quoted(name) : name.group(1), operator, value);
        }

        private Value value() throws Misread {
            var quoted = here(QUOTED);
            if (quoted.lookingAt()) {
                at = quoted.end();
                return new Value.Text(quoted(quoted));
            }
            int place = at;
            var bare = next(BARE, "a value is missing").group(1);
            if (bare.equals("true") || bare.equals("false")) {
                return new Value.Truth(bare.equals("true"));
            }
            if (INTEGER.matcher(bare).matches()) {
                return new Value.Number(Long.parseLong(bare));
            }
            return Value.time(bare)
                    .<Value>map(Value.Time::new)
                    .orElseThrow(() -> new Misread(place, "text must stand in quotes"));
        }

        private static String quoted(Matcher found) {
            return Optional.ofNullable(found.group(1)).orElseGet(() -> found.group(2));
        }

        private Matcher next(Pattern wanted, String otherwise) throws Misread {
            var found = here(wanted);
            if (!found.lookingAt()) {
                throw new Misread(at, otherwise);
            }
            at = found.end();
            return found;
        }

        private boolean skip(char sign) {
            int next = at;
            while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
                next++;
            }
            if (next >= text.length() || text.charAt(next) != sign) {
                return false;
            }
            at = next + 1;
            return true;
        }

        private Matcher here(Pattern pattern) {
            return pattern.matcher(text).region(at, text.length());
        }
    }
}
