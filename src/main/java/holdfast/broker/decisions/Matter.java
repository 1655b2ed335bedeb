package holdfast.broker.decisions;

import java.util.Optional;
import java.util.UUID;

/// What a decision is about.
///
/// @param who wants it
/// @param project whose it is
/// @param reservation that is made, changed, or taken from; none for what is allocated without one
/// @param allocation that is made
public record Matter(Verb verb, String who, String project, Optional<UUID> reservation, Optional<UUID> allocation) {
    /// What is to be done.
    public enum Verb {
        CREATE,
        UPDATE,
        ACTIVATE,
        /// The start of one that stands by is put off.
        POSTPONE,
        /// One that has lost what it was promised goes elsewhere.
        RELOCATE,
        ALLOCATE
    }

    /// Something about a reservation.
    public static Matter of(Verb verb, String who, String project, UUID reservation) {
        return new Matter(verb, who, project, Optional.of(reservation), Optional.empty());
    }

    /// A server.
    ///
    /// @param reservation that it is taken from, if there is one
    public static Matter allocation(String who, String project, UUID allocation, Optional<UUID> reservation) {
        return new Matter(Verb.ALLOCATE, who, project, reservation, Optional.of(allocation));
    }
}
