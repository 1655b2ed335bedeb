package holdfast.api.config;

import holdfast.engine.Resources;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Entries;
import holdfast.pools.clouds.Entry;
import holdfast.pools.clouds.Right.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.Condition;

/// Entries that are parts of pools: a role on a pool, or on its family, reaches them.
abstract class OfPools<T> extends Collection<T> {
    static final String POOL = "pool";

    OfPools(Desk desk, Entries<T> entries, String plural, String singular, Target target) {
        super(desk, entries, plural, singular, target);
    }

    @Override
    Map<String, Function<String, Condition>> filters() {
        return Map.of(POOL, Collection::partOf);
    }

    @Override
    Optional<UUID> parent(Body body) {
        return Optional.of(body.id(POOL).orElseThrow(() -> Failure.invalid(POOL, "Pool can't be blank")));
    }

    @Override
    List<UUID> above(Tx tx, Optional<UUID> pool) {
        var above = new ArrayList<>(pool.stream().toList());
        pool.flatMap(id -> desk.configuration().pools().find(tx, id))
                .flatMap(Entry::parent)
                .ifPresent(above::add);
        return above;
    }

    @Override
    Condition within(Set<UUID> ids) {
        return super.within(ids).or(Entries.partsOfParts(ids));
    }

    /// Those of one pool.
    Reply ofPool(Ask ask, String pool) {
        ask.must(Ask.GET);
        var id = Ids.of(pool).orElseThrow(() -> Failure.notFound("there is no such pool"));
        return listed(ask, Resources.partOf(id));
    }

    /// The pool that an entry is a part of stays the same.
    static void stays(Body body, Optional<? extends Entry<?>> before) {
        var pool = before.flatMap(Entry::parent);
        if (pool.isPresent()
                && body.id(POOL).filter(other -> !pool.get().equals(other)).isPresent()) {
            throw Failure.invalid(POOL, "Pool cannot be changed: make another one there");
        }
    }
}
