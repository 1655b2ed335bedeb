package holdfast.pools.clouds;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.engine.Engine;
import holdfast.engine.Resources;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.util.Optional;
import java.util.UUID;

/// What can be launched in a pool as a deployment (aeolus.md 5.1).
public final class Deployables extends Entries<Stored.Deployable> {
    private final Configuration all;

    Deployables(Platform platform, Engine engine, Configuration all) {
        super(platform, engine, "cloudDeployable", "deployable", Stored.Deployable.class);
        this.all = all;
    }

    @Override
    protected Optional<Refusal> fault(
            Tx tx,
            Optional<UUID> parent,
            String name,
            Stored.Deployable value,
            Optional<Entry<Stored.Deployable>> before) {
        if (parent.isEmpty()) {
            return blank("pool");
        }
        if (before.isEmpty() && all.pools().lock(tx, parent.get()) instanceof Answer.No<Entry<Stored.Pool>>(var why)) {
            return Optional.of(Refusal.malformed("pool", why.message()));
        }
        var siblings = Resources.partOf(parent.get()).and(Resources.named(name));
        return label("name", name)
                .or(() -> another(tx, before, siblings) ? Optional.of(taken("name")) : Optional.empty())
                .or(() -> Deployable.read(value.xml()) instanceof Answer.No<Deployable>(var why)
                        ? Optional.of(why)
                        : Optional.empty());
    }

    /// It is in no catalog any more.
    @Override
    protected Answer<Entry<Stored.Deployable>> removing(Tx tx, Entry<Stored.Deployable> gone, String who) {
        all.catalogs().forget(tx, gone.parent().orElseThrow(), gone.id(), who);
        return Answer.yes(gone);
    }

    /// Those of a pool go with it.
    void leave(Tx tx, UUID pool, String who) {
        for (var one : list(tx, Resources.partOf(pool))) {
            lock(tx, one.id()).flatMap(found -> remove(tx, found, who)).orThrow();
        }
    }
}
