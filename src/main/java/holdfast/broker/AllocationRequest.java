package holdfast.broker;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// What a user wants to run, in whatever language it was asked for (promise.md 4.3).
///
/// @param name of the server
/// @param flavor name or id of a size that the provider has
/// @param image name or id of what to boot
/// @param networks names or ids, in the order of the server's interfaces
/// @param reservation what it is taken from; empty = from what is free
/// @param item of the reservation; empty = the first that has room for it
/// @param provider the account in the broker's book; empty = the reservation's, or any
/// @param zones ids of places, any of them; none = all. Nothing is asked of them under a reservation
/// @param preemptible without a reservation: lent until somebody else needs the room. Nothing under a reservation
/// @param end when it is to be gone; empty = when its reservation ends, else when it is destroyed
/// @param atStart before the start of the reservation: waits for it instead of being refused
/// @param metadata for the server
public record AllocationRequest(
        String name,
        String flavor,
        String image,
        List<String> networks,
        Optional<UUID> reservation,
        Optional<UUID> item,
        Optional<String> provider,
        List<String> zones,
        boolean preemptible,
        Optional<Instant> end,
        boolean atStart,
        Map<String, String> metadata) {
    public AllocationRequest {
        networks = List.copyOf(networks);
        zones = List.copyOf(zones);
        metadata = Map.copyOf(metadata);
    }

    /// One that is lent from what is free, anywhere.
    public static AllocationRequest of(String name, String flavor, String image) {
        return new AllocationRequest(
                name,
                flavor,
                image,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                true,
                Optional.empty(),
                false,
                Map.of());
    }

    /// The same from a reservation.
    public AllocationRequest under(UUID other) {
        return new AllocationRequest(
                name,
                flavor,
                image,
                networks,
                Optional.of(other),
                item,
                provider,
                zones,
                preemptible,
                end,
                atStart,
                metadata);
    }

    /// The same, waiting for the start of its reservation.
    public AllocationRequest waiting() {
        return new AllocationRequest(
                name, flavor, image, networks, reservation, item, provider, zones, preemptible, end, true, metadata);
    }

    /// The same, firm.
    public AllocationRequest firm() {
        return new AllocationRequest(
                name, flavor, image, networks, reservation, item, provider, zones, false, end, atStart, metadata);
    }

    /// The same until then.
    public AllocationRequest until(Instant other) {
        return new AllocationRequest(
                name,
                flavor,
                image,
                networks,
                reservation,
                item,
                provider,
                zones,
                preemptible,
                Optional.of(other),
                atStart,
                metadata);
    }
}
