package holdfast.authority;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.core.Copies;
import holdfast.platform.Secrets;
import holdfast.protocol.Loan;
import holdfast.protocol.rear.Contract;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The authority's record of what another cluster may do in a cluster of ours under a contract (fluidos.md 4.6, 7 G7).
///
/// States: `requested`, `opening`, `lent`, `failed`, `closing`, `closed`, `close_failed`.
///
/// @param loan whose tenant is there
/// @param lender the broker that is told how it stands
/// @param cluster the id of ours
/// @param credentials of the other cluster, sealed; empty until there are any
/// @param pass the id of those credentials in the cluster
/// @param anew when they were to be made anew for the last time
/// @param since when its slice was admitted first
/// @param facts what the driver said
public record Tenancy(
        UUID contract,
        Loan loan,
        String lender,
        String cluster,
        Optional<String> credentials,
        Optional<String> pass,
        Optional<Instant> anew,
        Optional<Instant> since,
        Map<String, String> facts) {
    public static final String TYPE = "tenancy";
    static final String CREDENTIALS = "credentials";
    static final String PASS = "pass";

    /// @param authority the one of the cluster
    public static UUID id(String authority, UUID contract) {
        return Copies.id(authority, contract);
    }

    Loan.Tenant tenant() {
        return loan.tenant().orElseThrow();
    }

    Tenancy with(Loan longer) {
        return new Tenancy(contract, longer, lender, cluster, credentials, pass, anew, since, facts);
    }

    Tenancy admitted(Instant when) {
        return new Tenancy(contract, loan, lender, cluster, credentials, pass, anew, Optional.of(when), facts);
    }

    Tenancy anewAt(Instant when) {
        return new Tenancy(contract, loan, lender, cluster, credentials, pass, Optional.of(when), since, facts);
    }

    /// How the buyer gets into our cluster, if that is open by now.
    ///
    /// @param id of this record
    public Optional<Contract.Credentials> wayIn(UUID id, Secrets secrets) {
        return credentials
                .flatMap(hidden -> secrets.unseal(id, CREDENTIALS, hidden))
                .map(kubeconfig -> new Contract.Credentials(
                        cluster,
                        Optional.of(Base64.getEncoder().encodeToString(kubeconfig.getBytes(UTF_8))),
                        Optional.of(tenant().contract()),
                        Optional.empty(),
                        Optional.empty()));
    }
}
