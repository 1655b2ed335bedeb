package holdfast.platform;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/// What is kept of a secret that is only ever compared: a salted hash that takes long to compute, as
/// `ROUNDS$SALT$HASH`.
public final class SlowHash {
    private static final String ALGORITHM = "PBKDF2WithHmacSHA256";
    private static final int ROUNDS = 100_000;
    private static final int SALT_BYTES = 16;
    private static final int BITS = 256;

    private SlowHash() {}

    /// Some tens of milliseconds of one processor.
    public static String of(String secret) {
        var salt = Secrets.random(SALT_BYTES);
        var hex = HexFormat.of();
        return ROUNDS + "$" + hex.formatHex(salt) + "$" + hex.formatHex(hash(secret, salt, ROUNDS));
    }

    /// Takes as long as [#of], whatever the answer.
    ///
    /// @param stored as [#of] made it
    public static boolean matches(String secret, String stored) {
        var parts = stored.split("\\$", 3);
        var hex = HexFormat.of();
        var found = hash(secret, hex.parseHex(parts[1]), Integer.parseInt(parts[0]));
        return MessageDigest.isEqual(found, hex.parseHex(parts[2]));
    }

    private static byte[] hash(String secret, byte[] salt, int rounds) {
        var spec = new PBEKeySpec(secret.toCharArray(), salt, rounds, BITS);
        try {
            return SecretKeyFactory.getInstance(ALGORITHM).generateSecret(spec).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        } finally {
            spec.clearPassword();
        }
    }
}
