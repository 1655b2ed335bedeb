package holdfast.authority;

import holdfast.authority.Driver.Key;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.ProcessDefinition.Ending;
import holdfast.engine.Resource;
import holdfast.platform.Database;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.nio.channels.ByteChannel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The authorities of this server. They share the processes of leases; how each is done is up to the authority whose
/// lease it is.
public final class Authorities {
    /// Where its machine can be reached.
    private static final Set<String> REACHED = Set.of("active", "amending", "revising");

    private final Map<String, Authority> byName;
    private final Map<String, Keeper> keepers;
    private final Tracker tracker;

    /// Somebody whose leases run here.
    ///
    /// @param ending what else is written when a process of a lease has ended
    record Keeper(Recipes recipes, Ending ending) {}

    public Authorities(Platform platform, Database database, Engine engine, List<Authority> authorities) {
        this(platform, database, engine, authorities, Optional.empty());
    }

    /// @param clouds serves the providers, if there may be any
    public Authorities(
            Platform platform,
            Database database,
            Engine engine,
            List<Authority> authorities,
            Optional<CloudAuthority> clouds) {
        this(platform, database, engine, authorities, clouds, Optional.empty());
    }

    /// @param clouds serves the providers, if there may be any
    /// @param clusters whose leases are workloads
    public Authorities(
            Platform platform,
            Database database,
            Engine engine,
            List<Authority> authorities,
            Optional<CloudAuthority> clouds,
            Optional<ClusterAuthorities> clusters) {
        this.byName = authorities.stream().collect(Collectors.toUnmodifiableMap(Authority::name, Function.identity()));
        this.keepers = new HashMap<>();
        var onHosts = new Provisioning(
                lease -> authority(lease).driver(),
                lease -> database.inTransaction(tx -> lastOfSlice(engine, tx, lease)));
        authorities.forEach(authority -> keepers.put(authority.name(), authority.keeper(onHosts)));
        clouds.ifPresent(authority -> keepers.put(authority.name(), authority.keeper()));
        clusters.ifPresent(some -> keepers.putAll(some.keepers()));
        this.tracker = new Tracker(platform, database, engine, this::authority);
        engine.definitions().add(tracker.definition());
        LeaseProcesses.all(
                        lease -> keeper(lease).recipes(),
                        (tx, lease, refusal) -> keeper(lease).ending().write(tx, lease, refusal))
                .forEach(engine.definitions()::add);
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

    /// A connection to a port of the machine of a lease, see [Driver#connect]. Never within a transaction.
    ///
    /// @return [Refusal.Kind#CLASH] as well if it does not run, or runs where no driver of ours has a network
    public Answer<ByteChannel> connect(Resource lease, int port) {
        if (!REACHED.contains(lease.state())) {
            return Answer.no(Refusal.clash("the machine is " + lease.state() + ": connect to it while it is active"));
        }
        var authority = Optional.ofNullable(byName.get(lease.actor()));
        return authority
                .map(site -> site.driver().connect(new Key(lease.id().toString(), Provisioning.MACHINE), port))
                .orElseGet(() -> Answer.no(Refusal.clash(
                        "the machine runs at " + lease.actor() + ", to which no connections go through this server:"
                                + " use the address that it shows there")));
    }

    private Authority authority(Resource resource) {
        return known(byName, resource);
    }

    private Keeper keeper(Resource lease) {
        return known(keepers, lease);
    }

    private static <T> T known(Map<String, T> by, Resource resource) {
        var known = by.get(resource.actor());
        if (known == null) {
            throw new IllegalStateException(resource.type() + " " + resource.id() + " belongs to " + resource.actor()
                    + ", which this server does not serve");
        }
        return known;
    }

    private static boolean lastOfSlice(Engine engine, Tx tx, Resource lease) {
        return engine.resources().parts(tx, lease.parent().orElseThrow(), Authority.LEASE).stream()
                .allMatch(
                        other -> other.id().equals(lease.id()) || !other.actor().equals(lease.actor()));
    }
}
