package holdfast.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Remembers for some minutes which secrets had which hash, so that not every request pays for the slow one. What is
/// kept is a keyed hash of access key, secret and slow hash together: a key that changes is another entry, and nothing
/// here tells a secret.
final class Verified {
    private static final Duration KEPT = Duration.ofMinutes(5);
    private static final int MOST = 1_000;
    private static final String MAC = "HmacSHA256";

    private final Platform platform;
    private final SecretKeySpec key = new SecretKeySpec(Secrets.random(32), MAC);
    private final Map<String, Instant> until = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > MOST;
        }
    };

    Verified(Platform platform) {
        this.platform = platform;
    }

    boolean contains(String access, String secret, String hash) {
        var mark = mark(access, secret, hash);
        synchronized (until) {
            var end = until.get(mark);
            return end != null && end.isAfter(platform.now());
        }
    }

    void add(String access, String secret, String hash) {
        var mark = mark(access, secret, hash);
        synchronized (until) {
            until.remove(mark);
            until.put(mark, platform.now().plus(KEPT));
        }
    }

    private String mark(String... parts) {
        try {
            var mac = Mac.getInstance(MAC);
            mac.init(key);
            Arrays.stream(parts).forEach(part -> mac.update((part.length() + ":" + part).getBytes(UTF_8)));
            return HexFormat.of().formatHex(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + MAC, e);
        }
    }
}
