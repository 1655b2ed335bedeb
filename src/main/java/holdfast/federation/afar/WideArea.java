package holdfast.federation.afar;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.federation.nearby.Beacon;
import holdfast.federation.nearby.Neighbourhood;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Says every ten seconds at a broker in the wide area who this node is and what it asks of others, and hears who meets
/// that (fluidos.md 5.8). The broker brings only those; what it brings beside is not heeded.
public final class WideArea implements AutoCloseable {
    static final String ANNOUNCEMENTS = "announcements_exchange";
    static final String RULES = "rules_exchange";
    private static final Logger LOG = LoggerFactory.getLogger(WideArea.class);
    private static final Duration EVERY = Neighbourhood.Way.WAN.every();
    private static final Duration TTL = Duration.ofSeconds(30);

    private final Platform platform;
    private final Neighbourhood neighbourhood;
    private final Line.Opening opening;
    private final Self self;
    private final CountDownLatch closed = new CountDownLatch(1);
    private Optional<Line> line = Optional.empty();
    private boolean lost;

    /// As whom this node is there.
    ///
    /// @param name as the broker knows it; also that of its queue
    /// @param announced who is announced; empty: it only listens
    /// @param metric what is said beside, such as `{"latency": 5}`
    /// @param rule whom it wants to hear of; empty: nobody
    public record Self(String name, Optional<Beacon.Self> announced, ObjectNode metric, Optional<Rule> rule) {
        byte[] announcement(Beacon.Self who, Platform platform) {
            var said =
                    (ObjectNode) Json.tree(new String(who.announcement(platform).bytes(), UTF_8));
            return Json.text(metric.deepCopy().setAll(said)).getBytes(UTF_8);
        }
    }

    WideArea(Platform platform, Neighbourhood neighbourhood, Line.Opening opening, Self self) {
        this.platform = platform;
        this.neighbourhood = neighbourhood;
        this.opening = opening;
        this.self = self;
    }

    /// Begins.
    public static WideArea start(Platform platform, Neighbourhood neighbourhood, Line.Opening opening, Self self) {
        neighbourhood.begin();
        var area = new WideArea(platform, neighbourhood, opening, self);
        Thread.ofVirtual().name("announces this node afar").start(area::run);
        return area;
    }

    private void run() {
        try {
            do {
                turn();
            } while (!closed.await(EVERY.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Once: says what is to be said, over a new line if the last is lost, and looks who is not heard any more.
    void turn() {
        try {
            say(open());
            lost = false;
        } catch (IOException | RuntimeException e) {
            if (!lost && closed.getCount() > 0) {
                LOG.warn("this node cannot be found in the wide area now: {}", e.getMessage());
            }
            lost = true; // told once, and tried again
            drop();
        }
        try {
            neighbourhood.sweep();
        } catch (RuntimeException e) {
            LOG.warn("nobody could look who is there no more", e); // the next time
        }
    }

    private synchronized Line open() throws IOException {
        if (closed.getCount() == 0) {
            throw new IOException("it is closed");
        }
        if (line.filter(Line::isOpen).isPresent()) {
            return line.get();
        }
        drop();
        var fresh = opening.open();
        line = Optional.of(fresh);
        if (self.rule().isPresent()) {
            say(fresh); // the broker makes room for who has said something
            fresh.hear(self.name(), this::heard);
        }
        return fresh;
    }

    private synchronized void drop() {
        line.ifPresent(Line::close);
        line = Optional.empty();
    }

    private void say(Line to) throws IOException {
        if (self.announced().isPresent()) {
            to.say(
                    ANNOUNCEMENTS,
                    self.name(),
                    TTL,
                    self.announcement(self.announced().get(), platform));
        }
        if (self.rule().isPresent()) {
            to.say(RULES, self.name(), TTL, self.rule().get().wire().getBytes(UTF_8));
        }
    }

    private void heard(byte[] body) {
        if (closed.getCount() > 0
                && self.rule().filter(rule -> rule.admits(metric(body))).isPresent()) {
            neighbourhood.heard(body);
        }
    }

    /// What is no JSON meets no rule but the empty one, and is refused where it is read.
    private static JsonNode metric(byte[] body) {
        try {
            return Json.tree(new String(body, UTF_8));
        } catch (JacksonException _) {
            return Json.object();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        drop();
    }
}
