package holdfast.broker.market;

import static holdfast.db.Tables.CLAIM;
import static holdfast.db.Tables.ROOT_EPOCH;
import static java.util.Objects.requireNonNull;

import holdfast.db.tables.records.ClaimRecord;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.JSONB;
import org.jooq.QuantifiedSelect;
import org.jooq.Record1;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// Claims, as they are stored, and those of crowded roots by heart.
final class ClaimRows {
    static final String HELD = "held";
    static final String BOUGHT = "bought";
    private static final String OVER = "over";

    /// Some 25 MB.
    private static final int MOST_BY_HEART = 20_000;

    private final Platform platform;
    private final ByHeart byHeart = new ByHeart(MOST_BY_HEART);

    ClaimRows(Platform platform) {
        this.platform = platform;
    }

    /// @param booked the version of the root's place in the calendar when just these were booked there; empty if
    ///     nobody
    ///     has looked
    record Known(Claims claims, Optional<Long> booked) {
        static final Known NOTHING = new Known(Claims.of(List.of()), Optional.empty());
    }

    /// Those of these roots, which the caller has locked; by heart, if nobody has changed them since.
    Map<UUID, Known> of(Tx tx, Collection<UUID> roots) {
        var known = new HashMap<UUID, Known>();
        var epochs = new HashMap<UUID, Epoch>();
        tx.sql().selectFrom(ROOT_EPOCH).where(ROOT_EPOCH.ROOT.eq(any(roots))).forEach(row -> {
            var epoch = new Epoch(row.getEpoch(), Optional.ofNullable(row.getBooked()));
            epochs.put(row.getRoot(), epoch);
            byHeart.at(row.getRoot(), epoch.number)
                    .ifPresent(claims -> known.put(row.getRoot(), new Known(claims, epoch.booked)));
        });
        var unknown = roots.stream().filter(root -> !known.containsKey(root)).toList();
        var read = unknown.isEmpty() ? Map.<UUID, List<Claim>>of() : read(tx, unknown);
        for (var root : unknown) {
            var claims = Claims.of(read.getOrDefault(root, List.of()));
            var epoch = Optional.ofNullable(epochs.get(root));
            epoch.ifPresent(now -> byHeart.learn(root, now.number, claims));
            known.put(root, new Known(claims, epoch.flatMap(Epoch::booked)));
        }
        return known;
    }

    private record Epoch(long number, Optional<Long> booked) {}

    /// The claims of these roots that are not over, as they are stored.
    Map<UUID, List<Claim>> read(Tx tx, Collection<UUID> roots) {
        return tx.sql()
                .select(CLAIM.ROOT, CLAIM.BODY)
                .from(CLAIM)
                // written out, so that the index of these states is used
                .where(CLAIM.ROOT.eq(any(roots)).and(CLAIM.STATE.ne(DSL.inline(OVER))))
                .orderBy(CLAIM.TRANSACTION)
                .fetchGroups(row -> row.value1(), row -> Json.read(row.value2().data(), Claim.class));
    }

    private static QuantifiedSelect<Record1<UUID>> any(Collection<UUID> some) {
        return DSL.any(some.toArray(UUID[]::new));
    }

    /// Writes what has changed of claims.
    ///
    /// @param parties for whom new claims count, by transaction
    /// @param booked the versions of the places of roots in the calendar at which just their claims are booked
    ///     there
    void store(Tx tx, List<Change> changes, Map<UUID, String> parties, Map<UUID, Long> booked) {
        var deeds = new Buyers.Deeds();
        var fresh = new ArrayList<ClaimRecord>();
        for (var change : changes) {
            for (var claim : change.difference().fresh()) {
                fresh.add(row(change.id(), claim, parties.getOrDefault(claim.transaction(), "")));
                deeds.held(claim.buyer());
            }
            for (var claim : change.difference().changed()) {
                update(tx, claim);
                if (!claim.isHeld()) {
                    deeds.bought(claim.buyer());
                }
            }
        }
        if (!fresh.isEmpty()) {
            tx.sql().insertInto(CLAIM).set(fresh).execute();
        }
        over(tx, changes);
        deeds.write(tx);
        var roots = changes.stream()
                .filter(change -> !change.difference().nothing())
                .toList();
        if (!roots.isEmpty()) {
            changed(tx, roots, booked);
        }
    }

    private void over(Tx tx, List<Change> changes) {
        var gone = changes.stream()
                .flatMap(change -> change.difference().gone().stream())
                .map(Claim::transaction)
                .toList();
        if (!gone.isEmpty()) {
            tx.sql()
                    .update(CLAIM)
                    .set(CLAIM.STATE, OVER)
                    .set(CLAIM.CHANGED, platform.now())
                    .where(CLAIM.TRANSACTION.eq(any(gone)))
                    .execute();
        }
    }

    /// From now on they are known under another epoch.
    private void changed(Tx tx, List<Change> roots, Map<UUID, Long> booked) {
        var after = new HashMap<UUID, Claims>();
        roots.forEach(change -> after.put(change.id(), Claims.of(change.after().claims())));
        var ids = after.keySet().stream().sorted().toArray(UUID[]::new);
        var versions = new @Nullable Long[ids.length];
        for (int i = 0; i < ids.length; i++) {
            versions[i] = booked.get(ids[i]);
        }
        tx.sql().resultQuery("""
                        insert into root_epoch (root, epoch, booked)
                        select t.root, nextval('root_epoch_number'), t.booked from unnest(?::uuid[], ?::bigint[]) as t (root, booked)
                        on conflict (root) do update set epoch = excluded.epoch, booked = excluded.booked
                        returning root, epoch
                        """, ids, versions).forEach(row -> {
            var root = row.get("root", UUID.class);
            byHeart.learn(root, row.get("epoch", Long.class), requireNonNull(after.get(root)));
        });
    }

    private ClaimRecord row(UUID root, Claim claim, String party) {
        return new ClaimRecord(
                claim.transaction(), root, claim.buyer(), party, state(claim), body(claim), platform.now());
    }

    private void update(Tx tx, Claim claim) {
        tx.sql()
                .update(CLAIM)
                .set(CLAIM.STATE, state(claim))
                .set(CLAIM.BODY, body(claim))
                .set(CLAIM.CHANGED, platform.now())
                .where(CLAIM.TRANSACTION.eq(claim.transaction()))
                .execute();
    }

    private static String state(Claim claim) {
        return claim.isHeld() ? HELD : BOUGHT;
    }

    private static JSONB body(Claim claim) {
        return Json.jsonb(claim);
    }

    /// Selects those that are held.
    static Condition isHeld() {
        return CLAIM.STATE.eq(DSL.inline(HELD));
    }

    /// Forgets claims that were over before then.
    int prune(Tx tx, Instant before, int limit) {
        return tx.sql()
                .deleteFrom(CLAIM)
                .where(CLAIM.TRANSACTION.in(tx.sql()
                        .select(CLAIM.TRANSACTION)
                        .from(CLAIM)
                        .where(CLAIM.STATE.eq(OVER).and(CLAIM.CHANGED.lt(before)))
                        .limit(limit)))
                .execute();
    }
}
