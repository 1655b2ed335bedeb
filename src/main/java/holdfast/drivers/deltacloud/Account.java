package holdfast.drivers.deltacloud;

import java.net.URI;
import java.util.Optional;

/// Who we are at a cloud, and which server leads there.
///
/// @param base the server's entry point
/// @param driver which of its drivers
/// @param provider region or address of the cloud, as that driver wants it
/// @param username as that driver wants it: `user+tenant` for OpenStack, the access key for EC2
/// @param destroys whether what is stopped can be destroyed; empty = as the server says
/// @param rewriteHosts links lead to the host of `base`, whatever host they name
public record Account(
        URI base,
        String driver,
        Optional<String> provider,
        String username,
        String password,
        Optional<Boolean> destroys,
        boolean rewriteHosts) {
    /// Without the password.
    @Override
    public String toString() {
        return driver + provider.map(name -> " " + name).orElse("") + " at " + base;
    }
}
