package holdfast.pools.clouds;

import holdfast.core.HardwareProfile;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// What a user wants launched, once names are resolved: one instance, or the assemblies of a deployment, which all go
/// to one account (aeolus.md 4.2, 4.3).
///
/// @param user who asks
/// @param driver only accounts of this type of providers will do (aeolus.md 5.3.3)
/// @param tied the accounts that own something which the launch names; none = any (aeolus.md 4.8)
/// @param assemblies none = for something beside instances, where neither images nor profiles matter (aeolus.md 4.8)
public record LaunchRequest(
        CloudPool pool,
        String user,
        Optional<FrontendRealm> realm,
        Optional<String> driver,
        Set<UUID> tied,
        List<Assembly> assemblies) {
    /// The feature of accounts that can take a key which its user has brought along elsewhere (aeolus.md 4.8).
    public static final String IMPORT_KEY = "import_key";

    public LaunchRequest {
        tied = Set.copyOf(tied);
        assemblies = List.copyOf(assemblies);
    }

    /// @param profile what is asked for, already narrowed by what the user gave
    /// @param features what the account must take beside, such as `user_data`
    public record Assembly(
            String name, HardwareProfile profile, BrokerImage image, Optional<String> build, Set<String> features) {
        public Assembly {
            features = Set.copyOf(features);
        }

        /// One that any account takes.
        public Assembly(String name, HardwareProfile profile, BrokerImage image, Optional<String> build) {
            this(name, profile, image, build, Set.of());
        }
    }
}
