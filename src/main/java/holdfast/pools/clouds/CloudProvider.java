package holdfast.pools.clouds;

import holdfast.core.HardwareProfile;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// One endpoint of a cloud (aeolus.md 2.3); its accounts are [CloudAccount]s.
///
/// @param name unique
/// @param url where it is reached
/// @param region the value of `X-Deltacloud-Provider`, or the region
/// @param enabled the administrator's switch
/// @param available whether it answered of late; written by what looks at its accounts
/// @param profiles its back-end profiles, as seen last
/// @param realms as seen last
public record CloudProvider(
        UUID id,
        String name,
        String url,
        ProviderType type,
        Optional<String> region,
        boolean enabled,
        boolean available,
        List<HardwareProfile> profiles,
        List<Realm> realms) {
    public CloudProvider {
        profiles = List.copyOf(profiles);
        realms = List.copyOf(realms);
    }

    /// A part of a cloud.
    ///
    /// @param key the provider's word for it, unique there
    /// @param available as the provider says
    public record Realm(UUID id, String key, String name, boolean available) {}
}
