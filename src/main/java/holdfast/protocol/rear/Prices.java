package holdfast.protocol.rear;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a piece of a flavor costs, so that the pieces and what is left of it cost what the whole costs (fluidos.md
/// 6.5).
public final class Prices {
    /// By what a share is measured; pods cost nothing.
    private static final List<Dimension> PAID =
            List.of(Dimension.CPU, Dimension.MEMORY, Dimension.STORAGE, Dimension.GPU_CORES, Dimension.COUNT);

    private static final int DECIMALS = 4;

    private Prices() {}

    /// What a piece costs.
    ///
    /// @param amount in the currency and for the period of the flavor
    /// @param share of the flavor, for people: 0 to 1, to 4 decimals
    public record Quote(BigDecimal amount, BigDecimal share) {
        /// What the names begin with under which it is told beside a contract.
        public static final String PRICE = "price.";

        public static final String AMOUNT = PRICE + "amount";
        public static final String CURRENCY = PRICE + "currency";
        public static final String PERIOD = PRICE + "period";
        public static final String SHARE = PRICE + "share";

        /// As it is told in a contract.
        public Map<String, String> extra(Price price) {
            return Map.of(
                    AMOUNT, amount.toPlainString(),
                    CURRENCY, price.currency(),
                    PERIOD, price.period(),
                    SHARE, share.toPlainString());
        }
    }

    /// The price of a piece by what costs `amount` and has `whole`: the share of that dimension of which it takes
    /// most, rounded half up; no part of it costs more than all of it.
    ///
    /// @return empty if the piece takes something of which there is nothing
    public static Optional<Quote> piece(BigDecimal amount, Vector whole, Vector piece) {
        if (PAID.stream()
                .anyMatch(dimension -> piece.get(dimension).signum() > 0
                        && whole.get(dimension).signum() <= 0)) {
            return Optional.empty();
        }
        return PAID.stream()
                .filter(dimension -> whole.get(dimension).signum() > 0)
                .map(dimension -> share(
                        amount,
                        piece.get(dimension).nano(),
                        whole.get(dimension).nano()))
                .max(Comparator.comparing(Quote::share).thenComparing(Quote::amount))
                .or(() -> Optional.of(new Quote(amount, BigDecimal.ONE)));
    }

    private static Quote share(BigDecimal amount, BigInteger part, BigInteger whole) {
        if (part.equals(whole)) {
            return new Quote(amount, BigDecimal.ONE);
        }
        var divisor = new BigDecimal(whole);
        var price = amount.multiply(new BigDecimal(part)).divide(divisor, DECIMALS, RoundingMode.HALF_UP);
        return new Quote(
                part.compareTo(whole) < 0 ? price.min(amount) : price,
                new BigDecimal(part).divide(divisor, DECIMALS, RoundingMode.HALF_UP));
    }

    /// The cheaper of two quotes, so that what is left never costs less than nothing.
    public static Quote lower(Quote one, Quote other) {
        return one.amount.compareTo(other.amount) <= 0 ? one : other;
    }

    /// What is left of a price when parts are sold for `sold`; as it was if that is nothing, or it is unpriced. Not
    /// less than nothing, should there be less of the whole than when the parts were sold.
    public static Price rest(Price whole, BigDecimal sold) {
        return whole.number()
                .filter(number -> sold.signum() > 0)
                .map(number -> whole.with(number.subtract(sold).max(BigDecimal.ZERO)))
                .orElse(whole);
    }

    /// What a piece costs by what is offered; empty if that is unpriced, or has nothing of what the piece takes.
    public static Optional<Quote> piece(Flavor offered, Vector piece) {
        return offered.price()
                .flatMap(Price::number)
                .flatMap(amount -> piece(amount, offered.kind().vector(), piece));
    }
}
