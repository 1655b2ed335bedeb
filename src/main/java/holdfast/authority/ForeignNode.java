package holdfast.authority;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;

import holdfast.core.Copies;
import holdfast.core.Quantity;
import holdfast.platform.Json;
import holdfast.platform.Secrets;
import holdfast.protocol.Message;
import holdfast.protocol.rear.Contract;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The authority's record of a part of another cluster that is seen in a cluster of ours as a node (fluidos.md 3.7,
/// 4.6).
///
/// States: `requested`, `opening`, `active`, `failed`, `closing`, `closed`, `close_failed`, and `left_behind`: nothing
/// is left of it here, and perhaps something at the seller's, who is away.
///
/// @param bought under which contract, and what; its credentials are sealed
/// @param cluster the id of the seller's; empty if that was not told
/// @param asker who is told how it stands
/// @param over since when its contract is over
/// @param facts what the driver said, by part and name: `slice.granted.cpu`
public record ForeignNode(
        Message.Peer bought, String cluster, String asker, Optional<Instant> over, Map<String, String> facts) {
    public static final String TYPE = "foreignnode";
    private static final String CREDENTIALS = "credentials";
    private static final String GRANTED = "slice.granted.";

    /// @param authority the one of our cluster
    static UUID id(String authority, UUID contract) {
        return Copies.id(authority + ".node", contract);
    }

    ForeignNode admittedBy(Message.Peer anew) {
        return new ForeignNode(anew, cluster, asker, over, facts);
    }

    ForeignNode overAt(Instant when) {
        return new ForeignNode(bought, cluster, asker, Optional.of(when), facts);
    }

    /// What was really lent, by name of resource.
    public Map<String, Quantity> granted() {
        return facts.entrySet().stream()
                .filter(fact -> fact.getKey().startsWith(GRANTED))
                .collect(toMap(
                        fact -> fact.getKey().substring(GRANTED.length()),
                        fact -> Quantity.of(fact.getValue()).orThrow()));
    }

    static ForeignNode of(Message.Peer bought, String asker, Secrets secrets) {
        var cluster = told(bought, secrets).map(Contract.Credentials::cluster).orElse("");
        return new ForeignNode(bought, cluster, asker, Optional.empty(), Map.of());
    }

    private static Optional<Contract.Credentials> told(Message.Peer bought, Secrets secrets) {
        return secrets.unseal(bought.contract(), CREDENTIALS, bought.credentials())
                .map(plain -> Json.read(plain, Contract.Credentials.class));
    }

    /// @return a secret; empty if what was told is none
    Optional<String> kubeconfig(Secrets secrets) {
        return told(bought, secrets).flatMap(Contract.Credentials::kubeconfig).flatMap(ForeignNode::decoded);
    }

    private static Optional<String> decoded(String coded) {
        try {
            return Optional.of(new String(Base64.getMimeDecoder().decode(coded), UTF_8));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
