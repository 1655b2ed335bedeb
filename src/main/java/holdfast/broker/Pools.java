package holdfast.broker;

import static holdfast.db.Tables.RESOURCE;

import holdfast.engine.Resources;
import holdfast.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jooq.Record2;
import org.jooq.impl.DSL;

/// The records of all pools, read again only when they have changed: what a provider offers is much to read for each
/// decision.
final class Pools {
    private static final int MOST = 1_000;
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final Resources resources;
    /// By id; a version that was rolled back never comes again as the same row.
    private volatile Map<UUID, Known> known = Map.of();
    private volatile Seen seen = new Seen(List.of(), Instant.MIN);

    Pools(Resources resources) {
        this.resources = resources;
    }

    private record Known(String row, Pool pool) {}

    private record Seen(List<Pool> pools, Instant at) {}

    /// As they were at most a second ago.
    List<Pool> recent(Tx tx, Instant now) {
        var last = seen;
        if (last.at.isAfter(now.minus(FRESH)) && !last.at.isAfter(now)) {
            return last.pools;
        }
        var pools = all(tx);
        seen = new Seen(pools, now);
        return pools;
    }

    /// As the transaction sees them, in the order of their creation.
    List<Pool> all(Tx tx) {
        var rows = tx.sql()
                .select(RESOURCE.ID, DSL.field("xmin::text || ' ' || version", String.class))
                .from(RESOURCE)
                .where(Resources.typed(ProviderSupply.POOL).and(Resources.present()))
                .orderBy(RESOURCE.CREATED, RESOURCE.ID)
                .limit(MOST)
                .fetch();
        var before = known;
        var pools = new HashMap<UUID, Known>();
        var changed = new ArrayList<UUID>();
        for (var row : rows) {
            var same = before.get(row.value1());
            if (same != null && same.row.equals(row.value2())) {
                pools.put(row.value1(), same);
            } else {
                changed.add(row.value1());
            }
        }
        if (!changed.isEmpty()) {
            var versions = rows.intoMap(Record2::value1, Record2::value2);
            resources
                    .list(tx, Resources.withIds(changed), MOST)
                    .forEach(pool -> pools.put(
                            pool.id(),
                            new Known(Objects.requireNonNull(versions.get(pool.id())), pool.as(Pool.class))));
        }
        if (!pools.equals(before)) {
            known = Map.copyOf(pools);
        }
        return rows.stream()
                .map(Record2::value1)
                .map(pools::get)
                .filter(Objects::nonNull)
                .map(Known::pool)
                .toList();
    }
}
