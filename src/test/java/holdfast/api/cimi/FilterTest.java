package holdfast.api.cimi;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.platform.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What `$filter` may say, and what it finds.
final class FilterTest {
    private static final JsonNode MACHINE = Json.tree("""
            {"name": "web-1", "state": "STARTED", "cpu": 4, "memory": 2097152, "bootable": true,
             "created": "2031-02-03T10:00:00Z", "properties": {"tier": "front", "a b": "c"}}
            """);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name='web-1'                                        | true",
                "name=\"web-1\"                                      | true",
                "name != 'web-1'                                     | false",
                "cpu >= 4 and cpu < 5                                | true",
                "cpu > 4 or memory = 2097152                         | true",
                "cpu>4 or cpu<2 and memory=2097152                   | false",
                "(cpu > 4 or cpu < 8) and (state='STARTED')          | true",
                "bootable = true                                     | true",
                "created < 2031-02-03T10:00:01Z                      | true",
                "created >= 2031-02-03T11:00:01+01:00                | false",
                "property['tier']='front'                            | true",
                "property[\"a b\"] = 'c'                             | true",
                "property['none'] = 'x'                              | false",
                "property['none'] != 'x'                             | true",
                "nothing = 1                                         | false",
                "nothing != 1                                        | true",
                "cpu = '4'                                           | false",
                "cpu != '4'                                          | false",
                "name = 4                                            | false",
                "cpu = -4                                            | false"
            })
    void entries_are_found_as_the_rules_say(String text, boolean found) {
        assertThat(Filter.read(text).orThrow().matches(MACHINE)).isEqualTo(found);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "name",
                "name=",
                "=4",
                "name='web",
                "name = web-1",
                "name < 'x'",
                "bootable >= true",
                "cpu = 1 cpu = 2",
                "(cpu=1",
                "cpu=1)",
                "cpu == 1",
                "machines[0]='x'",
                "property[tier]='x'",
                "cpu=1 and",
                "cpu=99999999999999999999"
            })
    void what_cannot_be_understood_is_refused_with_its_place(String text) {
        var why = ((Answer.No<Filter>) Filter.read(text)).why();
        assertThat(why.kind()).isEqualTo(Refusal.Kind.MALFORMED);
        assertThat(why.message()).contains("cannot be understood at character");
    }

    @Test
    void length_and_depth_have_a_bound() {
        assertThat(Filter.read("a=1".repeat(2_000))).isInstanceOf(Answer.No.class);
        assertThat(Filter.read("(".repeat(33) + "a=1" + ")".repeat(33))).isInstanceOf(Answer.No.class);
        assertThat(Filter.read("(".repeat(32) + "a=1" + ")".repeat(32))).isInstanceOf(Answer.Yes.class);
    }
}
