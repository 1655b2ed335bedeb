package holdfast.orchestrator.intents;

import holdfast.core.Capacities;
import holdfast.core.Quantity;
import holdfast.orchestrator.intents.Intent.Size;
import java.math.BigInteger;

/// Whole cores and GB for amounts that are finer.
final class Sizes {
    private static final BigInteger NANO = BigInteger.TEN.pow(9);
    private static final long GIB = 1L << 30;
    private static final int MOST = 1_000_000;

    private Sizes() {}

    /// The machine that has at least this.
    static Capacities of(Size size) {
        return Capacities.of(
                Math.max(1, ceil(size.cpu(), 1)),
                Math.max(1, ceil(size.memory(), GIB)),
                Math.max(1, ceil(size.disk(), GIB)));
    }

    /// How many whole units an amount needs.
    ///
    /// @throws holdfast.core.RefusedException above a million
    static int ceil(Quantity amount, long unit) {
        var whole = NANO.multiply(BigInteger.valueOf(unit));
        var units = amount.nano().add(whole).subtract(BigInteger.ONE).divide(whole);
        if (units.compareTo(BigInteger.valueOf(MOST)) > 0) {
            throw Fields.refused("parts", "ask for " + amount + " of something, which no machine has");
        }
        return units.intValueExact();
    }
}
