package holdfast.broker;

import holdfast.core.Refusal;
import holdfast.core.SliverId;
import holdfast.protocol.SliceInfo;
import holdfast.protocol.Ticket;
import java.util.Optional;

/// The broker's record of what it promised for a sliver, or why it did not (fabric.md 3.3).
///
/// States: `ticketed`, `failed`, `closed`; `close_failed` when the authority could not take the lease down, which keeps
/// it blocked.
///
/// @param orchestrator who asked
/// @param attempt which of its requests was decided last
/// @param ticket what was promised
/// @param refusal why not
public record Grant(
        SliverId sliver,
        SliceInfo slice,
        String orchestrator,
        int attempt,
        Optional<Ticket> ticket,
        Optional<Refusal> refusal) {}
