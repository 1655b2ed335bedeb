package holdfast.orchestrator.instances;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// What happened to an instance (aeolus.md 2.8).
///
/// @param code such as `running`, `stop_queued`, `vanished`; empty for its creation
public record EventView(long number, UUID instance, Instant time, Optional<String> code, String summary) {}
