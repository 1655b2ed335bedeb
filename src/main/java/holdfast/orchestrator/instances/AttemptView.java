package holdfast.orchestrator.instances;

import holdfast.protocol.Match;
import java.time.Instant;
import java.util.Optional;

/// One attempt to make an instance somewhere (aeolus.md 2.8: InstanceMatch).
///
/// @param round counts the attempts from 1
/// @param error why it failed; empty if it did not
public record AttemptView(int round, Match match, Instant at, Optional<String> error) {}
