package holdfast.federation.trust;

import holdfast.platform.PinnedKeys;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.function.BiPredicate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// TLS between nodes: each shows a certificate that it has signed itself, made anew at each start. What counts is the
/// key in it; names and dates do not.
public final class NodeTls {
    private static final Duration BEFORE = Duration.ofDays(1);
    private static final Duration AFTER = Duration.ofDays(3_650);
    private static final char[] NO_PASSWORD = new char[0];

    private final KeyManagerFactory ours;

    /// @param node the id of this node
    public NodeTls(NodeKeys keys, String node, Instant now) {
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, NO_PASSWORD);
            store.setKeyEntry(
                    "node", keys.key().toPrivateKey(), NO_PASSWORD, new X509Certificate[] {certificate(keys, node, now)
                    });
            ours = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            ours.init(store, NO_PASSWORD);
        } catch (GeneralSecurityException
                | OperatorCreationException
                | IOException
                | com.nimbusds.jose.JOSEException e) {
            throw new IllegalStateException("no certificate could be made of the key of this node", e);
        }
    }

    private static X509Certificate certificate(NodeKeys keys, String node, Instant now)
            throws GeneralSecurityException, OperatorCreationException, com.nimbusds.jose.JOSEException {
        var name = new X500NameBuilder().addRDN(BCStyle.CN, node).build();
        var built = new JcaX509v3CertificateBuilder(
                        name,
                        BigInteger.valueOf(now.toEpochMilli()),
                        Date.from(now.minus(BEFORE)),
                        Date.from(now.plus(AFTER)),
                        name,
                        keys.key().toPublicKey())
                .build(new JcaContentSignerBuilder("SHA256withECDSA")
                        .build(keys.key().toPrivateKey()));
        return new JcaX509CertificateConverter().getCertificate(built);
    }

    /// For those who listen. A certificate that is shown proves only that its key is there; whose it is must be
    /// asked of [Pins].
    public SSLContext listening() {
        return context(
                new PinnedKeys((_, certificate) -> Fingerprint.of(certificate).isPresent()));
    }

    /// For those who call.
    ///
    /// @param pinned whether a node at `host:port` may show the key with that fingerprint
    public SSLContext calling(BiPredicate<String, String> pinned) {
        return context(new PinnedKeys((address, certificate) -> Fingerprint.of(certificate)
                .filter(fingerprint -> pinned.test(address, fingerprint))
                .isPresent()));
    }

    private SSLContext context(TrustManager theirs) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(ours.getKeyManagers(), new TrustManager[] {theirs}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }
}
