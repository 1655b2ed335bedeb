package holdfast.broker.market;

import static holdfast.protocol.rear.Samples.BEGINNING;
import static holdfast.protocol.rear.Samples.quantity;
import static holdfast.protocol.rear.Samples.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.broker.market.HoldPolicy.Dealings;
import holdfast.protocol.rear.Dimension;
import holdfast.protocol.rear.Vector;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HoldPolicyTest {
    private static final Vector ROOT = vector("8", "32Gi", "110");
    private static final Vector PIECE = vector("2", "8Gi", "20");

    private static Dealings record(long holds, long purchases) {
        return new Dealings(holds, purchases, 0, Vector.NONE, Vector.NONE, 0);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 900",
        "49, 0, 900",
        "50, 0, 60",
        "50, 2, 60",
        "50, 3, 900",
        "60, 3, 900",
        "61, 3, 60",
        "1000, 49, 60"
    })
    void who_holds_much_and_buys_little_may_hold_for_a_minute(long holds, long purchases, long seconds) {
        assertThat(HoldPolicy.USUAL.until(record(holds, purchases), BEGINNING.plusMillis(700)))
                .isEqualTo(BEGINNING.plusSeconds(seconds));
    }

    @Test
    void a_hoarder_never_holds_longer_than_others() {
        var brief = new HoldPolicy(Duration.ofSeconds(30), 20, 100, Vector.NONE, 5);
        assertThat(brief.until(record(100, 0), BEGINNING)).isEqualTo(BEGINNING.plusSeconds(30));
    }

    @Test
    void one_more_hold_or_contract_than_allowed_is_refused_with_the_way_out() {
        var policy = new HoldPolicy(Duration.ofSeconds(900), 20, 100, Vector.NONE, 5);
        assertThat(policy.fault(new Dealings(0, 0, 19, Vector.NONE, Vector.NONE, 4), PIECE, ROOT))
                .isEmpty();
        assertThat(policy.fault(new Dealings(0, 0, 20, Vector.NONE, Vector.NONE, 4), PIECE, ROOT))
                .hasValueSatisfying(why -> assertThat(why.message())
                        .isEqualTo(
                                "you hold 20 pieces here, which is the most that one buyer may: buy or cancel some"));
        assertThat(policy.fault(new Dealings(0, 0, 19, Vector.NONE, Vector.NONE, 5), PIECE, ROOT))
                .hasValueSatisfying(why -> assertThat(why.message()).contains("has 5 contracts"));
    }

    @Test
    void the_share_of_a_machine_is_exact() {
        var half = new HoldPolicy(Duration.ofSeconds(900), 20, 50, Vector.NONE, 5);
        var dealings = new Dealings(1, 0, 1, PIECE, PIECE, 0);
        assertThat(half.fault(dealings, vector("2", "8Gi", "35"), ROOT)).isEmpty();
        assertThat(half.fault(dealings, vector("2000000001n", "8Gi", "35"), ROOT))
                .hasValueSatisfying(why -> assertThat(why.message())
                        .isEqualTo("you would hold 4000000001n cpu of 8, and one buyer may hold 50 percent: ask for"
                                + " less"));
        assertThat(HoldPolicy.USUAL.fault(record(0, 0), ROOT, ROOT)).isEmpty();
    }

    @Test
    void a_domain_may_hold_so_much_together() {
        var policy = new HoldPolicy(Duration.ofSeconds(900), 20, 100, Vector.of(Dimension.MEMORY, quantity("16Gi")), 5);
        var dealings = new Dealings(1, 0, 1, Vector.NONE, vector("90", "8Gi", "900"), 0);
        assertThat(policy.fault(dealings, PIECE, ROOT)).isEmpty();
        assertThat(policy.fault(dealings, vector("2", "9Gi", "20"), ROOT))
                .hasValueSatisfying(why -> assertThat(why.message())
                        .isEqualTo("your domain would hold 17Gi memory, and it may hold 16Gi: buy or cancel some"));
    }

    @Test
    void limits_without_sense_are_no_policy() {
        for (long seconds : new long[] {29, 3601})
            assertThatThrownBy(() -> new HoldPolicy(Duration.ofSeconds(seconds), 20, 100, Vector.NONE, 5))
                    .hasMessage("a hold lasts 30 to 3600 seconds, not " + seconds);
        assertThatThrownBy(() -> new HoldPolicy(Duration.ofSeconds(900), 20, 0, Vector.NONE, 5))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
