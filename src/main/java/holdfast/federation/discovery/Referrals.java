package holdfast.federation.discovery;

import holdfast.engine.Engine;
import holdfast.engine.Processes.Request;
import holdfast.federation.peers.Peers;
import holdfast.federation.wire.CatalogText.Outcome;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.rear.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// In which catalog an offer was found, so that the catalog hears what came of it (fluidos.md 4.4 steps 24 and 26).
public final class Referrals {
    static final String REPORT = "peer.report";
    static final String FLAVOR = "flavor";
    static final String OUTCOME = "outcome";
    static final String SELLER = "seller";
    static final String AT = "at";
    static final String SECONDS = "seconds";
    static final String VIOLATIONS = "violations";
    private static final Duration REMEMBERED = Duration.ofDays(1);

    private final Platform platform;
    private final Engine engine;

    Referrals(Platform platform, Engine engine) {
        this.platform = platform;
        this.engine = engine;
        engine.forgetting(this::forget);
    }

    /// An offer, by peer and name.
    record Key(UUID peer, String flavor) {}

    /// What a status of an owner says of an offer; empty if nothing.
    public static Optional<Outcome> outcome(int status) {
        return switch (status) {
            case 404, 410 -> Optional.of(Outcome.GONE);
            case 409 -> Optional.of(Outcome.HELD);
            case 502, 503, 504 -> Optional.of(Outcome.UNREACHABLE);
            default -> Optional.empty();
        };
    }

    void found(Tx tx, UUID catalog, Key offer) {
        tx.sql().execute("""
                        insert into referral (peer, flavor, catalog, heard) values (?, ?, ?, ?::timestamptz)
                        on conflict (peer, flavor) do update set catalog = excluded.catalog, heard = excluded.heard
                        """, offer.peer(), offer.flavor(), catalog, platform.now());
    }

    /// All that was found in a catalog of late.
    Set<Key> of(Tx tx, UUID catalog) {
        return new HashSet<>(tx.sql()
                .fetch("select peer, flavor from referral where catalog = ? order by heard desc limit 10000", catalog)
                .map(row -> new Key(row.get("peer", UUID.class), row.get("flavor", String.class))));
    }

    private Optional<UUID> catalog(Tx tx, Key offer) {
        return tx.sql()
                .fetchOptional(
                        "select catalog from referral where peer = ? and flavor = ?", offer.peer(), offer.flavor())
                .map(row -> row.get(0, UUID.class));
    }

    /// It could not be had: the catalog is told, if there was one.
    public void tell(Tx tx, UUID peer, String flavor, Outcome outcome, Trace trace) {
        catalog(tx, new Key(peer, flavor))
                .ifPresent(catalog -> schedule(
                        tx, catalog, trace, Json.object().put(FLAVOR, flavor).put(OUTCOME, outcome.name())));
    }

    /// It was bought.
    ///
    /// @param seller id of the node that sold it
    public void bought(Tx tx, UUID peer, String flavor, String seller, Trace trace) {
        catalog(tx, new Key(peer, flavor))
                .ifPresent(catalog -> schedule(
                        tx, catalog, trace, Json.object().put(FLAVOR, flavor).put(SELLER, seller)));
    }

    /// It was used.
    ///
    /// @param seller id of the node that sold it
    /// @param active for how long so far
    /// @param broken whether less was there than was promised
    void used(Tx tx, UUID catalog, String seller, Duration active, boolean broken, Trace trace) {
        schedule(
                tx,
                catalog,
                trace,
                Json.object()
                        .put(SELLER, seller)
                        .put(SECONDS, active.toSeconds())
                        .put(VIOLATIONS, broken ? 1 : 0));
    }

    private void schedule(Tx tx, UUID catalog, Trace trace, ObjectNode told) {
        told.put(AT, platform.now().toString()).put("trace", trace.id());
        trace.workflow().ifPresent(known -> told.put("workflow", known.name()));
        engine.processes()
                .schedule(tx, Request.now(REPORT, catalog, Peers.ACTOR).with(told))
                .orThrow();
    }

    private int forget(Tx tx, Instant ignored, int limit) {
        return tx.sql().execute("""
                        delete from referral where (peer, flavor) in
                            (select peer, flavor from referral where heard < ?::timestamptz limit ?)
                        """, platform.now().minus(REMEMBERED), limit);
    }
}
