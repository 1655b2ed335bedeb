package holdfast.federation.trust;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.Optional;
import java.util.regex.Pattern;

/// The short name of a key: the thumbprint of its JWK (RFC 7638), 43 characters. A key is the same in a certificate, in
/// a token and in a signature.
public final class Fingerprint {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{43}");

    private Fingerprint() {}

    /// Whether a text may be one.
    public static boolean valid(String text) {
        return FORM.matcher(text).matches();
    }

    /// Of the key in a certificate; empty if it is not one of P-256.
    public static Optional<String> of(X509Certificate certificate) {
        return certificate.getPublicKey() instanceof ECPublicKey key
                        && Curve.P_256.equals(Curve.forECParameterSpec(key.getParams()))
                ? of(new ECKey.Builder(Curve.P_256, key).build())
                : Optional.empty();
    }

    /// Empty if it is not one of P-256.
    static Optional<String> of(ECKey key) {
        try {
            return Curve.P_256.equals(key.getCurve())
                    ? Optional.of(key.computeThumbprint().toString())
                    : Optional.empty();
        } catch (JOSEException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
