package holdfast.federation.peers;

import static holdfast.db.Tables.CONDUCT;

import holdfast.federation.choice.Conduct;
import holdfast.federation.choice.Deed;
import holdfast.federation.choice.Rating;
import holdfast.federation.choice.Rating.Seen;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.FlavorType;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// What was seen of peers, kept for as long as they are known (fluidos.md 6.9). Counted in the transaction that learns
/// of it, so that nothing counts twice, and nothing is missed.
public final class Ratings {
    private final Platform platform;

    Ratings(Platform platform) {
        this.platform = platform;
    }

    /// A peer has done something, or not. Nothing if it is forgotten.
    public void seen(Tx tx, UUID peer, FlavorType kind, Deed deed, Seen what) {
        var now = platform.now();
        tx.sql().execute("""
                        insert into conduct (peer, kind, deed, tries, kept, good, seen, as_of)
                        select id, ?, ?, 0, 0, 0, 0, ?::timestamptz from resource where id = ? and type = 'peer'
                        on conflict do nothing
                        """, kind.word(), deed.word(), now, peer);
        tx.sql()
                .select(CONDUCT.GOOD, CONDUCT.SEEN, CONDUCT.AS_OF)
                .from(CONDUCT)
                .where(is(peer, kind, deed))
                .forUpdate()
                .fetchOptional(row -> new Rating(row.value1(), row.value2(), row.value3()))
                .map(before -> before.seen(what, now))
                .ifPresent(after -> tx.sql()
                        .update(CONDUCT)
                        .set(CONDUCT.TRIES, CONDUCT.TRIES.plus(1))
                        .set(CONDUCT.KEPT, CONDUCT.KEPT.plus(what == Seen.KEPT ? 1 : 0))
                        .set(CONDUCT.GOOD, after.good())
                        .set(CONDUCT.SEEN, after.all())
                        .set(CONDUCT.AS_OF, after.at())
                        .where(is(peer, kind, deed))
                        .execute());
    }

    private static Condition is(UUID peer, FlavorType kind, Deed deed) {
        return CONDUCT.PEER.eq(peer).and(CONDUCT.KIND.eq(kind.word())).and(CONDUCT.DEED.eq(deed.word()));
    }

    /// How peers have behaved, by type of flavor; those of whom nothing was seen are left out.
    public static Map<UUID, Map<FlavorType, Conduct>> of(Tx tx, Collection<UUID> peers) {
        var deeds = new HashMap<UUID, Map<FlavorType, Map<Deed, Conduct.Tally>>>();
        tx.sql()
                .selectFrom(CONDUCT)
                .where(CONDUCT.PEER.eq(DSL.any(peers.toArray(UUID[]::new))))
                .forEach(row -> FlavorType.of(row.getKind())
                        .ifPresent(kind -> deeds.computeIfAbsent(row.getPeer(), _ -> new EnumMap<>(FlavorType.class))
                                .computeIfAbsent(kind, _ -> new EnumMap<>(Deed.class))
                                .put(
                                        Deed.of(row.getDeed()),
                                        new Conduct.Tally(
                                                row.getTries(),
                                                row.getKept(),
                                                new Rating(row.getGood(), row.getSeen(), row.getAsOf())))));
        var all = new HashMap<UUID, Map<FlavorType, Conduct>>();
        deeds.forEach((peer, kinds) -> {
            var conduct = new EnumMap<FlavorType, Conduct>(FlavorType.class);
            kinds.forEach((kind, tallies) -> conduct.put(kind, new Conduct(tallies)));
            all.put(peer, conduct);
        });
        return all;
    }
}
