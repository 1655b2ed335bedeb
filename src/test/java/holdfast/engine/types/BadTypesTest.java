package holdfast.engine.types;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.platform.Json;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A bad definition is refused with the line at fault, the place, the rule and the way out.
final class BadTypesTest {
    private static Refusal refusal(Answer<?> answer) {
        assertThat(answer).isInstanceOf(Answer.No.class);
        var why = ((Answer.No<?>) answer).why();
        assertThat(why.kind()).isEqualTo(Refusal.Kind.MALFORMED);
        return why;
    }

    private static String file(String yaml) {
        return refusal(TypeFile.read("my.yaml", yaml)).message();
    }

    @Test
    void the_line_of_the_part_at_fault_is_named() {
        assertThat(file("""
                        - name: good
                          life: default
                        - name: bad
                          processes:
                            create: {start: requested, during: creating, done: created}
                            remove:
                              start: [created]
                              during: removing
                              done: removed
                              delegate: bad.vanish
                        """))
                .isEqualTo("my.yaml, line 10: bad.processes.remove.delegate: 'bad.vanish' is no process of this type;"
                        + " there are bad.create, bad.remove");
    }

    @Test
    void what_is_no_yaml_is_refused_with_its_line() {
        assertThat(file("- name: a\n  life: [default\n- name: b\n")).startsWith("my.yaml, line 3: is not YAML: ");
        assertThat(file("- name: a\n  life: default\n  life: default\n")).startsWith("my.yaml, line 3: is not YAML: ");
        assertThat(file("name: a")).startsWith("my.yaml, line 1: must be a list");
        assertThat(file("")).startsWith("my.yaml, line 1: must be a list");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            4 | base: other                          | base: there is no type 'other'
            4 | plural: goods                        | plural: 'goods' is taken by the type good; choose another
            4 | aliases: [good]                      | aliases: 'good' is taken by the type good; choose another
            4 | fields: {a: "reference[nobody]"}     | fields.a: there is no type 'nobody'
            4 | fields: {a: "array[map[reference[nobody]]]"} | fields.a: there is no type 'nobody'
            4 | fields: {a: strng}                   | fields.a: 'strng' is neither a type of field nor of resource
            4 | processes: {go: {start: active, during: going, done: active, nested: [good.vanish]}} | processes.go.nested.0: there is no process 'good.vanish'
            """)
    void what_does_not_fit_to_other_types_is_refused(int line, String words, String message) {
        var life = words.startsWith("base") ? "" : "  life: default\n";
        assertThat(file("- name: good\n  life: default\n- name: bad\n  " + words + "\n" + life))
                .startsWith("my.yaml, line " + line + ": bad." + message);
    }

    @Test
    void two_types_of_one_name_are_refused_at_the_second() {
        assertThat(file("- name: a\n  life: default\n- name: a\n  life: default\n"))
                .isEqualTo("my.yaml, line 3: a.name: two types are called a");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            name                       | {'name': 'Bad', 'life': 'default'}
            name                       | {'life': 'default'}
            name                       | {'name': 7, 'life': 'default'}
            colour                     | {'name': 'bad', 'life': 'default', 'colour': 'red'}
            life                       | {'name': 'bad', 'life': 'long'}
            without                    | {'name': 'bad', 'life': 'default', 'without': ['fly']}
            rename.states.flying       | {'name': 'bad', 'life': 'default', 'rename': {'states': {'flying': 'x'}}}
            rename.processes.fly       | {'name': 'bad', 'life': 'default', 'rename': {'processes': {'fly': 'x'}}}
            rename                     | {'name': 'bad', 'rename': {}}
            processes                  | {'name': 'bad'}
            processes                  | {'name': 'bad', 'base': 'good', 'processes': {'a': {'start': 'requested', 'during': 'b', 'done': 'c'}}}
            life                       | {'name': 'bad', 'base': 'good', 'life': 'default'}
            processes.Go               | {'name': 'bad', 'processes': {'Go': {}}}
            processes.go.during        | {'name': 'bad', 'processes': {'go': {'start': 'requested'}}}
            processes.go.start         | {'name': 'bad', 'processes': {'go': {'during': 'a', 'done': 'b'}}}
            processes.go.start         | {'name': 'bad', 'processes': {'go': {'start': ['requested', 'requested'], 'during': 'a', 'done': 'b'}}}
            processes.go.start.1       | {'name': 'bad', 'processes': {'go': {'start': ['requested', 'a b'], 'during': 'a', 'done': 'b'}}}
            processes.go.done          | {'name': 'bad', 'processes': {'go': {'start': 'requested', 'during': 'a', 'done': 'a'}}}
            processes.go.done          | {'name': 'bad', 'processes': {'go': {'start': 'requested', 'during': 'a'}}}
            processes.go               | {'name': 'bad', 'processes': {'go': {'during': {'requested': 'a'}, 'done': {'b': 'c'}}}}
            processes.go               | {'name': 'bad', 'processes': {'go': {'during': {'requested': 'a'}, 'done': {'a': 'c', 'b': 'd'}}}}
            processes.go               | {'name': 'bad', 'processes': {'go': {'start': 'somewhere', 'during': 'a', 'done': 'b'}}}
            processes.go               | {'name': 'bad', 'processes': {'go': {'start': 'requested', 'during': 'a_b', 'done': 'b'}}}
            processes.go.field         | {'name': 'bad', 'life': 'default', 'processes': {'go': {'field': 'xState', 'start': 'x', 'during': 'a', 'done': 'b'}}}
            fields.xState              | {'name': 'bad', 'life': 'default', 'fields': {'xState': 'string'}, 'processes': {'go': {'field': 'xState', 'start': 'x', 'during': 'a', 'done': 'b'}}}
            processes.go.delegate      | {'name': 'bad', 'life': 'default', 'processes': {'go': {'start': 'active', 'during': 'a', 'done': 'b', 'delegate': 'bad.purge'}}}
            processes.go.timer         | {'name': 'bad', 'life': 'default', 'processes': {'go': {'timer': true}}}
            processes.go.nested.0      | {'name': 'bad', 'life': 'default', 'processes': {'go': {'start': 'active', 'during': 'a', 'done': 'b', 'nested': ['x']}}}
            keptBy                     | {'name': 'bad', 'life': 'default', 'keptBy': 'part'}
            course                     | {'name': 'bad', 'life': 'default', 'course': {}}
            rights.user                | {'name': 'bad', 'life': 'default', 'rights': {'user': 'rwx'}}
            activates                  | {'name': 'bad', 'life': 'default', 'activates': 'yes'}
            fields.Big                 | {'name': 'bad', 'life': 'default', 'fields': {'Big': 'string'}}
            fields.state               | {'name': 'bad', 'life': 'default', 'fields': {'state': 'string'}}
            fields.a                   | {'name': 'bad', 'life': 'default', 'fields': {'a': 'array[string'}}
            fields.a.type              | {'name': 'bad', 'life': 'default', 'fields': {'a': {}}}
            fields.a.options           | {'name': 'bad', 'life': 'default', 'fields': {'a': {'type': 'enum'}}}
            fields.a.options           | {'name': 'bad', 'life': 'default', 'fields': {'a': {'type': 'enum', 'options': ['x', 'x']}}}
            fields.a.options           | {'name': 'bad', 'life': 'default', 'fields': {'a': {'type': 'string', 'options': ['x']}}}
            fields.a.min               | {'name': 'bad', 'life': 'default', 'fields': {'a': {'type': 'int', 'min': 2, 'max': 1}}}
            fields.a.min               | {'name': 'bad', 'life': 'default', 'fields': {'a': {'type': 'string', 'min': 2}}}
            fields.a.min               | {'name': 'bad', 'life': 'default', 'fields': {'a': {'type': 'int', 'min': 1.5}}}
            fields.a.minLength         | {'name': 'bad', 'life': 'default', 'fields': {'a': {'type': 'string', 'minLength': 2, 'maxLength': 1}}}
            fields.a.maxLength         | {'name': 'bad', 'life': 'default', 'fields': {'a': {'type': 'string', 'maxLength': -1}}}
            fields.a.secret            | {'name': 'bad', 'life': 'default', 'fields': {'a': {'type': 'int', 'secret': true}}}
            fields.a.required          | {'name': 'bad', 'life': 'default', 'fields': {'a': {'type': 'int', 'create': false, 'required': true}}}
            fields.a.default           | {'name': 'bad', 'life': 'default', 'fields': {'a': {'type': 'int', 'default': 'x'}}}
            fields.a.default           | {'name': 'bad', 'life': 'default', 'fields': {'a': {'type': 'enum', 'options': ['x'], 'default': 'y'}}}
            fields.a.validChars        | {'name': 'bad', 'life': 'default', 'fields': {'a': {'type': 'string', 'validChars': 'a].*['}}}
            fields.a.invalidChars      | {'name': 'bad', 'life': 'default', 'fields': {'a': {'type': 'string', 'invalidChars': 'z-a'}}}
            fields.a.validChars        | {'name': 'bad', 'life': 'default', 'fields': {'a': {'type': 'string', 'validChars': '^a'}}}
            """)
    void what_is_posted_is_refused_with_the_part_at_fault(String field, String body) {
        var why = refusal(TypeReader.posted(Json.tree(body.replace('\'', '"'))));
        assertThat(why.field()).contains(field);
        assertThat(why.message()).isNotBlank();
    }

    @Test
    void a_body_that_is_no_object_is_refused() {
        for (var body : List.of("[]", "7", "null", "\"a\"")) {
            assertThat(refusal(TypeReader.posted(Json.tree(body))).field()).contains("");
        }
    }

    @Test
    void more_than_200_fields_or_100_processes_are_refused() {
        var fields = IntStream.range(0, 201)
                .mapToObj(index -> "\"f" + index + "\": \"string\"")
                .collect(Collectors.joining(","));
        assertThat(refusal(TypeReader.posted(
                                Json.tree("{\"name\": \"big\", \"life\": \"default\", \"fields\": {" + fields + "}}")))
                        .message())
                .isEqualTo("has 201 entries; the most is 200");
        var processes = IntStream.range(0, 94)
                .mapToObj(
                        index -> "\"p" + index + "\": {\"start\": \"active\", \"during\": \"d\", \"done\": \"active\"}")
                .collect(Collectors.joining(","));
        assertThat(refusal(TypeReader.posted(Json.tree(
                                "{\"name\": \"big\", \"life\": \"default\", \"processes\": {" + processes + "}}")))
                        .message())
                .isEqualTo("there are 101 processes; the most is 100");
    }
}
