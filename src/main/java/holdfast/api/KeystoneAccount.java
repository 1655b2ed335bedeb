package holdfast.api;

import holdfast.platform.KeystoneCredentials;
import java.util.Set;

/// Who we are at a Keystone, and what its roles mean here.
///
/// @param credentials of one that may validate tokens
/// @param adminRoles who has one of these in any project runs this installation
/// @param readerRoles who has none but these may look and change nothing
public record KeystoneAccount(KeystoneCredentials credentials, Set<String> adminRoles, Set<String> readerRoles) {
    public KeystoneAccount {
        adminRoles = Set.copyOf(adminRoles);
        readerRoles = Set.copyOf(readerRoles);
    }
}
