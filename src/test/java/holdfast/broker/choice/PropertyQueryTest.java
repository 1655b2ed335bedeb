package holdfast.broker.choice;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.broker.choice.PropertyQuery.Operator;
import holdfast.core.Answer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PropertyQueryTest {
    private static final Map<String, String> HOST =
            Map.of("vcpus", "16", "gpu", "True", "rack", "r10", "version", "9.5", "odd", "1O");

    @Example
    void each_operator_and_each_error_text() {
        assertThat(matches("")).isTrue();
        assertThat(matches("[]")).isTrue();
        assertThat(matches("[\"==\", \"$vcpus\", \"16\"]")).isTrue();
        assertThat(matches("[\"=\", \"$vcpus\", \"16.0\"]")).isTrue();
        assertThat(matches("[\"!=\", \"$vcpus\", \"16\"]")).isFalse();
        assertThat(matches("[\">=\", \"$vcpus\", \"9\"]")).isTrue();
        assertThat(matches("[\">\", \"$vcpus\", 16]")).isFalse();
        assertThat(matches("[\"<=\", \"$vcpus\", \"16\"]")).isTrue();
        assertThat(matches("[\"<\", \"$version\", \"10\"]")).isTrue();
        assertThat(matches("[\"<\", \"$rack\", \"r9\"]")).as("text").isTrue();
        assertThat(matches("[\"<\", \"$odd\", \"9\"]")).as("text").isTrue();
        assertThat(matches("[\"in\", \"$rack\", \"r1\", \"r10\"]")).isTrue();
        assertThat(matches("[\"and\", [\"=\", \"$gpu\", \"True\"], [\"=\", \"$rack\", \"r1\"]]"))
                .isFalse();
        assertThat(matches("[\"or\", [\"=\", \"$gpu\", \"True\"], [\"=\", \"$rack\", \"r1\"]]"))
                .isTrue();
        assertThat(matches("[\"not\", [\"=\", \"$rack\", \"r1\"]]")).isTrue();

        assertThat(error("{}")).contains("query is wrong at character 0: a list such as");
        assertThat(error("[\">=\", \"$vcpus\"]")).contains("character 15: a value is wanted");
        assertThat(error("[\">=\", \"vcpus\", \"1\"]")).contains("character 7: a name begins with $");
        assertThat(error("[\"~\", \"$vcpus\", \"1\"]")).contains("character 1: there is no operator ~; there are: =");
        assertThat(error("[\"=\", \"$a\", \"1\", \"2\"]"))
                .contains("character 17: a comparison has an operator, a name and a value");
        assertThat(error("[\"and\"]")).contains("character 6: and and or take at least one query");
        assertThat(error("[\"and\", \"x\"]")).contains("character 8: and and or take queries in brackets");
        assertThat(error("[\"not\", []]")).contains("character 9: an operator is wanted");
        assertThat(error("[\"in\", \"$a\"]")).contains("character 11: in takes at least one value");
        assertThat(error("[] x")).contains("character 3");
        assertThat(error("[\"=\", \"$a")).contains("no JSON here");
        assertThat(error("[\"not\", ".repeat(9) + "[\"=\", \"$a\", \"1\"]" + "]".repeat(9)))
                .contains("nested deeper than 8 levels");
        assertThat(error("[\"=\", \"$a\", \"" + "1".repeat(10_000) + "\"]")).contains("it may have 10000");
    }

    @Example
    void an_unknown_property_is_named_with_those_that_there_are() {
        var query = PropertyQuery.parse("query", "[\"=\", \"$cpu\", \"1\"]").orThrow();
        assertThat(
                        query.knowing("query", Set.of("vcpus")) instanceof Answer.No<PropertyQuery>(var why)
                                ? why.message()
                                : "")
                .isEqualTo("query asks for property cpu, which no host has; there are: vcpus");
        assertThat(query.knowing("query", Set.of("cpu"))).isEqualTo(Answer.yes(query));
    }

    @Provide
    Arbitrary<PropertyQuery> queries() {
        return queries(2);
    }

    private static Arbitrary<PropertyQuery> queries(int depth) {
        var name = Arbitraries.of("a", "b", "c", "lacking");
        var value = Arbitraries.of("1", "2", "10", "-1.5", "x", "\"], [\\", "é");
        Arbitrary<PropertyQuery> compare =
                Combinators.combine(Arbitraries.of(Operator.class), name, value).as(PropertyQuery.Compare::new);
        Arbitrary<PropertyQuery> in = Combinators.combine(
                        name, value.list().ofMinSize(1).ofMaxSize(3))
                .as(PropertyQuery.In::new);
        if (depth == 0) {
            return Arbitraries.oneOf(compare, in);
        }
        var parts = queries(depth - 1).list().ofMinSize(1).ofMaxSize(3);
        return Arbitraries.oneOf(
                compare,
                in,
                parts.map(PropertyQuery.And::new),
                parts.map(PropertyQuery.Or::new),
                queries(depth - 1).map(PropertyQuery.Not::new));
    }

    @Provide
    Arbitrary<Map<String, String>> hosts() {
        return Arbitraries.maps(Arbitraries.of("a", "b", "c"), Arbitraries.of("1", "2", "10", "-1.50", "x", "é"));
    }

    @Property
    void what_is_written_is_read_as_the_same(@ForAll("queries") PropertyQuery query) {
        assertThat(PropertyQuery.parse("query", query.text())).isEqualTo(Answer.yes(query));
    }

    @Property
    void a_host_matches_if_the_truth_table_of_three_values_says_so(
            @ForAll("queries") PropertyQuery query, @ForAll("hosts") Map<String, String> host) {
        assertThat(query.matches(host)).isEqualTo(truth(query, host).equals(Optional.of(true)));
    }

    /// True, false, or empty for what is lacking.
    private static Optional<Boolean> truth(PropertyQuery query, Map<String, String> host) {
        return switch (query) {
            case PropertyQuery.Compare(var operator, var name, var value) ->
                Optional.ofNullable(host.get(name)).map(actual -> {
                    int order = order(actual, value);
                    return switch (operator) {
                        case EQUAL -> order == 0;
                        case NOT_EQUAL -> order != 0;
                        case AT_LEAST -> order >= 0;
                        case AT_MOST -> order <= 0;
                        case MORE -> order > 0;
                        case LESS -> order < 0;
                    };
                });
            case PropertyQuery.In(var name, var values) ->
                Optional.ofNullable(host.get(name))
                        .map(actual -> values.stream().anyMatch(value -> order(actual, value) == 0));
            case PropertyQuery.And(var parts) -> {
                var all = parts.stream().map(part -> truth(part, host)).toList();
                yield all.contains(Optional.of(false))
                        ? Optional.of(false)
                        : all.contains(Optional.<Boolean>empty()) ? Optional.empty() : Optional.of(true);
            }
            case PropertyQuery.Or(var parts) -> {
                var all = parts.stream().map(part -> truth(part, host)).toList();
                yield all.contains(Optional.of(true))
                        ? Optional.of(true)
                        : all.contains(Optional.<Boolean>empty()) ? Optional.empty() : Optional.of(false);
            }
            case PropertyQuery.Not(var part) -> truth(part, host).map(value -> !value);
        };
    }

    private static int order(String actual, String value) {
        try {
            return Double.compare(Double.parseDouble(actual), Double.parseDouble(value));
        } catch (NumberFormatException text) {
            return actual.compareTo(value);
        }
    }

    private static boolean matches(String query) {
        return PropertyQuery.parse("query", query).orThrow().matches(HOST);
    }

    private static String error(String query) {
        return PropertyQuery.parse("query", query) instanceof Answer.No<PropertyQuery>(var why)
                ? why.message()
                : "no error";
    }
}
