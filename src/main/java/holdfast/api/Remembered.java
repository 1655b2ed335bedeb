package holdfast.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Remembers for a while what was found out about secrets, so that not every request pays for finding out. What is
/// kept is a keyed hash of all that it was found out of, so nothing here tells a secret. The oldest give way.
final class Remembered<V> {
    private static final String MAC = "HmacSHA256";

    private final Platform platform;
    private final SecretKeySpec key = new SecretKeySpec(Secrets.random(32), MAC);
    private final Map<String, Kept<V>> kept;

    private record Kept<V>(V value, Instant until) {}

    /// @param most entries
    Remembered(Platform platform, int most) {
        this.platform = platform;
        this.kept = new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Kept<V>> eldest) {
                return size() > most;
            }
        };
    }

    Optional<V> find(String... parts) {
        var mark = mark(parts);
        synchronized (kept) {
            return Optional.ofNullable(kept.get(mark))
                    .filter(one -> one.until.isAfter(platform.now()))
                    .map(Kept::value);
        }
    }

    void add(V value, Instant until, String... parts) {
        var mark = mark(parts);
        synchronized (kept) {
            kept.remove(mark);
            kept.put(mark, new Kept<>(value, until));
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
