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
/// @param found if nobody has named it: how it was found
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
        Optional<Found> found,
        Optional<UUID> via) {
    public static final String TYPE = "peer";

    /// Of peers that nobody has added by hand.
    static final String NOBODY = "-";

    /// One that nobody has found.
    Peer(String address, Dialect dialect, Optional<Key> key) {
        this(
                address,
                dialect,
                Capabilities.WEAK,
                Optional.empty(),
                0,
                Breaker.CLOSED,
                key,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

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
                found,
                via);
    }

    /// By its key; empty if it has none that counts. That of a stranger shows that it is the same stranger, no
    /// more.
    ///
    /// @param own the domain of this node: a peer is taken for one of it if administrators say so, not by its own
    ///     word
    Optional<Pin> pin(String own) {
        return key.filter(known -> known.flagged().isEmpty() && found.isEmpty() && via.isEmpty())
                .map(known -> new Pin(
                        known.fingerprint(),
                        member.map(Membership::node).or(capabilities::nodeId),
                        known.domain()
                                .or(() -> capabilities.domain().filter(said -> !said.equals(own)))
                                .orElse(""),
                        known.domain().isPresent(),
                        known.domain().equals(Optional.of(own)),
                        capabilities.role()));
    }

    Peer answered(Capabilities now, Instant at) {
        return new Peer(address, dialect, now, Optional.of(at), 0, breaker, key, member, found, via);
    }

    Peer missedOnce() {
        return new Peer(
                address, dialect, capabilities, heard, Math.min(missed + 1, 1_000), breaker, key, member, found, via);
    }

    Peer with(Breaker next) {
        return new Peer(address, dialect, capabilities, heard, missed, next, key, member, found, via);
    }

    /// The same as a node of our domain, at that address.
    Peer with(String moved, Membership here) {
        return new Peer(moved, dialect, capabilities, heard, missed, breaker, key, Optional.of(here), found, via);
    }

    /// The same, no longer of our domain.
    Peer left() {
        return new Peer(address, dialect, capabilities, heard, missed, breaker, key, Optional.empty(), found, via);
    }

    /// The same, made known by a catalog.
    Peer madeKnown(Optional<UUID> catalog) {
        return new Peer(address, dialect, capabilities, heard, missed, breaker, key, member, found, catalog);
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

    /// The same, found at an address under a key, which is all that is known of it if it is another.
    Peer found(String at, Optional<String> fingerprint, Found how) {
        var proved = fingerprint.map(known -> new Key(known, Optional.empty(), Optional.empty()));
        return at.equals(address) && proved.equals(key)
                ? new Peer(address, dialect, capabilities, heard, missed, breaker, key, member, Optional.of(how), via)
                : new Peer(
                        at,
                        dialect,
                        Capabilities.WEAK,
                        Optional.empty(),
                        0,
                        Breaker.CLOSED,
                        proved,
                        member,
                        Optional.of(how),
                        via);
    }

    /// The same at another address, which its key has said.
    Peer moved(String at) {
        return new Peer(at, dialect, capabilities, heard, missed, Breaker.CLOSED, key, member, found, via);
    }

    /// Whether it may be asked anything: nobody has named a stranger, and not all of them are dealt with.
    boolean isDealtWith() {
        return found.map(Found::trusted).orElse(true);
    }

    /// How one was found that nobody has named (fluidos.md 3.9).
    ///
    /// @param node what it calls itself
    /// @param domain that it says it is of
    /// @param way such as `lan`
    /// @param trusted whether it is dealt with
    /// @param live whether it was heard of late
    /// @param seq of the announcement by which it came or moved
    public record Found(String node, String domain, String way, boolean trusted, boolean live, long seq) {
        Found live(boolean now) {
            return new Found(node, domain, way, trusted, now, seq);
        }
    }
}
