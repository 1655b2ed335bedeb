package holdfast.broker.market;

import static holdfast.db.Tables.CLAIM;
import static holdfast.db.Tables.LISTING;
import static holdfast.db.Tables.ROOT_EPOCH;
import static java.util.stream.Collectors.toMap;

import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.Selector;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jooq.Condition;
import org.jooq.impl.DSL;

/// Roots with their claims and listings, as they are stored.
final class RootRows {
    static final String HELD = "held";
    static final String BOUGHT = "bought";
    private static final String OVER = "over";
    private static final int MOST_ROOTS = 100_000;
    private static final int AT_ONCE = 500;

    /// Some 25 MB.
    private static final int MOST_BY_HEART = 20_000;

    /// Names that were retired before that lead nowhere any more.
    private static final Duration REMEMBERED = Duration.ofDays(1);

    private final Platform platform;
    private final Resources resources;
    private final ByHeart byHeart = new ByHeart(MOST_BY_HEART);
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
    ///
    /// @param root of its names it has the one that is listed
    record Locked(Resource resource, Offer offer, Root root) {
        Locked with(Root other) {
            return new Locked(resource, offer, other);
        }
    }

    Optional<Locked> lock(Tx tx, UUID id) {
        return resources
                .lock(tx, id)
                .filter(resource -> resource.type().equals(Offer.TYPE))
                .map(resource -> {
                    var offer = resource.as(Offer.class);
                    var listed = listing(tx, LISTING.ROOT.eq(id).and(isListed()));
                    return new Locked(
                            resource,
                            offer,
                            new Root(
                                    offer.whole(),
                                    offer.from(),
                                    claims(tx, id),
                                    listed.stream().toList()));
                });
    }

    /// The same with a name more, if it is one of its own.
    Locked naming(Tx tx, Locked locked, String name) {
        var root = locked.root();
        return root.listing(name).isPresent()
                ? locked
                : listing(
                                tx,
                                LISTING.ID
                                        .eq(name)
                                        .and(LISTING.ROOT.eq(locked.resource().id())))
                        .map(listing -> locked.with(root.with(listing)))
                        .orElse(locked);
    }

    /// A root with the name under which just as much was offered before as is left now, if there is one and it is
    /// not listed.
    Root recalling(Tx tx, UUID id, Root root, Instant now) {
        var left = Facets.amounts(root.left(now));
        return root.listed()
                        .filter(listing ->
                                Facets.amounts(listing.flavor().kind().vector()).equals(left))
                        .isPresent()
                ? root
                : listing(
                                tx,
                                LISTING.ROOT
                                        .eq(id)
                                        .and(LISTING.AMOUNTS.eq(left))
                                        .and(LISTING.STATE.eq(DSL.inline(Listing.State.RETIRED.name()))))
                        .map(root::with)
                        .orElse(root);
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

    /// By heart, if nobody has changed them since.
    private Claims claims(Tx tx, UUID root) {
        var epoch = tx.sql()
                .select(ROOT_EPOCH.EPOCH)
                .from(ROOT_EPOCH)
                .where(ROOT_EPOCH.ROOT.eq(root))
                .fetchOptional(ROOT_EPOCH.EPOCH);
        return epoch.flatMap(known -> byHeart.at(root, known)).orElseGet(() -> {
            var read = Claims.of(tx.sql()
                    .select(CLAIM.BODY)
                    .from(CLAIM)
                    .where(CLAIM.ROOT.eq(root).and(isLive()))
                    .orderBy(CLAIM.TRANSACTION)
                    .fetch(row -> Json.read(row.value1().data(), Claim.class)));
            epoch.ifPresent(now -> byHeart.learn(root, now, read));
            return read;
        });
    }

    /// The claims of a root have changed.
    private void changed(Tx tx, UUID root, Claims now) {
        var epoch = tx.sql().fetchOptional("""
                        insert into root_epoch (root, epoch) values (?, nextval('root_epoch_number'))
                        on conflict (root) do update set epoch = excluded.epoch returning epoch
                        """, root).map(row -> row.get(0, Long.class));
        epoch.ifPresent(number -> byHeart.learn(root, number, now));
    }

    // states are written out, so that the indexes of these states are used

    private static Condition isListed() {
        return LISTING.STATE.eq(DSL.inline(Listing.State.LISTED.name()));
    }

    private static Condition isLive() {
        return CLAIM.STATE.ne(DSL.inline(OVER));
    }

    /// The claims of these roots that are not over.
    Map<UUID, List<Claim>> claims(Tx tx, Collection<UUID> roots) {
        return tx.sql()
                .select(CLAIM.ROOT, CLAIM.BODY)
                .from(CLAIM)
                .where(CLAIM.ROOT.in(roots).and(isLive()))
                .fetchGroups(row -> row.value1(), row -> Json.read(row.value2().data(), Claim.class));
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
        return listing(tx, LISTING.ID.eq(id));
    }

    /// The newest that is so.
    private static Optional<Listing> listing(Tx tx, Condition so) {
        return tx.sql()
                .select(LISTING.FLAVOR, LISTING.STATE)
                .from(LISTING)
                .where(so)
                .orderBy(LISTING.SINCE.desc())
                .limit(1)
                .fetchOptional(row ->
                        new Listing(Json.read(row.value1().data(), Flavor.class), Listing.State.valueOf(row.value2())));
    }

    /// What is listed and matches, by name. Read row by row: what does not match takes no memory.
    ///
    /// @param selector none: everything
    List<Flavor> listed(Tx tx, Optional<Selector> selector, int limit) {
        try (var rows = tx.sql()
                .select(LISTING.FLAVOR)
                .from(LISTING)
                .where(isListed().and(selector.map(Facets::maybe).orElse(DSL.noCondition())))
                .orderBy(LISTING.ID)
                .fetchSize(AT_ONCE)
                .fetchLazy()) {
            return rows.stream()
                    .map(row -> Json.read(row.value1().data(), Flavor.class))
                    .filter(flavor -> selector.isEmpty() || selector.get().matches(flavor))
                    .limit(limit)
                    .toList();
        }
    }

    /// All names that are listed.
    Set<String> names(Tx tx, int limit) {
        return tx.sql()
                .select(LISTING.ID)
                .from(LISTING)
                .where(isListed())
                .limit(limit)
                .fetchSet(LISTING.ID);
    }

    /// What is listed of these roots.
    Map<UUID, Flavor> listed(Tx tx, List<UUID> some) {
        return tx.sql()
                .select(LISTING.ROOT, LISTING.FLAVOR)
                .from(LISTING)
                .where(LISTING.ROOT.in(some).and(isListed()))
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
        if (!after.claims().equals(before.claims())) {
            changed(tx, id, Claims.of(after.claims()));
        }
    }

    private void write(Tx tx, UUID root, Listing listing) {
        var row = tx.sql().newRecord(LISTING);
        Facets.fill(row, listing.flavor());
        row.setId(listing.id());
        row.setRoot(root);
        row.setFlavor(Json.jsonb(listing.flavor()));
        row.setState(listing.state().name());
        row.setSince(listing.flavor().since());
        row.setChanged(platform.now());
        tx.sql()
                .insertInto(LISTING)
                .set(row)
                .onConflict(LISTING.ID)
                .doUpdate()
                .set(row)
                .execute();
    }

    /// No name of a root may be reserved by any more.
    void withdraw(Tx tx, UUID root) {
        tx.sql()
                .update(LISTING)
                .set(LISTING.STATE, Listing.State.WITHDRAWN.name())
                .set(LISTING.CHANGED, platform.now())
                .where(LISTING.ROOT.eq(root))
                .and(LISTING.STATE.in(Listing.State.LISTED.name(), Listing.State.RETIRED.name()))
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
            Buyers.count(tx, claim.buyer(), 1, 0);
        } else if (!claim.isHeld()) {
            Buyers.count(tx, claim.buyer(), 0, 1);
        }
    }

    /// Forgets names that were retired a day ago, unless somebody holds something by them.
    int forget(Tx tx, Instant ignored, int limit) {
        return tx.sql().execute("""
                        delete from listing where id in (
                            select id from listing
                            where state = 'RETIRED' and coalesce(changed, since) < ?::timestamptz and not exists (
                                select from claim
                                where claim.root = listing.root and claim.state = 'held' and claim.body ->> 'listing' = listing.id)
                            limit ?)
                        """, platform.now().minus(REMEMBERED), limit);
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
