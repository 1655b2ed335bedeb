package holdfast.federation.afar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.engine.Resource;
import holdfast.federation.TestBuyer;
import holdfast.federation.UpstreamSeller;
import holdfast.federation.nearby.Beacon;
import holdfast.federation.nearby.Neighbourhood;
import holdfast.federation.nearby.Neighbourhood.Way;
import holdfast.federation.peers.Neighbours;
import holdfast.federation.peers.Neighbours.Policy;
import holdfast.federation.peers.Peer;
import holdfast.platform.Json;
import holdfast.platform.Platform;
import holdfast.protocol.rear.NodeIdentity;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.ObjectNode;

/// Nodes that find each other at a broker, which does here what the one of FLUIDOS does (fluidos.md 5.8).
@Timeout(300)
final class WideAreaTest {
    @AutoClose
    private final TestBuyer buyer = new TestBuyer();

    @AutoClose
    private final UpstreamSeller seller = new UpstreamSeller();

    private final Broker broker = new Broker();

    /// What anybody announces goes to those whose rule it meets; there is a queue for who has sent a rule.
    private static final class Broker implements Line.Opening {
        final List<String> said = new ArrayList<>();
        final Map<String, Rule> rules = new HashMap<>();
        final Map<String, Consumer<byte[]>> queues = new HashMap<>();
        boolean away;
        int opened;

        @Override
        public Line open() throws IOException {
            if (away) throw new IOException("nobody is there");
            opened++;
            return new Line() {
                private boolean closed;

                @Override
                public void say(String exchange, String user, Duration ttl, byte[] body) throws IOException {
                    if (away) throw new IOException("it was lost");
                    said.add(exchange + " " + user + " " + ttl.toSeconds() + "s " + new String(body, UTF_8));
                    if (exchange.equals(WideArea.RULES)) {
                        rules.put(user, Rule.read(new String(body, UTF_8)).orThrow());
                    } else {
                        announced(body);
                    }
                }

                @Override
                public void hear(String queue, Consumer<byte[]> ear) throws IOException {
                    if (!rules.containsKey(queue)) throw new IOException("there is no such queue");
                    queues.put(queue, ear);
                }

                @Override
                public boolean isOpen() {
                    return !away && !closed;
                }

                @Override
                public void close() {
                    closed = true;
                }
            };
        }

        void announced(byte[] body) {
            var metric = Json.tree(new String(body, UTF_8));
            queues.forEach((name, ear) -> {
                if (rules.get(name).admits(metric)) ear.accept(body);
            });
        }
    }

    private WideArea area(String name, NodeIdentity node, String metric, Optional<String> rule) {
        var neighbours = new Neighbours(
                buyer.platform, buyer.test.database(), buyer.engine, buyer.peers, Policy.NONE, (_, _) -> false);
        var self = new WideArea.Self(
                name,
                Optional.of(new Beacon.Self(node, "node", Optional.empty())),
                (ObjectNode) Json.tree(metric),
                rule.map(text -> Rule.read(text).orThrow()));
        var clock = Platform.seeded(3, () -> Instant.ofEpochMilli(1_935_475_200_000L));
        return new WideArea(clock, new Neighbourhood(buyer.platform, node, neighbours, Way.WAN), broker, self);
    }

    private WideArea ours(String rule) {
        return area("bay", TestBuyer.SELF, "{}", Optional.of(rule));
    }

    private WideArea theirs(String metric) {
        var node = new NodeIdentity("n7", seller.address(), "alps.example", Optional.empty());
        return area("alps", node, metric, Optional.empty());
    }

    private List<Resource> found() {
        return buyer.test
                .database()
                .inTransaction(tx -> buyer.engine.resources().ofType(tx, Peer.TYPE, 10));
    }

    @Test
    void who_meets_the_rule_of_a_node_becomes_a_peer_of_it() {
        ours("{\"MAXlatency\": 20}").turn();
        var far = theirs("{\"latency\": 50}");
        far.turn();
        assertThat(found()).isEmpty();
        theirs("{\"latency\": 5, \"location\": \"Italy\"}").turn();
        var how = found().getFirst().as(Peer.class).found().orElseThrow();
        assertThat(how.way()).isEqualTo("wan");
        assertThat(how.node()).isEqualTo("n7");
        assertThat(how.trusted()).isFalse();
    }

    @Test
    void what_a_broker_brings_that_was_not_asked_for_is_not_heeded() {
        ours("{\"MAXlatency\": 20}").turn();
        var announced = "{\"domain\":\"alps.example\",\"nodeID\":\"n7\",\"ip\":\"" + seller.address() + "\"";
        for (var body : List.of(announced + ",\"latency\":50}", announced + "}", "no json", "\"\"", "[]")) {
            broker.queues.get("bay").accept(body.getBytes(UTF_8));
        }
        assertThat(found()).isEmpty();
        broker.queues.get("bay").accept((announced + ",\"latency\":5}").getBytes(UTF_8));
        assertThat(found()).hasSize(1);
    }

    @Test
    void what_is_said_is_what_nodes_of_others_say() {
        ours("{\"MAXlatency\": 20}").turn();
        theirs("{\"latency\": 5}").turn();
        assertThat(broker.said.stream().distinct())
                .containsExactly(
                        "announcements_exchange bay 30s {\"domain\":\"" + TestBuyer.SELF.domain() + "\",\"nodeID\":\""
                                + TestBuyer.SELF.id() + "\",\"ip\":\"" + TestBuyer.SELF.address()
                                + "\",\"role\":\"node\",\"seq\":1935475200000}",
                        "rules_exchange bay 30s \"{\\\"MAXlatency\\\":20}\"",
                        "announcements_exchange alps 30s {\"latency\":5,\"domain\":\"alps.example\",\"nodeID\":\"n7\","
                                + "\"ip\":\"" + seller.address() + "\",\"role\":\"node\",\"seq\":1935475200000}");
    }

    @Test
    void a_line_that_is_lost_is_opened_anew_and_heard_again() {
        var ours = ours("{}");
        ours.turn();
        broker.away = true;
        ours.turn();
        broker.queues.clear();
        broker.away = false;
        ours.turn();
        assertThat(broker.opened).isEqualTo(2);
        theirs("{}").turn();
        assertThat(found()).hasSize(1);
        ours.close();
        ours.turn();
        assertThat(broker.opened).as("what is closed stays so").isEqualTo(3 /* and that of alps */);
    }

    @Test
    void a_broker_that_is_not_there_is_an_exception_of_input_and_output() {
        var nowhere = RabbitLine.to(URI.create("amqp://127.0.0.1:1/"), "bay", Optional.empty(), Optional.of("x"));
        org.assertj.core.api.Assertions.assertThatThrownBy(nowhere::open).isInstanceOf(IOException.class);
    }
}
