package holdfast.api.blazar;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/// What was said of a lease in this interface and is shown as it was said, while the broker knows what it means.
///
/// @param here whether it was made in this interface, where all times are whole minutes
/// @param reservations by the id of the item
/// @param reminders when its project is told, because its user wants it
record Said(boolean here, Map<UUID, OfReservation> reservations, List<Instant> reminders) {
    /// Of a lease that was made elsewhere.
    static final Said NOTHING = new Said(false, Map.of(), List.of());

    @SuppressWarnings("NullAway") // what was stored before there were reminders has none
    Said {
        reservations = Map.copyOf(reservations);
        reminders = List.copyOf(Objects.requireNonNullElse(reminders, List.of()));
    }

    /// The same, and these reservations.
    Said of(Map<UUID, OfReservation> others) {
        return new Said(here, others, reminders);
    }

    /// @param type as in [Kind]
    /// @param hypervisorProperties a query, as text
    /// @param resourceProperties a query, or the flavor that a reservation was made of
    /// @param beforeEnd what is done before the end: `default`, `snapshot` or nothing
    record OfReservation(Kind type, String hypervisorProperties, String resourceProperties, String beforeEnd) {}
}
