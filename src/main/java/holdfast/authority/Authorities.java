package holdfast.authority;

import holdfast.core.Answer;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The authorities of this server. They share the processes of leases; which driver runs is up to the lease's
/// authority.
public final class Authorities {
    private final Map<String, Authority> byName;
    private final Tracker tracker;

    public Authorities(Platform platform, Database database, Engine engine, List<Authority> authorities) {
        this.byName = authorities.stream().collect(Collectors.toUnmodifiableMap(Authority::name, Function.identity()));
        var provisioning = new Provisioning(
                lease -> of(lease).driver(), lease -> database.inTransaction(tx -> lastOfSlice(engine, tx, lease)));
        this.tracker = new Tracker(platform, database, engine, site -> of(site).driver());
        engine.definitions().add(tracker.definition());
        engine.definitions()
                .add(provisioning.create((tx, lease, refusal) -> of(lease).ended(tx, lease, refusal)));
        engine.definitions()
                .add(provisioning.remove((tx, lease, refusal) -> of(lease).ended(tx, lease, refusal)));
    }

    public List<Authority> all() {
        return List.copyOf(byName.values());
    }

    /// Takes over a site's advertisement and begins to watch the site.
    public Answer<Resource> open(Tx tx, Authority authority, String graphMl) {
        return authority
                .advertising()
                .publish(tx, graphMl, authority.driver().describe())
                .map(site -> {
                    tracker.watch(tx, authority.name());
                    return site;
                });
    }

    private Authority of(Resource lease) {
        var authority = byName.get(lease.actor());
        if (authority == null) {
            throw new IllegalStateException(lease.type() + " " + lease.id() + " belongs to " + lease.actor()
                    + ", which this server does not serve");
        }
        return authority;
    }

    private static boolean lastOfSlice(Engine engine, Tx tx, Resource lease) {
        return engine.resources().parts(tx, lease.parent().orElseThrow(), Authority.LEASE).stream()
                .allMatch(
                        other -> other.id().equals(lease.id()) || !other.actor().equals(lease.actor()));
    }
}
