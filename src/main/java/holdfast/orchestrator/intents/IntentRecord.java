package holdfast.orchestrator.intents;

import holdfast.core.Interval;
import java.util.List;
import java.util.UUID;

/// An intent as it is stored.
///
/// @param owner who asked for it
/// @param text as it was written
/// @param term when it runs
/// @param parts in the order of the intent
public record IntentRecord(String owner, String text, Intent intent, Interval term, List<Placed> parts) {
    public IntentRecord {
        parts = List.copyOf(parts);
    }

    /// @param slice that the part became
    public record Placed(String name, UUID slice) {}

    IntentRecord at(Interval other) {
        return new IntentRecord(owner, text, intent, other, parts);
    }

    IntentRecord with(List<Placed> placed) {
        return new IntentRecord(owner, text, intent, term, placed);
    }
}
