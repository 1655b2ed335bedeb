package holdfast.pools.clouds.costs;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.pools.clouds.costs.Cost.Chargeable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What instances cost (aeolus.md 2.5, 6.7).
final class TariffTest {
    private static final UUID PROVIDER = new UUID(0, 1);
    private static final Instant START = Instant.parse("2031-02-03T10:00:00Z");
    private static final Map<String, String> SIZES = Map.of("cpu", "2", "memory", "1740.8", "storage", "160");

    private static Cost cost(Chargeable of, String price, Billing billing) {
        return new Cost(PROVIDER, "m1", of, new BigDecimal(price), billing, START.minusSeconds(60), Optional.empty());
    }

    private static Optional<String> estimate(List<Cost> costs, Map<String, String> sizes, int seconds) {
        return new Tariff(costs)
                .estimate(PROVIDER, "m1", sizes, START, START.plusSeconds(seconds))
                .map(price -> price.stripTrailingZeros().toPlainString());
    }

    @ParameterizedTest
    @CsvSource({"0,1", "3599,1", "3600,2", "7199,2", "7200,3"})
    void hours_are_counted_from_the_start(int seconds, long units) {
        assertThat(Billing.HOUR.units(START, START.plusSeconds(seconds))).isEqualTo(units);
    }

    @ParameterizedTest
    @CsvSource({
        "11:55:00,12:05:00,2",
        "11:10:00,11:50:00,1",
        "11:00:00,11:00:00,1",
        "11:59:59,12:00:00,2",
        "11:00:00,13:59:59,3",
        "23:30:00,23:31:00,1"
    })
    void hours_by_the_clock_are_those_in_which_it_was_there(String start, String end, long units) {
        assertThat(Billing.WALL_CLOCK_HOUR.units(
                        Instant.parse("2031-02-03T" + start + "Z"), Instant.parse("2031-02-03T" + end + "Z")))
                .isEqualTo(units);
    }

    @Test
    void a_profile_costs_its_price_for_each_unit() {
        var whole = List.of(cost(Chargeable.HARDWARE_PROFILE, "0.125", Billing.HOUR));
        assertThat(estimate(whole, Map.of(), 0)).contains("0.125");
        assertThat(estimate(whole, Map.of(), 7_200)).contains("0.375");
    }

    @Test
    void by_properties_it_is_the_sum_of_what_was_chosen_of_each() {
        var parts = List.of(
                cost(Chargeable.HARDWARE_PROFILE, "0", Billing.PER_PROPERTY),
                cost(Chargeable.CPU, "0.01", Billing.HOUR),
                cost(Chargeable.MEMORY, "0.00001", Billing.HOUR),
                cost(Chargeable.STORAGE, "0.0005", Billing.HOUR));
        assertThat(estimate(parts, SIZES, 0)).contains("0.117408");
        assertThat(estimate(parts, SIZES, 3_600)).contains("0.234816");
        assertThat(estimate(parts, Map.of("cpu", "2", "memory", "512"), 0))
                .as("storage has a price and no size")
                .isEmpty();
        assertThat(estimate(parts.subList(0, 2), SIZES, 0))
                .as("only processors have a price")
                .contains("0.02");
        assertThat(estimate(parts.subList(0, 1), SIZES, 0)).isEmpty();
    }

    @Test
    void the_price_of_the_start_counts() {
        var old = new Cost(
                PROVIDER,
                "m1",
                Chargeable.HARDWARE_PROFILE,
                BigDecimal.ONE,
                Billing.HOUR,
                START.minusSeconds(60),
                Optional.of(START.plusSeconds(1)));
        var next = new Cost(
                PROVIDER,
                "m1",
                Chargeable.HARDWARE_PROFILE,
                BigDecimal.TEN,
                Billing.HOUR,
                START.plusSeconds(1),
                Optional.empty());
        assertThat(estimate(List.of(next, old), SIZES, 3_600)).contains("2");
        var tariff = new Tariff(List.of(old, next));
        assertThat(tariff.hourly(PROVIDER, "m1", SIZES, START.plusSeconds(1))).contains(BigDecimal.TEN);
        assertThat(tariff.hourly(PROVIDER, "m1", SIZES, START.minusSeconds(61))).isEmpty();
        assertThat(tariff.hourly(PROVIDER, "other", SIZES, START)).isEmpty();
    }

    @Test
    void what_is_stored_is_read_by_kind_provider_and_key() {
        assertThat(Cost.stored(
                        "3:" + PROVIDER + ":m1:large", BigDecimal.ONE, "wall_clock_hour", START, Optional.empty()))
                .contains(new Cost(
                        PROVIDER,
                        "m1:large",
                        Chargeable.MEMORY,
                        BigDecimal.ONE,
                        Billing.WALL_CLOCK_HOUR,
                        START,
                        Optional.empty()));
        assertThat(Cost.stored("5:" + PROVIDER + ":m1", BigDecimal.ONE, "hour", START, Optional.empty()))
                .isEmpty();
        assertThat(Cost.stored("1:" + PROVIDER + ":m1", BigDecimal.ONE, "day", START, Optional.empty()))
                .isEmpty();
    }
}
