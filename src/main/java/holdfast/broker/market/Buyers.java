package holdfast.broker.market;

import static holdfast.db.Tables.BUYER;
import static holdfast.db.Tables.CLAIM;
import static java.util.stream.Collectors.toMap;

import holdfast.broker.market.HoldPolicy.Dealings;
import holdfast.db.tables.records.BuyerRecord;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Vector;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jooq.Field;
import org.jooq.impl.DSL;

/// How buyers have behaved, and what they have.
final class Buyers {
    /// Whose key it was that bought: what stands before the name of its customer.
    private static final Field<String> CALLER = DSL.field("split_part(buyer, '/', 1)", String.class);

    /// What buyers did, to be counted.
    static final class Deeds {
        private final Map<String, Long> holds = new TreeMap<>();
        private final Map<String, Long> purchases = new TreeMap<>();

        void held(String buyer) {
            holds.merge(buyer, 1L, Long::sum);
        }

        void bought(String buyer) {
            purchases.merge(buyer, 1L, Long::sum);
        }

        /// In the order of their keys, in which everybody locks them.
        void write(Tx tx) {
            var keys = new TreeSet<>(holds.keySet());
            keys.addAll(purchases.keySet());
            if (!keys.isEmpty()) {
                tx.sql()
                        .insertInto(BUYER)
                        .set(keys.stream()
                                .map(key -> new BuyerRecord(
                                        key, holds.getOrDefault(key, 0L), purchases.getOrDefault(key, 0L)))
                                .toList())
                        .onConflict(BUYER.KEY)
                        .doUpdate()
                        .set(BUYER.HOLDS, BUYER.HOLDS.plus(DSL.excluded(BUYER.HOLDS)))
                        .set(BUYER.PURCHASES, BUYER.PURCHASES.plus(DSL.excluded(BUYER.PURCHASES)))
                        .execute();
            }
        }
    }

    /// What some buyers have done and have, but for what they hold of a root.
    private final Map<String, BuyerRecord> records;

    private final Map<String, Integer> holding;
    private final Map<String, Integer> ofCallers;
    private final Map<String, Vector> ofDomains;
    private final Map<String, Integer> contracts;

    /// Reads it.
    ///
    /// @param renewed a hold that does not count
    /// @param policy what has no limit in it is not added up
    Buyers(Tx tx, List<Buyer> buyers, Optional<UUID> renewed, HoldPolicy policy) {
        var keys = DSL.any(buyers.stream().map(Buyer::key).distinct().toArray(String[]::new));
        var callers = buyers.stream()
                .flatMap(buyer -> buyer.caller().stream())
                .map(Buyer.Caller::key)
                .distinct()
                .toArray(String[]::new);
        var ofDomain = CLAIM.DOMAIN.eq(
                DSL.any(buyers.stream().map(Buyer::party).distinct().toArray(String[]::new)));
        var held = ClaimRows.isHeld().and(renewed.map(CLAIM.TRANSACTION::ne).orElse(DSL.noCondition()));
        records = tx.sql().selectFrom(BUYER).where(BUYER.KEY.eq(keys)).fetchMap(BUYER.KEY);
        holding = tx.sql()
                .select(CLAIM.BUYER, DSL.count())
                .from(CLAIM)
                .where(CLAIM.BUYER.eq(keys).and(held))
                .groupBy(CLAIM.BUYER)
                .fetchMap(row -> row.value1(), row -> row.value2());
        ofCallers = callers.length == 0
                ? Map.of()
                : tx.sql()
                        .select(CALLER, DSL.count())
                        .from(CLAIM)
                        .where(CALLER.eq(DSL.any(callers)).and(held))
                        .groupBy(CALLER)
                        .fetchMap(row -> row.value1(), row -> row.value2());
        ofDomains = policy.held().nothing()
                ? Map.of()
                : tx
                        .sql()
                        .select(CLAIM.DOMAIN, CLAIM.BODY)
                        .from(CLAIM)
                        .where(ofDomain.and(held))
                        .fetchGroups(
                                row -> row.value1(),
                                row -> Json.read(row.value2().data(), Claim.class))
                        .entrySet()
                        .stream()
                        .collect(toMap(Map.Entry::getKey, entry -> sum(entry.getValue())));
        contracts = policy.contracts() == Long.MAX_VALUE
                ? Map.of()
                : tx.sql()
                        .select(CLAIM.DOMAIN, DSL.count())
                        .from(CLAIM)
                        .where(ofDomain.and(CLAIM.STATE.eq(DSL.inline(ClaimRows.BOUGHT))))
                        .groupBy(CLAIM.DOMAIN)
                        .fetchMap(row -> row.value1(), row -> row.value2());
    }

    /// What a buyer has done and has.
    ///
    /// @param renewed a hold of the root that does not count
    /// @param since what was held since that was read
    Dealings dealings(Buyer buyer, Root root, Optional<UUID> renewed, List<Made> since) {
        var party = buyer.party();
        var record = Optional.ofNullable(records.get(buyer.key()));
        var own = since.stream()
                .filter(made -> made.buyer().key().equals(buyer.key()))
                .toList();
        return new Dealings(
                record.map(row -> row.getHolds()).orElse(0L) + own.size(),
                record.map(row -> row.getPurchases()).orElse(0L),
                holding.getOrDefault(buyer.key(), 0) + own.size(),
                sum(root.claims().stream()
                        .filter(claim -> claim.isHeld() && claim.buyer().equals(buyer.key()))
                        .filter(claim -> !Optional.of(claim.transaction()).equals(renewed))
                        .toList()),
                ofDomains
                        .getOrDefault(party, Vector.NONE)
                        .plus(sum(since.stream()
                                .filter(made -> made.buyer().party().equals(party))
                                .map(Made::claim)
                                .toList())),
                contracts.getOrDefault(party, 0));
    }

    /// What somebody holds for all of its customers.
    int ofCaller(Buyer.Caller caller, List<Made> since) {
        long more = since.stream()
                .flatMap(made -> made.buyer().caller().stream())
                .filter(one -> one.key().equals(caller.key()))
                .count();
        return ofCallers.getOrDefault(caller.key(), 0) + (int) more;
    }

    /// What somebody has just got.
    record Made(Buyer buyer, Claim claim) {}

    private static Vector sum(List<Claim> claims) {
        return claims.stream().map(Claim::amounts).reduce(Vector.NONE, Vector::plus);
    }
}
