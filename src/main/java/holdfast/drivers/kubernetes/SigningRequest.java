package holdfast.drivers.kubernetes;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/// Asks for a certificate (PKCS #10, RFC 2986), which the JDK cannot write: as a cluster does that wants to be let in
/// by another. The same keys and name give the same request.
final class SigningRequest {
    private static final byte[] VERSION_0 = {2, 1, 0};
    private static final byte[] NO_ATTRIBUTES = {(byte) 0xa0, 0};
    private static final int SEQUENCE = 0x30;
    private static final int BIT_STRING = 0x03;
    private static final int BARE_ED25519 = 32;
    /// With what says that it is one (RFC 8410).
    private static final int ENCODED_ED25519 = 44;

    /// Kinds of keys that Liqo makes.
    private enum Sort {
        ED25519("Ed25519", "Ed25519", "300506032b6570"),
        RSA("RSA", "SHA256withRSA", "300d06092a864886f70d01010b0500");

        private final String keys;
        private final String signature;
        private final byte[] algorithm;

        Sort(String keys, String signature, String algorithm) {
            this.keys = keys;
            this.signature = signature;
            this.algorithm = HexFormat.of().parseHex(algorithm);
        }
    }

    private SigningRequest() {}

    /// @param id of the cluster that asks
    /// @param privateKey in PEM (PKCS #8)
    /// @param publicKey in PEM
    /// @return in PEM
    /// @throws ClusterException if the keys are not those of a cluster
    static String of(String id, String privateKey, String publicKey) {
        for (var sort : List.of(Sort.ED25519, Sort.RSA)) {
            try {
                var factory = KeyFactory.getInstance(sort.keys);
                var key = factory.generatePrivate(new PKCS8EncodedKeySpec(unwrapped(privateKey)));
                return of(id, sort, key, factory.generatePublic(new X509EncodedKeySpec(unwrapped(publicKey))));
            } catch (GeneralSecurityException | IllegalArgumentException _) {
                // of another sort
            }
        }
        throw ClusterException.never("the keys of this cluster are neither Ed25519 nor RSA");
    }

    /// A key as clusters name theirs to each other: all releases of Liqo read an Ed25519 key that is bare, those
    /// before 1.0.2 nothing else, and the others any key in PEM.
    ///
    /// @param publicKey in PEM
    static byte[] bare(String publicKey) {
        var encoded = unwrapped(publicKey);
        return encoded.length == ENCODED_ED25519
                ? Arrays.copyOfRange(encoded, ENCODED_ED25519 - BARE_ED25519, ENCODED_ED25519)
                : publicKey.getBytes(US_ASCII);
    }

    private static String of(String id, Sort sort, PrivateKey key, PublicKey publicKey)
            throws GeneralSecurityException {
        var name = new X500Principal("CN=" + id + ",O=liqo.io").getEncoded();
        var content = wrapped(SEQUENCE, VERSION_0, name, publicKey.getEncoded(), NO_ATTRIBUTES);
        var signature = Signature.getInstance(sort.signature);
        signature.initSign(key);
        signature.update(content);
        var signed = wrapped(BIT_STRING, new byte[1], signature.sign());
        var request = wrapped(SEQUENCE, content, sort.algorithm, signed);
        return "-----BEGIN CERTIFICATE REQUEST-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(request)
                + "\n-----END CERTIFICATE REQUEST-----\n";
    }

    private static byte[] wrapped(int tag, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (var part : parts) {
            content.writeBytes(part);
        }
        var whole = new ByteArrayOutputStream();
        whole.write(tag);
        int size = content.size();
        if (size < 0x80) {
            whole.write(size);
        } else if (size < 0x100) {
            whole.write(0x81);
            whole.write(size);
        } else {
            whole.write(0x82);
            whole.write(size >> 8);
            whole.write(size);
        }
        whole.writeBytes(content.toByteArray());
        return whole.toByteArray();
    }

    private static byte[] unwrapped(String pem) {
        return Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]{1,40}-----", ""));
    }
}
