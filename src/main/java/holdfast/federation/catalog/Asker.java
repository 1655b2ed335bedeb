package holdfast.federation.catalog;

import java.util.Optional;

/// Who speaks to a catalog.
///
/// @param key the fingerprint of the key that it has proved; empty where nobody proves anything
/// @param node its id, if it is known
/// @param domain empty if it is not known
public record Asker(String key, Optional<String> node, String domain) {}
