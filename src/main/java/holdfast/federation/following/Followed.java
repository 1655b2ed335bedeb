package holdfast.federation.following;

import holdfast.platform.Platform;
import holdfast.platform.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// How far each peer was heard, so that a server that starts anew goes on where it was.
final class Followed {
    private final Platform platform;

    Followed(Platform platform) {
        this.platform = platform;
    }

    /// @param subscription as the peer calls it
    /// @param last number of the last event that was heard
    /// @param renewed when it was agreed on last
    /// @param listed whether all was asked for since something may have been missed
    record Row(String subscription, long last, Instant renewed, boolean listed) {}

    Optional<Row> find(Tx tx, UUID peer) {
        return tx.sql()
                .fetchOptional("select subscription, last_event, renewed, listed from followed where peer = ?", peer)
                .map(row -> new Row(
                        row.get("subscription", String.class),
                        row.get("last_event", Long.class),
                        row.get("renewed", Instant.class),
                        row.get("listed", Boolean.class)));
    }

    void put(Tx tx, UUID peer, Row row) {
        tx.sql().execute("""
                        insert into followed (peer, subscription, last_event, renewed, listed)
                        values (?, ?, ?, ?::timestamptz, ?)
                        on conflict (peer) do update
                        set subscription = excluded.subscription, last_event = excluded.last_event,
                            renewed = excluded.renewed, listed = excluded.listed
                        """, peer, row.subscription(), row.last(), row.renewed(), row.listed());
    }

    void remove(Tx tx, UUID peer) {
        tx.sql().execute("delete from followed where peer = ?", peer);
    }

    /// Of these the ones from whom there are offers.
    Set<UUID> offering(Tx tx, List<UUID> peers) {
        return tx.sql().resultQuery("""
                        select one.peer from unnest(?::uuid[]) as one (peer)
                        where exists (select from candidate where candidate.peer = one.peer and state <> 'gone')
                        """, (Object) peers.toArray(UUID[]::new)).fetchSet(0, UUID.class);
    }

    /// Forgets what nobody has agreed on for long.
    int forget(Tx tx, Instant ignored, int limit) {
        return tx.sql().execute("""
                delete from followed where peer in (select peer from followed where renewed < ?::timestamptz limit ?)
                """, platform.now().minus(Following.TTL), limit);
    }
}
