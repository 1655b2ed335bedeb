package holdfast.federation.afar;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Answer;
import holdfast.platform.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which announcements meet which rules (fluidos.md 5.8).
final class RuleTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {}                                      | {}                                       | true
            {"MAXlatency": 20}                      | {"latency": 20}                          | true
            {"MAXlatency": 20}                      | {"latency": 21}                          | false
            {"MAXlatency": "20"}                    | {"latency": "19.5"}                      | true
            {"MAXlatency": 20}                      | {}                                       | false
            {"MAXlatency": 10000}                   | {}                                       | true
            {"MAXlatency": "near"}                  | {"latency": 1}                           | false
            {"MINbandwidth": 100}                   | {"bandwidth": 100}                       | true
            {"MINbandwidth": 100}                   | {"bandwidth": 99}                        | false
            {"MINbandwidth": 1}                     | {}                                       | false
            {"MINbandwidth": 0}                     | {}                                       | true
            {"locations": ["Italy", "Spain"]}       | {"location": "Spain"}                    | true
            {"locations": ["Italy"]}                | {"location": "Spain"}                    | false
            {"locations": ["Italy"]}                | {}                                       | false
            {"locations": "Italy"}                  | {"location": "Italy"}                    | false
            {"sender": "anybody"}                   | {}                                       | true
            {"example": "a"}                        | {"example": "a"}                         | true
            {"example": "a"}                        | {"example": "b"}                         | false
            {"example": "a"}                        | {}                                       | true
            {"colour": "red"}                       | {"colour": "red"}                        | false
            {"MAXlatency": 20, "locations": ["x"]}  | {"latency": 5, "location": "x"}          | true
            {"MAXlatency": 20, "locations": ["x"]}  | {"latency": 50, "location": "x"}         | false
            {"MAXlatency": 20, "locations": ["x"]}  | {"latency": 5, "location": "y"}          | false
            """)
    void each_key_asks_for_something_and_all_must_be_so(String rule, String metric, boolean met) {
        assertThat(Rule.read(rule).orThrow().admits(Json.tree(metric))).isEqualTo(met);
    }

    @Test
    void on_the_wire_it_is_a_string_of_json_however_often_it_was_wrapped() {
        var rule = Rule.read("{\"MAXlatency\": 20, \"locations\": [\"Italy\"]}").orThrow();
        assertThat(rule.wire()).isEqualTo("\"{\\\"MAXlatency\\\":20,\\\"locations\\\":[\\\"Italy\\\"]}\"");
        assertThat(Rule.read(rule.wire()).orThrow()).isEqualTo(rule);
        assertThat(Rule.read(Json.text(rule.wire())).orThrow()).isEqualTo(rule);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "7", "\"seven\"", "{", "null", "\"\\\"\\\\\\\"7\\\\\\\"\\\"\""})
    void what_is_no_object_is_no_rule(String text) {
        assertThat(Rule.read(text)).isInstanceOf(Answer.No.class);
    }
}
