package holdfast.orchestrator.instances;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// A deployment as its pool shows it (aeolus.md 2.8); it does not say where it runs.
///
/// @param owner the user who asked for it
/// @param realm name of a front-end realm
/// @param partial those that can be made stay if others cannot
/// @param deleting it goes as soon as nothing of it is left
/// @param deployable the XML that it was made of
/// @param instances ids, in the order of its assemblies
/// @param uptimeFirst how long ago the first of its instances ran; until it stopped; zero if none ever did
///     (aeolus.md 6.10)
/// @param uptimeAll the same since all of them ran
/// @param trouble why it failed, or why the last attempt did
public record DeploymentView(
        UUID id,
        String name,
        UUID pool,
        String owner,
        Optional<String> description,
        DeploymentState state,
        Optional<String> realm,
        boolean partial,
        boolean deleting,
        String deployable,
        List<UUID> instances,
        Map<String, String> properties,
        Duration uptimeFirst,
        Duration uptimeAll,
        Optional<String> trouble,
        Instant created,
        Instant updated,
        long version) {
    public DeploymentView {
        instances = List.copyOf(instances);
        properties = Map.copyOf(properties);
    }
}
