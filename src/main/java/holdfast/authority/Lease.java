package holdfast.authority;

import holdfast.core.SliverId;
import holdfast.protocol.LeaseInfo;
import holdfast.protocol.SliceInfo;
import holdfast.protocol.Ticket;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The authority's record of a ticket that was redeemed (fabric.md 3.4).
///
/// States: `requested`, `creating`, `active`, `failed`, `closing`, `closed`, `close_failed`.
///
/// @param orchestrator who redeemed it
/// @param ticket empty only for one that was closed before it was redeemed
/// @param units the exact units, in the order of the ticket's devices
/// @param facts what the driver said, by part and name: `gpu1.guest.bdf`
public record Lease(
        SliverId sliver,
        SliceInfo slice,
        String orchestrator,
        Optional<Ticket> ticket,
        List<LeaseInfo.Unit> units,
        Map<String, String> facts) {

    /// What the other actors are told of it.
    LeaseInfo info() {
        return new LeaseInfo(ticket.orElseThrow().placement().host(), units, facts == null ? Map.of() : facts);
    }
}
