package holdfast.pools.clouds.choice;

import static holdfast.pools.clouds.choice.Clouds.ANY;
import static holdfast.pools.clouds.choice.Clouds.fixed;
import static holdfast.pools.clouds.choice.Clouds.oneOf;
import static holdfast.pools.clouds.choice.Clouds.profile;
import static holdfast.pools.clouds.choice.Clouds.range;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Answer;
import holdfast.core.HardwareProfile;
import holdfast.core.Refusal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What users may make of a front-end profile (aeolus.md 2.4, 5.3.5).
final class NarrowingTest {
    private static final HardwareProfile PROFILE =
            profile("flexible", range("2048", "1024", "8192"), oneOf("2", "2", "4"), fixed("40"), "x86_64", "i386");

    @Test
    void what_is_given_is_fixed_and_the_rest_stays() {
        var narrowed = Narrowing.narrow(PROFILE, Map.of("memory", "4096", "architecture", "i386", "storage", "40.0"))
                .orThrow();
        assertThat(narrowed.memory()).isEqualTo(fixed("4096"));
        assertThat(narrowed.cpu()).isEqualTo(PROFILE.cpu());
        assertThat(narrowed.architectures()).isEqualTo(List.of("i386"));
        assertThat(Narrowing.narrow(PROFILE, Map.of("memory", " ")).orThrow()).isEqualTo(PROFILE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "memory       | 8193    | hwp_memory must be from 1024 to 8192",
                "memory       | 1023.9  | hwp_memory must be from 1024 to 8192",
                "memory       | much    | hwp_memory must be a number, such as 512 or 1740.8",
                "memory       | -1      | hwp_memory must be a number, such as 512 or 1740.8",
                "memory       | 1e9     | hwp_memory must be a number, such as 512 or 1740.8",
                "cpu          | 3       | hwp_cpu must be one of 2, 4",
                "storage      | 41      | hwp_storage is always 40 in this profile",
                "architecture | aarch64 | hwp_architecture must be one of x86_64, i386",
                "color        | red     | hwp_color is no measure of a hardware profile"
            })
    void what_the_profile_does_not_allow_is_refused_by_name(String name, String value, String message) {
        var answer = Narrowing.narrow(PROFILE, Map.of(name, value));
        assertThat(answer).isEqualTo(Answer.no(Refusal.malformed("hwp_" + name, message)));
    }

    @Test
    void where_the_profile_says_nothing_all_is_allowed_that_a_profile_may_have() {
        var open = profile("open", ANY, ANY, ANY);
        assertThat(Narrowing.narrow(open, Map.of("cpu", "1024", "storage", "0", "architecture", "arm64")))
                .isInstanceOf(Answer.Yes.class);
        assertThat(Narrowing.narrow(open, Map.of("cpu", "1025"))).isInstanceOf(Answer.No.class);
        assertThat(Narrowing.narrow(open, Map.of("memory", "0"))).isInstanceOf(Answer.No.class);
        assertThat(Narrowing.narrow(open, Map.of("memory", "1048577"))).isInstanceOf(Answer.No.class);
    }
}
