package holdfast.core;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/// The family of suffixes by which a [Quantity] is written (fluidos.md 2.3).
public enum Suffix {
    /// `n u m`, none, `k M G T P E`: powers of 1000.
    DECIMAL,
    /// `Ki Mi Gi Ti Pi Ei`: powers of 1024.
    BINARY,
    /// `e3`, `e6`, `e-3`, ...: powers of 1000 as exponents.
    EXPONENT;

    static final BigInteger ONE = BigInteger.TEN.pow(9);

    private static final List<String> DECIMALS = List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");
    private static final List<String> BINARIES = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
    private static final BigInteger DECIMAL_BASE = BigInteger.valueOf(1000);
    private static final BigInteger BINARY_BASE = BigInteger.valueOf(1024);

    /// What a suffix multiplies by, and its family.
    record Scale(BigDecimal factor, Suffix family) {}

    /// What `suffix` means; empty if there is no such suffix.
    static Optional<Scale> scale(String suffix) {
        int decimal = DECIMALS.indexOf(suffix);
        if (decimal >= 0) {
            return Optional.of(new Scale(BigDecimal.ONE.scaleByPowerOfTen(3 * decimal - 9), DECIMAL));
        }
        int binary = BINARIES.indexOf(suffix);
        if (binary >= 0) {
            return Optional.of(new Scale(new BigDecimal(BINARY_BASE.pow(binary)), BINARY));
        }
        return Optional.of(suffix)
                .filter(text -> text.matches("[eE][+-]?\\d{1,3}"))
                .map(text ->
                        new Scale(BigDecimal.ONE.scaleByPowerOfTen(Integer.parseInt(text.substring(1))), EXPONENT));
    }

    /// The canonical text: the largest suffix of this family that leaves an integer. What the binary family cannot
    /// write exactly, and what is below 1024 in it, is written in the decimal one.
    String text(BigInteger nano) {
        return switch (this) {
            case BINARY -> {
                var whole = nano.divideAndRemainder(ONE);
                yield whole[1].signum() != 0 || whole[0].abs().compareTo(BINARY_BASE) < 0
                        ? DECIMAL.text(nano)
                        : largest(whole[0], BINARY_BASE, BINARIES);
            }
            case DECIMAL -> nano.signum() == 0 ? "0" : largest(nano, DECIMAL_BASE, DECIMALS);
            case EXPONENT -> exponent(nano);
        };
    }

    private static String largest(BigInteger number, BigInteger base, List<String> suffixes) {
        var left = number;
        int power = 0;
        for (var next = left.divideAndRemainder(base);
                next[1].signum() == 0 && power < suffixes.size() - 1;
                next = left.divideAndRemainder(base)) {
            left = next[0];
            power++;
        }
        return left + suffixes.get(power);
    }

    private static String exponent(BigInteger nano) {
        if (nano.signum() == 0) {
            return "0";
        }
        var left = nano;
        int exponent = -9;
        for (var next = left.divideAndRemainder(DECIMAL_BASE);
                next[1].signum() == 0;
                next = left.divideAndRemainder(DECIMAL_BASE)) {
            left = next[0];
            exponent += 3;
        }
        return exponent == 0 ? left.toString() : left + "e" + exponent;
    }
}
