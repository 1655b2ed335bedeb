package holdfast.authority;

import holdfast.protocol.Loan;
import java.util.Optional;
import java.util.UUID;

/// The authority's record of a part of a host that a broker has lent to somebody else (fluidos.md 3.7, 4.6): a
/// delegation that lasts as long as a contract.
///
/// States: `lent`, `claimed`, `ending` (leases under it are being closed), `stuck` (one could not be), `ended`.
///
/// @param lender the broker that is told how it stands
/// @param claim what the borrower calls its claim
public record Lent(UUID contract, Loan loan, String lender, Optional<UUID> claim) {
    public static final String TYPE = "lending";

    /// The same, for longer.
    Lent until(Loan longer) {
        return new Lent(contract, longer, lender, claim);
    }

    Lent claimedAs(UUID id) {
        return new Lent(contract, loan, lender, Optional.of(id));
    }
}
