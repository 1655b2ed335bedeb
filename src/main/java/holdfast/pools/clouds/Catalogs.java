package holdfast.pools.clouds;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Stored.Catalog;
import java.util.HashSet;
import java.util.Optional;
import java.util.UUID;

/// Deployables of a pool that belong together (aeolus.md 5.1).
public final class Catalogs extends Entries<Catalog> {
    private final Configuration all;

    Catalogs(Platform platform, Engine engine, Configuration all) {
        super(platform, engine, "cloudCatalog", "catalog", Catalog.class);
        this.all = all;
    }

    @Override
    protected Optional<Refusal> fault(
            Tx tx, Optional<UUID> parent, String name, Catalog value, Optional<Entry<Catalog>> before) {
        if (parent.isEmpty()) {
            return blank("pool");
        }
        if (before.isEmpty() && all.pools().lock(tx, parent.get()) instanceof Answer.No<Entry<Stored.Pool>>(var why)) {
            return Optional.of(Refusal.malformed("pool", why.message()));
        }
        var siblings = Resources.partOf(parent.get()).and(Resources.named(name));
        return label("name", name)
                .or(() -> another(tx, before, siblings) ? Optional.of(taken("name")) : Optional.empty())
                .or(() -> isOf(tx, parent.get(), value)
                        ? Optional.empty()
                        : wrong("deployables", "must all be of the pool of the catalog"));
    }

    private boolean isOf(Tx tx, UUID pool, Catalog value) {
        return all.deployables().all(tx, value.deployables()).stream()
                        .filter(one -> one.parent().equals(Optional.of(pool)))
                        .count()
                == value.deployables().size();
    }

    /// A deployable that is gone is in none any more.
    void forget(Tx tx, UUID pool, UUID gone, String who) {
        for (var one : list(tx, Resources.partOf(pool))) {
            if (one.value().deployables().contains(gone)) {
                var catalog = lock(tx, one.id()).orThrow();
                var left = new HashSet<>(catalog.value().deployables());
                left.remove(gone);
                write(tx, catalog, new Catalog(catalog.value().description(), left), who);
            }
        }
    }

    /// Those of a pool go with it.
    void leave(Tx tx, UUID pool, String who) {
        for (var one : list(tx, Resources.partOf(pool))) {
            lock(tx, one.id()).flatMap(found -> remove(tx, found, who)).orThrow();
        }
    }
}
