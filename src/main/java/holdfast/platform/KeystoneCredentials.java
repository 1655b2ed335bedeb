package holdfast.platform;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a Keystone wants to hear from a user with a password, for a project (version 3).
///
/// @param identity where it is, with or without `/v3`
/// @param userDomain the name of a domain, often `Default`
/// @param projectDomain as `userDomain`
public record KeystoneCredentials(
        URI identity, String user, String userDomain, String password, String project, String projectDomain) {
    /// Where tokens are made and validated.
    ///
    /// @param query empty, or begins with `?`
    public URI tokens(String query) {
        var base = identity.toString().replaceAll("/{1,10}$", "");
        return URI.create((base.endsWith("/v3") ? base : base + "/v3") + "/auth/tokens" + query);
    }

    /// The request for a token.
    public WebClient.Call login(String query) {
        return new WebClient.Call("POST", tokens(query), Map.of(), Optional.of(Json.text(Map.of("auth", proof()))));
    }

    private Map<String, ?> proof() {
        var known = Map.of("name", user, "domain", Map.of("name", userDomain), "password", password);
        var scope = Map.of("name", project, "domain", Map.of("name", projectDomain));
        return Map.of(
                "identity", Map.of("methods", List.of("password"), "password", Map.of("user", known)),
                "scope", Map.of("project", scope));
    }

    /// Without the password.
    @Override
    public String toString() {
        return user + " of project " + project + " at " + identity;
    }
}
