package holdfast.broker.market;

import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.Notary;
import holdfast.protocol.rear.Signatures;
import java.util.Optional;

/// How contracts are signed (fluidos.md 5.13).
///
/// @param notary signs for the seller; empty: contracts are not signed
/// @param both whether a contract counts only when its buyer has signed it, too
public record Signing(Optional<Notary> notary, boolean both) {
    public static final Signing NONE = new Signing(Optional.empty(), false);

    /// @throws IllegalArgumentException if the buyer is to sign what the seller does not
    public Signing {
        if (both && notary.isEmpty()) {
            throw new IllegalArgumentException("who does not sign cannot ask others to");
        }
    }

    Contract signed(Contract contract) {
        return notary.map(ours -> Signatures.signed(contract, ours)).orElse(contract);
    }
}
