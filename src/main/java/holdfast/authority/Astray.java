package holdfast.authority;

import java.util.List;
import java.util.Set;
import java.util.UUID;

/// What differs at a provider from what should be there.
///
/// @param missing leases whose server was not there
/// @param unknown ids of the servers there that nobody asked for here
/// @param guests ids of those that users made themselves in what is kept for them
/// @param orphans what bears our mark there and was made for no lease that we know
public record Astray(Set<UUID> missing, Set<String> unknown, Set<String> guests, List<Orphan> orphans) {
    static final Astray NOTHING = new Astray(Set.of(), Set.of(), Set.of(), List.of());

    public Astray {
        missing = Set.copyOf(missing);
        unknown = Set.copyOf(unknown);
        guests = Set.copyOf(guests);
        orphans = List.copyOf(orphans);
    }

    Astray with(List<Orphan> others) {
        return new Astray(missing, unknown, guests, others);
    }
}
