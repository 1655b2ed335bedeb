package holdfast.protocol.rear;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a flavor costs, as its owner writes it: three free texts, each may be empty (fluidos.md 2.5). What cannot be
/// read as a number is no error: the flavor is unpriced.
///
/// @param amount such as `0.40`
/// @param currency such as `EUR`; no currency is converted
/// @param period such as `hour`, see [Period]
public record Price(String amount, String currency, String period) {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}(\\.\\d{1,18})?");
    private static final BigDecimal HOUR = BigDecimal.valueOf(3600);

    /// The amount, zero or more; empty if it is unpriced.
    public Optional<BigDecimal> number() {
        return Optional.of(amount)
                .filter(text -> NUMBER.matcher(text).matches())
                .map(BigDecimal::new);
    }

    /// What an hour costs, to 9 decimals; empty if it is unpriced or nobody knows how long the period is.
    public Optional<BigDecimal> hourly() {
        return number().flatMap(number -> Period.of(period)
                .map(known -> number.multiply(HOUR)
                        .divide(BigDecimal.valueOf(known.length().toSeconds()), 9, RoundingMode.HALF_UP)));
    }

    /// The same currency and period with another amount.
    public Price with(BigDecimal other) {
        return new Price(other.toPlainString(), currency, period);
    }
}
