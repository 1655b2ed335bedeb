package holdfast.pools.clouds;

import holdfast.platform.Tx;
import java.lang.ref.SoftReference;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// What is set up, as it was at one moment or a little later: what was read and made of it is kept until any of it
/// changes, at whichever server. The database counts changes with the transactions that make them
/// (`V61__cloud_setup.sql`), so to look whether there was one is to read one row.
public final class Setup {
    private final long version;
    /// Soft, since accounts may have many profiles, and all of it can be read again.
    private final Map<Key<?>, SoftReference<Object>> made = new ConcurrentHashMap<>();

    private Setup(long version) {
        this.version = version;
    }

    /// What is kept under it; equal keys stand for the same.
    ///
    /// @param <T> what it is
    @SuppressWarnings("unused")
    public interface Key<T> {}

    /// What was made before, if it is kept still.
    @SuppressWarnings("unchecked")
    public <T> Optional<T> find(Key<T> key) {
        var kept = made.get(key);
        return kept == null ? Optional.empty() : Optional.ofNullable((T) kept.get());
    }

    /// The same, else what is made now: after the moment of this, so it is not older. Not within a transaction that
    /// changes what is set up.
    public <T> T get(Key<T> key, Supplier<T> make) {
        return find(key).orElseGet(() -> {
            var fresh = make.get();
            made.put(key, new SoftReference<>(fresh));
            return fresh;
        });
    }

    /// Knows the last one.
    static final class Latest {
        private volatile Setup last = new Setup(-1);

        /// As things are now.
        Setup now(Tx tx) {
            long version = tx.sql()
                    .resultQuery("select version from cloud_setup")
                    .fetchOptional(0, Long.class)
                    .orElse(0L);
            var known = last;
            if (known.version != version) {
                known = new Setup(version);
                last = known;
            }
            return known;
        }
    }
}
