package holdfast.broker.market;

import static holdfast.db.Tables.BUYER;
import static holdfast.db.Tables.CLAIM;

import holdfast.broker.market.HoldPolicy.Dealings;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Vector;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.impl.DSL;

/// How buyers have behaved, and what they have.
final class Buyers {
    private Buyers() {}

    /// One more hold, or purchase, than before.
    static void count(Tx tx, String buyer, long holds, long purchases) {
        tx.sql()
                .insertInto(BUYER)
                .set(BUYER.KEY, buyer)
                .set(BUYER.HOLDS, holds)
                .set(BUYER.PURCHASES, purchases)
                .onConflict(BUYER.KEY)
                .doUpdate()
                .set(BUYER.HOLDS, BUYER.HOLDS.plus(holds))
                .set(BUYER.PURCHASES, BUYER.PURCHASES.plus(purchases))
                .execute();
    }

    /// What a buyer has done and has.
    ///
    /// @param renewed a hold of his that does not count
    /// @param policy what has no limit in it is not added up
    static Dealings dealings(Tx tx, Buyer buyer, Root root, Optional<UUID> renewed, HoldPolicy policy) {
        var record = tx.sql().selectFrom(BUYER).where(BUYER.KEY.eq(buyer.key())).fetchOptional();
        var ofDomain = CLAIM.DOMAIN.eq(buyer.identity().domain());
        var held = CLAIM.STATE
                .eq(DSL.inline(RootRows.HELD))
                .and(renewed.map(CLAIM.TRANSACTION::ne).orElse(DSL.noCondition()));
        return new Dealings(
                record.map(row -> row.getHolds()).orElse(0L),
                record.map(row -> row.getPurchases()).orElse(0L),
                tx.sql()
                        .fetchCount(
                                CLAIM, CLAIM.BUYER.eq(buyer.key()).and(ofDomain).and(held)),
                sum(root.claims().stream()
                        .filter(claim -> claim.isHeld() && claim.buyer().equals(buyer.key()))
                        .filter(claim -> !Optional.of(claim.transaction()).equals(renewed))
                        .toList()),
                policy.held().nothing()
                        ? Vector.NONE
                        : sum(tx.sql()
                                .select(CLAIM.BODY)
                                .from(CLAIM)
                                .where(ofDomain.and(held))
                                .fetch(row -> Json.read(row.value1().data(), Claim.class))),
                policy.contracts() == Long.MAX_VALUE
                        ? 0
                        : tx.sql().fetchCount(CLAIM, ofDomain.and(CLAIM.STATE.eq(DSL.inline(RootRows.BOUGHT)))));
    }

    private static Vector sum(List<Claim> claims) {
        return claims.stream().map(Claim::amounts).reduce(Vector.NONE, Vector::plus);
    }
}
