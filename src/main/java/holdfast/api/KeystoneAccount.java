package holdfast.api;

import java.net.URI;
import java.util.Set;

/// Who we are at a Keystone, and what its roles mean here.
///
/// @param url where it is, with or without `/v3`
/// @param user one that may validate tokens
/// @param userDomain the name of a domain, often `Default`
/// @param projectDomain as `userDomain`
/// @param adminRoles who has one of these in any project runs this installation
/// @param readerRoles who has none but these may look and change nothing
public record KeystoneAccount(
        URI url,
        String user,
        String userDomain,
        String password,
        String project,
        String projectDomain,
        Set<String> adminRoles,
        Set<String> readerRoles) {
    public KeystoneAccount {
        adminRoles = Set.copyOf(adminRoles);
        readerRoles = Set.copyOf(readerRoles);
    }

    /// Where tokens are made and validated.
    URI tokens(String query) {
        var base = url.toString().replaceAll("/{1,10}$", "");
        return URI.create((base.endsWith("/v3") ? base : base + "/v3") + "/auth/tokens" + query);
    }

    /// Without the password.
    @Override
    public String toString() {
        return user + " at " + url;
    }
}
