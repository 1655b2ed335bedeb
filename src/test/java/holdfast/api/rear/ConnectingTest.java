package holdfast.api.rear;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import holdfast.authority.Authority;
import holdfast.authority.Lease;
import holdfast.core.Answer;
import holdfast.core.Copies;
import holdfast.core.SliceId;
import holdfast.core.SliverId;
import holdfast.federation.trust.NodeKeys;
import holdfast.federation.wire.Call;
import holdfast.federation.wire.Endpoint;
import holdfast.federation.wire.HttpWire;
import holdfast.federation.wire.NoAnswer;
import holdfast.federation.wire.RearReader;
import holdfast.platform.WebClient.Dialled;
import holdfast.protocol.SliceInfo;
import holdfast.protocol.rear.Contract;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Connections to what runs under a contract, at a seller that knows callers by their certificates.
@Timeout(300)
final class ConnectingTest {
    private static final UUID OWN = UUID.fromString("0197b1e0-0000-7000-8000-000000000011");
    private static final UUID OTHER = UUID.fromString("0197b1e0-0000-7000-8000-000000000012");

    @AutoClose
    private final Fortress seller = Fortress.usual(true);

    @AutoClose
    private final ServerSocketChannel machine = listening();

    private final NodeKeys anna = NodeKeys.fresh();
    private HttpWire wire;
    private Contract contract;

    private static ServerSocketChannel listening() {
        try {
            return ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void buy() {
        seller.pin(anna, "anna", "anna.example", false);
        wire = seller.wire(anna, "anna");
        var wish = RearDomain.reservation(seller.domain.offerHost(), "anna", "2", "4Gi", "10");
        var held = seller.ask(wire, Fortress.call("POST", "reservations", wish));
        var id = RearReader.transaction(held.body(), seller.platform.now())
                .orThrow()
                .id();
        var bought = seller.ask(wire, Fortress.call("POST", "transactions/" + id + "/purchase", "{}"));
        contract = RearReader.contract(bought.body()).orThrow();
        runs(OWN, contract.extra().get(Contract.DELEGATION));
        runs(OTHER, UUID.randomUUID().toString());
        seller.domain.reach = (_, port) -> {
            try {
                return Answer.yes(SocketChannel.open(machine.getLocalAddress()));
            } catch (IOException e) {
                throw new AssertionError(port + "", e);
            }
        };
    }

    /// A machine that was asked for under a contract.
    private void runs(UUID sliver, String under) {
        var asker = "orchestrator@" + under;
        var slice = new SliceInfo(new SliceId(sliver), "web", "physics", "-", List.of());
        var lease = new Lease(
                new SliverId(sliver),
                slice,
                asker,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Map.of());
        seller.test.database().inTransaction(tx -> {
            var resources = seller.domain.engine.resources();
            resources.insert(
                    tx,
                    resources.fresh(
                            Copies.id("lab-am", sliver),
                            Authority.LEASE,
                            "lab-am",
                            Optional.empty(),
                            "front",
                            "active",
                            "physics",
                            lease),
                    asker,
                    "asked for");
            return true;
        });
    }

    private Dialled dial(HttpWire by, Endpoint to, UUID sliver, String port, String token) throws NoAnswer {
        var path = List.of("api", "v2", "contracts", contract.id(), "connect", sliver.toString());
        var call = Call.get(path).asking(Map.of("port", List.of(port))).with("authorization", "Bearer " + token);
        return by.dial(to, call, Duration.ofSeconds(20));
    }

    private Dialled dial(UUID sliver, String port, String token) throws NoAnswer {
        return dial(wire, seller.endpoint(), sliver, port, token);
    }

    private String token() {
        return contract.credentials().flatMap(Contract.Credentials::token).orElseThrow();
    }

    private static void refused(Dialled dialled, int status, String why) {
        assertThat(dialled).isInstanceOfSatisfying(Dialled.Refused.class, refused -> {
            assertThat(refused.answer().status()).as(refused.answer().text()).isEqualTo(status);
            assertThat(refused.answer().text()).contains(why);
        });
    }

    @Test
    void over_tls_its_buyer_reaches_it_until_the_contract_ends() throws Exception {
        var dialled = dial(OWN, "22", token());
        assertThat(dialled).isInstanceOf(Dialled.Open.class);
        try (var here = ((Dialled.Open) dialled).channel();
                var there = machine.accept()) {
            there.write(ByteBuffer.wrap("hello".getBytes(UTF_8)));
            var got = ByteBuffer.allocate(5);
            while (got.hasRemaining()) {
                here.read(got);
            }
            assertThat(new String(got.array(), UTF_8)).isEqualTo("hello");
            seller.ask(wire, Fortress.call("DELETE", "contracts/" + contract.id(), ""));
            seller.domain.engine.changed().raiseHere(); // as an engine that runs does
            assertThatThrownBy(() -> here.read(ByteBuffer.allocate(1))).hasMessage("the contract is terminated");
            assertThat(there.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
        refused(dial(OWN, "22", token()), 410, "the contract is terminated");
    }

    @Test
    void nobody_else_does_and_its_buyer_reaches_nothing_else() throws Exception {
        refused(dial(OWN, "22", "guessed"), 403, "not the secret of a contract");
        refused(dial(OTHER, "22", token()), 404, "nothing runs under contract");
        refused(dial(UUID.randomUUID(), "22", token()), 404, "nothing runs under contract");
        refused(dial(OWN, "0", token()), 400, "port must be");
        refused(dial(OWN, "65536", token()), 400, "port must be");
        refused(
                dial(seller.wire(NodeKeys.fresh(), "stranger"), seller.endpoint(), OWN, "22", "guessed"),
                403,
                "secret");
        var impostor = Endpoint.pinned(seller.endpoint().address(), anna.fingerprint());
        assertThatThrownBy(() -> dial(seller.wire(anna, "anna"), impostor, OWN, "22", token()))
                .isInstanceOf(NoAnswer.class);
        var plain = seller.ask(
                wire,
                Fortress.call("GET", "contracts/" + contract.id() + "/connect/" + OWN, "")
                        .with("authorization", "Bearer " + token()));
        assertThat(plain.status()).isEqualTo(426);
    }
}
