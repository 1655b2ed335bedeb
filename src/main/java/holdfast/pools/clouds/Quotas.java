package holdfast.pools.clouds;

import static holdfast.db.Tables.QUOTA_COUNT;
import static holdfast.db.Tables.QUOTA_USE;

import holdfast.platform.Tx;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;

/// Counts instances by who may have only so many of them (aeolus.md 2.2, 6.6). A count is looked at and changed under a
/// lock on it, always in the order of kind and id, so two launches never both get the last place.
///
/// Each instance is counted once at each owner, in one phase; to say the same again changes nothing.
public final class Quotas {
    private static final Field<Integer> RESERVED = DSL.field(DSL.selectCount()
            .from(QUOTA_USE)
            .where(QUOTA_USE.OWNER.eq(QUOTA_COUNT.OWNER))
            .and(DSL.condition("phase = 0"))); // written as the partial index has it

    /// Who has a quota, in the order in which they are locked.
    public enum Kind {
        FAMILY(0),
        POOL(1),
        USER(2),
        ACCOUNT(3);

        private final short code;

        Kind(int code) {
            this.code = (short) code;
        }

        static Kind of(short code) {
            return values()[code];
        }
    }

    /// @param limits as they are now; they may be below what is counted
    public record Owner(Kind kind, UUID id, Limits limits) {}

    /// What an instance counts as.
    public enum Phase {
        /// It is accepted and has not been made.
        RESERVED(0, QUOTA_COUNT.ACTIVE),
        /// Pending, running or shutting down.
        RUNNING(1, QUOTA_COUNT.ACTIVE),
        STOPPED(2, QUOTA_COUNT.STOPPED);

        private final short code;

        /// Where it is counted.
        private final Field<Integer> column;

        Phase(int code, Field<Integer> column) {
            this.code = (short) code;
            this.column = column;
        }

        static Phase of(short code) {
            return values()[code];
        }

        /// Those that are counted together with it.
        private Short[] alike() {
            return Arrays.stream(values())
                    .filter(phase -> phase.column.equals(column))
                    .map(phase -> phase.code)
                    .toArray(Short[]::new);
        }
    }

    /// How many there are.
    public record Use(int reserved, int running, int stopped) {
        static final Use NONE = new Use(0, 0, 0);

        /// Of those that [Limits#running] is about.
        public int active() {
            return reserved + running;
        }

        /// Of those that [Limits#total] is about.
        public int total() {
            return reserved + running + stopped;
        }

        /// Whether `more` active ones are still within the limits; `fresh` ones of them are not counted yet.
        Optional<Limit> broken(Limits limits, int more, int fresh) {
            if (limits.running().filter(most -> active() + (long) more > most).isPresent()) {
                return Optional.of(Limit.RUNNING);
            }
            return limits.total().filter(most -> total() + (long) fresh > most).map(_ -> Limit.TOTAL);
        }
    }

    /// Which limit of an owner.
    public enum Limit {
        RUNNING,
        TOTAL
    }

    /// An owner that has no place left.
    public record Full(Owner owner, Limit limit, Use use) {}

    /// What is counted together changes without a lock; is it counted otherwise anywhere?
    private static final String PHASE = """
            with alike as (update quota_use set phase = ? where holder = ? and phase = any (?) and phase <> ?)
            select exists (select from quota_use where holder = ? and phase <> all (?))""";

    private static final String COUNT = """
            with given as (
                insert into quota_count (owner, kind, active) select o, k, ? from unnest(?::uuid[], ?::smallint[]) as g(o, k) order by k, o
                on conflict (owner) do update set active = quota_count.active + excluded.active
            )
            insert into quota_use (holder, owner, phase) select h, o, ? from unnest(?::uuid[]) h cross join unnest(?::uuid[]) o""";

    /// Counts new instances as reserved at all of the owners, or at none.
    ///
    /// @param holders instances that are counted at none of them yet
    /// @return the owners without room; none if it is done
    public List<Full> reserve(Tx tx, Collection<UUID> holders, Collection<Owner> owners) {
        if (owners.stream().map(Owner::limits).allMatch(Limits.NONE::equals)) {
            count(tx, holders, owners);
            return List.of();
        }
        var full = full(owners, lock(tx, owners), holders.size(), holders.size());
        if (full.isEmpty()) {
            put(tx, holders, owners.stream().map(Owner::id).toList(), Phase.RESERVED);
        }
        return full;
    }

    /// Counts new instances at owners that have no limits: nothing is looked at, and they are known from then on.
    private static void count(Tx tx, Collection<UUID> holders, Collection<Owner> owners) {
        var ids = ids(owners);
        var kinds = owners.stream().map(owner -> owner.kind().code).toArray(Short[]::new);
        tx.sql().execute(COUNT, holders.size(), ids, kinds, Phase.RESERVED.code, holders.toArray(UUID[]::new), ids);
    }

    private static UUID[] ids(Collection<Owner> owners) {
        return owners.stream().map(Owner::id).toArray(UUID[]::new);
    }

    /// Counts a stopped instance as reserved once more, since it is to be started.
    ///
    /// @param owners all at which it is counted
    public List<Full> restart(Tx tx, UUID holder, Collection<Owner> owners) {
        var full = full(owners, lock(tx, owners), 1, 0);
        if (full.isEmpty()) {
            phase(tx, holder, Phase.RESERVED);
        }
        return full;
    }

    /// What an instance counts as from now on, wherever it is counted. Whoever says so has locked the instance;
    /// only a change of what is counted locks the counts.
    public void phase(Tx tx, UUID holder, Phase next) {
        var alike = next.alike();
        boolean elsewhere = tx.sql()
                .fetchSingle(PHASE, next.code, holder, alike, next.code, holder, alike)
                .get(0, boolean.class);
        if (elsewhere) {
            var moved = locked(tx, QUOTA_USE.HOLDER.eq(holder).and(QUOTA_USE.PHASE.ne(next.code)));
            moved.forEach((before, at) -> add(tx, at, before, -1));
            var at = moved.values().stream().flatMap(List::stream).toList();
            add(tx, at, next, 1);
            tx.sql()
                    .update(QUOTA_USE)
                    .set(QUOTA_USE.PHASE, next.code)
                    .where(QUOTA_USE.HOLDER.eq(holder).and(QUOTA_USE.OWNER.in(at)))
                    .execute();
        }
    }

    /// An instance counts no more, at any owner of these kinds.
    public void leave(Tx tx, UUID holder, Set<Kind> kinds) {
        var codes = kinds.stream().map(kind -> kind.code).toList();
        var left = locked(tx, QUOTA_USE.HOLDER.eq(holder).and(QUOTA_COUNT.KIND.in(codes)));
        left.forEach((phase, at) -> {
            add(tx, at, phase, -1);
            tx.sql()
                    .deleteFrom(QUOTA_USE)
                    .where(QUOTA_USE.HOLDER.eq(holder).and(QUOTA_USE.OWNER.in(at)))
                    .execute();
        });
    }

    /// An instance counts nowhere any more.
    public void leave(Tx tx, UUID holder) {
        leave(tx, holder, EnumSet.allOf(Kind.class));
    }

    /// How many there are, without a lock; an owner that has none is there as well.
    public Map<UUID, Use> uses(Tx tx, Collection<UUID> owners) {
        if (owners.isEmpty()) {
            return Map.of();
        }
        var known = tx.sql()
                .select(QUOTA_COUNT.OWNER, QUOTA_COUNT.ACTIVE, QUOTA_COUNT.STOPPED, RESERVED)
                .from(QUOTA_COUNT)
                .where(QUOTA_COUNT.OWNER.eq(DSL.any(owners.toArray(UUID[]::new))))
                .fetchMap(QUOTA_COUNT.OWNER, row -> new Use(row.value4(), row.value2() - row.value4(), row.value3()));
        return owners.stream().distinct().collect(Collectors.toMap(id -> id, id -> known.getOrDefault(id, Use.NONE)));
    }

    /// Those that have no room for so many, at that use.
    ///
    /// @param more active ones
    /// @param fresh of them that are not counted at all yet
    public static List<Full> full(Collection<Owner> owners, Map<UUID, Use> uses, int more, int fresh) {
        return owners.stream()
                .flatMap(owner -> {
                    var use = uses.getOrDefault(owner.id(), Use.NONE);
                    return use.broken(owner.limits(), more, fresh).map(limit -> new Full(owner, limit, use)).stream();
                })
                .toList();
    }

    /// @return how many there are; those that are reserved count as running
    static Map<UUID, Use> lock(Tx tx, Collection<Owner> owners) {
        var ids = owners.stream().map(Owner::id).distinct().toArray(UUID[]::new);
        var known = lock(tx, ids);
        if (known.size() == ids.length) {
            return known;
        }
        var insert = tx.sql().insertInto(QUOTA_COUNT, QUOTA_COUNT.OWNER, QUOTA_COUNT.KIND);
        for (var owner : owners.stream()
                .sorted(Comparator.comparing(Owner::kind).thenComparing(Owner::id))
                .toList()) {
            insert = insert.values(owner.id(), owner.kind().code);
        }
        insert.onConflictDoNothing().execute();
        return lock(tx, ids);
    }

    private static Map<UUID, Use> lock(Tx tx, UUID[] owners) {
        return tx.sql()
                .selectFrom(QUOTA_COUNT)
                .where(QUOTA_COUNT.OWNER.eq(DSL.any(owners)))
                .orderBy(QUOTA_COUNT.KIND, QUOTA_COUNT.OWNER)
                .forNoKeyUpdate()
                .fetchMap(QUOTA_COUNT.OWNER, row -> new Use(0, row.getActive(), row.getStopped()));
    }

    /// The owners at which an instance is counted, by what it counts as there, locked in their order.
    private static Map<Phase, List<UUID>> locked(Tx tx, Condition which) {
        return tx.sql()
                .select(QUOTA_USE.OWNER, QUOTA_USE.PHASE)
                .from(QUOTA_COUNT)
                .join(QUOTA_USE)
                .on(QUOTA_USE.OWNER.eq(QUOTA_COUNT.OWNER))
                .where(which)
                .orderBy(QUOTA_COUNT.KIND, QUOTA_COUNT.OWNER)
                .forNoKeyUpdate()
                .fetchGroups(row -> Phase.of(row.value2()), row -> row.value1());
    }

    /// Counts instances at owners that are locked.
    static void put(Tx tx, Collection<UUID> holders, Collection<UUID> owners, Phase phase) {
        if (holders.isEmpty() || owners.isEmpty()) {
            return;
        }
        var at = owners.toArray(UUID[]::new);
        tx.sql()
                .execute(
                        """
            with given as (
                insert into quota_use (holder, owner, phase)
                select h, o, ? from unnest(?::uuid[]) h cross join unnest(?::uuid[]) o
            )
            update quota_count set %s = %1$s + ? where owner = any (?)""".formatted(phase.column.getName()),
                        phase.code,
                        holders.toArray(UUID[]::new),
                        at,
                        holders.size(),
                        at);
    }

    private static void add(Tx tx, Collection<UUID> owners, Phase phase, int number) {
        tx.sql()
                .update(QUOTA_COUNT)
                .set(phase.column, phase.column.plus(number))
                .where(QUOTA_COUNT.OWNER.eq(DSL.any(owners.toArray(UUID[]::new))))
                .execute();
    }
}
