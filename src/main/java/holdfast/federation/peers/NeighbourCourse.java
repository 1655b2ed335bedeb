package holdfast.federation.peers;

import holdfast.federation.peers.PeerCourse.News;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/// What an announcement means for the peers that are known, and what silence does (fluidos.md 3.9, 5.7), as pure
/// functions. A stranger never takes the place of a peer that somebody has named, nor of one with another key.
public final class NeighbourCourse {
    /// So many strangers are peers at once.
    static final int MOST = 500;

    private static final int MISSED = 2;
    private static final int FORGOTTEN = 10;

    private NeighbourCourse() {}

    /// What was heard.
    ///
    /// @param key the fingerprint of that with which it was signed; empty if it proves nothing
    record Heard(String node, String domain, String address, Optional<String> key, long seq) {}

    /// A peer that is known.
    ///
    /// @param named whether somebody has added it, or let it join
    /// @param node what it calls itself, if it has said it
    /// @param seq of the announcement by which it came or moved
    record Standing(
            UUID id,
            boolean named,
            Optional<String> node,
            Optional<String> domain,
            String address,
            Optional<String> key,
            long seq) {
        private boolean isCalled(Heard heard) {
            return node.equals(Optional.of(heard.node)) && domain.equals(Optional.of(heard.domain));
        }

        private boolean isAStranger() {
            return !named && key.isEmpty();
        }
    }

    /// What is to be done with it.
    public enum Verdict {
        /// A peer from now on.
        NEW,
        /// Known, and where it was.
        SAME,
        /// Known, at another address.
        MOVED,
        /// It proves who it is, and takes the place of one that did not.
        PROVED,
        /// Older than what is known.
        OLD,
        /// Known by another key, or by none: nothing changes.
        ANOTHER,
        /// Another peer is at that address.
        TAKEN,
        /// It proves nothing, and so does not move.
        UNPROVED,
        /// There are too many strangers.
        FULL
    }

    /// @param peer which one it is about; empty if none
    record Turn(Verdict verdict, Optional<UUID> peer) {
        private Turn(Verdict verdict, Standing peer) {
            this(verdict, Optional.of(peer.id));
        }
    }

    /// @param unproved whether those that prove nothing are dealt with as well
    static Turn after(Heard heard, List<Standing> peers, boolean unproved) {
        var sameKey = heard.key.flatMap(key -> first(peers, one -> one.key.equals(Optional.of(key))));
        var there = first(peers, one -> one.address.equals(heard.address));
        if (sameKey.isPresent()) {
            return known(heard, sameKey.get(), there);
        }
        var same = first(peers, one -> one.isCalled(heard)).or(() -> there);
        if (same.isPresent()) {
            return claimed(heard, same.get(), there, unproved);
        }
        long strangers = peers.stream().filter(one -> !one.named).count();
        return new Turn(strangers < MOST ? Verdict.NEW : Verdict.FULL, Optional.empty());
    }

    /// One whose key is known.
    private static Turn known(Heard heard, Standing peer, Optional<Standing> there) {
        if (heard.seq <= peer.seq) {
            return new Turn(Verdict.OLD, peer);
        }
        if (peer.address.equals(heard.address)) {
            return new Turn(Verdict.SAME, peer);
        }
        return new Turn(there.isPresent() ? Verdict.TAKEN : Verdict.MOVED, peer);
    }

    /// One that says it is, or is where, somebody else is known to be.
    private static Turn claimed(Heard heard, Standing peer, Optional<Standing> there, boolean unproved) {
        if (!peer.isAStranger()) {
            return new Turn(Verdict.ANOTHER, peer);
        }
        boolean isElsewhere = there.filter(one -> !one.id.equals(peer.id)).isPresent();
        if (isElsewhere || heard.key.isEmpty() && !peer.isCalled(heard)) {
            return new Turn(Verdict.TAKEN, peer);
        }
        if (heard.key.isPresent()) {
            return new Turn(Verdict.PROVED, peer);
        }
        if (peer.address.equals(heard.address)) {
            return new Turn(Verdict.SAME, peer);
        }
        return new Turn(unproved ? Verdict.MOVED : Verdict.UNPROVED, peer);
    }

    private static Optional<Standing> first(List<Standing> peers, Predicate<Standing> wanted) {
        return peers.stream().filter(wanted).findFirst();
    }

    /// What it means that a stranger was not heard for a while.
    ///
    /// @param every how often it should be heard
    /// @param ttl after which it counts as gone; ten times that, and it is forgotten
    /// @return empty if that is as it should be
    static Optional<News> silent(Duration silence, Duration every, Duration ttl) {
        if (silence.compareTo(ttl.multipliedBy(FORGOTTEN)) >= 0) {
            return Optional.of(News.REMOVED);
        }
        if (silence.compareTo(ttl) >= 0) {
            return Optional.of(News.SILENT);
        }
        return silence.compareTo(every.multipliedBy(MISSED)) >= 0 ? Optional.of(News.MISSED_AGAIN) : Optional.empty();
    }
}
