package holdfast.broker.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.Effort;
import holdfast.core.RefusedException;
import holdfast.platform.Json;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Texts with places for values, and objects full of them.
class TemplateTest {
    private static final YAMLMapper YAML = new YAMLMapper();

    /// Each of its places is another way to break out.
    private static final Manifest MANIFEST = new Manifest("all", "", YAML.readTree("""
                    apiVersion: v1
                    kind: ConfigMap
                    metadata:
                      name: fixed
                      annotations: {note: 'for {{ .user }}: all'}
                    data:
                      whole: '{{ .password }}'
                      quoted: 'password={{ .password | quote }}'
                      coded: '{{ .password | b64enc }}'
                      among: 'user={{ .user }} # {{ .user | upper | lower }}'
                      preset: '{{ .none | default "a | \\"b\\" }} c" }}'
                    list: ['- {{ .user }}', 2, true, null]
                    """));

    private static String filled(String template, Map<String, ?> values) {
        var nodes = new HashMap<String, JsonNode>();
        values.forEach((name, value) -> nodes.put(name, Json.toTree(value)));
        return Template.of(template, "text").render(nodes, "text").toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "{{ .user }}; \"Anna\"",
                "{{.user}}; \"Anna\"",
                "x{{ .user }}y{{ .port }}; \"xAnnay3306\"",
                "{{ .port }}; 3306",
                "{{ .port | quote }}; \"\\\"3306\\\"\"",
                "{{ .user | upper }}; \"ANNA\"",
                "{{ .user | lower | b64enc }}; \"YW5uYQ==\"",
                "{{ .none | default \"x\" | upper }}; \"X\"",
                "{{ .none | default 7 }}; 7",
                "{{ .empty | default \"}}|\" }}; \"}}|\"",
                "{{ .user | default \"x\" }}; \"Anna\"",
                "a }} b; \"a }} b\"",
                "nothing; \"nothing\""
            })
    void places_are_filled_and_filters_applied(String template, String expected) {
        assertThat(filled(template, Map.of("user", "Anna", "port", 3306, "empty", "")))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ .user",
                "{{ }}",
                "{{- .user }}",
                "{{ user }}",
                "{{ .user.name }}",
                "{{ . }}",
                "{{ $x }}",
                "{{ .user | trim }}",
                "{{ .user | default }}",
                "{{ .user | default .other }}",
                "{{ .user | upper | default \"x\" }}",
                "{{ .user | default \"x\" | default \"y\" }}",
                "{{ .user | default \"x }}",
                "{{ if .user }}x{{ end }}",
                "{{ range .user }}{{ end }}",
                "{{ default \"x\" .user }}",
                "{{ printf \"%s\" .user }}",
                "{{/* note */}}",
                "{{ include \"x\" . }}",
                "{{ {{ .user }} }}",
                "{{ .user | quote quote }}"
            })
    void everything_else_in_braces_is_refused_with_what_is_taken(String template) {
        assertThatThrownBy(() -> Template.of(template, "spec.x"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("spec.x")
                .hasMessageContaining("{{ .name }}");
    }

    @Test
    void a_value_that_is_missing_or_is_none_is_named() {
        assertThatThrownBy(() -> filled("{{ .user }}", Map.of()))
                .hasMessageContaining("configurationData.user")
                .hasMessageContaining("missing");
        assertThatThrownBy(() -> filled("{{ .user }}", Map.of("user", List.of("x"))))
                .hasMessageContaining("configurationData.user");
        assertThatThrownBy(() -> filled("a {{ .user }}", Map.of("user", "x\ny: z")))
                .as("several lines in the middle of a text")
                .hasMessageContaining("one line")
                .hasMessageNotContaining("z");
        assertThat(filled("{{ .user }}", Map.of("user", "x\ny"))).isEqualTo("\"x\\ny\"");
        assertThat(filled("a {{ .user | quote }}", Map.of("user", "x\n\"y")))
                .isEqualTo("\"a \\\"x\\\\n\\\\\\\"y\\\"\"");
    }

    @Test
    void long_templates_and_values_take_linear_time_and_too_long_ones_are_refused() {
        var many = "{{ .user }}".repeat(900);
        var long_ = "x".repeat(4_000);
        var effort = Effort.of(() -> {
            assertThat(filled(many, Map.of("user", long_))).hasSize(900 * 4_000 + 2);
            var braces = "{{".repeat(Template.LONGEST / 2);
            assertThatThrownBy(() -> Template.of(braces, "x")).isInstanceOf(RefusedException.class);
            var quotes = "{{ .a | default \"" + "\\\\".repeat(30_000) + "\" }}";
            assertThat(Template.of(quotes, "x").named()).containsExactly("a");
        });
        assertThat(effort).isLessThan(Duration.ofSeconds(5));
        assertThatThrownBy(() -> Template.of("x".repeat(Template.LONGEST + 1), "x"))
                .hasMessageContaining("at most");
        assertThatThrownBy(() -> Template.of("{{ .a }}".repeat(5_000), "x")).hasMessageContaining("fewer");
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(40),
                Arbitraries.strings()
                        .withChars("\"'\\\n\t:{}[]#|>-&*!%@`,? ax=\u0085\u2028\u007f")
                        .ofMaxLength(20),
                Arbitraries.of(
                        "x\nadmin: true",
                        "\"\nkind: Pod",
                        "{{ .password }}",
                        "*a",
                        "- a\n- b",
                        "---\nkind: Secret",
                        "null",
                        "1e3",
                        "!!java.net.URL x"));
    }

    /// The tree has the shape of its template, whatever the values, and is read back from YAML as it is.
    @Property(tries = 2_000)
    void no_value_becomes_more_than_a_value(@ForAll("values") String user, @ForAll("values") String password) {
        Assume.that(IntStream.range(0, 2)
                .mapToObj(index -> index == 0 ? user : password)
                .noneMatch(value -> value.isEmpty() || value.indexOf('\0') >= 0 || !isWellFormed(value)));
        JsonNode made;
        try {
            made = MANIFEST.render(Map.of("user", StringNode.valueOf(user), "password", StringNode.valueOf(password)));
        } catch (RefusedException e) {
            assertThat(user.codePoints()).as("only several lines are refused").anyMatch(TemplateTest::breaksLines);
            return;
        }
        assertShape(MANIFEST.object(), made);
        assertThat(made.at("/data/whole").stringValue()).isEqualTo(password);
        assertThat(Json.tree(made.at("/data/quoted").stringValue().substring("password=".length()))
                        .stringValue())
                .isEqualTo(password);
        assertThat(made.at("/data/among").stringValue()).startsWith("user=" + user + " # ");
        assertThat(made.at("/data/preset").stringValue()).isEqualTo("a | \"b\" }} c");
        assertThat(YAML.readTree(Manifests.yaml(List.of(made)))).isEqualTo(made);
    }

    private static boolean breaksLines(int letter) {
        return Character.isISOControl(letter) || letter == 0x2028 || letter == 0x2029;
    }

    private static boolean isWellFormed(String text) {
        return text.codePoints()
                .noneMatch(letter ->
                        letter >= 0xd800 && letter <= 0xdfff || letter >= 0xfffe && (letter & 0xfffe) == 0xfffe);
    }

    private static void assertShape(JsonNode template, JsonNode made) {
        assertThat(made.getNodeType()).isEqualTo(template.getNodeType());
        assertThat(List.copyOf(made.propertyNames())).isEqualTo(List.copyOf(template.propertyNames()));
        assertThat(made.size()).isEqualTo(template.size());
        if (template.isObject()) {
            template.properties().forEach(member -> assertShape(member.getValue(), made.get(member.getKey())));
        } else if (template.isArray()) {
            for (int index = 0; index < template.size(); index++) assertShape(template.get(index), made.get(index));
        } else if (!template.asString("").contains("{{")) {
            assertThat(made).isEqualTo(template);
        }
    }
}
