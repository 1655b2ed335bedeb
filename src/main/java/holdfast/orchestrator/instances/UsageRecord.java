package holdfast.orchestrator.instances;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// That an instance began to run, or was stopped, or how far the instances of a deployment are in that, for those who
/// account for it (aeolus.md 2.8).
///
/// @param number grows with time
/// @param kind `INSTANCE` or `DEPLOYMENT`
/// @param action of an instance its state, `running` or `stopped`; of a deployment `first_running`, `all_running`,
///     `some_stopped`, `all_stopped`
/// @param before the state of an instance before that
/// @param place at which account; empty if that is not known any more
/// @param profile name of the front-end profile of an instance; empty if it is forgotten
/// @param started when it began to run last; of a deployment when the first of its instances did
/// @param startReason why an instance did
/// @param terminated when it was stopped, or all of it; empty while it runs
/// @param terminateReason why an instance was
public record UsageRecord(
        long number,
        Instant time,
        CloudEvent.Kind kind,
        UUID source,
        String name,
        String action,
        Optional<String> before,
        Optional<String> owner,
        Optional<UUID> pool,
        Optional<Place> place,
        Optional<String> profile,
        Optional<Instant> started,
        Optional<String> startReason,
        Optional<Instant> terminated,
        Optional<String> terminateReason) {
    /// How such records are called where they are collected.
    public String event() {
        return kind == CloudEvent.Kind.INSTANCE ? "020001" : "020002";
    }

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
