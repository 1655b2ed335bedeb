package holdfast.drivers.openstack;

import holdfast.platform.KeystoneCredentials;
import java.util.Optional;

/// Who we are at a cloud.
///
/// @param region empty = the first that the catalog names
public record Account(KeystoneCredentials credentials, Optional<String> region) {
    /// Without the password.
    @Override
    public String toString() {
        return credentials + region.map(name -> ", region " + name).orElse("");
    }
}
