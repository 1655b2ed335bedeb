package holdfast.protocol.rear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import holdfast.core.Answer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RegexTest {
    private static boolean finds(String expression, String text) {
        return Regex.of(expression).orThrow().finds(text);
    }

    private static String refusal(String expression) {
        return switch (Regex.of(expression)) {
            case Answer.Yes<Regex> _ -> "taken";
            case Answer.No<Regex>(var why) -> why.message();
        };
    }

    @Test
    void it_is_unanchored_refuses_looking_around_and_ends_soon_on_a_bomb() {
        assertThat(finds("amd", "amd64")).isTrue();
        assertThat(finds("64$", "amd64")).isTrue();
        assertThat(finds("^64", "amd64")).isFalse();
        assertThat(finds("(?i)AMD", "amd64")).isTrue();
        for (var around : List.of("(?=amd)", "(?!amd)", "(?<=amd)64", "(?<!amd)64", "(a)\\1"))
            assertThat(refusal(around)).as(around).contains("is none of RE2").contains("looking around");
        assertTimeoutPreemptively(Duration.ofMinutes(2), () -> {
            assertThat(finds("^(a+)+$", "a".repeat(100_000) + "!")).isFalse();
            assertThat(finds("^(a|aa|a?)*$", "a".repeat(10_000) + "!")).isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "((((a{100}){100}){100}){100}){100}",
                "(a{1000}){1000}",
                "(((((((((x{2}){2}){2}){2}){2}){2}){2}){2}){2}){999}",
                "a{1,99999999999999999999}",
                "a{0,1000}a{0,1000}",
                "[\\pL\\pN]{1000}[\\pL\\pN]{1000}[\\pL\\pN]{1000}"
            })
    void what_stands_for_too_much_is_refused_soon(String expression) {
        assertTimeoutPreemptively(
                Duration.ofMinutes(2), () -> assertThat(refusal(expression)).isNotEqualTo("taken"));
    }

    @Test
    void what_people_write_is_taken() {
        assertThat(finds("^\\d{1,3}(\\.\\d{1,3}){3}$", "10.20.0.7")).isTrue();
        assertThat(finds("^[a-z]{2,10}-[a-z]{2,10}$", "message-queue")).isTrue();
        assertThat(finds("x{,3}", "x{,3}")).isTrue();
    }

    @Test
    void what_is_wrong_or_too_long_is_refused() {
        assertThat(refusal("[a")).contains("missing closing ]");
        assertThat(refusal("a".repeat(1_001))).contains("has 1001 characters: write at most 1000");
        assertThat(refusal("a".repeat(1_000))).isEqualTo("taken");
    }
}
