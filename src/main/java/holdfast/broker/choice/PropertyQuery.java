package holdfast.broker.choice;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.core.RefusedException;
import holdfast.platform.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A condition on the properties of a host (promise.md 6.9): `[">=", "$vcpus", "16"]`, joined by `and`, `or`, `not`,
/// and `["in", "$rack", "r1", "r2"]`.
///
/// A host that lacks a property neither meets nor fails a condition on it, so `not` does not make it match. Two
/// numbers are compared as numbers, all else as text. Private properties are properties like others here.
public sealed interface PropertyQuery {
    /// Matches each host.
    static PropertyQuery everything() {
        return new And(List.of());
    }

    /// Compares one property.
    record Compare(Operator operator, String name, String value) implements PropertyQuery {}

    /// Whether a property has one of some values.
    record In(String name, List<String> values) implements PropertyQuery {
        public In {
            values = List.copyOf(values);
        }
    }

    record And(List<PropertyQuery> parts) implements PropertyQuery {
        public And {
            parts = List.copyOf(parts);
        }
    }

    record Or(List<PropertyQuery> parts) implements PropertyQuery {
        public Or {
            parts = List.copyOf(parts);
        }
    }

    record Not(PropertyQuery part) implements PropertyQuery {}

    /// How two values are compared.
    enum Operator {
        EQUAL("=="),
        NOT_EQUAL("!="),
        AT_LEAST(">="),
        AT_MOST("<="),
        MORE(">"),
        LESS("<");

        final String sign;

        Operator(String sign) {
            this.sign = sign;
        }

        private boolean holds(int order) {
            return switch (this) {
                case EQUAL -> order == 0;
                case NOT_EQUAL -> order != 0;
                case AT_LEAST -> order >= 0;
                case AT_MOST -> order <= 0;
                case MORE -> order > 0;
                case LESS -> order < 0;
            };
        }
    }

    /// Reads a query; an empty text and `[]` are no condition.
    ///
    /// @param field named by the refusal, which also says at which character the error is
    static Answer<PropertyQuery> parse(String field, String text) {
        try {
            return Answer.yes(PropertyReader.read(field, text));
        } catch (RefusedException refused) {
            return Answer.no(refused.refusal());
        }
    }

    /// Both conditions.
    default PropertyQuery and(PropertyQuery other) {
        if (equals(everything())) {
            return other;
        }
        return other.equals(everything()) ? this : new And(List.of(this, other));
    }

    /// The names that it asks about.
    default Set<String> names() {
        return new TreeSet<>(named().toList());
    }

    private Stream<String> named() {
        return switch (this) {
            case Compare compare -> Stream.of(compare.name);
            case In in -> Stream.of(in.name);
            case And(var parts) -> parts.stream().flatMap(PropertyQuery::named);
            case Or(var parts) -> parts.stream().flatMap(PropertyQuery::named);
            case Not(var part) -> part.named();
        };
    }

    /// The query, if all properties that it asks about are among `known`.
    default Answer<PropertyQuery> knowing(String field, Set<String> known) {
        return names().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .<Answer<PropertyQuery>>map(name -> Answer.no(Refusal.malformed(
                        field,
                        field + " asks for property " + name + ", which no host has; there are: "
                                + String.join(
                                        ", ", known.stream().sorted().limit(50).toList()))))
                .orElse(Answer.yes(this));
    }

    /// Whether a host with these properties will do. O(length of the query).
    default boolean matches(Map<String, String> properties) {
        return is(properties, true);
    }

    /// Whether the properties show that the outcome is `wanted`; a property that is lacking shows nothing.
    private boolean is(Map<String, String> properties, boolean wanted) {
        return switch (this) {
            case Compare(var operator, var name, var value) -> {
                var actual = properties.get(name);
                yield actual != null && operator.holds(compare(actual, value)) == wanted;
            }
            case In(var name, var values) -> {
                var actual = properties.get(name);
                yield actual != null && values.stream().anyMatch(value -> compare(actual, value) == 0) == wanted;
            }
            case And(var parts) ->
                wanted
                        ? parts.stream().allMatch(part -> part.is(properties, true))
                        : parts.stream().anyMatch(part -> part.is(properties, false));
            case Or(var parts) ->
                wanted
                        ? parts.stream().anyMatch(part -> part.is(properties, true))
                        : parts.stream().allMatch(part -> part.is(properties, false));
            case Not(var part) -> part.is(properties, !wanted);
        };
    }

    private static int compare(String actual, String value) {
        return Numbers.PATTERN.matcher(actual).matches()
                        && Numbers.PATTERN.matcher(value).matches()
                ? new BigDecimal(actual).compareTo(new BigDecimal(value))
                : actual.compareTo(value);
    }

    /// As [#parse], of a text that was a query before.
    @JsonCreator
    static PropertyQuery stored(String text) {
        return PropertyReader.read("query", text);
    }

    /// The JSON text that is read as this query.
    @JsonValue
    default String text() {
        return equals(everything()) ? "" : Json.text(tree());
    }

    private List<Object> tree() {
        return switch (this) {
            case Compare(var operator, var name, var value) -> List.of(operator.sign, "$" + name, value);
            case In(var name, var values) -> join(List.of("in", "$" + name), values);
            case And(var parts) ->
                join(List.of("and"), parts.stream().map(PropertyQuery::tree).toList());
            case Or(var parts) ->
                join(List.of("or"), parts.stream().map(PropertyQuery::tree).toList());
            case Not(var part) -> List.of("not", part.tree());
        };
    }

    private static List<Object> join(List<String> head, List<?> tail) {
        var all = new ArrayList<Object>(head);
        all.addAll(tail);
        return all;
    }

    /// What counts as a number; bounded, so that nobody makes a comparison dear.
    final class Numbers {
        private static final Pattern PATTERN = Pattern.compile("[+-]?\\d{1,30}(\\.\\d{1,30})?");

        private Numbers() {}
    }
}
