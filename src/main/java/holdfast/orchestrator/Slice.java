package holdfast.orchestrator;

import holdfast.core.Interval;
import holdfast.protocol.SliceInfo;

/// A slice: slivers that a user wants together. Its state is a [SliceState].
///
/// @param broker who is asked for its tickets
public record Slice(SliceInfo info, Interval term, String broker) {}
