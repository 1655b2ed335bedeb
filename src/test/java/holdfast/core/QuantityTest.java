package holdfast.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class QuantityTest {
    /// What is read, and how it is written again.
    private static final String TEXTS = """
            0                       0
            1                       1
            110                     110
            00012                   12
            +5                      5
            -5                      -5
            -0                      0
            5.                      5
            .5                      500m
            0.1                     100m
            0.5                     500m
            1000m                   1
            2500m                   2500m
            100000m                 100
            7970838142n             7970838142n
            1000u                   1m
            1u                      1u
            0.0000000001            1n
            -0.0000000001           -1n
            1.0000000001            1000000001n
            1000                    1k
            1024                    1024
            1000k                   1M
            4G                      4G
            1E                      1E
            9223372036854775807     9223372036854775807
            1e3                     1e3
            1E3                     1e3
            1e2                     100
            100e1                   1e3
            12e-3                   12e-3
            0e5                     0
            1Ki                     1Ki
            1023Ki                  1023Ki
            2048Ki                  2Mi
            7879752Ki               7879752Ki
            1024Mi                  1Gi
            1.5Gi                   1536Mi
            0.5Gi                   512Mi
            4Gi                     4Gi
            7Ei                     7Ei
            0Gi                     0
            1.1Mi                   1153433600m
            0.1Ki                   102400m
            """;

    private static Quantity quantity(String text) {
        return Quantity.of(text).orThrow();
    }

    @Test
    void forty_texts_and_what_they_mean() {
        assertThat(TEXTS.lines()).hasSizeGreaterThanOrEqualTo(40).allSatisfy(line -> {
            var columns = line.split(" +");
            assertThat(quantity(columns[0]).text()).as(columns[0]).isEqualTo(columns[1]);
            assertThat(quantity(columns[1])).as(columns[1]).isEqualTo(quantity(columns[0]));
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1 Gi",
                " 1",
                "1\n",
                "Gi",
                "m",
                "-",
                ".",
                "1K",
                "1ki",
                "1KiB",
                "1b",
                "1e",
                "1e+",
                "1e3Ki",
                "1mm",
                "--1",
                "1..2",
                "1.2.3",
                "0x10",
                "1_000",
                "1,5",
                "NaN",
                "Infinity",
                "\u0661",
                "9223372036854775808",
                "8Ei",
                "1e19",
                "1e999",
                "1e99999999999",
                "1E9999",
                "11111111111111111111111111111111111111111111111111111111111111111"
            })
    void what_is_no_quantity_is_refused_with_the_way_to_write_one(String text) {
        assertThat(Quantity.of(text))
                .isInstanceOfSatisfying(
                        Answer.No.class,
                        no -> assertThat(no.why().message())
                                .hasSizeLessThan(300)
                                .contains("is no quantity")
                                .contains("2500m or 4Gi"));
    }

    @Test
    void the_smallest_and_the_largest_exponent_are_read() {
        assertThat(quantity("1e-999").text()).isEqualTo("1e-9");
        assertThat(quantity("9e18").text()).isEqualTo("9e18");
    }

    @Test
    void the_family_of_the_left_operand_is_kept_unless_it_is_zero() {
        assertThat(quantity("1Gi").plus(quantity("1G")).text()).isEqualTo("2073741824");
        assertThat(quantity("1Gi").plus(quantity("1G")).family()).isEqualTo(Suffix.BINARY);
        assertThat(quantity("4Gi").minus(quantity("1024Mi")).text()).isEqualTo("3Gi");
        assertThat(quantity("8").minus(quantity("2500m")).text()).isEqualTo("5500m");
        assertThat(Quantity.ZERO.plus(quantity("1Gi")).text()).isEqualTo("1Gi");
        assertThat(Quantity.ZERO.minus(quantity("1Gi")).text()).isEqualTo("-1Gi");
        assertThat(quantity("1G").minus(quantity("1Gi")).text()).isEqualTo("-73741824");
    }

    @Test
    void quantities_compare_by_value() {
        assertThat(quantity("8Gi")).isEqualTo(quantity("8192Mi")).hasSameHashCodeAs(quantity("8589934592"));
        assertThat(quantity("4G")).isLessThan(quantity("4Gi"));
        assertThat(quantity("1")).isNotEqualTo(quantity("1000000001n"));
        assertThat(quantity("-1")).isLessThan(Quantity.ZERO);
    }

    @Test
    void a_quantity_is_cut_down_to_whole_units() {
        assertThat(quantity("7970838142n").floor(quantity("1m")).text()).isEqualTo("7970m");
        assertThat(quantity("3Gi").floor(quantity("2Gi")).text()).isEqualTo("2Gi");
        assertThat(quantity("-1500m").floor(quantity("1")).text()).isEqualTo("-2");
    }
}
