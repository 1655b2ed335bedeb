package holdfast.protocol.rear;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What is true of a flavor beside its amounts (fluidos.md 2.6).
///
/// @param latency milliseconds; zero if not known
/// @param standards of security, such as `GDPR`
/// @param denied communications
/// @param mandatory communications
/// @param additional free JSON by name; must not be changed
public record Properties(
        int latency,
        List<String> standards,
        Optional<Carbon> carbon,
        List<NetworkRule> denied,
        List<NetworkRule> mandatory,
        Map<String, JsonNode> additional) {
    public static final Properties NONE =
            new Properties(0, List.of(), Optional.empty(), List.of(), List.of(), Map.of());

    public Properties {
        standards = List.copyOf(standards);
        denied = List.copyOf(denied);
        mandatory = List.copyOf(mandatory);
        additional = Map.copyOf(additional);
    }
}
