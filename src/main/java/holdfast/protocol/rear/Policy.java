package holdfast.protocol.rear;

import holdfast.core.Quantity;
import holdfast.core.Suffix;
import java.math.BigInteger;

/// Into which pieces a flavor may be cut (fluidos.md 6.3, see [Pieces]). A dimension that is not named may be cut
/// anywhere.
///
/// @param minimum the least of each dimension that is sold
/// @param step by how much more, counted from the minimum
public record Policy(Vector minimum, Vector step) {
    public static final Policy FREE = new Policy(Vector.NONE, Vector.NONE);

    private static final Vector GRAIN = Vector.of(
            Quantity.ofNano(100_000_000),
            new Quantity(BigInteger.valueOf(128L << 20).multiply(BigInteger.TEN.pow(9)), Suffix.BINARY),
            Quantity.of(1));

    /// For clusters whose operator says nothing: the round amounts that others ask for are pieces of it.
    public static final Policy USUAL = new Policy(GRAIN, GRAIN);
}
