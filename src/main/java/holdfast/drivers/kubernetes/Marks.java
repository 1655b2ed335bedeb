package holdfast.drivers.kubernetes;

/// Labels and names by which what is ours is found again in a cluster.
final class Marks {
    /// Of namespaces: a bond with the cluster of that id begins or ends here.
    static final String PAIR = "holdfast/pair";

    /// Of namespaces: the pair ends with the slice of that name.
    static final String CLOSING = "holdfast/closing";

    /// Of namespaces: another cluster has access here.
    static final String TENANT = "holdfast/tenant";

    /// Of slices.
    static final String SLICE = "holdfast/slice";

    /// Of slices that were changed: what was granted then.
    static final String BEFORE = "holdfast/before";

    /// Of all that is made for a workload; the value is its lease. Of a namespace: it was made for that one.
    static final String LEASE = "holdfast/lease";

    /// Of accounts and roles; the value is the contract.
    static final String CONTRACT = "holdfast/contract";

    /// Of a secret: the id of the credentials that are good as long as it is there.
    static final String PASS = "holdfast/pass";

    /// Of an account: whose it is, and until when.
    static final String BUYER = "holdfast/buyer";

    static final String UNTIL = "holdfast/until";

    /// Holds accounts of other clusters. They see nothing in it, so no contract sees what another is let in by.
    static final String ACCESS_NAMESPACE = "holdfast-access";

    /// In the tenant's namespace: how we are let in at the peer.
    static final String PEER_SECRET = "holdfast-peer";

    /// In the tenant's namespace: what a buyer must know and may not look for.
    static final String FACTS = "holdfast-cluster";

    /// Kubernetes' own, of nodes.
    static final String HOST = "kubernetes.io/hostname";

    private Marks() {}
}
