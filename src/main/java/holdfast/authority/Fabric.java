package holdfast.authority;

import holdfast.authority.Cloud.Look;
import holdfast.core.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A driver for a cluster whose room can be lent to other clusters and borrowed from them (fluidos.md 4.6, 4.7).
///
/// What it makes are bonds, found again by their [Key]s: part `pair` with the id of the other cluster, part `slice` or
/// `access` with a contract, part `workload` with a lease. A pair that is there, whoever made it, is taken as it is;
/// the last slice that goes takes its pair along. Every failure names the other cluster, its address and the step.
public interface Fabric extends Driver, AutoCloseable {
    String PAIR = "pair";
    String SLICE = "slice";
    String ACCESS = "access";
    String WORKLOAD = "workload";

    /// Who this cluster is among the others.
    Look<String> identity();

    /// All nodes, also those that stand for others.
    Look<List<Node>> nodes();

    /// Lets the other cluster do what it may under a contract: fresh credentials of an [Bond.Access] that is there.
    /// Those from before stay good until they are taken back by [#revoke], or the access ends.
    Look<Credentials> credentials(Key access);

    /// Takes back what lets somebody in under an access, but the credentials of that id.
    Result revoke(Key access, String but);

    /// Takes a bond away on this side alone, because the other side is dead. What the other still has of it is left
    /// there, see [#clear].
    Result abandon(Key key);

    /// Takes away what was made at the other cluster for a pair, there alone. Not while the pair is used.
    ///
    /// @return [Result.Failed] if the other lets nobody in with these credentials; then it has taken away itself
    ///     what was made under them
    Result clear(Bond.Pair pair);

    /// Answers what other clusters want of us: each slice is admitted or denied by the contracts that live. Called
    /// again and again.
    ///
    /// @param live all that somebody may have here now, each slice once
    /// @return what was wanted, and what was answered
    default Look<List<Answered>> admit(List<Agreed> live) {
        return new Look.Seen<>(List.of());
    }

    /// Gives back what it keeps open; it is not used afterwards.
    @Override
    default void close() {}

    /// What holds clusters together.
    sealed interface Bond extends Spec {
        /// Network and trust between this cluster and another.
        ///
        /// @param peer id of the other cluster
        /// @param credentials a kubeconfig for it, a secret
        record Pair(String peer, String credentials) implements Bond {
            @Override
            public String toString() {
                return "Pair[peer=" + peer + "]";
            }
        }

        /// Room in the other cluster, seen here as a node. Its pair must be there. With other amounts, it is
        /// changed.
        ///
        /// @param name that of its contract; in the old way, one node for a pair (fluidos.md 4.6), that of the
        ///     cluster
        ///     that lends. Nodes are called so, and no two may be called alike
        /// @param amounts by name of resource: `cpu`, `memory`, `pods`, `storage`, `ephemeral-storage`
        /// @param kind the other's class of slices
        record Slice(String peer, String name, Map<String, Quantity> amounts, String kind) implements Bond {
            /// The class that only we accept, and only under a contract.
            public static final String OURS = "holdfast";

            public Slice {
                amounts = Map.copyOf(amounts);
            }
        }

        /// What another cluster may do here under a contract, and no longer.
        record Access(String contract, String buyer, Instant until) implements Bond {}

        /// Something that runs.
        ///
        /// @param namespace made if it is not there
        /// @param manifest objects in YAML
        /// @param node where its pods must be; empty = anywhere
        record Workload(String namespace, String manifest, Optional<String> node) implements Bond {}
    }

    static Map<String, Quantity> sum(List<Map<String, Quantity>> amounts) {
        return amounts.stream()
                .flatMap(some -> some.entrySet().stream())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Quantity::plus, TreeMap::new));
    }

    /// What of `asked` is not in `granted`, in words; empty if all is.
    static Optional<String> missing(Map<String, Quantity> asked, Map<String, Quantity> granted) {
        var words = new TreeMap<>(asked)
                .entrySet().stream()
                        .filter(one -> one.getValue().compareTo(granted.getOrDefault(one.getKey(), Quantity.ZERO)) > 0)
                        .map(one -> one.getKey() + " " + granted.getOrDefault(one.getKey(), Quantity.ZERO) + " of "
                                + one.getValue())
                        .collect(Collectors.joining(", "));
        return words.isEmpty() ? Optional.empty() : Optional.of(words);
    }

    /// @param ready takes work now
    /// @param stands it is no machine but stands for room elsewhere
    /// @param amounts what pods may have of it, by name of resource
    record Node(String name, boolean ready, boolean stands, Map<String, String> labels, Map<String, Quantity> amounts) {
        public Node {
            labels = Map.copyOf(labels);
            amounts = Map.copyOf(amounts);
        }
    }

    /// @param id by which they are told from others of the same access
    /// @param kubeconfig a secret
    /// @param until the cluster takes them no longer than that
    record Credentials(String id, String kubeconfig, Instant until) {
        @Override
        public String toString() {
            return "Credentials[id=" + id + ", until=" + until + "]";
        }
    }

    /// What a buyer may have here by the contracts that live, as the seller knows them.
    ///
    /// @param slice what it is called, as in [Bond.Slice]
    /// @param buyer id of the buyer's cluster
    record Agreed(String slice, String buyer, Map<String, Quantity> amounts) {
        public Agreed {
            amounts = Map.copyOf(amounts);
        }

        Agreed plus(Agreed other) {
            return new Agreed(slice, buyer, sum(List.of(amounts, other.amounts)));
        }
    }

    /// @param why it was not admitted; empty = it was
    record Answered(String buyer, String slice, Optional<String> why) {}

    /// How long it wants to be left alone while the other side works.
    Duration POLL = Duration.ofSeconds(5);
}
