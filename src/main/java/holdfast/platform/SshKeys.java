package holdfast.platform;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.util.OpenSSHPrivateKeyUtil;
import org.bouncycastle.crypto.util.OpenSSHPublicKeyUtil;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PublicKeyFactory;

/// Pairs of keys that open machines by SSH, as OpenSSH writes them.
public final class SshKeys {
    /// As EC2 and Nova make them.
    private static final int BITS = 2_048;

    private static final int LONGEST = 16_384;
    private static final Pattern WRITTEN = Pattern.compile("([a-z0-9-]{1,40}) [A-Za-z0-9+/]+=*(?: [^\\p{Cntrl}]*)?");
    private static final String HEAD = "ssh-rsa ";

    private SshKeys() {}

    /// @param publicKey in one line, without a comment
    /// @param pem the private half (PKCS #1), which is not protected
    public record Pair(String publicKey, String pem) {
        @Override
        public String toString() {
            return publicKey; // never the other half
        }
    }

    /// A new pair (RSA, which each cloud takes).
    public static Pair generate() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            var pair = generator.generateKeyPair();
            var half = OpenSSHPublicKeyUtil.encodePublicKey(
                    PublicKeyFactory.createKey(pair.getPublic().getEncoded()));
            var other = OpenSSHPrivateKeyUtil.encodePrivateKey(
                    PrivateKeyFactory.createKey(pair.getPrivate().getEncoded()));
            return new Pair(HEAD + Base64.getEncoder().encodeToString(half), pem(other));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String pem(byte[] der) {
        var body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN RSA PRIVATE KEY-----\n" + body + "\n-----END RSA PRIVATE KEY-----\n";
    }

    /// Whether it is a public key: RSA, DSA, ECDSA or Ed25519.
    ///
    /// @param text in one line, such as `ssh-ed25519 AAAA... name`
    public static boolean isPublic(String text) {
        var parts = WRITTEN.matcher(text);
        if (text.length() > LONGEST || !parts.matches()) {
            return false;
        }
        try {
            var half = half(text);
            var type = parts.group(1);
            var begin = new String(half, 0, Math.min(half.length, Integer.BYTES + type.length()), ISO_8859_1);
            OpenSSHPublicKeyUtil.parsePublicKey(half);
            return begin.endsWith(type);
        } catch (IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException _) {
            return false; // not what it says it is
        }
    }

    /// MD5 in hex, as clouds tell it.
    ///
    /// @param publicKey one that [#isPublic]
    public static String fingerprint(String publicKey) {
        try {
            var digest = MessageDigest.getInstance("MD5").digest(half(publicKey));
            return HexFormat.ofDelimiter(":").formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] half(String publicKey) {
        return Base64.getDecoder().decode(publicKey.split(" ", 3)[1]);
    }
}
