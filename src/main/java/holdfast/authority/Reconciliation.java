package holdfast.authority;

import holdfast.authority.Cloud.There;
import holdfast.authority.Driver.Key;
import holdfast.core.CloudServer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/// What differs between the servers that are at a provider and the leases that should have one (promise.md 7, rows 16
/// and 17).
///
/// @param strays what was made for a lease that is not there or is over: to be taken away
/// @param orphans those of them whose lease is not there
/// @param missing leases whose server is not there now
/// @param lost leases whose server was not there the last time either
/// @param unknown servers that nobody asked for here: counted and told, and left alone
/// @param guests servers that users made in what is kept for them
record Reconciliation(
        List<Key> strays,
        List<Key> orphans,
        Set<UUID> missing,
        List<UUID> lost,
        List<CloudServer> unknown,
        List<CloudServer> guests) {
    private static final Set<String> OVER = Set.of("failed", "closed");

    /// @param known states of the leases that what is there was made for
    /// @param active the leases at this provider that should have a server
    /// @param missedBefore from the look before
    static Reconciliation of(There there, Map<String, String> known, Collection<UUID> active, Set<UUID> missedBefore) {
        var servers = there.servers();
        var strays = there.ours().stream()
                .filter(key -> OVER.contains(known.getOrDefault(key.lease(), "failed")))
                .toList();
        var orphans =
                strays.stream().filter(key -> !known.containsKey(key.lease())).toList();
        var present = servers.stream()
                .flatMap(server -> key(server).stream())
                .map(Key::lease)
                .collect(Collectors.toSet());
        var absent = active.stream()
                .filter(lease -> !present.contains(lease.toString()))
                .toList();
        var lost = absent.stream().filter(missedBefore::contains).toList();
        var notOurs = servers.stream()
                .filter(server -> key(server).isEmpty())
                .collect(Collectors.partitioningBy(server -> server.item().isPresent()));
        return new Reconciliation(
                strays,
                orphans,
                new TreeSet<>(absent),
                lost,
                notOurs.getOrDefault(false, List.of()),
                notOurs.getOrDefault(true, List.of()));
    }

    /// The lease and part that a server was made for; empty if its mark is not one of ours.
    static Optional<Key> key(CloudServer server) {
        return server.mark()
                .map(mark -> mark.split("/", 2))
                .filter(parts -> parts.length == 2)
                .flatMap(parts -> {
                    try {
                        return Optional.of(new Key(UUID.fromString(parts[0]).toString(), parts[1]));
                    } catch (IllegalArgumentException _) {
                        return Optional.empty();
                    }
                });
    }
}
