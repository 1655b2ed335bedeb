package holdfast.core;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.regex.Pattern;

/// An exact amount in the syntax of Kubernetes, such as `2500m`, `7970838142n` or `7879752Ki` (fluidos.md 2.3). Two
/// quantities are equal if their values are: `8Gi` and `8192Mi`. A difference may be negative.
///
/// @param nano the value in units of 10⁻⁹; never floating point
/// @param family how it is written; no part of the value
public record Quantity(BigInteger nano, Suffix family) implements Comparable<Quantity> {
    public static final Quantity ZERO = Quantity.of(0);

    private static final Pattern SHAPE = Pattern.compile("([+-]?(?:\\d+\\.?\\d*|\\.\\d+))([a-zA-Z]*[+-]?\\d*)");
    private static final int LONGEST = 64;

    /// The largest value that Kubernetes knows, 2⁶³ - 1. A sum may be larger.
    private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE).multiply(Suffix.ONE);

    /// So many, with a decimal suffix.
    public static Quantity of(long whole) {
        return new Quantity(BigInteger.valueOf(whole).multiply(Suffix.ONE), Suffix.DECIMAL);
    }

    /// So many times 2³⁰, with binary suffixes.
    public static Quantity ofGibi(long count) {
        return new Quantity(BigInteger.valueOf(count).shiftLeft(30).multiply(Suffix.ONE), Suffix.BINARY);
    }

    /// So many units of 10⁻⁹, with a decimal suffix.
    public static Quantity ofNano(long nano) {
        return new Quantity(BigInteger.valueOf(nano), Suffix.DECIMAL);
    }

    /// Reads a decimal number with an optional sign and an optional suffix. What is finer than 10⁻⁹ is rounded
    /// away from zero.
    ///
    /// @return the quantity, or why `text` is none; the caller names the field
    public static Answer<Quantity> of(String text) {
        return read(text)
                .map(Answer::yes)
                .orElseGet(() -> Answer.no(Refusal.malformed(
                        "quantity",
                        "\"" + text.substring(0, Math.min(text.length(), LONGEST)) + "\" is no quantity: write a number"
                                + " below 2^63 and one of the suffixes n u m k M G T P E Ki Mi Gi Ti Pi Ei or an"
                                + " exponent, such as 2500m or 4Gi")));
    }

    private static Optional<Quantity> read(String text) {
        var parts = SHAPE.matcher(text);
        if (text.length() > LONGEST || !parts.matches()) {
            return Optional.empty();
        }
        return Suffix.scale(parts.group(2)).flatMap(scale -> {
            var nano = new BigDecimal(parts.group(1))
                    .multiply(scale.factor())
                    .movePointRight(9)
                    .setScale(0, RoundingMode.UP)
                    .toBigInteger();
            return nano.abs().compareTo(MOST) > 0 ? Optional.empty() : Optional.of(new Quantity(nano, scale.family()));
        });
    }

    /// The sum, written as this is; as `other` if this is zero.
    public Quantity plus(Quantity other) {
        return new Quantity(nano.add(other.nano), common(other));
    }

    /// The difference, written as this is; as `other` if this is zero.
    public Quantity minus(Quantity other) {
        return new Quantity(nano.subtract(other.nano), common(other));
    }

    /// So many times this.
    public Quantity times(long factor) {
        return new Quantity(nano.multiply(BigInteger.valueOf(factor)), family);
    }

    /// The largest multiple of `unit` that is not greater.
    ///
    /// @param unit greater than zero
    public Quantity floor(Quantity unit) {
        return new Quantity(nano.subtract(nano.mod(unit.nano)), family);
    }

    /// -1, 0 or 1.
    public int signum() {
        return nano.signum();
    }

    /// The canonical text: no fraction, the largest suffix of its family that leaves an integer.
    public String text() {
        return family.text(nano);
    }

    @Override
    public int compareTo(Quantity other) {
        return nano.compareTo(other.nano);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Quantity quantity && nano.equals(quantity.nano);
    }

    @Override
    public int hashCode() {
        return nano.hashCode();
    }

    @Override
    public String toString() {
        return text();
    }

    private Suffix common(Quantity other) {
        return signum() == 0 ? other.family : family;
    }
}
