package holdfast.federation.wire;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// JSON as nodes read it.
class LooseTest {
    private static JsonNode read(String text) {
        return Loose.read(text).orThrow();
    }

    private static Refusal refused(String text) {
        return ((Answer.No<JsonNode>) Loose.read(text)).why();
    }

    private static String member(String text, String name) {
        return Loose.member(read(text), name).orElseThrow().toString();
    }

    @Test
    void keys_are_found_whatever_their_case() {
        assertThat(member("{\"FLAVORid\": 1}", "flavorID")).isEqualTo("1");
        assertThat(Loose.member(read("{\"flavour\": 1}"), "flavorID")).isEmpty();
    }

    @Test
    void of_members_with_one_name_the_last_counts() {
        assertThat(member("{\"a\": 1, \"a\": 2}", "a")).isEqualTo("2");
        assertThat(member("{\"a\": 1, \"A\": 2}", "a")).isEqualTo("2");
        assertThat(member("{\"a\": 1, \"A\": 2, \"a\": 3}", "A")).isEqualTo("3");
    }

    @Test
    void what_follows_the_first_value_is_passed_over() {
        assertThat(read("{\"a\": [true, null]} ]] garbage \u0000")).hasToString("{\"a\":[true,null]}");
        assertThat(read("[] {}")).hasToString("[]");
    }

    @Test
    void numbers_are_exact() {
        assertThat(read("[0.40, 1e3, 123456789012345678901234567890]"))
                .hasToString("[0.40,1E+3,123456789012345678901234567890]");
        assertThat(read("[1e999999999]")).hasToString("[0]");
    }

    @Test
    void what_no_database_keeps_is_replaced() {
        assertThat(member("{\"a\\u0000\": \"\\ud800x\\u0000\"}", "a\uFFFD")).isEqualTo("\"\uFFFDx\uFFFD\"");
        assertThat(read("\"\\ud83d\\ude00\"").stringValue()).isEqualTo("\uD83D\uDE00");
    }

    @Test
    void what_is_no_json_is_refused_with_its_place_and_without_its_words() {
        assertThat(refused("{\"kubeconfig\": \"c2VjcmV0\",\n oops").message())
                .startsWith("the body is no JSON at line 2, column ")
                .doesNotContain("c2VjcmV0", "oops");
        assertThat(refused("").message()).isEqualTo("the body is empty: send JSON, at least {}");
        assertThat(refused("{\"a\": ").field()).contains("body");
    }

    @Test
    void depth_and_size_are_bounded() {
        assertThat(refused("[".repeat(65)).message()).contains("nested at most 64 deep");
        assertThat(read("[".repeat(64) + "]".repeat(64)).isArray()).isTrue();
        assertThat(refused(" ".repeat(Loose.LARGEST + 1)).message()).contains("send at most 10485760");
    }
}
