package holdfast.broker.market;

import static holdfast.db.Tables.LISTING;

import holdfast.db.tables.records.ListingRecord;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.inventory.flavors.Facets;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.Selector;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.jooq.Condition;
import org.jooq.JSONB;
import org.jooq.impl.DSL;

/// Roots with their claims and listings, as they are stored.
final class RootRows {
    private static final Facets FACETS = new Facets(LISTING);
    private static final int AT_ONCE = 500;

    /// Names that were retired before that lead nowhere any more.
    private static final Duration REMEMBERED = Duration.ofDays(1);

    private final Platform platform;
    private final Resources resources;
    private final ClaimRows claims;
    private Consumer<Tx> listed = _ -> {};

    RootRows(Platform platform, Resources resources) {
        this.platform = platform;
        this.resources = resources;
        this.claims = new ClaimRows(platform);
    }

    ClaimRows claims() {
        return claims;
    }

    /// Has somebody hear, in the same transaction, when something else is listed.
    void whenListed(Consumer<Tx> listener) {
        listed = listed.andThen(listener);
    }

    /// A root, which nobody else changes until the transaction ends.
    ///
    /// @param root of its names it has the one that is listed, and those that were asked for
    /// @param booked the version of its place in the calendar when just its claims were booked there; empty if
    ///     nobody
    ///     has looked
    record Locked(Resource resource, Offer offer, Root root, Optional<Long> booked) {
        UUID id() {
            return resource.id();
        }

        Locked booked(Optional<Long> version) {
            return new Locked(resource, offer, root, version);
        }
    }

    Optional<Locked> lock(Tx tx, UUID id) {
        return lock(tx, Set.of(id), Set.of()).stream().findFirst();
    }

    /// Several, locked in the order of their ids.
    ///
    /// @param names which of their names are asked for
    List<Locked> lock(Tx tx, Collection<UUID> ids, Collection<String> names) {
        var found = resources.lockAll(tx, ids).stream()
                .filter(resource -> resource.type().equals(Offer.TYPE))
                .toList();
        if (found.isEmpty()) {
            return List.of();
        }
        var some = found.stream().map(Resource::id).toList();
        var listings = listings(tx, some, names);
        var known = claims.of(tx, some);
        return found.stream()
                .map(resource -> {
                    var offer = resource.as(Offer.class);
                    var its = known.getOrDefault(resource.id(), ClaimRows.Known.NOTHING);
                    var named = listings.getOrDefault(resource.id(), List.of());
                    var root = new Root(offer.whole(), offer.from(), its.claims(), List.of());
                    for (var listing : named) {
                        root = root.with(listing);
                    }
                    return new Locked(resource, offer, root, its.booked());
                })
                .toList();
    }

    /// Those that are listed, and those of these names.
    private static Map<UUID, List<Listing>> listings(Tx tx, List<UUID> roots, Collection<String> names) {
        var of = LISTING.ROOT.eq(DSL.any(roots.toArray(UUID[]::new)));
        return tx.sql()
                .select(LISTING.ROOT, LISTING.FLAVOR, LISTING.STATE)
                .from(LISTING)
                .where(of.and(isListed()))
                .unionAll(tx.sql()
                        .select(LISTING.ROOT, LISTING.FLAVOR, LISTING.STATE)
                        .from(LISTING)
                        .where(LISTING.ID.eq(DSL.any(names.toArray(String[]::new))))
                        .and(LISTING.STATE.ne(DSL.inline(Listing.State.LISTED.name()))))
                .fetchGroups(row -> row.value1(), row -> listing(row.value2(), row.value3()));
    }

    private static Listing listing(JSONB flavor, String state) {
        return new Listing(Json.read(flavor.data(), Flavor.class), Listing.State.valueOf(state));
    }

    /// Roots with the names under which just as much was offered before as is left now, as far as there are such
    /// and they are not listed.
    Map<UUID, Root> recalling(Tx tx, Map<UUID, Root> roots, Instant now) {
        var wanted = new TreeMap<UUID, String>();
        roots.forEach((id, root) -> {
            var left = Facets.amounts(root.left(now));
            if (root.listed()
                    .filter(listing ->
                            Facets.amounts(listing.flavor().kind().vector()).equals(left))
                    .isEmpty()) {
                wanted.put(id, left);
            }
        });
        var recalled = new HashMap<>(roots);
        if (!wanted.isEmpty()) {
            tx.sql()
                    .resultQuery(
                            """
                            select w.root, l.flavor, l.state from unnest(?::uuid[], ?::text[]) as w (root, amounts),
                                lateral (select flavor, state from listing where listing.root = w.root and listing.amounts = w.amounts
                                            and state = 'RETIRED' order by since desc limit 1) l
                            """,
                            wanted.keySet().toArray(UUID[]::new),
                            wanted.values().toArray(String[]::new))
                    .forEach(row -> recalled.computeIfPresent(
                            row.get("root", UUID.class),
                            (_, root) -> root.with(
                                    listing(row.get("flavor", JSONB.class), row.get("state", String.class)))));
        }
        return recalled;
    }

    // states are written out, so that the indexes of these states are used

    private static Condition isListed() {
        return LISTING.STATE.eq(DSL.inline(Listing.State.LISTED.name()));
    }

    /// Whose name it is or was.
    Optional<UUID> rootOf(Tx tx, String listing) {
        return tx.sql()
                .select(LISTING.ROOT)
                .from(LISTING)
                .where(LISTING.ID.eq(listing))
                .fetchOptional(LISTING.ROOT);
    }

    /// The roots of several names; what is no name is not in it.
    Map<String, UUID> rootsOf(Tx tx, Collection<String> names) {
        return tx.sql()
                .select(LISTING.ID, LISTING.ROOT)
                .from(LISTING)
                .where(LISTING.ID.eq(DSL.any(names.toArray(String[]::new))))
                .fetchMap(row -> row.value1(), row -> row.value2());
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
                .fetchOptional(row -> listing(row.value1(), row.value2()));
    }

    /// What is listed and matches, by name. Read row by row: what does not match takes no memory.
    ///
    /// @param selector none: everything
    List<Flavor> listed(Tx tx, Optional<Selector> selector, int limit) {
        try (var rows = tx.sql()
                .select(LISTING.FLAVOR)
                .from(LISTING)
                .where(isListed().and(selector.map(FACETS::maybe).orElse(DSL.noCondition())))
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

    /// Writes what has changed of listings.
    void store(Tx tx, List<Change> changes) {
        var retired = new ArrayList<ListingRecord>();
        var offered = new ArrayList<ListingRecord>();
        for (var change : changes) {
            for (var listing : change.after().listings()) {
                if (!change.before().listing(listing.id()).equals(Optional.of(listing))) {
                    (listing.state() == Listing.State.LISTED ? offered : retired).add(row(change.id(), listing));
                }
            }
        }
        if (changes.stream()
                .anyMatch(change ->
                        !change.before().listed().equals(change.after().listed()))) {
            listed.accept(tx);
        }
        write(tx, retired); // first: at most one of a root is listed
        write(tx, offered);
    }

    private static void write(Tx tx, List<ListingRecord> rows) {
        if (!rows.isEmpty()) {
            tx.sql()
                    .insertInto(LISTING)
                    .set(rows)
                    .onConflict(LISTING.ID)
                    .doUpdate()
                    .setAllToExcluded()
                    .execute();
        }
    }

    private ListingRecord row(UUID root, Listing listing) {
        var row = new ListingRecord();
        FACETS.fill(row, listing.flavor());
        row.setAmounts(Facets.amounts(listing.flavor().kind().vector()));
        row.setId(listing.id());
        row.setRoot(root);
        row.setFlavor(Json.jsonb(listing.flavor()));
        row.setState(listing.state().name());
        row.setSince(listing.flavor().since());
        row.setChanged(platform.now());
        return row;
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
}
