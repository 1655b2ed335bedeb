package holdfast.federation.nearby;

import holdfast.federation.wire.Announcement;
import holdfast.platform.Multicast;
import holdfast.platform.Platform;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Notary;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says every five seconds in the local network who this node is, and listens to others that do (fluidos.md 5.7).
public final class Beacon implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Beacon.class);

    private final Platform platform;
    private final Neighbourhood neighbourhood;
    private final Multicast group;
    private final Optional<Self> self;
    private final CountDownLatch closed = new CountDownLatch(1);
    private boolean lost;

    /// Who is announced.
    ///
    /// @param role what it is in its domain
    /// @param notary signs it; empty: it proves nothing
    public record Self(NodeIdentity node, String role, Optional<Notary> notary) {
        /// What it says now.
        public Announcement announcement(Platform platform) {
            var plain = new Announcement(node, role, platform.now().toEpochMilli(), Optional.empty());
            return notary.map(signer -> plain.signed(signer.sign(plain.text()))).orElse(plain);
        }
    }

    private Beacon(Platform platform, Neighbourhood neighbourhood, Multicast group, Optional<Self> self) {
        this.platform = platform;
        this.neighbourhood = neighbourhood;
        this.group = group;
        this.self = self;
    }

    /// Begins. It closes the group when it is closed.
    ///
    /// @param self empty: only listens, because nobody could call this node
    public static Beacon start(Platform platform, Neighbourhood neighbourhood, Multicast group, Optional<Self> self) {
        neighbourhood.begin();
        var beacon = new Beacon(platform, neighbourhood, group, self);
        Thread.ofVirtual().name("hears the network").start(() -> group.listen(Announcement.LARGEST, beacon::heard));
        Thread.ofVirtual().name("announces this node").start(beacon::run);
        return beacon;
    }

    private void heard(byte[] bytes) {
        if (closed.getCount() > 0) {
            neighbourhood.heard(bytes);
        }
    }

    private void run() {
        try {
            do {
                self.ifPresent(this::say);
                sweep();
            } while (!closed.await(Neighbourhood.Way.LAN.every().toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void say(Self who) {
        try {
            group.say(who.announcement(platform).bytes());
            lost = false;
        } catch (IOException e) {
            if (!lost && closed.getCount() > 0) {
                LOG.warn("this node cannot be announced on {} now: {}", group.network(), e.getMessage());
            }
            lost = true; // told once, and tried again
        }
    }

    private void sweep() {
        try {
            neighbourhood.sweep();
        } catch (RuntimeException e) {
            LOG.warn("nobody could look who is there no more", e); // the next time
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            group.close();
        } catch (IOException e) {
            LOG.warn("the multicast group was not left cleanly", e);
        }
    }
}
