package holdfast.federation.nearby;

import holdfast.core.Answer;
import holdfast.federation.peers.NeighbourCourse.Verdict;
import holdfast.federation.peers.Neighbours;
import holdfast.federation.trust.NodeKeys;
import holdfast.federation.wire.Announcement;
import holdfast.platform.Platform;
import holdfast.protocol.rear.NodeIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who was heard when, of late. In memory: what says nothing new costs no transaction. Bounded in what it takes and in
/// what it keeps, because anybody may say anything.
public final class Neighbourhood {
    private static final Logger LOG = LoggerFactory.getLogger(Neighbourhood.class);
    /// Announcements, whoever sends them.
    private static final int EACH_MINUTE = 1_200;
    /// Looks into the database, beside those for what says nothing new.
    private static final int NEWS_EACH_MINUTE = 60;

    private static final int MOST = 5_000;
    /// How long what came to nothing is not looked at again.
    private static final Duration IN_VAIN = Duration.ofMinutes(1);

    private final Platform platform;
    private final NodeIdentity self;
    private final Neighbours neighbours;
    private final Way way;
    private final Map<String, Seen> seen = new HashMap<>();
    private Minute minute = new Minute(Instant.MIN);

    /// A way on which nodes announce themselves (fluidos.md 6.11).
    ///
    /// @param word as it is shown
    /// @param every how often each says that it is there
    /// @param ttl how long that counts
    public record Way(String word, Duration every, Duration ttl) {
        public static final Way LAN = new Way("lan", Duration.ofSeconds(5), Duration.ofSeconds(15));
        public static final Way WAN = new Way("wan", Duration.ofSeconds(10), Duration.ofSeconds(35));
    }

    /// @param peer empty: nothing came of it
    /// @param quiet whether it was told that it is not heard
    private record Seen(Verdict verdict, Optional<UUID> peer, String address, long seq, Instant heard, boolean quiet) {}

    private static final class Minute {
        private final Instant began;
        private int taken;
        private int news;

        Minute(Instant began) {
            this.began = began;
        }
    }

    public Neighbourhood(Platform platform, NodeIdentity self, Neighbours neighbours, Way way) {
        this.platform = platform;
        this.self = self;
        this.neighbours = neighbours;
        this.way = way;
    }

    /// Those that were found before this process began count as heard now. Once, before anything is heard.
    public synchronized void begin() {
        for (var peer : neighbours.all(way.word())) {
            seen.put(peer.toString(), new Seen(Verdict.SAME, Optional.of(peer), "", 0, platform.now(), false));
        }
    }

    /// Somebody has said something. Not within a transaction.
    ///
    /// @return what came of it; empty if it is not looked at
    public synchronized Optional<Verdict> heard(byte[] bytes) {
        return isTooMuch() ? Optional.empty() : heard(Announcement.read(bytes));
    }

    /// The same of what was read.
    synchronized Optional<Verdict> heard(Answer<Announcement> read) {
        return switch (read) {
            case Answer.Yes<Announcement>(var announced) when !isSelf(announced.node()) -> heard(announced);
            case Answer.Yes<Announcement> _ -> Optional.empty();
            case Answer.No<Announcement>(var why) -> {
                LOG.debug("something in the {} is no announcement: {}", way.word(), why.message());
                yield Optional.empty();
            }
        };
    }

    private boolean isTooMuch() {
        var now = platform.now();
        if (minute.began.equals(Instant.MIN) || !now.isBefore(minute.began.plusSeconds(60))) {
            minute = new Minute(now);
        }
        return ++minute.taken > EACH_MINUTE;
    }

    private boolean isSelf(NodeIdentity node) {
        return node.address().equalsIgnoreCase(self.address())
                || node.id().equals(self.id()) && node.domain().equals(self.domain());
    }

    private Optional<Verdict> heard(Announcement announced) {
        var key = announced.signature().flatMap(by -> NodeKeys.signer(announced.text(), by));
        if (announced.signature().isPresent() && key.isEmpty()) {
            return Optional.empty(); // forged, or by a scheme that nobody here knows
        }
        var node = announced.node();
        var name = key.orElseGet(() -> node.domain() + "/" + node.id());
        var before = Optional.ofNullable(seen.get(name));
        if (key.isPresent()
                && before.filter(known -> announced.seq() <= known.seq).isPresent()) {
            return Optional.of(Verdict.OLD);
        }
        if (before.filter(known -> !known.quiet && known.address.equals(node.address()))
                .isPresent()) {
            seen.put(name, seen(Verdict.SAME, before.get().peer, announced));
            return Optional.of(Verdict.SAME);
        }
        var inVain = name + " at " + node.address();
        if (seen.containsKey(inVain)) {
            return Optional.of(seen.get(inVain).verdict);
        }
        if (seen.size() >= MOST || ++minute.news > NEWS_EACH_MINUTE) {
            return Optional.empty();
        }
        var met = neighbours.meet(announced, key, way.word());
        switch (met.verdict()) {
            case NEW, SAME, MOVED, PROVED -> {
                met.peer().ifPresent(peer -> seen.values().removeIf(one -> one.peer.equals(met.peer())));
                seen.put(name, seen(met.verdict(), met.peer(), announced));
            }
            case OLD, ANOTHER, TAKEN, UNPROVED, FULL -> {
                LOG.debug("{} of {} at {}: {}", node.id(), node.domain(), node.address(), met.verdict());
                seen.put(inVain, seen(met.verdict(), Optional.empty(), announced));
            }
        }
        return Optional.of(met.verdict());
    }

    private Seen seen(Verdict verdict, Optional<UUID> peer, Announcement said) {
        return new Seen(verdict, peer, said.node().address(), said.seq(), platform.now(), false);
    }

    /// Looks who was not heard for a while. Not within a transaction.
    public synchronized void sweep() {
        var now = platform.now();
        for (Iterator<Map.Entry<String, Seen>> all = seen.entrySet().iterator(); all.hasNext(); ) {
            var entry = all.next();
            var known = entry.getValue();
            var silence = Duration.between(known.heard, now);
            boolean quiet = silence.compareTo(way.every().multipliedBy(2)) >= 0;
            boolean kept = known.peer
                    .map(peer -> neighbours.silent(peer, way.word(), silence, way.every(), way.ttl()))
                    .orElse(silence.compareTo(IN_VAIN) < 0);
            if (!kept) {
                all.remove();
            } else if (quiet) {
                entry.setValue(new Seen(known.verdict, known.peer, known.address, known.seq, known.heard, true));
            }
        }
    }
}
