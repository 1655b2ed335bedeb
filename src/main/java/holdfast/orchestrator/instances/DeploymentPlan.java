package holdfast.orchestrator.instances;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Several instances as a user asks for them, which all go to one account (aeolus.md 4.3).
///
/// @param name 1..50 characters; what is no letter or digit becomes `-`
/// @param realm id or name of a front-end realm, for all of them
/// @param partial those that can be made stay if others cannot
/// @param properties the user's own
/// @param deployable the XML that it was made of; empty text if it was made of something else
/// @param assemblies 1..100 in the order in which they are made, each with a name of its own, without realm and token
public record DeploymentPlan(
        UUID pool,
        String name,
        Optional<String> description,
        Optional<String> realm,
        boolean partial,
        Map<String, String> properties,
        String deployable,
        List<Launch> assemblies) {
    public DeploymentPlan {
        properties = Map.copyOf(properties);
        assemblies = List.copyOf(assemblies);
    }
}
