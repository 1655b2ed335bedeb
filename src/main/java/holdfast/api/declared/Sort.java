package holdfast.api.declared;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The sorts of objects (fluidos.md 2.9), as they are called in paths and in objects.
enum Sort {
    ALLOCATION("nodecore", "Allocation", "allocations", "alloc"),
    BROKER("network", "Broker", "brokers", "broker"),
    CONTRACT("reservation", "Contract", "contracts", "contr"),
    DISCOVERY("advertisement", "Discovery", "discoveries", "dis"),
    FLAVOR("nodecore", "Flavor", "flavors", "fl"),
    KNOWN_CLUSTER("network", "KnownCluster", "knownclusters", "kclust"),
    PEERING_CANDIDATE("advertisement", "PeeringCandidate", "peeringcandidates", "pc"),
    RESERVATION("reservation", "Reservation", "reservations", "res"),
    SERVICE_BLUEPRINT("nodecore", "ServiceBlueprint", "serviceblueprints", "sbp"),
    SOLVER("nodecore", "Solver", "solvers", "sol"),
    TRANSACTION("reservation", "Transaction", "transactions", "tr");

    static final String VERSION = "v1alpha1";
    /// Where all that nobody has put elsewhere is.
    static final String NAMESPACE = "fluidos";

    private static final String DOMAIN = ".fluidos.eu";

    private final String group;
    private final String kind;
    private final String plural;
    private final String brief;

    Sort(String group, String kind, String plural, String brief) {
        this.group = group + DOMAIN;
        this.kind = kind;
        this.plural = plural;
        this.brief = brief;
    }

    /// Such as `nodecore.fluidos.eu`.
    String group() {
        return group;
    }

    /// Such as `Solver`.
    String kind() {
        return kind;
    }

    /// Such as `solvers`.
    String plural() {
        return plural;
    }

    /// How it is called for short.
    String brief() {
        return brief;
    }

    String apiVersion() {
        return group + "/" + VERSION;
    }

    static List<String> groups() {
        return Arrays.stream(values()).map(Sort::group).distinct().sorted().toList();
    }

    static List<Sort> in(String group) {
        return Arrays.stream(values()).filter(one -> one.group.equals(group)).toList();
    }

    static Optional<Sort> of(String group, String plural) {
        return in(group).stream().filter(one -> one.plural.equals(plural)).findFirst();
    }

    static Optional<Sort> called(String plural) {
        return Arrays.stream(values()).filter(one -> one.plural.equals(plural)).findFirst();
    }
}
