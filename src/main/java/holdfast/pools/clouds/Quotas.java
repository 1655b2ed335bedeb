package holdfast.pools.clouds;

import static holdfast.db.Tables.QUOTA_COUNT;
import static holdfast.db.Tables.QUOTA_USE;

import holdfast.db.tables.records.QuotaCountRecord;
import holdfast.platform.Tx;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Result;

/// Counts instances by who may have only so many of them (aeolus.md 2.2, 6.6). A count is looked at and changed under a
/// lock on it, always in the order of kind and id, so two launches never both get the last place.
///
/// Each instance is counted once at each owner, in one phase; to say the same again changes nothing.
public final class Quotas {
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
        RESERVED(0, QUOTA_COUNT.RESERVED),
        /// Pending, running or shutting down.
        RUNNING(1, QUOTA_COUNT.RUNNING),
        STOPPED(2, QUOTA_COUNT.STOPPED);

        private final Field<Integer> column;

        private final short code;

        Phase(int code, Field<Integer> column) {
            this.code = (short) code;
            this.column = column;
        }

        static Phase of(short code) {
            return switch (code) {
                case 0 -> RESERVED;
                case 1 -> RUNNING;
                default -> STOPPED;
            };
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

    /// Counts new instances as reserved at all of the owners, or at none.
    ///
    /// @param holders instances that are counted at none of them yet
    /// @return the owners without room; none if it is done
    public List<Full> reserve(Tx tx, Collection<UUID> holders, Collection<Owner> owners) {
        var uses = lock(tx, owners);
        var full = full(owners, uses, holders.size(), holders.size());
        if (full.isEmpty()) {
            for (var owner : owners) {
                holders.forEach(holder -> put(tx, holder, owner.id(), Phase.RESERVED));
            }
        }
        return full;
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

    /// What an instance counts as from now on, wherever it is counted.
    public void phase(Tx tx, UUID holder, Phase next) {
        for (var use : locked(tx, holder)) {
            var before = Phase.of(use.get(QUOTA_USE.PHASE));
            if (before != next) {
                var owner = use.get(QUOTA_USE.OWNER);
                tx.sql()
                        .update(QUOTA_COUNT)
                        .set(before.column, before.column.minus(1))
                        .set(next.column, next.column.plus(1))
                        .where(QUOTA_COUNT.OWNER.eq(owner))
                        .execute();
                tx.sql()
                        .update(QUOTA_USE)
                        .set(QUOTA_USE.PHASE, next.code)
                        .where(QUOTA_USE.HOLDER.eq(holder).and(QUOTA_USE.OWNER.eq(owner)))
                        .execute();
            }
        }
    }

    /// An instance counts no more, at any owner of these kinds.
    public void leave(Tx tx, UUID holder, Set<Kind> kinds) {
        var codes = kinds.stream().map(kind -> kind.code).collect(Collectors.toSet());
        for (var use : locked(tx, holder)) {
            if (codes.contains(use.get(QUOTA_COUNT.KIND))) {
                var owner = use.get(QUOTA_USE.OWNER);
                add(tx, owner, Phase.of(use.get(QUOTA_USE.PHASE)), -1);
                tx.sql()
                        .deleteFrom(QUOTA_USE)
                        .where(QUOTA_USE.HOLDER.eq(holder).and(QUOTA_USE.OWNER.eq(owner)))
                        .execute();
            }
        }
    }

    /// An instance counts nowhere any more.
    public void leave(Tx tx, UUID holder) {
        leave(tx, holder, EnumSet.allOf(Kind.class));
    }

    /// How many there are, without a lock; an owner that has none is there as well.
    public Map<UUID, Use> uses(Tx tx, Collection<UUID> owners) {
        var known = tx.sql()
                .selectFrom(QUOTA_COUNT)
                .where(QUOTA_COUNT.OWNER.in(owners))
                .fetchMap(QUOTA_COUNT.OWNER, Quotas::use);
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

    static Map<UUID, Use> lock(Tx tx, Collection<Owner> owners) {
        for (var owner : owners) {
            tx.sql()
                    .insertInto(QUOTA_COUNT, QUOTA_COUNT.OWNER, QUOTA_COUNT.KIND)
                    .values(owner.id(), owner.kind().code)
                    .onConflictDoNothing()
                    .execute();
        }
        return tx.sql()
                .selectFrom(QUOTA_COUNT)
                .where(QUOTA_COUNT.OWNER.in(owners.stream().map(Owner::id).toList()))
                .orderBy(QUOTA_COUNT.KIND, QUOTA_COUNT.OWNER)
                .forUpdate()
                .fetchMap(QUOTA_COUNT.OWNER, Quotas::use);
    }

    /// The counts at which an instance is counted, locked in their order.
    private static Result<? extends Record> locked(Tx tx, UUID holder) {
        return tx.sql()
                .select(QUOTA_USE.OWNER, QUOTA_USE.PHASE, QUOTA_COUNT.KIND)
                .from(QUOTA_COUNT)
                .join(QUOTA_USE)
                .on(QUOTA_USE.OWNER.eq(QUOTA_COUNT.OWNER))
                .where(QUOTA_USE.HOLDER.eq(holder))
                .orderBy(QUOTA_COUNT.KIND, QUOTA_COUNT.OWNER)
                .forUpdate()
                .fetch();
    }

    /// Counts an instance at an owner that is locked.
    static void put(Tx tx, UUID holder, UUID owner, Phase phase) {
        tx.sql().insertInto(QUOTA_USE).values(holder, owner, phase.code).execute();
        add(tx, owner, phase, 1);
    }

    private static void add(Tx tx, UUID owner, Phase phase, int number) {
        tx.sql()
                .update(QUOTA_COUNT)
                .set(phase.column, phase.column.plus(number))
                .where(QUOTA_COUNT.OWNER.eq(owner))
                .execute();
    }

    private static Use use(QuotaCountRecord row) {
        return new Use(row.getReserved(), row.getRunning(), row.getStopped());
    }
}
