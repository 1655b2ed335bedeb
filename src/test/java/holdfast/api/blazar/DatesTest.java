package holdfast.api.blazar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatesTest {
    private static final Instant NOW = Instant.parse("2031-05-02T08:00:59.999999Z");

    @Test
    void now_is_the_start_of_the_minute_and_a_date_is_utc() {
        assertThat(Dates.read("now", NOW)).isEqualTo("2031-05-02T08:00:00Z");
        assertThat(Dates.read("2031-05-02 18:30", NOW)).isEqualTo("2031-05-02T18:30:00Z");
        assertThat(Dates.read("2032-2-29 8:05", NOW)).isEqualTo("2032-02-29T08:05:00Z");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tomorrow",
                "NOW",
                "2031-05-02",
                "2031-05-02T08:00",
                "2031-05-02 08:00:00",
                "2031-05-02 08:00Z",
                "2031-05-02 24:00",
                "2031-02-29 08:00",
                "2031-13-01 08:00",
                "31-05-02 08:00",
                "12031-05-02 08:00",
                "-2031-05-02 08:00",
                " 2031-05-02 08:00"
            })
    void what_is_no_date_is_refused_in_the_words_that_clients_look_for(String text) {
        assertThatThrownBy(() -> Dates.read(text, NOW))
                .isInstanceOf(BlazarProblem.class)
                .hasMessage(text + " is an invalid date. Required format: %Y-%m-%d %H:%M");
    }

    @Test
    void times_have_six_digits_and_stamps_none() {
        assertThat(Dates.time(Instant.parse("2031-05-02T08:00:00Z"))).isEqualTo("2031-05-02T08:00:00.000000");
        assertThat(Dates.time(NOW)).isEqualTo("2031-05-02T08:00:59.999999");
        assertThat(Dates.stamp(NOW)).isEqualTo("2031-05-02 08:00:59");
    }
}
