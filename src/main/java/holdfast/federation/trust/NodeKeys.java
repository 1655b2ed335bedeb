package holdfast.federation.trust;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import holdfast.platform.CannotStartException;
import holdfast.platform.PrivateFiles;
import holdfast.protocol.rear.Notary;
import java.io.IOException;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.Map;
import java.util.Optional;

/// The key by which this node proves who it is: one of P-256, for certificates, tokens (ES256) and signatures alike.
/// Servers of one node have the same.
public final class NodeKeys implements Notary {
    /// The environment variable with the key that servers share: a private JWK.
    public static final String VARIABLE = "HOLDFAST_NODE_KEY";

    private static final String FILE = "node-key";

    /// No text that is signed here comes near.
    private static final int LONGEST = 4_000;

    private final ECKey key;
    private final String fingerprint;

    private NodeKeys(ECKey key) {
        this.key = key;
        this.fingerprint = Fingerprint.of(key).orElseThrow();
    }

    /// A new one, kept nowhere.
    public static NodeKeys fresh() {
        try {
            return new NodeKeys(new ECKeyGenerator(Curve.P_256).generate());
        } catch (JOSEException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    /// The one in the environment, else the one in the data directory, which is made if it is not there.
    ///
    /// @throws CannotStartException if it is no such key, or cannot be read or written
    public static NodeKeys open(Path data, Map<String, String> environment) {
        var given = Optional.ofNullable(environment.get(VARIABLE)).filter(text -> !text.isBlank());
        if (given.isPresent()) {
            return read(given.get(), "the environment variable " + VARIABLE);
        }
        var file = data.resolve(FILE);
        try {
            var kept = PrivateFiles.readSecret(file).filter(text -> !text.isEmpty());
            if (kept.isPresent()) {
                return read(kept.get(), file.toString());
            }
            var fresh = fresh();
            PrivateFiles.writeSecret(file, fresh.key.toJSONString() + "\n");
            return fresh;
        } catch (IOException e) {
            throw new CannotStartException("The key in " + file + " cannot be read or written: " + e, e);
        }
    }

    /// What is wrong with it is not said in words of the parser: they may hold the key.
    private static NodeKeys read(String text, String where) {
        try {
            var key = ECKey.parse(text);
            if (key.isPrivate() && Curve.P_256.equals(key.getCurve())) {
                return new NodeKeys(key);
            }
        } catch (ParseException | IllegalArgumentException | IllegalStateException _) {
            // told below
        }
        throw new CannotStartException(where
                + " must hold a private key of the curve P-256 as a JWK; take the file away, and a new one is made:"
                + " then tell other domains its fingerprint");
    }

    /// By which others know this node.
    @Override
    public String fingerprint() {
        return fingerprint;
    }

    /// What everybody may know of it: members of a JWK.
    public Map<String, String> jwk() {
        return Map.of(
                "kty",
                "EC",
                "crv",
                "P-256",
                "x",
                key.getX().toString(),
                "y",
                key.getY().toString());
    }

    ECKey key() {
        return key;
    }

    /// A header that names the key, so that whoever knows the fingerprint needs nothing else.
    JWSHeader.Builder header() {
        return new JWSHeader.Builder(JWSAlgorithm.ES256).jwk(key.toPublicJWK());
    }

    ECDSASigner signer() {
        try {
            return new ECDSASigner(key);
        } catch (JOSEException e) {
            throw new IllegalStateException("the key is not one of P-256", e);
        }
    }

    @Override
    public String sign(String text) {
        var signed = new JWSObject(header().build(), new Payload(text));
        try {
            signed.sign(signer());
            return signed.serialize(true);
        } catch (JOSEException e) {
            throw new IllegalStateException("what was to be signed could not be", e);
        }
    }

    @Override
    public Optional<String> fault(String text, String signature, String wanted) {
        if (signature.length() > LONGEST) {
            return Optional.of("the signature is no detached JWS: it is too long");
        }
        try {
            var signed = JWSObject.parse(signature, new Payload(text));
            var by = signer(signed.getHeader());
            if (by.isEmpty()) {
                return Optional.of("the signature is not by ES256 with a key in its header (jwk)");
            }
            if (!Fingerprint.of(by.get()).equals(Optional.of(wanted))) {
                return Optional.of("it is signed with another key than " + wanted);
            }
            return verifies(signed, by.get())
                    ? Optional.empty()
                    : Optional.of("the signature is for other words than these");
        } catch (ParseException _) {
            return Optional.of("the signature is no detached JWS");
        }
    }

    /// Who has signed a text, whoever that is.
    ///
    /// @return the fingerprint of the key; empty if the signature is none, or for other words
    public static Optional<String> signer(String text, String signature) {
        try {
            var signed = JWSObject.parse(signature, new Payload(text));
            return signer(signed.getHeader())
                    .filter(key -> verifies(signed, key))
                    .flatMap(Fingerprint::of);
        } catch (ParseException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// The key that a header names; empty if it is none of ours to check.
    static Optional<ECKey> signer(JWSHeader header) {
        return header.getJWK() instanceof ECKey named
                        && JWSAlgorithm.ES256.equals(header.getAlgorithm())
                        && Curve.P_256.equals(named.getCurve())
                ? Optional.of(named)
                : Optional.empty();
    }

    static boolean verifies(JWSObject signed, ECKey key) {
        try {
            return signed.verify(new ECDSAVerifier(key.toPublicJWK()));
        } catch (JOSEException _) {
            return false; // a point that is not on the curve, or no signature at all
        }
    }

    /// Without the key.
    @Override
    public String toString() {
        return "NodeKeys[" + fingerprint + "]";
    }
}
