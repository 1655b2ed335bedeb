package holdfast.authority;

import holdfast.authority.Driver.Key;
import holdfast.core.CloudServer;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Something at an account that bears our mark, and was made for no lease that we know: by hand, or after the backup
/// that the database was restored from (aeolus.md 7, G3). It is shown, and left alone until somebody wants it to go.
///
/// @param lease of which the mark speaks
/// @param part of it, such as `server`
/// @param id what the provider calls it; empty text if it is no server
/// @param name empty text if it is no server
/// @param status the provider's word; empty text if it is no server
/// @param since when it was seen first
/// @param doomed somebody wants it to go
public record Orphan(UUID lease, String part, String id, String name, String status, Instant since, boolean doomed) {
    /// What is seen now.
    ///
    /// @param keys of which no lease is known
    /// @param before what was seen at the last look
    static List<Orphan> of(
            Collection<Key> keys, Collection<CloudServer> servers, Collection<Orphan> before, Instant now) {
        if (keys.isEmpty()) {
            return List.of(); // as a rule
        }
        var known = before.stream().collect(Collectors.toMap(Orphan::key, Function.identity()));
        var there = servers.stream()
                .filter(server -> Reconciliation.key(server).isPresent())
                .collect(Collectors.toMap(
                        server -> Reconciliation.key(server).orElseThrow(), Function.identity(), (one, _) -> one));
        return keys.stream()
                .distinct()
                .map(key -> of(key, Optional.ofNullable(there.get(key)), Optional.ofNullable(known.get(key)), now))
                .toList();
    }

    private static Orphan of(Key key, Optional<CloudServer> server, Optional<Orphan> before, Instant now) {
        return new Orphan(
                UUID.fromString(key.lease()),
                key.part(),
                server.map(CloudServer::id).orElse(""),
                server.map(CloudServer::name).orElse(""),
                server.map(CloudServer::status).orElse(""),
                before.map(Orphan::since).orElse(now),
                before.filter(Orphan::doomed).isPresent());
    }

    /// The same, with what somebody wants to go since they were looked at.
    static List<Orphan> doomed(List<Orphan> seen, Collection<Orphan> now) {
        var doomed = now.stream().filter(Orphan::doomed).map(Orphan::key).collect(Collectors.toSet());
        return seen.stream()
                .map(one -> doomed.contains(one.key()) ? one.doom() : one)
                .toList();
    }

    Orphan doom() {
        return new Orphan(lease, part, id, name, status, since, true);
    }

    private Key key() {
        return new Key(lease.toString(), part);
    }

    /// Whether it is this that is under a key.
    boolean isAt(Key key) {
        return key().equals(key);
    }

    /// The same, and nobody wants it to go.
    boolean isLeft(Key key) {
        return isAt(key) && !doomed;
    }
}
