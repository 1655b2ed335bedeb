package holdfast.protocol.rear;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A purchase, as the seller answers it (fluidos.md 5.6).
///
/// @param id see [FlavorIds#contract]
/// @param transaction what it was made from
/// @param flavor with the id that was reserved
/// @param configuration empty: the whole flavor
/// @param cluster the id of the buyer's fabric
/// @param credentials by which the buyer reaches the seller's fabric; empty where they are kept apart
/// @param extra such as `price.amount`
/// @param networkRules the name of what holds the rules of the network (`networkAuthorizations`, `NetworkRequests`)
public record Contract(
        String id,
        String transaction,
        Flavor flavor,
        Optional<Configuration> configuration,
        NodeIdentity buyer,
        String cluster,
        NodeIdentity seller,
        Optional<Credentials> credentials,
        Optional<Instant> expires,
        Map<String, String> extra,
        Optional<String> networkRules,
        Optional<Telemetry> telemetry) {
    /// In [#extra]: what the delegation is called that was made for it, the UUID of the seller's record of it.
    public static final String DELEGATION = "holdfast.delegation";

    /// In [#extra]: the authority that lends, by its name there.
    public static final String AUTHORITY = "holdfast.authority";

    /// In [#extra]: the authority of the cluster of which a part was bought. What gives access to it may come
    /// later: who purchases the same transaction again is told it.
    public static final String CLUSTER = "holdfast.cluster";

    /// In what is told beside it, if its seller has bought what it sells: the name of that contract.
    public static final String UPSTREAM = "upstreamContract";

    public Contract {
        extra = Map.copyOf(extra);
    }

    private Contract but(
            Optional<Configuration> bought,
            Optional<Credentials> way,
            Optional<Instant> end,
            Map<String, String> beside) {
        return new Contract(
                id, transaction, flavor, bought, buyer, cluster, seller, way, end, beside, networkRules, telemetry);
    }

    /// The same, for longer.
    public Contract until(Instant later) {
        return but(configuration, credentials, Optional.of(later), extra);
    }

    /// The same, with a way in.
    public Contract with(Credentials way) {
        return but(configuration, Optional.of(way), expires, extra);
    }

    /// The same without credentials.
    public Contract without() {
        return but(configuration, Optional.empty(), expires, extra);
    }

    /// The same with its configuration said in another way.
    public Contract configured(Optional<Configuration> same) {
        return but(same, credentials, expires, extra);
    }

    /// The same with other [#extra].
    Contract saying(Map<String, String> other) {
        return but(configuration, credentials, expires, other);
    }

    /// What a buyer sends to get one, PURCHASE_FLAVOR.
    public record Ask(Optional<Credentials> credentials, Optional<Telemetry> telemetry) {}

    /// How to reach a fabric: by a kubeconfig (what nodes send), or by an endpoint and a token (what is
    /// documented).
    ///
    /// @param cluster the id of the fabric
    /// @param kubeconfig standard base64
    public record Credentials(
            String cluster,
            Optional<String> kubeconfig,
            Optional<String> name,
            Optional<String> endpoint,
            Optional<String> token) {
        /// By a kubeconfig.
        public Credentials(String cluster, String kubeconfig) {
            this(cluster, Optional.of(kubeconfig), Optional.empty(), Optional.empty(), Optional.empty());
        }

        /// Without what is secret.
        @Override
        public String toString() {
            return "Credentials[cluster=" + cluster + "]";
        }
    }

    /// Where the buyer wants to be told how it goes.
    ///
    /// @param intents what about
    public record Telemetry(String endpoint, List<String> intents) {
        public Telemetry {
            intents = List.copyOf(intents);
        }
    }
}
