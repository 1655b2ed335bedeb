package holdfast.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.platform.HttpRequest;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/// Tells who sends a request. A token comes in `X-Auth-Token` or as `Bearer` in `Authorization`: one that the operator
/// gave, one that we issued, or one of the Keystone that the operator trusts. A pair comes as `Basic`: an access key
/// and its secret key, or a user's name and token, which is how browsers ask. Where both headers are there,
/// `Authorization` counts.
public final class Gate {
    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";
    private static final Pattern KEYS = Pattern.compile("([0-9A-F]{32}):(.{1,1000})");

    private final Credentials credentials;
    private final Sessions sessions;
    private final Optional<Keystone> keystone;

    /// @param keystone whose tokens count as well
    public Gate(Credentials credentials, Sessions sessions, Optional<Keystone> keystone) {
        this.credentials = credentials;
        this.sessions = sessions;
        this.keystone = keystone;
    }

    /// Makes keys as well.
    public Keys keys() {
        return credentials.keys();
    }

    /// @return empty for one whom nobody knows
    /// @throws CannotTellException if it cannot be found out now
    public Optional<Identity> identity(HttpRequest request) {
        var authorization = request.header("Authorization");
        return authorization.isPresent()
                ? authorization(authorization.get(), request.client())
                : request.header("X-Auth-Token").flatMap(token -> token(token, request.client()));
    }

    /// Who presents a token. A pair of keys is a token too, with a colon in between, for clients that know no
    /// pairs.
    ///
    /// @param client the address that the request comes from
    /// @return empty for one whom nobody knows
    /// @throws CannotTellException if it cannot be found out now
    public Optional<Identity> token(String token, String client) {
        if (Sessions.isToken(token)) {
            return sessions.find(token).map(open -> Identity.of(open.caller()));
        }
        var pair = KEYS.matcher(token);
        if (pair.matches()) {
            return credentials.pair(pair.group(1), pair.group(2), client).map(given -> Identity.of(given.caller()));
        }
        return credentials
                .token(token)
                .map(given -> Identity.of(given.caller()))
                .or(() -> keystone.flatMap(theirs -> theirs.identity(token, client)));
    }

    private Optional<Identity> authorization(String header, String client) {
        if (begins(header, BEARER)) {
            return token(rest(header, BEARER), client);
        }
        return begins(header, BASIC)
                ? decoded(rest(header, BASIC)).flatMap(pair -> basic(pair, client))
                : Optional.empty();
    }

    private Optional<Identity> basic(String pair, String client) {
        int colon = pair.indexOf(':');
        return colon < 0
                ? Optional.empty()
                : credentials
                        .pair(pair.substring(0, colon), pair.substring(colon + 1), client)
                        .map(given -> Identity.of(given.caller()));
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
