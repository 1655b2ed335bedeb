package holdfast.orchestrator.instances;

import holdfast.core.HardwareProfile;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// An instance as its pool shows it (aeolus.md 2.8); it does not say where it runs.
///
/// @param owner the user who asked for it
/// @param image id of a broker image
/// @param realm name of a front-end realm
/// @param profile the front-end profile
/// @param sizes what was used where it differs from the profile's own: `memory`, `cpu`, `storage`, `architecture`
/// @param actions what may be done now
/// @param publicAddresses IPv4 addresses or host names
/// @param key name of the key that opens it
/// @param firewalls ids of those that it was launched with
/// @param volumes that are attached to it, as far as it was seen
/// @param properties the user's own
/// @param trouble why it failed, or why the last action did
/// @param task id of the last task
/// @param doing what is being done to it
public record InstanceView(
        UUID id,
        String name,
        Optional<String> description,
        String owner,
        String image,
        Optional<String> realm,
        InstanceState state,
        HardwareProfile profile,
        Map<String, String> sizes,
        Set<Action> actions,
        Instant created,
        Instant updated,
        List<String> publicAddresses,
        List<String> privateAddresses,
        Optional<String> key,
        List<String> firewalls,
        List<Attached> volumes,
        Map<String, String> properties,
        Optional<String> trouble,
        Optional<UUID> task,
        long version,
        Optional<Action> doing) {
    /// @param volume its id
    /// @param device the instance's word for it, such as `/dev/vdb`
    public record Attached(String volume, Optional<String> device) {}
}
