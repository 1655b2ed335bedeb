package holdfast.pools.clouds.images;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// What mappers elsewhere have said of late: for a minute, and only what can be booted.
final class Remembered {
    private static final Duration FOR = Duration.ofSeconds(60);
    private static final int MOST = 10_000;

    record Key(URI mapper, String image, Optional<String> build, UUID account) {}

    private record Said(String image, Instant until) {}

    private final Map<Key, Said> all = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Said> eldest) {
            return size() > MOST;
        }
    };

    synchronized Optional<String> find(Key key, Instant now) {
        return Optional.ofNullable(all.get(key))
                .filter(said -> now.isBefore(said.until()))
                .map(Said::image);
    }

    synchronized void keep(Key key, String image, Instant now) {
        all.remove(key); // so that it is the youngest
        all.put(key, new Said(image, now.plus(FOR)));
    }
}
