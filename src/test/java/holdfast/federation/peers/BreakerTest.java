package holdfast.federation.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How long a peer is left alone that fails (fluidos.md 6.6).
final class BreakerTest {
    private static final Instant NOW = Instant.parse("2031-05-02T08:00:00Z");

    @Test
    void after_three_failures_it_pauses_for_half_a_minute_then_twice_as_long_up_to_ten_minutes() {
        var breaker = Breaker.CLOSED;
        var pauses = new ArrayList<Long>();
        for (int failure = 1; failure <= 20; failure++) {
            breaker = breaker.failed(NOW);
            pauses.add(breaker.until()
                    .map(until -> Duration.between(NOW, until).toSeconds())
                    .orElse(0L));
        }
        assertThat(pauses.subList(0, 9)).isEqualTo(List.of(0L, 0L, 30L, 60L, 120L, 240L, 480L, 600L, 600L));
        assertThat(pauses.subList(9, 20)).containsOnly(600L);
    }

    @Test
    void it_is_asked_again_when_the_pause_is_over() {
        var breaker = Breaker.CLOSED.failed(NOW).failed(NOW).failed(NOW);
        assertThat(breaker.isOpen(NOW)).isTrue();
        assertThat(breaker.isOpen(NOW.plusMillis(29_999))).isTrue();
        assertThat(breaker.isOpen(NOW.plusSeconds(30))).isFalse();
        assertThat(Breaker.CLOSED.isOpen(NOW)).isFalse();
    }
}
