package holdfast.federation.trust;

/// Who asks, as far as rules look at it.
///
/// @param domain empty if it is not known
/// @param role `node` if it says nothing else
public record Caller(Standing standing, String domain, String role) {
    /// Who has proved nothing.
    public static final Caller ANYBODY = new Caller(Standing.ANYBODY, "", "node");

    /// How well it is known.
    public enum Standing {
        /// A node of the own domain, by its key.
        OWN,
        /// A peer, by its key.
        PEER,
        ANYBODY
    }
}
