package holdfast.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.core.Caller;
import java.util.Base64;
import java.util.Optional;

/// Tells who sends a request by its header `Authorization`: a token as `Bearer`; or as `Basic` either an access key and
/// its secret key, or a user's name and token, which is how browsers ask.
public final class Gate {
    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";

    private final Tokens tokens;
    private final Keys keys;

    public Gate(Tokens tokens, Keys keys) {
        this.tokens = tokens;
        this.keys = keys;
    }

    /// Makes keys as well.
    public Keys keys() {
        return keys;
    }

    /// @return empty for one whom nobody knows
    /// @throws Keys.Crowded if it would take too long to find out
    public Optional<Caller> caller(String authorization) {
        if (begins(authorization, BEARER)) {
            return tokens.caller(rest(authorization, BEARER));
        }
        return begins(authorization, BASIC)
                ? decoded(rest(authorization, BASIC)).flatMap(this::basic)
                : Optional.empty();
    }

    private Optional<Caller> basic(String pair) {
        int colon = pair.indexOf(':');
        if (colon < 0) {
            return Optional.empty();
        }
        var name = pair.substring(0, colon);
        var secret = pair.substring(colon + 1);
        return tokens.caller(secret)
                .filter(caller -> caller.user().equals(name))
                .or(() -> keys.caller(name, secret));
    }

    private static boolean begins(String header, String scheme) {
        return header.regionMatches(true, 0, scheme, 0, scheme.length());
    }

    private static String rest(String header, String scheme) {
        return header.substring(scheme.length()).strip();
    }

    private static Optional<String> decoded(String base64) {
        try {
            return Optional.of(new String(Base64.getDecoder().decode(base64), UTF_8));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
