package holdfast.orchestrator.instances;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// That an instance began to run, or was stopped, for those who account for it (aeolus.md 2.8).
///
/// @param number grows with time
/// @param state `RUNNING` or `STOPPED`
/// @param before the state before that
/// @param place at which account; empty if that is not known any more
/// @param profile name of the front-end profile; empty if the instance is forgotten
/// @param started when it began to run last
/// @param startReason why
/// @param terminated when it was stopped; empty while it runs
/// @param terminateReason why
public record UsageRecord(
        long number,
        Instant time,
        UUID instance,
        String name,
        InstanceState state,
        InstanceState before,
        Optional<String> owner,
        Optional<UUID> pool,
        Optional<Place> place,
        Optional<String> profile,
        Optional<Instant> started,
        Optional<String> startReason,
        Optional<Instant> terminated,
        Optional<String> terminateReason) {
    /// How such records are called where they are collected.
    public static final String EVENT = "020001";

    /// Where it is. What was taken out since has no name any more.
    ///
    /// @param type of the provider, such as `ec2`
    public record Place(
            UUID account,
            Optional<String> label,
            Optional<UUID> providerId,
            Optional<String> provider,
            Optional<String> type) {}
}
