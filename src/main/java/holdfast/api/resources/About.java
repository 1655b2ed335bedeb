package holdfast.api.resources;

import holdfast.protocol.rear.NodeIdentity;
import java.util.Optional;

/// What a server says of itself.
///
/// @param version of the product
/// @param database which kind, in words: `embedded PostgreSQL 18.6`
/// @param node as whom it sells to other domains; empty if it does not
public record About(String version, String database, Optional<NodeIdentity> node) {}
