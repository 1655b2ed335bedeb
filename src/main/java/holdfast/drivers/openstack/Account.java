package holdfast.drivers.openstack;

import java.net.URI;
import java.util.Optional;

/// Who we are at a cloud.
///
/// @param identity where its Keystone is, with or without `/v3`
/// @param region empty = the first that the catalog names
/// @param userDomain the name of a domain, often `Default`
/// @param projectDomain as `userDomain`
public record Account(
        URI identity,
        Optional<String> region,
        String user,
        String userDomain,
        String password,
        String project,
        String projectDomain) {
    /// Without the password.
    @Override
    public String toString() {
        return "project " + project + " at " + identity
                + region.map(name -> ", region " + name).orElse("");
    }
}
