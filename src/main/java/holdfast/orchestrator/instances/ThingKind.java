package holdfast.orchestrator.instances;

import java.util.stream.Stream;

/// The kinds of what lives at accounts.
public enum ThingKind {
    KEY("keys", AccountThing.Key.class),
    ADDRESS("addresses", AccountThing.Address.class),
    VOLUME("storage_volumes", AccountThing.Volume.class),
    SNAPSHOT("storage_snapshots", AccountThing.Snapshot.class),
    BUCKET("buckets", AccountThing.Bucket.class),
    FIREWALL("firewalls", AccountThing.Firewall.class),
    LOAD_BALANCER("load_balancers", AccountThing.LoadBalancer.class),
    NETWORK("networks", AccountThing.Network.class),
    SUBNET("subnets", AccountThing.Subnet.class),
    INTERFACE("network_interfaces", AccountThing.Nic.class),
    METRIC("metrics", AccountThing.Metric.class);

    private final String collection;
    private final Class<? extends AccountThing> type;

    ThingKind(String collection, Class<? extends AccountThing> type) {
        this.collection = collection;
        this.type = type;
    }

    /// As Deltacloud calls all of them.
    public String collection() {
        return collection;
    }

    static ThingKind of(Class<? extends AccountThing> type) {
        return Stream.of(values()).filter(kind -> kind.type == type).findFirst().orElseThrow();
    }

    /// What accounts have for all to use: networks, and firewalls such as `default`. What else nobody has made here
    /// is for those only who have rights on the account.
    boolean isCommon() {
        return this == NETWORK || this == SUBNET || this == FIREWALL;
    }

    /// Whether what was made in a pool is called there by its name alone. Clients go on with the name that they
    /// have given to a bucket or a load balancer, whatever id they are told (aeolus.md 5.3.11).
    boolean isPlain() {
        return this == BUCKET || this == LOAD_BALANCER;
    }

    /// Whether the provider calls such a thing as its user does: clients look for it under that name.
    boolean isCalledByName() {
        return isPlain() || this == KEY || this == FIREWALL;
    }
}
