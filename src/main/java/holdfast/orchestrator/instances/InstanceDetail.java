package holdfast.orchestrator.instances;

import java.util.Optional;
import java.util.UUID;

/// An instance as those see it who run the clouds (aeolus.md 2.8, 5.1): also where it is.
///
/// @param account at which it is, or is being made
/// @param externalKey what the provider calls it
/// @param userData base64, as received
public record InstanceDetail(
        InstanceView view,
        UUID pool,
        Optional<UUID> deployment,
        Optional<UUID> account,
        Optional<String> externalKey,
        Optional<String> userData,
        Instance.Times times) {}
