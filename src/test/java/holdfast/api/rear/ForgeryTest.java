package holdfast.api.rear;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.broker.market.Signing;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.federation.peers.Arrivals;
import holdfast.federation.peers.Peers;
import holdfast.federation.trust.NodeKeys;
import holdfast.federation.trust.Rights;
import holdfast.federation.wire.Dialect;
import holdfast.federation.wire.HttpWire;
import holdfast.federation.wire.RearClient;
import holdfast.federation.wire.Told;
import holdfast.platform.Fanout;
import holdfast.platform.Platform;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Samples;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Workflow;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A buyer looks at who has signed what it bought, over real sockets with TLS (fluidos.md 7).
@Timeout(300)
final class ForgeryTest {
    private static final Trace TRACE = new Trace("trace-1", Workflow.W1);
    private static final NodeIdentity ANNA =
            new NodeIdentity("anna", "127.0.0.1:29999", "anna.example", Optional.of("fabric-anna"));

    private final NodeKeys keys = NodeKeys.fresh();

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private final Platform platform = Platform.seeded(72, () -> RearDomain.BEGINNING);

    /// What a buyer does with a seller whose contracts are signed with some key.
    private Resource buy(Fortress seller, boolean forged) {
        seller.pin(keys, "anna", "anna.example", false);
        HttpWire wire = seller.wire(keys, "anna");
        var client = new RearClient(wire, ANNA, platform::now);
        var engine = new Engine(platform, test.database());
        var peers = new Peers(platform, test.database(), engine, client, ANNA, Fortress.LOOPBACK, Fanout.IN_TURN);
        var endpoint = seller.endpoint();
        var wish = new Peers.Wish(
                Optional.of("alps"), endpoint.address(), Optional.empty(), endpoint.fingerprint(), Optional.empty());
        var peer = peers.add(wish, "operators", "admin").orThrow();
        assertThat(peer.state()).isEqualTo("up");

        var piece = new Configuration.Slice(Samples.vector("2", "4Gi", "10"));
        var held = yes(client.reserve(
                endpoint, Dialect.NODE, seller.domain.offer(), Optional.of(piece), UUID.randomUUID(), TRACE));
        var nothing = new Contract.Ask(Optional.empty(), Optional.empty());
        var contract = yes(client.purchase(endpoint, Dialect.NODE, held.id(), nothing, UUID.randomUUID(), TRACE));
        var arrivals = new Arrivals(peers, keys);
        var fault = test.database().inTransaction(tx -> arrivals.fault(tx, peer.id(), contract));
        assertThat(fault.isPresent()).isEqualTo(forged);
        assertThat(test.database().inTransaction(peers::reachable)).hasSize(forged ? 0 : 1);
        assertThat(test.database().inTransaction(peers::pins)).hasSize(forged ? 0 : 1);
        if (forged) {
            assertThat(yes(client.release(endpoint, contract.id(), "forged", UUID.randomUUID(), TRACE)))
                    .isTrue();
            assertThat(seller.domain.claims()).isZero();
        }
        return test.database()
                .inTransaction(tx -> engine.resources().find(tx, peer.id()).orElseThrow());
    }

    private static <T> T yes(Told<T> told) {
        if (told instanceof Told.Yes<T>(var value)) return value;
        throw new AssertionError(told.toString());
    }

    @Test
    void a_contract_signed_with_the_known_key_is_taken() {
        var sellers = NodeKeys.fresh();
        try (var seller =
                new Fortress(true, Rights.USUAL, sellers, new Signing(Optional.of(sellers), false), 1_000, 1_000)) {
            assertThat(buy(seller, false)
                            .as(holdfast.federation.peers.Peer.class)
                            .key()
                            .orElseThrow()
                            .flagged())
                    .isEmpty();
        }
    }

    @Test
    void a_forged_contract_is_refused_and_its_key_flagged() {
        var sellers = NodeKeys.fresh();
        var forger = new Signing(Optional.of(NodeKeys.fresh()), false);
        try (var seller = new Fortress(true, Rights.USUAL, sellers, forger, 1_000, 1_000)) {
            assertThat(buy(seller, true)
                            .as(holdfast.federation.peers.Peer.class)
                            .key()
                            .orElseThrow()
                            .flagged())
                    .hasValueSatisfying(why -> assertThat(why).contains("signed with another key"));
        }
    }
}
