package holdfast.orchestrator.intents;

import holdfast.core.Caller;
import holdfast.core.Demand;
import holdfast.engine.Processes;
import holdfast.engine.Processes.Request;
import holdfast.orchestrator.Orchestrator;
import holdfast.orchestrator.Slice;
import holdfast.orchestrator.SliceRequest;
import holdfast.orchestrator.intents.Intents.Understood;
import holdfast.platform.Tx;
import java.util.List;
import java.util.Optional;

/// What is ordered for an intent: slices of machines, and services of other domains.
record Ordering(Orchestrator orchestrator, Processes processes) {
    /// Has its services bought. It is looked at again when its term is over, as its last contract may last longer.
    void seek(Tx tx, Caller caller, Understood understood) {
        Needs.wishes(understood, caller.project(), Intents.trace(understood.id()))
                .forEach(wish -> orchestrator.procure(tx, wish));
        processes
                .schedule(
                        tx, Request.at(understood.term().until(), Orchestrator.FOLLOW, understood.id(), caller.user()))
                .orThrow();
    }

    /// Asks for all that runs on machines.
    ///
    /// @param away whether what may run elsewhere must
    /// @param services that what runs may use
    /// @param parts to which those are added that could be asked for
    /// @throws holdfast.core.RefusedException if one cannot even be asked for
    void build(
            Tx tx,
            Caller caller,
            Understood understood,
            boolean away,
            List<Demand.Service> services,
            List<IntentRecord.Placed> parts) {
        for (var piece : understood.pieces()) {
            var request = new SliceRequest(
                    understood.intent().name() + " " + piece.name(),
                    understood.term(),
                    List.of(piece.demand().using(services)),
                    List.of(),
                    Optional.empty(),
                    piece.wish());
            boolean elsewhere = piece.away() || away && !piece.onlyHere();
            var made = orchestrator
                    .createPart(tx, caller, request, new Slice.Purpose(understood.id(), elsewhere))
                    .orThrow();
            parts.add(new IntentRecord.Placed(piece.name(), made.slice().id()));
        }
    }
}
