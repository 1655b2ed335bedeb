package holdfast.federation.resale;

import holdfast.federation.discovery.Candidate;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Flavor;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The names under which offers of others are offered again: the same offer has the same name for as long as it is
/// remembered, a day after it was listed last.
final class Forwarded {
    private final Platform platform;
    private final Readvertising again;

    Forwarded(Platform platform, Readvertising again) {
        this.platform = platform;
        this.again = again;
    }

    /// What stands behind a name.
    ///
    /// @param peer whose offer it is, as far as we know
    /// @param heard as that peer offers it
    /// @param margin what was added to its price
    /// @param made when it was listed last
    record Row(String shown, UUID peer, Flavor heard, Margin margin, Instant made) {}

    private record Key(UUID peer, String flavor) {}

    /// Offers them again, each under its name.
    List<Flavor> show(Tx tx, List<Candidate> offers) {
        if (offers.isEmpty()) {
            return List.of();
        }
        // in one order, so that two who list the same never wait for each other
        var sorted = offers.stream()
                .sorted(Comparator.comparing(Candidate::peer)
                        .thenComparing(offer -> offer.flavor().id()))
                .toList();
        Map<Key, String> names = new HashMap<>();
        tx.sql()
                .fetch(
                        """
                        insert into forwarded (shown, peer, flavor, body, margin, made)
                        select told.shown, told.peer, told.flavor, told.body::jsonb, ?, ?::timestamptz
                        from unnest(?::text[], ?::uuid[], ?::text[], ?::text[]) as told (shown, peer, flavor, body)
                        on conflict (peer, flavor) do update
                        set body = excluded.body, margin = excluded.margin, made = excluded.made
                        returning shown, peer, flavor
                        """,
                        again.margin().text(),
                        platform.now(),
                        texts(
                                sorted,
                                offer -> again.name(
                                        offer.flavor(), platform.newId().getLeastSignificantBits())),
                        sorted.stream().map(Candidate::peer).toArray(UUID[]::new),
                        texts(sorted, offer -> offer.flavor().id()),
                        texts(sorted, offer -> Json.text(offer.flavor())))
                .forEach(row -> names.put(
                        new Key(row.get("peer", UUID.class), row.get("flavor", String.class)),
                        row.get("shown", String.class)));
        return offers.stream()
                .map(offer -> again.again(
                        offer.flavor(),
                        Optional.ofNullable(names.get(
                                        new Key(offer.peer(), offer.flavor().id())))
                                .orElseThrow(),
                        offer.asOf()))
                .toList();
    }

    private static String[] texts(List<Candidate> offers, java.util.function.Function<Candidate, String> text) {
        return offers.stream().map(text).toArray(String[]::new);
    }

    /// What was offered under a name of late.
    Optional<Row> find(Tx tx, String shown) {
        return tx.sql()
                .fetchOptional(
                        "select peer, body::text as body, margin, made from forwarded where shown = ? and made > ?::timestamptz",
                        shown,
                        platform.now().minus(Readvertising.LIFE))
                .map(row -> new Row(
                        shown,
                        row.get("peer", UUID.class),
                        Json.read(row.get("body", String.class), Flavor.class),
                        Margin.of(row.get("margin", String.class)).orThrow(),
                        row.get("made", Instant.class)));
    }

    /// The name under which an offer is offered again, if it was of late.
    Optional<String> shown(Tx tx, UUID peer, String flavor) {
        return tx.sql()
                .resultQuery("select shown from forwarded where peer = ? and flavor = ?", peer, flavor)
                .fetchOptional(0, String.class);
    }

    int forget(Tx tx, Instant ignored, int limit) {
        return tx.sql().execute("""
                delete from forwarded where shown in (select shown from forwarded where made < ?::timestamptz limit ?)
                """, platform.now().minus(Readvertising.LIFE), limit);
    }
}
