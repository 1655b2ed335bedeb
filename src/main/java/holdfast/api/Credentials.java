package holdfast.api;

import holdfast.core.Caller;
import java.util.Optional;

/// What this installation gave to its users to prove who they are: tokens, and pairs of keys.
public final class Credentials {
    private final Tokens tokens;
    private final Keys keys;

    public Credentials(Tokens tokens, Keys keys) {
        this.tokens = tokens;
        this.keys = keys;
    }

    /// Makes keys as well.
    public Keys keys() {
        return keys;
    }

    /// Who presents a token.
    public Optional<Proof.Given> token(String token) {
        return tokens.given(token);
    }

    /// Who presents a user's name and token, or an access key and its secret key.
    ///
    /// @param client the address that the request comes from
    /// @throws CannotTellException if it would take too long to find out
    public Optional<Proof.Given> pair(String name, String secret, String client) {
        return tokens.given(secret)
                .filter(given -> given.caller().user().equals(name))
                .or(() -> keys.given(name, secret, client));
    }

    /// For whom a proof stands now; empty if it does not count any more.
    public Optional<Caller> holder(Proof proof) {
        return proof.key().isPresent() ? keys.holder(proof.key().get(), proof.hash()) : tokens.holder(proof.hash());
    }
}
