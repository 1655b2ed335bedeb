package holdfast.federation.trust;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import holdfast.platform.Platform;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;

/// Tokens by which nodes prove who they are for one question: JWT by ES256, with the key in the header. The audience is
/// the fingerprint of who is asked, because names of nodes are unique in their domains only.
public final class Tokens {
    /// How long one may live.
    static final Duration LONGEST = Duration.ofSeconds(120);

    private static final Duration USUAL = Duration.ofSeconds(60);

    /// Clocks differ.
    private static final Duration SKEW = Duration.ofSeconds(30);

    private static final int LARGEST = 4_000;
    private static final int LONGEST_ID = 100;

    private final NodeKeys keys;
    private final String node;
    private final Platform platform;

    /// @param node the id of this node
    public Tokens(NodeKeys keys, String node, Platform platform) {
        this.keys = keys;
        this.node = node;
        this.platform = platform;
    }

    /// A token, good once and for a minute.
    ///
    /// @param audience fingerprint of the node that is asked
    public String make(String audience) {
        var now = platform.now();
        var claims = new JWTClaimsSet.Builder()
                .issuer(node)
                .audience(audience)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(USUAL)))
                .jwtID(platform.newId().toString())
                .build();
        var token = new SignedJWT(keys.header().build(), claims);
        try {
            token.sign(keys.signer());
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("a token could not be signed", e);
        }
    }

    /// What a token says.
    sealed interface Read {
        /// @param id never twice from one key
        record Good(String fingerprint, String issuer, String id, Instant until) implements Read {}

        record Bad(String why) implements Read {}
    }

    /// Reads a token that somebody brought. Whose key it is, and whether it was here before, is still to be looked
    /// at.
    Read read(String text) {
        if (text.length() > LARGEST) {
            return new Read.Bad("it is too long");
        }
        try {
            var token = SignedJWT.parse(text);
            var by = NodeKeys.signer(token.getHeader());
            if (by.isEmpty()) {
                return new Read.Bad("it is not signed by ES256 with a key in its header (jwk)");
            }
            if (!NodeKeys.verifies(token, by.get())) {
                return new Read.Bad("its signature does not fit");
            }
            return read(Fingerprint.of(by.get()).orElseThrow(), token.getJWTClaimsSet());
        } catch (ParseException _) {
            return new Read.Bad("it is no signed JWT");
        }
    }

    private Read read(String fingerprint, JWTClaimsSet claims) {
        var issuer = Optional.ofNullable(claims.getIssuer()).orElse("");
        var id = Optional.ofNullable(claims.getJWTID()).orElse("");
        if (issuer.isEmpty() || id.isEmpty() || id.length() > LONGEST_ID) {
            return new Read.Bad("iss and jti must be there");
        }
        if (!claims.getAudience().equals(List.of(keys.fingerprint()))) {
            return new Read.Bad("aud is not " + keys.fingerprint() + ", the key of this node");
        }
        if (claims.getIssueTime() == null || claims.getExpirationTime() == null) {
            return new Read.Bad("iat and exp must be there");
        }
        var since = claims.getIssueTime().toInstant();
        var until = claims.getExpirationTime().toInstant();
        var now = platform.now();
        if (since.isAfter(now.plus(SKEW))) {
            return new Read.Bad("iat is " + since + ", and here it is " + now);
        }
        if (!until.isAfter(since)) {
            return new Read.Bad("exp is not after iat, or no time at all");
        }
        if (!until.isAfter(now)) {
            return new Read.Bad("it has expired at " + until + ", and here it is " + now);
        }
        if (until.isAfter(since.plus(LONGEST))) {
            return new Read.Bad("it lives for more than " + LONGEST.toSeconds() + " seconds");
        }
        return new Read.Good(fingerprint, issuer, id, until);
    }
}
