package holdfast.protocol.rear;

import java.util.Optional;

/// Who a node is (fluidos.md 2.4). What gives access to it, such as a kubeconfig that a buyer sends along, has no place
/// here and is dropped by whoever reads it (fluidos.md 5.10, U11).
///
/// @param id unique in the domain
/// @param address `host:port` of its gateway, without a scheme
/// @param domain such as `alps.example`
/// @param fabric the id of its fabric (`liqoID`), if it says so
public record NodeIdentity(String id, String address, String domain, Optional<String> fabric) {}
