package holdfast.orchestrator.intents;

import holdfast.core.Demand;
import holdfast.protocol.rear.Wish;
import java.util.Optional;

/// What one part of an intent needs: a machine.
///
/// @param wish of room in other domains, if it may run there
/// @param away whether it must not run here
public record Piece(String name, Demand demand, Optional<Wish> wish, boolean away) {
    /// Whether it runs here or nowhere.
    public boolean onlyHere() {
        return wish.isEmpty();
    }
}
