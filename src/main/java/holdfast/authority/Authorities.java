package holdfast.authority;

import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.platform.Database;
import holdfast.platform.Tx;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The authorities of this server. They share the processes of leases; which driver runs is up to the lease's authority.
public final class Authorities {
    private final Map<String, Authority> byName;

    public Authorities(Database database, Engine engine, List<Authority> authorities) {
        this.byName = authorities.stream().collect(Collectors.toUnmodifiableMap(Authority::name, Function.identity()));
        var provisioning = new Provisioning(
                lease -> of(lease).driver(), lease -> database.inTransaction(tx -> lastOfSlice(engine, tx, lease)));
        engine.definitions().add(provisioning.create((tx, lease, refusal) -> of(lease).ended(tx, lease, refusal)));
        engine.definitions().add(provisioning.remove((tx, lease, refusal) -> of(lease).ended(tx, lease, refusal)));
    }

    public List<Authority> all() {
        return List.copyOf(byName.values());
    }

    private Authority of(Resource lease) {
        var authority = byName.get(lease.actor());
        if (authority == null) {
            throw new IllegalStateException("lease " + lease.id() + " belongs to " + lease.actor() + ", which this server does not serve");
        }
        return authority;
    }

    private static boolean lastOfSlice(Engine engine, Tx tx, Resource lease) {
        return engine.resources().parts(tx, lease.parent().orElseThrow(), Authority.LEASE).stream()
                .allMatch(other -> other.id().equals(lease.id()) || !other.actor().equals(lease.actor()));
    }
}
