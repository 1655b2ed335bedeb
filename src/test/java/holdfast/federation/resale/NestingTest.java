package holdfast.federation.resale;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// How long what others hold for us is held for our customers (fluidos.md 6.7).
final class NestingTest {
    private static final Instant NOW = Instant.parse("2031-05-02T08:00:00.5Z");
    private static final Duration LIFE = Duration.ofSeconds(900);

    @Test
    void each_hop_gives_less() {
        var last = NOW.plusSeconds(900);
        var middle = Nesting.expiry(NOW, LIFE, last).orElseThrow();
        var first = Nesting.expiry(NOW, LIFE, middle).orElseThrow();
        assertThat(middle).isEqualTo("2031-05-02T08:14:30Z");
        assertThat(first).isEqualTo("2031-05-02T08:14:00Z");
    }

    @Property
    void it_is_at_least_half_a_minute_earlier_and_half_a_minute_long(
            @ForAll @IntRange(min = 30, max = 3600) int life, @ForAll @IntRange(min = 0, max = 5000) int below) {
        var until = Nesting.expiry(NOW, Duration.ofSeconds(life), NOW.plusSeconds(below));
        until.ifPresent(end -> {
            assertThat(Duration.between(end, NOW.plusSeconds(below))).isGreaterThanOrEqualTo(Nesting.GAP);
            assertThat(Duration.between(NOW, end)).isGreaterThanOrEqualTo(Nesting.GAP);
        });
        assertThat(until.isPresent()).isEqualTo(below > 60 && life > 30);
    }

    @Test
    void what_would_be_held_for_less_is_not_worth_it() {
        assertThat(Nesting.expiry(NOW, LIFE, NOW.plusSeconds(59))).isEqualTo(Optional.empty());
    }
}
