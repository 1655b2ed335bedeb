package holdfast.federation.resale;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.protocol.rear.Price;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Pattern;

/// What is added to the price of what is offered again (fluidos.md 6.5).
///
/// @param amount of percent, or of money in the currency of the price; zero or more
public record Margin(BigDecimal amount, boolean percent) {
    public static final Margin NONE = new Margin(BigDecimal.ZERO, true);

    private static final Pattern TEXT = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?)(%?)");
    private static final int DECIMALS = 4;

    /// A part such as `10%`, or an amount such as `0.05`.
    public static Answer<Margin> of(String text) {
        var parts = TEXT.matcher(text.strip());
        return parts.matches()
                ? Answer.yes(new Margin(
                        new BigDecimal(parts.group(1)), !parts.group(2).isEmpty()))
                : Answer.no(Refusal.malformed(
                        "margin", "margin is '" + text + "'; write a part such as 10%, or an amount such as 0.05"));
    }

    /// What `price` becomes, to four decimals; what has no price stays so.
    ///
    /// @param share which part of the whole it is the price of, 0 to 1
    public Price on(Price price, BigDecimal share) {
        return price.number()
                .map(number -> number.add(percent ? number.multiply(amount).movePointLeft(2) : amount.multiply(share)))
                .map(number -> price.with(
                        number.setScale(DECIMALS, RoundingMode.HALF_UP).stripTrailingZeros()))
                .orElse(price);
    }

    /// The same for a whole flavor.
    public Price on(Price price) {
        return on(price, BigDecimal.ONE);
    }

    /// As [#of] reads it.
    public String text() {
        return amount.toPlainString() + (percent ? "%" : "");
    }
}
