package holdfast.authority;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toUnmodifiableMap;

import holdfast.engine.Engine;
import holdfast.engine.ProcessDefinition;
import holdfast.engine.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The clusters of this server, which share processes and are looked at again and again.
public final class ClusterAuthorities {
    /// A slice that another cluster asks for waits at most so long for an answer.
    private static final Duration EVERY = Duration.ofSeconds(10);

    private final Map<String, ClusterAuthority> byName;
    private final ClusterAuthority.Offered offered;

    /// @param offered hears of sites of which something may be claimed
    public ClusterAuthorities(Engine engine, List<ClusterAuthority> all, ClusterAuthority.Offered offered) {
        this.byName = all.stream().collect(toUnmodifiableMap(ClusterAuthority::name, Function.identity()));
        this.offered = offered;
        if (all.isEmpty()) {
            return;
        }
        var definitions = engine.definitions();
        definitions.add(ProcessDefinition.of(
                Tenancies.OPEN,
                Tenancies.OPENING,
                it -> of(it).tenancies().open(),
                (tx, it, why) -> of(it).tenancies().ended(tx, it, why)));
        definitions.add(ProcessDefinition.of(
                Tenancies.CLOSE,
                Tenancies.CLOSING,
                it -> of(it).tenancies().close(),
                (tx, it, why) -> of(it).tenancies().ended(tx, it, why)));
        definitions.add(ProcessDefinition.timer(
                Tenancies.REVOKE, context -> of(context.resource()).tenancies().revoke(context)));
        definitions.add(ProcessDefinition.timer(
                ForeignNodes.REJOIN,
                context -> of(context.resource()).nodes().bonds().rejoin(context)));
        definitions.add(ProcessDefinition.of(
                ForeignNodes.OPEN,
                ForeignNodes.OPENING,
                it -> of(it).nodes().open(),
                (tx, it, why) -> of(it).nodes().ended(tx, it, why)));
        definitions.add(ProcessDefinition.of(
                ForeignNodes.CLOSE,
                ForeignNodes.CLOSING,
                it -> of(it).nodes().close(),
                (tx, it, why) -> of(it).nodes().ended(tx, it, why)));
        definitions.add(ProcessDefinition.of(
                ForeignNodes.CLEAR,
                ForeignNodes.CLEARING,
                it -> of(it).nodes().clear(it),
                (tx, it, _) -> of(it).nodes().cleared(tx, it)));
        engine.tasks().add("cluster.watch", EVERY, this::watch);
    }

    /// Whose leases run there.
    Map<String, Authorities.Keeper> keepers() {
        return byName.values().stream().collect(toUnmodifiableMap(ClusterAuthority::name, ClusterAuthority::keeper));
    }

    public List<ClusterAuthority> all() {
        return List.copyOf(byName.values());
    }

    private ClusterAuthority of(Resource resource) {
        return Optional.ofNullable(byName.get(resource.actor()))
                .orElseThrow(() -> new IllegalStateException(resource.type() + " " + resource.id() + " belongs to "
                        + resource.actor() + ", which this server does not serve"));
    }

    /// Looks at all of them. Not within a transaction.
    ///
    /// @return what came of it, in a few words
    public String watch() {
        return byName.values().stream()
                .map(cluster -> cluster.name() + ": " + cluster.watch(offered))
                .sorted()
                .collect(joining("; "));
    }
}
