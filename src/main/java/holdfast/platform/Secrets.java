package holdfast.platform;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Seals what those who read the database, or a backup of it, must not know: AES-256-GCM under a key that is not in the
/// database. A sealed value can be opened only at the place that it was sealed for, so nobody who can write rows can
/// move it to another.
///
/// As text: `sealed:KEY:VALUE`, where KEY tells keys apart and VALUE is nonce, content and tag in base64.
public final class Secrets {
    /// The environment variable with the key that servers share: 32 bytes in base64.
    public static final String VARIABLE = "HOLDFAST_SECRET_KEY";

    private static final Logger LOG = LoggerFactory.getLogger(Secrets.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String SEALED = "sealed";
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final String HASH = "HmacSHA256";
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecretKeySpec key;
    private final String name;

    private Secrets(byte[] key) {
        this.key = new SecretKeySpec(key, "AES");
        this.name = name(key);
    }

    /// With a key of 32 bytes.
    public static Secrets of(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("the key has " + key.length + " bytes; it must have " + KEY_BYTES);
        }
        return new Secrets(key.clone());
    }

    /// With the key in the environment, else the one in the data directory, which is made if it is not there.
    ///
    /// @throws CannotStartException if the key is no key, or cannot be read or written
    public static Secrets open(Path data, Map<String, String> environment) {
        var given = Optional.ofNullable(environment.get(VARIABLE)).filter(text -> !text.isBlank());
        if (given.isPresent()) {
            return Secrets.of(decoded(given.get().strip(), "the environment variable " + VARIABLE));
        }
        var file = data.resolve("secret-key");
        try {
            var text = PrivateFiles.readSecret(file).orElse("");
            if (text.isEmpty()) {
                text = Base64.getEncoder().encodeToString(random(KEY_BYTES));
                PrivateFiles.writeSecret(file, text + "\n");
            }
            return Secrets.of(decoded(text, file.toString()));
        } catch (IOException e) {
            throw new CannotStartException("The key in " + file + " cannot be read or written: " + e, e);
        }
    }

    private static byte[] decoded(String text, String where) {
        try {
            var key = Base64.getDecoder().decode(text);
            if (key.length == KEY_BYTES) {
                return key;
            }
        } catch (IllegalArgumentException _) {
            // told below
        }
        throw new CannotStartException(
                where + " must hold " + KEY_BYTES + " bytes in base64; make them by: head -c 32 /dev/urandom | base64");
    }

    /// Seals `plain` for the field of a resource.
    public String seal(UUID resource, String field, String plain) {
        return SEALED + ":" + name + ":" + Base64.getEncoder().encodeToString(hidden(place(resource, field), plain));
    }

    /// Seals a statement that we hand out, to know it again when it comes back. Fit for a header.
    ///
    /// @param purpose where it may be shown: it counts nowhere else
    public String statement(String purpose, String plain) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(hidden(purpose, plain));
    }

    /// What [#statement] sealed for that purpose; empty if we never stated this. Nothing is logged, because anybody
    /// may come with anything.
    public Optional<String> stated(String purpose, String statement) {
        try {
            return Optional.of(plain(purpose, Base64.getUrlDecoder().decode(statement)));
        } catch (IllegalArgumentException | AEADBadTagException _) {
            return Optional.empty();
        }
    }

    /// A secret that need not be kept, because it is found again: always the same for the same text, and nobody
    /// else can tell it. 43 characters that are fit for a header.
    ///
    /// @param purpose what it is shown for: for another one it is another
    public String derived(String purpose, String plain) {
        try {
            var mac = Mac.getInstance(HASH);
            mac.init(new SecretKeySpec(key.getEncoded(), HASH));
            mac.update((purpose.length() + "\n" + purpose + "\n").getBytes(UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(plain.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + HASH, e);
        }
    }

    /// What was sealed for that field of that resource; empty if it is no such thing, or was sealed with another
    /// key.
    public Optional<String> unseal(UUID resource, String field, String sealed) {
        var parts = sealed.split(":", 3);
        if (parts.length != 3 || !parts[0].equals(SEALED)) {
            return Optional.empty();
        }
        if (!parts[1].equals(name)) {
            LOG.warn(
                    "{} of {} was sealed with the key {}, but this server has {}; see {} in the operator guide",
                    field,
                    resource,
                    parts[1],
                    name,
                    VARIABLE);
            return Optional.empty();
        }
        try {
            return Optional.of(plain(place(resource, field), Base64.getDecoder().decode(parts[2])));
        } catch (IllegalArgumentException | AEADBadTagException _) {
            LOG.warn("{} of {} was changed since it was sealed, or sealed for another place", field, resource);
            return Optional.empty();
        }
    }

    private static String place(UUID resource, String field) {
        return resource + "\n" + field;
    }

    /// Nonce, content and tag.
    private byte[] hidden(String place, String plain) {
        var nonce = random(NONCE_BYTES);
        try {
            var hidden = cipher(Cipher.ENCRYPT_MODE, nonce, place).doFinal(plain.getBytes(UTF_8));
            var whole = Arrays.copyOf(nonce, nonce.length + hidden.length);
            System.arraycopy(hidden, 0, whole, nonce.length, hidden.length);
            return whole;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + CIPHER, e);
        }
    }

    /// @throws AEADBadTagException if it was not hidden for that place with this key
    private String plain(String place, byte[] whole) throws AEADBadTagException {
        if (whole.length < NONCE_BYTES) {
            throw new AEADBadTagException("too short");
        }
        var nonce = Arrays.copyOf(whole, NONCE_BYTES);
        try {
            var plain =
                    cipher(Cipher.DECRYPT_MODE, nonce, place).doFinal(whole, NONCE_BYTES, whole.length - NONCE_BYTES);
            return new String(plain, UTF_8);
        } catch (AEADBadTagException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + CIPHER, e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String place) throws GeneralSecurityException {
        var cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(place.getBytes(UTF_8));
        return cipher;
    }

    /// Bytes that nobody can guess.
    public static byte[] random(int count) {
        var bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    private static String name(byte[] key) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest(key);
            return HexFormat.of().formatHex(hash, 0, 4);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
