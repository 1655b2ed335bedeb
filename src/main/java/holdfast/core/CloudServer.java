package holdfast.core;

import java.util.Map;
import java.util.Optional;

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
public record CloudServer(
        String id,
        String name,
        Optional<String> mark,
        String status,
        Optional<String> host,
        Optional<String> zone,
        String project,
        Map<String, Long> takes,
        boolean preemptible) {
    public CloudServer {
        takes = Map.copyOf(takes);
    }
}
