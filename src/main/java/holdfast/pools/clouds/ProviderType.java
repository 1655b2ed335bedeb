package holdfast.pools.clouds;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A kind of clouds (aeolus.md 2.3).
///
/// @param name unique
/// @param driver unique; for what is reached through a Deltacloud server the value of `X-Deltacloud-Driver`
/// @param through what reaches it: `deltacloud`, or a driver of our own such as `openstack`, `simulated`
/// @param credentials what an account must give, in this order
/// @param stopsAfterCreation an instance is stopped once it was made, and must be started
/// @param stoppedDisappear what is stopped is gone
/// @param destroys whether what is stopped can be destroyed; overridden by what the provider says of its states
/// @param ignored names of back-end profiles that are never chosen
public record ProviderType(
        String name,
        String driver,
        String through,
        Optional<String> sshUser,
        Optional<String> home,
        List<Credential> credentials,
        boolean stopsAfterCreation,
        boolean stoppedDisappear,
        boolean destroys,
        Set<String> ignored) {
    public ProviderType {
        credentials = List.copyOf(credentials);
        ignored = Set.copyOf(ignored);
    }

    /// @param name such as `username`
    /// @param label such as `access_key`
    public record Credential(String name, String label, Input input) {}

    /// How a person gives it.
    public enum Input {
        STRING,
        PASSWORD,
        FILE;

        /// Whether it is shown to nobody.
        public boolean secret() {
            return this != STRING;
        }
    }
}
