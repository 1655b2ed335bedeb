package holdfast.drivers.openstack;

import holdfast.authority.Driver.Result;
import holdfast.drivers.openstack.Compute.Server;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Servers on hosts that are to change hands.
final class Guests {
    private final Compute compute;

    Guests(Compute compute) {
        this.compute = compute;
    }

    /// Sends servers away, and waits for them to be gone.
    ///
    /// @param hosts as services name them
    /// @param which of those there must go
    /// @param ours those of them that we may take away; the others have to leave by themselves
    /// @return for whom is waited; empty if nobody is there
    Optional<Result> ask(Set<String> hosts, Predicate<Server> which, Predicate<Server> ours) {
        if (hosts.isEmpty()) return Optional.empty();
        var there = compute.servers(true).stream()
                .filter(server -> !server.seen().status().equals("DELETED"))
                .filter(server -> hosts.contains(server.host()))
                .filter(which)
                .toList();
        there.stream()
                .filter(ours)
                .filter(server -> !server.task().equals(Optional.of("deleting")))
                .forEach(server -> compute.forceDelete(server.id()));
        return there.stream()
                .findFirst()
                .map(server -> new Result.Later(
                        "waiting for the server " + server.seen().name() + " to leave " + server.host()));
    }
}
