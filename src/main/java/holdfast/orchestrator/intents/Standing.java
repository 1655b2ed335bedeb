package holdfast.orchestrator.intents;

import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.orchestrator.Orchestrator;
import holdfast.orchestrator.SliceState;
import holdfast.orchestrator.Sliver;
import holdfast.orchestrator.intents.IntentCourse.Progress;
import holdfast.platform.Tx;
import java.util.List;

/// How far parts of intents are, as their slices show it.
final class Standing {
    private Standing() {}

    static Progress of(Tx tx, Resources resources, Resource slice) {
        return switch (SliceState.of(slice.state())) {
            case NASCENT, CONFIGURING -> {
                var slivers = resources.partsOf(tx, List.of(slice.id()), Orchestrator.SLIVER).stream()
                        .map(Sliver::of)
                        .toList();
                if (slivers.stream().anyMatch(Sliver.Acquiring.class::isInstance)) {
                    yield Progress.ACQUIRING;
                }
                yield slivers.stream().anyMatch(Sliver::unanswered) ? Progress.ASKED : Progress.PROMISED;
            }
            case ALLOCATED_OK, MODIFYING -> Progress.PROMISED;
            case STABLE_OK, MODIFY_OK -> Progress.RUNNING;
            case STABLE_ERROR, ALLOCATED_ERROR, MODIFY_ERROR, CLOSING, DEAD -> Progress.OVER;
        };
    }
}
