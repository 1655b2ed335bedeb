package holdfast.federation.trust;

/// Who asks, as far as rules look at it.
///
/// @param domain empty if it is not known
/// @param vouched whether administrators said that it is of that domain: what only it says opens nothing
/// @param role `node` if it says nothing else
public record Caller(Standing standing, String domain, boolean vouched, String role) {
    /// Who has proved nothing.
    public static final Caller ANYBODY = new Caller(Standing.ANYBODY, "", false, "node");

    /// The same where it says of which domain it is, which counts if nothing else is known.
    public Caller saying(String said) {
        return domain.isEmpty() ? new Caller(standing, said, false, role) : this;
    }

    /// How well it is known.
    public enum Standing {
        /// A node of the own domain, by its key.
        OWN,
        /// A peer, by its key.
        PEER,
        ANYBODY
    }
}
