package holdfast.core;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// A server that was seen at a provider of cloud resources, whoever made it.
///
/// @param id what the provider calls it
/// @param mark `<lease>/<part>` if it was made for a lease at this provider of ours; not what another Holdfast made,
///     which may share the account
/// @param status the provider's word, such as `ACTIVE`
/// @param host the host's name; empty if the account may not know, or it has none yet
/// @param project the provider's id of whom it belongs to
/// @param takes what it takes of its host, by dimension as in [CloudSupply]
/// @param preemptible its maker allows that it is taken away for somebody else
/// @param item in whose room it is that the provider keeps for us, if a user made it there; empty for any other
/// @param addresses for the public: IPv4 addresses and host names
public record CloudServer(
        String id,
        String name,
        Optional<String> mark,
        String status,
        Optional<String> host,
        Optional<String> zone,
        String project,
        Map<String, Long> takes,
        boolean preemptible,
        Optional<UUID> item,
        List<String> addresses) {
    public CloudServer {
        takes = Map.copyOf(takes);
        addresses = addresses == null ? List.of() : List.copyOf(addresses); // told before there were any
    }

    /// One whose addresses are not known.
    public CloudServer(
            String id,
            String name,
            Optional<String> mark,
            String status,
            Optional<String> host,
            Optional<String> zone,
            String project,
            Map<String, Long> takes,
            boolean preemptible,
            Optional<UUID> item) {
        this(id, name, mark, status, host, zone, project, takes, preemptible, item, List.of());
    }

    /// The same in room that is kept for an item.
    public CloudServer inside(UUID other) {
        return new CloudServer(
                id, name, mark, status, host, zone, project, takes, preemptible, Optional.of(other), addresses);
    }
}
