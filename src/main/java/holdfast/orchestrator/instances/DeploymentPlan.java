package holdfast.orchestrator.instances;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// Several instances as a user asks for them, which all go to one account (aeolus.md 4.3).
///
/// @param name 1..50 characters; what is no letter or digit becomes `-`; empty = one is made up
/// @param realm id or name of a front-end realm, for all of them
/// @param partial those that can be made stay if others cannot
/// @param properties the user's own
/// @param deployable the XML that it was made of; empty text if it was made of something else
/// @param assemblies 1..100 in the order in which they are made, each with a name of its own, without realm and token
/// @param token of the client's, so that asking twice makes one (aeolus.md 7, row 12)
public record DeploymentPlan(
        UUID pool,
        Optional<String> name,
        Optional<String> description,
        Optional<String> realm,
        boolean partial,
        Map<String, String> properties,
        String deployable,
        List<Launch> assemblies,
        Optional<String> token) {
    public DeploymentPlan {
        properties = Collections.unmodifiableSortedMap(new TreeMap<>(properties)); // as in a launch
        assemblies = List.copyOf(assemblies);
    }
}
