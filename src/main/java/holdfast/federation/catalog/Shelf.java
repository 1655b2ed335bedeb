package holdfast.federation.catalog;

import static holdfast.db.Tables.PUBLISHED;

import holdfast.federation.choice.Rating;
import holdfast.inventory.flavors.Facets;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Publication;
import holdfast.protocol.rear.Selector;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// Publishers and what they publish, as rows.
final class Shelf {
    /// Of one publisher.
    static final int MOST = 10_000;

    private static final int MOST_SEEN = 100_000;
    private static final int AT_ONCE = 500;
    private static final Facets FACETS = new Facets(PUBLISHED.as("p"));
    private static final String SHOWN = """
            select p.body::text as body, u.peer, u.key, u.honesty::text as honesty, u.rating::text as rating,
                u.visibility, (p.doubted is not null or r.state = 'down') as doubted
            from published p join publisher u on u.node = p.publisher join resource r on r.id = u.peer
            where not p.withdrawn and p.expires > ?::timestamptz and u.flagged is null and r.removed is null
                and not (u.honesty ->> 'delisted')::boolean
            """;

    private final Platform platform;

    Shelf(Platform platform) {
        this.platform = platform;
    }

    /// A publisher.
    ///
    /// @param peer its resource here
    /// @param key the fingerprint of the key by which it signs
    /// @param visibility the domains that may hear of what says nothing else; empty: all
    /// @param flagged why nothing counts that is signed with its key
    record Publisher(
            NodeIdentity node,
            UUID peer,
            Optional<String> key,
            Set<String> visibility,
            Honesty honesty,
            Rating rating,
            Optional<String> flagged) {
        Publisher with(Honesty next, Rating rated) {
            return new Publisher(node, peer, key, visibility, next, rated, flagged);
        }

        Publisher flagged(String why) {
            return new Publisher(node, peer, key, visibility, honesty, rating, Optional.of(why));
        }
    }

    /// A publisher, which nobody else changes until the transaction ends.
    Optional<Publisher> lock(Tx tx, String node) {
        return publisher(tx, node, "for update");
    }

    Optional<Publisher> find(Tx tx, String node) {
        return publisher(tx, node, "");
    }

    private static Optional<Publisher> publisher(Tx tx, String node, String how) {
        return tx.sql()
                .fetchOptional("""
                        select identity::text as identity, peer, key, visibility, honesty::text as honesty,
                            rating::text as rating, flagged
                        from publisher where node = ?
                        """ + how, node)
                .map(row -> new Publisher(
                        Json.read(row.get("identity", String.class), NodeIdentity.class),
                        row.get("peer", UUID.class),
                        Optional.ofNullable(row.get("key", String.class)),
                        words(row),
                        Json.read(row.get("honesty", String.class), Honesty.class),
                        Json.read(row.get("rating", String.class), Rating.class),
                        Optional.ofNullable(row.get("flagged", String.class))));
    }

    private static Set<String> words(Record row) {
        return Arrays.stream(row.get("visibility", String[].class)).collect(Collectors.toUnmodifiableSet());
    }

    void keep(Tx tx, Publisher publisher) {
        tx.sql()
                .execute(
                        """
                        insert into publisher (node, identity, peer, key, visibility, honesty, rating, flagged, registered)
                        values (?, ?::jsonb, ?, ?, ?::text[], ?::jsonb, ?::jsonb, ?, ?::timestamptz)
                        on conflict (node) do update
                        set identity = excluded.identity, peer = excluded.peer, key = excluded.key,
                            visibility = excluded.visibility, honesty = excluded.honesty, rating = excluded.rating,
                            flagged = excluded.flagged
                        """,
                        publisher.node().id(),
                        Json.text(publisher.node()),
                        publisher.peer(),
                        publisher.key().orElse(null),
                        publisher.visibility().toArray(String[]::new),
                        Json.text(publisher.honesty()),
                        Json.text(publisher.rating()),
                        publisher.flagged().orElse(null),
                        platform.now());
    }

    /// Forgets all that somebody has published; itself as well, unless it is remembered for its faults.
    void remove(Tx tx, Publisher publisher) {
        boolean faulty = publisher.flagged().isPresent() || publisher.honesty().delisted();
        tx.sql()
                .execute(
                        faulty ? "delete from published where publisher = ?" : "delete from publisher where node = ?",
                        publisher.node().id());
    }

    /// What is known of a name.
    record Word(Publication said, boolean withdrawn) {}

    Optional<Word> word(Tx tx, String flavor) {
        return tx.sql()
                .fetchOptional(
                        "select body::text as body, withdrawn from published where flavor = ? for update", flavor)
                .map(row -> new Word(
                        Json.read(row.get("body", String.class), Publication.class),
                        row.get("withdrawn", Boolean.class)));
    }

    /// Whether a publisher has as many offers as it may have.
    boolean isFull(Tx tx, String publisher) {
        return tx.sql()
                        .fetchSingle("select count(*) from published where publisher = ? and not withdrawn", publisher)
                        .get(0, Long.class)
                >= MOST;
    }

    void keep(Tx tx, Publication said, Instant expires) {
        tx.sql()
                .execute(
                        """
                        insert into published (flavor, publisher, kind, body, expires, doubted, withdrawn, %1$s)
                        select ?, ?, ?, ?::jsonb, ?::timestamptz, null, false, %1$s
                        from jsonb_populate_record(null::published, ?::jsonb)
                        on conflict (flavor) do update
                        set kind = excluded.kind, body = excluded.body, expires = excluded.expires, doubted = null,
                            withdrawn = false, (%1$s) = row (excluded.%2$s)
                        """.formatted(Facets.COLUMNS, Facets.COLUMNS.replace(", ", ", excluded.")),
                        said.flavor().id(),
                        said.publisher(),
                        said.flavor().kind().type().word(),
                        Json.text(said),
                        expires,
                        Json.text(Facets.columns(said.flavor())));
    }

    /// @return whether it was there
    boolean withdraw(Tx tx, String publisher, String flavor) {
        return tx.sql()
                        .execute(
                                "update published set withdrawn = true where publisher = ? and flavor = ? and not withdrawn",
                                publisher,
                                flavor)
                == 1;
    }

    /// Somebody says that it is not there, or that it is after all.
    void doubt(Tx tx, String flavor, @Nullable Instant since) {
        tx.sql().execute("update published set doubted = ?::timestamptz where flavor = ?", since, flavor);
    }

    /// What may be told and matches. Read row by row: what does not match takes no memory.
    ///
    /// @param selector none: everything
    List<Shown> all(Tx tx, Optional<Selector> selector) {
        var maybe = selector.map(FACETS::maybe).orElse(DSL.noCondition());
        try (var rows = tx.sql()
                .resultQuery(
                        SHOWN.replace("?", "{0}") + " and {1} limit {2}",
                        DSL.val(platform.now()),
                        maybe,
                        DSL.inline(MOST_SEEN))
                .fetchSize(AT_ONCE)
                .fetchLazy()) {
            return rows.stream()
                    .map(Shelf::shown)
                    .filter(one -> selector.isEmpty()
                            || selector.get().matches(one.published().flavor()))
                    .toList();
        }
    }

    Optional<Shown> one(Tx tx, String flavor) {
        return tx.sql()
                .fetchOptional(SHOWN + " and p.flavor = ?", platform.now(), flavor)
                .map(Shelf::shown);
    }

    /// A page of what there is, by name.
    List<Shown> page(Tx tx, Optional<String> publisher, String after, int limit) {
        return tx.sql()
                .fetch(
                        SHOWN + " and p.flavor > ? and (?::text is null or p.publisher = ?) order by p.flavor limit ?",
                        platform.now(),
                        after,
                        publisher.orElse(null),
                        publisher.orElse(null),
                        limit)
                .map(Shelf::shown);
    }

    private static Shown shown(Record row) {
        var said = Json.read(row.get("body", String.class), Publication.class);
        var honesty = Json.read(row.get("honesty", String.class), Honesty.class);
        return new Shown(
                said,
                row.get("peer", UUID.class),
                Optional.ofNullable(row.get("key", String.class)),
                honesty.ttl(said.ttl()),
                Json.read(row.get("rating", String.class), Rating.class),
                said.visibility().isEmpty() ? words(row) : said.visibility(),
                row.get("doubted", Boolean.class));
    }

    /// Forgets what has expired.
    ///
    /// @return whose it was: resources of type `peer`, one for each offer that was not withdrawn
    List<UUID> sweep(Tx tx, int limit) {
        Function<Record, UUID> peer = row -> row.get("peer", UUID.class);
        return tx.sql().fetch("""
                        delete from published p using publisher u
                        where u.node = p.publisher and p.flavor in
                            (select flavor from published where expires <= ?::timestamptz limit ?)
                        returning u.peer, p.withdrawn
                        """, platform.now(), limit).stream()
                .filter(row -> !row.get("withdrawn", Boolean.class))
                .map(peer)
                .toList();
    }
}
