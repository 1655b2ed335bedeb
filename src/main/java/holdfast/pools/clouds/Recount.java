package holdfast.pools.clouds;

import static holdfast.db.Tables.QUOTA_COUNT;
import static holdfast.db.Tables.QUOTA_USE;

import holdfast.platform.Tx;
import holdfast.pools.clouds.Quotas.Kind;
import holdfast.pools.clouds.Quotas.Owner;
import holdfast.pools.clouds.Quotas.Phase;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.impl.DSL;

/// Sets right what [Quotas] have counted (aeolus.md 6.6, 7). Nothing should ever be wrong there.
public final class Recount {
    private static final String SUMS = """
            select u.owner, (count(*) filter (where u.phase < 2))::int as active,
                   (count(*) filter (where u.phase = 2))::int as stopped
              from quota_use u group by u.owner""";

    /// @param owner at which an instance counts as `phase`
    public record Share(Kind kind, UUID owner, Phase phase) {}

    /// Owners whose count is not the sum of what counts there.
    ///
    /// @param limit at most so many
    public List<UUID> wrong(Tx tx, int limit) {
        return tx.sql()
                .fetch("select c.owner from quota_count c left join (" + SUMS + """
                        ) s on s.owner = c.owner
                         where (c.active, c.stopped) <> (coalesce(s.active, 0), coalesce(s.stopped, 0))
                         limit ?""", limit)
                .getValues(0, UUID.class);
    }

    /// Makes a count the sum of what counts there.
    public void add(Tx tx, UUID owner) {
        tx.sql() // whoever counts something there holds this lock
                .select(QUOTA_COUNT.OWNER)
                .from(QUOTA_COUNT)
                .where(QUOTA_COUNT.OWNER.eq(owner))
                .forUpdate()
                .execute();
        tx.sql().execute("""
                        update quota_count c
                           set active = (select count(*) from quota_use u where u.owner = c.owner and u.phase < 2),
                               stopped = (select count(*) from quota_use u where u.owner = c.owner and u.phase = 2)
                         where c.owner = ?""", owner);
    }

    /// What each of these instances counts as, and where; those that count nowhere are missing.
    public Map<UUID, Set<Share>> shares(Tx tx, Collection<UUID> holders) {
        return tx
                .sql()
                .select(QUOTA_USE.HOLDER, QUOTA_COUNT.KIND, QUOTA_USE.OWNER, QUOTA_USE.PHASE)
                .from(QUOTA_USE)
                .join(QUOTA_COUNT)
                .on(QUOTA_COUNT.OWNER.eq(QUOTA_USE.OWNER))
                .where(QUOTA_USE.HOLDER.eq(DSL.any(holders.toArray(UUID[]::new))))
                .fetch()
                .stream()
                .collect(Collectors.groupingBy(
                        row -> row.value1(),
                        Collectors.mapping(
                                row -> new Share(Kind.of(row.value2()), row.value3(), Phase.of(row.value4())),
                                Collectors.toSet())));
    }

    /// Those who count somewhere and are not there any more.
    ///
    /// @param limit at most so many
    public List<UUID> ghosts(Tx tx, int limit) {
        return tx.sql().fetch("""
                        select distinct u.holder from quota_use u
                         where not exists (select from resource r where r.id = u.holder and r.removed is null)
                         limit ?""", limit).getValues(0, UUID.class);
    }

    /// Has an instance count as it should at all owners of these kinds, whatever their limits.
    public void settle(Tx tx, Quotas quotas, UUID holder, Set<Share> shares, EnumSet<Kind> kinds) {
        quotas.leave(tx, holder, kinds);
        Quotas.lock(
                tx,
                shares.stream()
                        .map(share -> new Owner(share.kind(), share.owner(), Limits.NONE))
                        .toList());
        shares.forEach(share -> Quotas.put(tx, List.of(holder), List.of(share.owner()), share.phase()));
    }
}
