package holdfast.orchestrator.intents;

import holdfast.core.Caller;
import holdfast.core.SliceId;
import holdfast.core.SliverId;
import holdfast.orchestrator.intents.Intents.Understood;
import holdfast.protocol.Message;
import holdfast.protocol.SliceInfo;
import holdfast.protocol.rear.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Which intents wait for the hour at which they emit the least (fluidos.md 6.8).
final class Waiting {
    /// What it takes to buy and to build.
    private static final Duration BUILDING = Duration.ofMinutes(15);

    private static final Duration SLOT = Duration.ofHours(1);

    private Waiting() {}

    /// The question when to begin, of an intent that is to be green, names no start, and has an hour or more until
    /// its deadline. It is asked for the largest part that may leave this domain: the others begin with it.
    static Optional<Message.Acquire> question(Understood understood, Caller caller, Instant now) {
        var intent = understood.intent();
        var latest = intent.deadline()
                .map(time -> time.minus(BUILDING))
                .filter(time -> !time.isBefore(now.plus(SLOT)))
                .filter(_ -> intent.objective() == Objective.GREENEST)
                .filter(_ -> intent.notBefore().isEmpty());
        var largest = understood.pieces().stream()
                .filter(piece -> !piece.onlyHere())
                .max(Comparator.comparingLong(
                        (Piece piece) -> piece.demand().capacities().get("core")));
        return latest.flatMap(time -> largest.map(piece -> new Message.Acquire(
                new SliverId(understood.id()),
                new SliceInfo(new SliceId(understood.id()), intent.name(), caller.project(), caller.user(), List.of()),
                piece.demand(),
                understood.term(),
                1,
                piece.wish().orElseThrow().asking(time))));
    }
}
