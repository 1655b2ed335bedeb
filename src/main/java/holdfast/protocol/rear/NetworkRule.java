package holdfast.protocol.rear;

import java.util.Map;
import java.util.Optional;

/// A communication that the owner of a flavor denies or demands (fluidos.md 2.6).
///
/// @param port number or range as the owner writes it
/// @param protocol such as `HTTPS`
public record NetworkRule(String name, End source, End destination, String port, String protocol) {
    /// One end of it: a block of addresses, or pods in namespaces by their labels.
    ///
    /// @param host whether it is in the host cluster
    /// @param block such as `10.0.0.0/16`; the labels are empty then
    public record End(boolean host, Optional<String> block, Map<String, String> pods, Map<String, String> namespaces) {
        public End {
            pods = Map.copyOf(pods);
            namespaces = Map.copyOf(namespaces);
        }
    }
}
