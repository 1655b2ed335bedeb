package holdfast.broker.choice;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// One part of a request.
///
/// @param id the holder of its claims
/// @param provider the only provider that will do, if there is one
/// @param zones ids of zones, any of them, the first liked best; empty = all
/// @param within the most over which it may be spread
/// @param kept placements of hosts that must stay: what has started or is pinned
/// @param beforeEnd what is done before its end; where it is placed does not depend on it
public record Item(
        UUID id,
        Optional<String> provider,
        List<String> zones,
        Spread within,
        Need need,
        List<Placement> kept,
        BeforeEnd beforeEnd) {
    /// @throws holdfast.core.RefusedException if a list is too long
    public Item {
        zones = List.copyOf(zones);
        kept = List.copyOf(kept);
        Limits.within("zones", zones.size(), 0, Limits.LIST);
        Limits.within("kept", kept.size(), 0, Limits.LIST);
    }

    /// One of which nothing is said about its end.
    public Item(
            UUID id, Optional<String> provider, List<String> zones, Spread within, Need need, List<Placement> kept) {
        this(id, provider, zones, within, need, kept, BeforeEnd.DEFAULT);
    }

    /// Anywhere at one site, or in one zone for loose quantities.
    public static Item of(UUID id, Need need) {
        var within = need instanceof Need.Quantity ? Spread.ZONE : Spread.SITE;
        return new Item(id, Optional.empty(), List.of(), within, need, List.of());
    }

    /// The same at this provider only.
    public Item at(String account) {
        return new Item(id, Optional.of(account), zones, within, need, kept, beforeEnd);
    }

    /// The same in these zones.
    public Item in(List<String> others) {
        return new Item(id, provider, others, within, need, kept, beforeEnd);
    }

    /// The same item with another need.
    public Item asking(Need other) {
        return new Item(id, provider, zones, within, other, kept, beforeEnd);
    }

    /// The same, spread no further than this.
    public Item within(Spread other) {
        return new Item(id, provider, zones, other, need, kept, beforeEnd);
    }

    /// The same with placements that must stay.
    public Item keeping(List<Placement> placements) {
        return new Item(id, provider, zones, within, need, placements, beforeEnd);
    }

    /// The same with this before its end.
    public Item ending(BeforeEnd other) {
        return new Item(id, provider, zones, within, need, kept, other);
    }
}
