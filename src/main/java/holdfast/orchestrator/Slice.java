package holdfast.orchestrator;

import holdfast.core.Interval;
import holdfast.protocol.SliceInfo;
import holdfast.protocol.rear.Wish;
import java.util.Optional;
import java.util.UUID;

/// A slice: slivers that a user wants together. Its state is a [SliceState].
///
/// @param broker who is asked for its tickets
/// @param elsewhere where room may come from when the broker has none
/// @param purpose the intent that it is part of, if it is
public record Slice(
        SliceInfo info, Interval term, String broker, Optional<Elsewhere> elsewhere, Optional<Purpose> purpose) {
    /// @param intent that is told of what becomes of it
    /// @param away whether it must not run in this domain
    public record Purpose(UUID intent, boolean away) {}

    /// @param federation who finds room in other domains
    /// @param wish what is wanted of it
    public record Elsewhere(String federation, Wish wish) {}
}
