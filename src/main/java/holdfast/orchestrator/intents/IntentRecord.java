package holdfast.orchestrator.intents;

import holdfast.core.Interval;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// An intent as it is stored.
///
/// @param owner who asked for it
/// @param text as it was written
/// @param term when it runs
/// @param parts those that run on machines, in the order of the intent; empty until they are built
/// @param needs the services that are bought for it, once they are sought
public record IntentRecord(
        String owner, String text, Intent intent, Interval term, List<Placed> parts, Optional<Needs> needs) {
    public IntentRecord {
        parts = List.copyOf(parts);
    }

    /// One of which nothing is there yet.
    static IntentRecord fresh(String owner, String text, Intent intent, Interval term) {
        return new IntentRecord(owner, text, intent, term, List.of(), Optional.empty());
    }

    /// @param slice that the part became
    public record Placed(String name, UUID slice) {}

    /// How it stands with its services.
    public Needs needed() {
        return needs.orElse(Needs.NONE);
    }

    IntentRecord at(Interval other) {
        return new IntentRecord(owner, text, intent, other, parts, needs);
    }

    IntentRecord with(List<Placed> placed) {
        return new IntentRecord(owner, text, intent, term, placed, needs);
    }

    IntentRecord with(Needs known) {
        return new IntentRecord(owner, text, intent, term, parts, Optional.of(known));
    }
}
