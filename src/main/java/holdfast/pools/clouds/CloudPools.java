package holdfast.pools.clouds;

import static holdfast.db.Tables.RESOURCE;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Stored.Pool;
import holdfast.pools.clouds.Usage.Kind;
import holdfast.pools.clouds.Usage.Owner;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.impl.DSL;

/// Pools (aeolus.md 2.1), each a part of its family.
public final class CloudPools extends Entries<Pool> {
    private final Configuration all;

    CloudPools(Platform platform, Engine engine, Configuration all) {
        super(platform, engine, "cloudPool", "pool", Pool.class);
        this.all = all;
    }

    @Override
    protected Optional<Refusal> fault(
            Tx tx, Optional<UUID> parent, String name, Pool value, Optional<Entry<Pool>> before) {
        if (parent.isEmpty()) {
            return blank("pool_family");
        }
        if (before.isEmpty()
                && all.families().lock(tx, parent.get()) instanceof Answer.No<Entry<Stored.Family>>(var why)) {
            return Optional.of(Refusal.malformed("pool_family", why.message()));
        }
        var siblings = Resources.partOf(parent.get()).and(Resources.named(name));
        return name(name)
                .or(() -> another(tx, before, siblings) ? Optional.of(taken("name")) : Optional.empty())
                .or(() -> value.exportedAs().flatMap(exported -> exported(tx, exported, before)))
                .or(() -> Strategies.fault(value));
    }

    private Optional<Refusal> exported(Tx tx, String exported, Optional<Entry<Pool>> before) {
        var same = DSL.condition("{0} ->> 'exportedAs' = {1}", RESOURCE.DATA, DSL.val(exported));
        return label("exported_as", exported)
                .or(() -> another(tx, before, same) ? Optional.of(taken("exported_as")) : Optional.empty());
    }

    /// The pools of a family.
    public List<Entry<Pool>> of(Tx tx, UUID family) {
        return list(tx, Resources.partOf(family));
    }

    /// An account or a provider that is gone is chosen by none any more.
    void forget(Tx tx, UUID gone, String who) {
        for (var found : list(tx, DSL.noCondition())) {
            if (Strategies.naming(found.value(), gone)) {
                var pool = lock(tx, found.id()).orThrow();
                write(tx, pool, Strategies.without(pool.value(), gone), who);
            }
        }
    }

    @Override
    protected Answer<Entry<Pool>> removing(Tx tx, Entry<Pool> pool, String who) {
        if (pool.value().standard()) {
            return Answer.no(Refusal.clash(pool.name() + " is the default pool, which always stays"));
        }
        var keeping = all.usage().keeping(tx, new Owner(Kind.POOL, pool.id()));
        if (!keeping.isEmpty()) {
            return Answer.no(Configuration.kept(pool.name(), keeping));
        }
        all.catalogs().leave(tx, pool.id(), who);
        all.deployables().leave(tx, pool.id(), who);
        return all.usage().destroyAll(tx, pool.id(), who).map(_ -> pool);
    }
}
