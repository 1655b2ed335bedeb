package holdfast.api.keystone;

import holdfast.platform.Json;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What somebody asks for who wants a token.
///
/// @param project by id or name, which are the same here; empty = the one that the user has
record Login(Shown shown, Optional<String> project) {
    private static final Set<String> DOMAIN = Set.of("default", "Default");
    private static final int LONGEST = 8_192;
    private static final String METHODS = "password, token, application_credential";

    /// With what it proves who it is.
    sealed interface Shown {
        /// As `methods` of the token says it.
        String method();
    }

    /// A name and a secret: of a user and its token, or of a pair of keys.
    record Pair(String method, String name, String secret) implements Shown {
        /// Without the secret.
        @Override
        public String toString() {
            return method + " of " + name;
        }
    }

    /// A token that was issued before.
    record Issued(String token) implements Shown {
        @Override
        public String method() {
            return "token";
        }

        @Override
        public String toString() {
            return method();
        }
    }

    /// @throws ComplaintException 400 if the body is not as it should be
    static Login read(String body) {
        JsonNode auth;
        try {
            auth = Json.tree(body).path("auth");
        } catch (JacksonException e) {
            throw ComplaintException.malformed("the body is not JSON: " + e.getOriginalMessage());
        }
        var identity = object(auth, "auth", "identity");
        return new Login(shown(identity), project(auth.path("scope")));
    }

    private static Shown shown(JsonNode identity) {
        var methods = identity.path("methods");
        if (!methods.isArray() || methods.size() != 1 || !methods.get(0).isString()) {
            throw ComplaintException.malformed("auth.identity.methods must be a list with one of " + METHODS);
        }
        var method = methods.get(0).stringValue();
        var where = "auth.identity." + method;
        return switch (method) {
            case "password" -> {
                var user = object(object(identity, "auth.identity", method), where, "user");
                var name = user.has("id") ? text(user, where + ".user", "id") : text(user, where + ".user", "name");
                yield new Pair(method, inDomain(user, name), text(user, where + ".user", "password"));
            }
            case "token" -> new Issued(text(object(identity, "auth.identity", method), where, "id"));
            case "application_credential" -> {
                var credential = object(identity, "auth.identity", method);
                yield new Pair(method, text(credential, where, "id"), text(credential, where, "secret"));
            }
            default ->
                throw ComplaintException.malformed("auth.identity.methods must be a list with one of " + METHODS);
        };
    }

    private static Optional<String> project(JsonNode scope) {
        if (scope.isMissingNode() || scope.isNull()) {
            return Optional.empty();
        }
        if (!scope.has("project")) {
            throw ComplaintException.malformed(
                    "auth.scope must name a project: tokens for anything else are not issued");
        }
        var project = object(scope, "auth.scope", "project");
        var where = "auth.scope.project";
        return Optional.of(
                project.has("id") ? text(project, where, "id") : inDomain(project, text(project, where, "name")));
    }

    /// A name that exists in the only domain there is; in any other there is nobody of that name.
    private static String inDomain(JsonNode named, String name) {
        var domain = named.path("domain");
        boolean ours = domain.isMissingNode()
                || domain.isNull()
                || domain.propertyStream()
                        .map(Map.Entry::getValue)
                        .allMatch(value -> DOMAIN.contains(value.asString("")));
        return ours ? name : "";
    }

    private static JsonNode object(JsonNode parent, String where, String name) {
        var found = parent.path(name);
        if (!found.isObject()) {
            throw ComplaintException.malformed(where + "." + name + " must be an object");
        }
        return found;
    }

    private static String text(JsonNode parent, String where, String name) {
        var found = parent.path(name);
        if (!found.isString()
                || found.stringValue().isEmpty()
                || found.stringValue().length() > LONGEST
                || found.stringValue().indexOf('\0') >= 0) {
            throw ComplaintException.malformed(
                    where + "." + name + " must be a text of 1 to " + LONGEST + " characters");
        }
        return found.stringValue();
    }
}
