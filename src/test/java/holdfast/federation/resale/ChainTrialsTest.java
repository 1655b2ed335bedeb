package holdfast.federation.resale;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.engine.Resources;
import holdfast.federation.Net;
import holdfast.federation.wire.Dialect;
import holdfast.federation.wire.Endpoint;
import holdfast.federation.wire.Told;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.Samples;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Transaction;
import holdfast.protocol.rear.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// A consumer buys through a supernode, which dies before or after each of its writes (fluidos.md 6.7, 7, G6).
///
/// Kills at each third write; all with `-Dholdfast.stride=1`.
final class ChainTrialsTest {
    private static final int STRIDE = Integer.getInteger("holdfast.stride", 3);
    private static final Selector SLICES =
            Selector.of(FlavorType.K8SLICE, List.of()).orThrow();
    private static final Trace TRACE = new Trace("trace-2", Workflow.W2);

    /// One life: held, bought, and released or kept.
    private static final class Life implements AutoCloseable {
        final Net net = new Net();
        final Net.Node middle = net.supernode("s", "valais.example");
        final Net.Node consumer = net.node("c", "valais.example");
        final Net.Node provider = net.node("p", "valais.example");
        private long requests = 1;

        Life() {
            consumer.joins(middle);
            provider.joins(middle);
            provider.offers();
            middle.supernode.orElseThrow().gather();
        }

        Contract buy() {
            for (int tries = 0; consumer.finds(SLICES).isEmpty() && tries < 5; tries++) {
                consumer.discover(SLICES, TRACE);
            }
            var flavor = consumer.finds(SLICES).getFirst();
            var to = Endpoint.plain(flavor.owner().address());
            var piece = Optional.<Configuration>of(new Configuration.Slice(Samples.vector("2", "4Gi", "10")));
            Transaction held =
                    again(() -> consumer.client.reserve(to, Dialect.NODE, flavor.id(), piece, request(), TRACE));
            return again(() -> consumer.client.purchase(
                    to,
                    Dialect.NODE,
                    held.id(),
                    new Contract.Ask(Optional.empty(), Optional.empty()),
                    request(),
                    TRACE));
        }

        void release(Contract contract) {
            var to = Endpoint.plain(middle.self.address());
            again(() -> consumer.client.release(to, contract.id(), "done", request(), TRACE));
        }

        private UUID request() {
            return new UUID(8, requests++);
        }

        private <T> T again(Supplier<Told<T>> question) {
            for (int tries = 0; tries < 10; tries++) {
                if (question.get() instanceof Told.Yes<T>(var value)) return value;
                pass(Duration.ofSeconds(3));
            }
            throw new AssertionError("no answer: " + question.get());
        }

        void pass(Duration time) {
            net.advance(time);
            net.nodes.values().forEach(Net.Node::settle);
            net.nodes.values().forEach(Net.Node::settle);
        }

        List<String> states(Net.Node node, String type) {
            return node.look(tx -> node.engine.resources().list(tx, Resources.typed(type), 100)).stream()
                    .map(resource -> resource.state())
                    .sorted()
                    .toList();
        }

        @Override
        public void close() {
            net.close();
        }
    }

    @Test
    void the_middle_dies_before_every_write_and_nothing_stays_half_bought() {
        killAtEach(false);
    }

    @Test
    void the_middle_dies_after_every_write_and_nothing_stays_half_bought() {
        killAtEach(true);
    }

    private static void killAtEach(boolean after) {
        int commits;
        try (var life = new Life()) {
            life.middle.killAt(0, after);
            live(life, "nobody dies");
            commits = life.middle.commits();
        }
        assertThat(commits).isGreaterThan(20);
        for (int at = 1; at <= commits; at += STRIDE) {
            try (var life = new Life()) {
                life.middle.killAt(at, after);
                live(life, "killed at commit " + at);
            }
        }
    }

    private static void live(Life life, String when) {
        var contract = life.buy();
        assertThat(life.states(life.provider, "contract")).as(when).containsExactly("active");
        assertThat(life.states(life.middle, "contract")).as(when).containsExactly("active");
        assertThat(life.buy().id()).as("%s: a second one is another", when).isNotEqualTo(contract.id());
        life.release(contract);
        life.pass(Duration.ofMinutes(1));
        life.pass(Duration.ofMinutes(20));
        assertThat(life.states(life.provider, "contract")).as(when).containsExactly("active", "terminated");
        assertThat(life.states(life.middle, "contract")).as(when).containsExactly("active", "terminated");
        assertThat(life.states(life.provider, "transaction"))
                .as("%s: nothing is held for nobody", when)
                .doesNotContain("held");
    }
}
