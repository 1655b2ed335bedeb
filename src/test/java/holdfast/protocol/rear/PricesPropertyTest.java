package holdfast.protocol.rear;

import static holdfast.protocol.rear.Samples.quantity;
import static holdfast.protocol.rear.Samples.vector;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Quantity;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

final class PricesPropertyTest {
    private static final Price PRICE = new Price("0.40", "EUR", "hour");

    private static Quantity part(Quantity whole, Random random) {
        int all = whole.nano().intValueExact();
        return Quantity.ofNano(random.nextInt(all + 1));
    }

    /// Pieces are cut until nothing is left, each priced by what is left before it.
    @Property
    void parts_and_rest_cost_what_the_whole_costs(@ForAll Random random) {
        var whole = Vector.of(
                Quantity.ofNano(random.nextInt(1, 1000)),
                Quantity.ofNano(random.nextInt(1, 1000)),
                Quantity.ofNano(random.nextInt(1, 1000)));
        var price = new Price(random.nextInt(100) + "." + random.nextInt(1_000_000), "EUR", "hour");
        var full = price.number().orElseThrow();
        var sold = BigDecimal.ZERO;
        var left = whole;
        for (int cut = 0; cut < 20; cut++) {
            var rest = Prices.rest(price, sold).number().orElseThrow();
            assertThat(rest).isNotNegative();
            assertThat(sold.add(rest)).isEqualByComparingTo(full);
            var piece = Vector.of(
                    part(left.get(Dimension.CPU), random),
                    part(left.get(Dimension.MEMORY), random),
                    part(left.get(Dimension.PODS), random));
            var quote = Prices.piece(rest, left, piece).orElseThrow();
            assertThat(quote.amount()).isBetween(BigDecimal.ZERO, rest);
            assertThat(quote.share()).isBetween(BigDecimal.ZERO, BigDecimal.ONE);
            sold = sold.add(quote.amount());
            left = left.minus(piece);
        }
        var last = Prices.piece(Prices.rest(price, sold).number().orElseThrow(), left, left)
                .orElseThrow();
        assertThat(sold.add(last.amount())).isEqualByComparingTo(full);
    }

    @Example
    void a_piece_costs_the_share_of_what_it_takes_most_of_and_pods_cost_nothing() {
        var slice = Samples.flavor("slice", Samples.slice());
        var quote = Prices.piece(slice, vector("2500m", "6Gi", "110")).orElseThrow();
        assertThat(quote.extra(PRICE))
                .isEqualTo(Map.of(
                        "price.amount", "0.1250",
                        "price.currency", "EUR",
                        "price.period", "hour",
                        "price.share", "0.3125"));
        assertThat(Prices.rest(PRICE, quote.amount())).isEqualTo(new Price("0.2750", "EUR", "hour"));
        var storage = vector("1", "2Gi", "5").with(Dimension.STORAGE, quantity("20Gi"));
        assertThat(Prices.piece(slice, storage).orElseThrow().amount()).isEqualTo("0.2000");
    }

    @Example
    void all_of_it_costs_all_of_it_to_the_last_digit() {
        var whole = vector("3", "3Gi", "3");
        var amount = new BigDecimal("0.00006");
        assertThat(Prices.piece(amount, whole, whole).orElseThrow().amount()).isEqualTo(amount);
        assertThat(Prices.piece(amount, whole, vector("2999m", "1Gi", "1"))
                        .orElseThrow()
                        .amount())
                .isEqualTo(amount);
    }

    @Example
    void there_is_no_quote_for_what_is_not_there_or_has_no_price() {
        var gpu = vector("1", "2Gi", "5").with(Dimension.GPU_CORES, quantity("1"));
        assertThat(Prices.piece(Samples.flavor("slice", Samples.slice()), gpu)).isEmpty();
        for (var amount : new String[] {"", "0,40", "free", "-1", "1e9", "0x10"})
            assertThat(new Price(amount, "EUR", "hour").number()).as(amount).isEmpty();
        var free = new Price("free", "", "");
        assertThat(Prices.rest(free, BigDecimal.ONE)).isEqualTo(free);
    }

    @Example
    void prices_of_known_periods_are_compared_by_the_hour() {
        var hourly = Map.of(
                "second",
                "3600",
                "Minute",
                "60",
                "hour",
                "1",
                "hourly",
                "1",
                "day",
                "0.041666667",
                "week",
                "0.005952381",
                "monthly",
                "0.001388889",
                "year",
                "0.000114155");
        hourly.forEach((period, amount) ->
                assertThat(new Price("1", "EUR", period).hourly().orElseThrow()).isEqualByComparingTo(amount));
        assertThat(new Price("1", "EUR", "fortnight").hourly()).isEqualTo(Optional.empty());
    }
}
