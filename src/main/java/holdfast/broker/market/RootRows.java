package holdfast.broker.market;

import static holdfast.db.Tables.BUYER;
import static holdfast.db.Tables.CLAIM;
import static holdfast.db.Tables.LISTING;
import static java.util.stream.Collectors.toMap;

import holdfast.broker.market.HoldPolicy.Dealings;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.Vector;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/// Roots with their claims and listings, as they are stored.
final class RootRows {
    private static final String HELD = "held";
    private static final String BOUGHT = "bought";
    private static final String OVER = "over";
    private static final int MOST_ROOTS = 100_000;
    /// Names that were retired long ago lead nowhere any more.
    private static final int MOST_LISTINGS = 1_000;

    private final Platform platform;
    private final Resources resources;
    private Consumer<Tx> listed = _ -> {};

    RootRows(Platform platform, Resources resources) {
        this.platform = platform;
        this.resources = resources;
    }

    /// Has somebody hear, in the same transaction, when something else is listed.
    void whenListed(Consumer<Tx> listener) {
        listed = listed.andThen(listener);
    }

    /// A root, which nobody else changes until the transaction ends.
    record Locked(Resource resource, Offer offer, Root root) {}

    Optional<Locked> lock(Tx tx, UUID id) {
        return resources
                .lock(tx, id)
                .filter(resource -> resource.type().equals(Offer.TYPE))
                .map(resource -> {
                    var offer = resource.as(Offer.class);
                    return new Locked(
                            resource, offer, new Root(offer.whole(), offer.from(), claims(tx, id), listings(tx, id)));
                });
    }

    /// Roots that are parts of hosts and on the list, sold out or not.
    ///
    /// @param broker whose they are
    Map<UUID, Offer> backed(Tx tx, String broker) {
        var all = Resources.typed(Offer.TYPE).and(Resources.keptBy(broker)).and(Resources.present());
        return resources.list(tx, all, MOST_ROOTS).stream()
                .collect(toMap(Resource::id, resource -> resource.as(Offer.class)))
                .entrySet()
                .stream()
                .filter(entry -> entry.getValue().whole().available()
                        && entry.getValue().backing().isPresent())
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static List<Claim> claims(Tx tx, UUID root) {
        return tx.sql()
                .select(CLAIM.BODY)
                .from(CLAIM)
                .where(CLAIM.ROOT.eq(root).and(CLAIM.STATE.ne(OVER)))
                .orderBy(CLAIM.TRANSACTION)
                .fetch(row -> Json.read(row.value1().data(), Claim.class));
    }

    /// The claims of these roots that are not over.
    Map<UUID, List<Claim>> claims(Tx tx, Collection<UUID> roots) {
        return tx.sql()
                .select(CLAIM.ROOT, CLAIM.BODY)
                .from(CLAIM)
                .where(CLAIM.ROOT.in(roots).and(CLAIM.STATE.ne(OVER)))
                .fetchGroups(row -> row.value1(), row -> Json.read(row.value2().data(), Claim.class));
    }

    private static List<Listing> listings(Tx tx, UUID root) {
        return tx.sql()
                .select(LISTING.FLAVOR, LISTING.STATE)
                .from(LISTING)
                .where(LISTING.ROOT.eq(root))
                .orderBy(LISTING.SINCE.desc())
                .limit(MOST_LISTINGS)
                .fetch(row ->
                        new Listing(Json.read(row.value1().data(), Flavor.class), Listing.State.valueOf(row.value2())))
                .reversed();
    }

    /// Whose name it is or was.
    Optional<UUID> rootOf(Tx tx, String listing) {
        return tx.sql()
                .select(LISTING.ROOT)
                .from(LISTING)
                .where(LISTING.ID.eq(listing))
                .fetchOptional(LISTING.ROOT);
    }

    /// What is offered under a name.
    Optional<Listing> listing(Tx tx, String id) {
        return tx.sql()
                .select(LISTING.FLAVOR, LISTING.STATE)
                .from(LISTING)
                .where(LISTING.ID.eq(id))
                .fetchOptional(row ->
                        new Listing(Json.read(row.value1().data(), Flavor.class), Listing.State.valueOf(row.value2())));
    }

    /// All that is listed, by name.
    List<Flavor> listed(Tx tx, int limit) {
        return tx.sql()
                .select(LISTING.FLAVOR)
                .from(LISTING)
                .where(LISTING.STATE.eq(Listing.State.LISTED.name()))
                .orderBy(LISTING.ID)
                .limit(limit)
                .fetch(row -> Json.read(row.value1().data(), Flavor.class));
    }

    /// What is listed of these roots.
    Map<UUID, Flavor> listed(Tx tx, List<UUID> some) {
        return tx.sql()
                .select(LISTING.ROOT, LISTING.FLAVOR)
                .from(LISTING)
                .where(LISTING.ROOT.in(some).and(LISTING.STATE.eq(Listing.State.LISTED.name())))
                .fetchMap(row -> row.value1(), row -> Json.read(row.value2().data(), Flavor.class));
    }

    /// Writes what has changed of listings and claims.
    ///
    /// @param domain of the buyer of new claims
    void store(Tx tx, UUID id, Root before, Root after, String domain) {
        if (!before.listed().equals(after.listed())) {
            listed.accept(tx);
        }
        // first those that are listed no longer: at most one of a root is
        for (var listing : after.listings()) {
            if (listing.state() != Listing.State.LISTED) {
                before.listing(listing.id()).filter(old -> !old.equals(listing)).ifPresent(_ -> write(tx, id, listing));
            }
        }
        after.listed()
                .filter(listing -> !before.listing(listing.id()).equals(Optional.of(listing)))
                .ifPresent(listing -> write(tx, id, listing));
        for (var claim : after.claims()) {
            var old = before.claim(claim.transaction());
            if (!old.equals(Optional.of(claim))) {
                write(tx, id, claim, domain, old.isEmpty());
            }
        }
        for (var claim : before.claims()) {
            if (after.claim(claim.transaction()).isEmpty()) {
                tx.sql()
                        .update(CLAIM)
                        .set(CLAIM.STATE, OVER)
                        .set(CLAIM.CHANGED, platform.now())
                        .where(CLAIM.TRANSACTION.eq(claim.transaction()))
                        .execute();
            }
        }
    }

    private static void write(Tx tx, UUID root, Listing listing) {
        tx.sql()
                .insertInto(LISTING)
                .set(LISTING.ID, listing.id())
                .set(LISTING.ROOT, root)
                .set(LISTING.FLAVOR, Json.jsonb(listing.flavor()))
                .set(LISTING.STATE, listing.state().name())
                .set(LISTING.SINCE, listing.flavor().since())
                .onConflict(LISTING.ID)
                .doUpdate()
                .set(LISTING.FLAVOR, Json.jsonb(listing.flavor()))
                .set(LISTING.STATE, listing.state().name())
                .execute();
    }

    private void write(Tx tx, UUID root, Claim claim, String domain, boolean isNew) {
        var state = claim.isHeld() ? HELD : BOUGHT;
        tx.sql()
                .insertInto(CLAIM)
                .set(CLAIM.TRANSACTION, claim.transaction())
                .set(CLAIM.ROOT, root)
                .set(CLAIM.BUYER, claim.buyer())
                .set(CLAIM.DOMAIN, domain)
                .set(CLAIM.STATE, state)
                .set(CLAIM.BODY, Json.jsonb(claim))
                .set(CLAIM.CHANGED, platform.now())
                .onConflict(CLAIM.TRANSACTION)
                .doUpdate()
                .set(CLAIM.STATE, state)
                .set(CLAIM.BODY, Json.jsonb(claim))
                .set(CLAIM.CHANGED, platform.now())
                .execute();
        if (isNew) {
            count(tx, claim.buyer(), 1, 0);
        } else if (!claim.isHeld()) {
            count(tx, claim.buyer(), 0, 1);
        }
    }

    private static void count(Tx tx, String buyer, long holds, long purchases) {
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
    Dealings dealings(Tx tx, Buyer buyer, Root root, Optional<UUID> renewed) {
        var record = tx.sql().selectFrom(BUYER).where(BUYER.KEY.eq(buyer.key())).fetchOptional();
        var ofDomain = tx
                .sql()
                .select(CLAIM.BODY)
                .from(CLAIM)
                .where(CLAIM.DOMAIN.eq(buyer.identity().domain()).and(CLAIM.STATE.ne(OVER)))
                .fetch(row -> Json.read(row.value1().data(), Claim.class))
                .stream()
                .filter(claim -> !Optional.of(claim.transaction()).equals(renewed))
                .toList();
        return new Dealings(
                record.map(row -> row.getHolds()).orElse(0L),
                record.map(row -> row.getPurchases()).orElse(0L),
                (int) ofDomain.stream()
                        .filter(claim -> claim.isHeld() && claim.buyer().equals(buyer.key()))
                        .count(),
                sum(root.claims().stream()
                        .filter(claim -> claim.isHeld() && claim.buyer().equals(buyer.key()))
                        .filter(claim -> !Optional.of(claim.transaction()).equals(renewed))
                        .toList()),
                sum(ofDomain.stream().filter(Claim::isHeld).toList()),
                ofDomain.stream().filter(claim -> !claim.isHeld()).count());
    }

    private static Vector sum(List<Claim> claims) {
        return claims.stream().map(Claim::amounts).reduce(Vector.NONE, Vector::plus);
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
