package holdfast.orchestrator;

import holdfast.core.Interval;
import holdfast.protocol.SliceInfo;
import java.util.Optional;

/// A slice: slivers that a user wants together. Its state is a [SliceState].
///
/// @param broker who is asked for its tickets
/// @param federation who finds room elsewhere when the broker has none, if that is wanted
public record Slice(SliceInfo info, Interval term, String broker, Optional<String> federation) {}
