package holdfast.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import holdfast.core.Caller;
import holdfast.platform.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/// What a Keystone says of a token.
///
/// @param expires always there, once it was read
/// @param domainItself whether the project is a domain as well: such a one may be called as ours is
record KeystoneToken(
        @JsonProperty("expires_at") Optional<Instant> expires,
        @JsonProperty("is_domain") boolean domainItself,
        Optional<Named> user,
        Optional<Named> project,
        Optional<List<Named>> roles) {
    private static final Pattern ID = Pattern.compile("[\\p{Alnum}_-]{1,64}");

    private record Answer(Optional<KeystoneToken> token) {}

    record Named(Optional<String> id, Optional<String> name) {
        private Optional<String> usable() {
            return id.filter(text -> ID.matcher(text).matches());
        }

        private String called() {
            return name.or(() -> id).orElse("");
        }
    }

    /// @return empty if the text does not say what a Keystone says
    static Optional<KeystoneToken> read(String text) {
        try {
            return Optional.ofNullable(Json.read(text, Answer.class))
                    .flatMap(Answer::token)
                    .filter(token -> token.expires.isPresent());
        } catch (JacksonException _) {
            return Optional.empty();
        }
    }

    Instant until() {
        return expires.orElseThrow();
    }

    /// Who that is here; empty if the token is for no project.
    Optional<Identity> identity(KeystoneAccount account) {
        var userId = user.flatMap(Named::usable);
        var projectId = project.flatMap(Named::usable);
        if (userId.isEmpty() || projectId.isEmpty() || domainItself) {
            return Optional.empty();
        }
        var names = roles.orElse(List.of()).stream().map(Named::called).toList();
        boolean admin = names.stream().anyMatch(account.adminRoles()::contains);
        boolean readOnly = !admin && account.readerRoles().containsAll(names);
        return Optional.of(new Identity(
                new Caller(userId.get(), projectId.get(), admin, readOnly),
                user.map(Named::called).orElse(""),
                project.map(Named::called).orElse(""),
                names));
    }
}
