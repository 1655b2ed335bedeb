package holdfast.federation.peers;

import holdfast.federation.trust.Pin;
import holdfast.federation.wire.Capabilities;
import holdfast.federation.wire.Dialect;
import holdfast.federation.wire.Endpoint;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// The record of a peer. States of the resource: those of [PeerCourse.State].
///
/// @param address `host:port` of its gateway, in lower case
/// @param dialect in which it is asked
/// @param capabilities as it said last; [Capabilities#WEAK] while it never answered
/// @param heard when it answered last
/// @param missed how many questions in a row it has not answered
/// @param breaker of what is asked of it beside whether it is there
/// @param key by which it is known; empty if it proves nothing
/// @param member if it is a node of our domain that has joined us
/// @param via the catalog that made it known: it may be bought of, and proves nothing here
public record Peer(
        String address,
        Dialect dialect,
        Capabilities capabilities,
        Optional<Instant> heard,
        int missed,
        Breaker breaker,
        Optional<Key> key,
        Optional<Membership> member,
        Optional<UUID> via) {
    public static final String TYPE = "peer";

    /// The key of a peer, as administrators said.
    ///
    /// @param domain that administrators say it is of
    /// @param flagged why nothing counts any more that is signed with it
    public record Key(String fingerprint, Optional<String> domain, Optional<String> flagged) {}

    /// As it is asked.
    Endpoint endpoint() {
        return key.map(known -> Endpoint.pinned(address, known.fingerprint())).orElseGet(() -> Endpoint.plain(address));
    }

    /// Whether something was signed with its key that was not so.
    boolean isFlagged() {
        return key.flatMap(Key::flagged).isPresent();
    }

    /// Nothing that it signs counts any more.
    Peer flagged(String why) {
        return new Peer(
                address,
                dialect,
                capabilities,
                heard,
                missed,
                breaker,
                key.map(known -> new Key(known.fingerprint(), known.domain(), Optional.of(why))),
                member,
                via);
    }

    /// By its key; empty if it has none that counts.
    ///
    /// @param own the domain of this node: a peer is taken for one of it if administrators say so, not by its own
    ///     word
    Optional<Pin> pin(String own) {
        return key.filter(known -> known.flagged().isEmpty() && via.isEmpty())
                .map(known -> new Pin(
                        known.fingerprint(),
                        member.map(Membership::node).or(capabilities::nodeId),
                        known.domain()
                                .or(() -> capabilities.domain().filter(said -> !said.equals(own)))
                                .orElse(""),
                        known.domain().equals(Optional.of(own)),
                        capabilities.role()));
    }

    Peer answered(Capabilities now, Instant at) {
        return new Peer(address, dialect, now, Optional.of(at), 0, breaker, key, member, via);
    }

    Peer missedOnce() {
        return new Peer(address, dialect, capabilities, heard, Math.min(missed + 1, 1_000), breaker, key, member, via);
    }

    Peer with(Breaker next) {
        return new Peer(address, dialect, capabilities, heard, missed, next, key, member, via);
    }

    /// The same as a node of our domain, at that address.
    Peer with(String moved, Membership here) {
        return new Peer(moved, dialect, capabilities, heard, missed, breaker, key, Optional.of(here), via);
    }

    /// The same, no longer of our domain.
    Peer left() {
        return new Peer(address, dialect, capabilities, heard, missed, breaker, key, Optional.empty(), via);
    }

    /// Whether it may be the one that has proved that key.
    ///
    /// @param proved a fingerprint; empty where nobody proves anything
    boolean isKnownBy(String proved) {
        return proved.isEmpty() || hasKey(proved);
    }

    boolean hasKey(String fingerprint) {
        return key.filter(known -> known.fingerprint().equals(fingerprint)).isPresent();
    }
}
