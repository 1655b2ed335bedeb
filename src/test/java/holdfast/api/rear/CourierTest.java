package holdfast.api.rear;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.core.SliverId;
import holdfast.db.Tables;
import holdfast.engine.Engine;
import holdfast.federation.mail.Courier;
import holdfast.federation.mail.Route;
import holdfast.federation.mail.Routes;
import holdfast.federation.wire.Call;
import holdfast.federation.wire.Endpoint;
import holdfast.federation.wire.NoAnswer;
import holdfast.federation.wire.RearReader;
import holdfast.federation.wire.Reply;
import holdfast.federation.wire.Wire;
import holdfast.platform.Platform;
import holdfast.platform.Tx;
import holdfast.protocol.Message;
import holdfast.protocol.Message.UpdateLease;
import holdfast.protocol.rear.Contract;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Both sides of the mail over real sockets, with threads and two databases.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class CourierTest {
    private static final UUID OURS = UUID.fromString("0197b1e0-0000-7000-8000-000000000001");
    private static final SliverId SLIVER = new SliverId(UUID.fromString("0197b1e0-0000-7000-8000-000000000003"));
    private static final Duration LONG = Duration.ofSeconds(60);

    @AutoClose
    private final TestDatabase sellers = TestDatabase.fresh();

    @AutoClose
    private final TestDatabase buyers = TestDatabase.fresh();

    @AutoClose
    private final RearDomain seller = new RearDomain(sellers);

    private final Platform platform = Platform.real();
    private final Engine engine = new Engine(platform, buyers.database());
    private final BlockingQueue<String> over = new LinkedBlockingQueue<>();

    /// What was asked, before it is answered.
    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();

    /// Over a socket, without anything that a real one would look after.
    private final class Sockets implements Wire {
        @Override
        public Reply call(Endpoint to, Call call, Duration limit) throws NoAnswer {
            var wait = call.query().getOrDefault("wait", List.of("0")).getFirst();
            asked.add(wait);
            try {
                var answer = seller.post(
                        "/" + String.join("/", call.path()) + "?wait=" + wait,
                        call.body(),
                        "Authorization",
                        call.header("authorization").orElse(""));
                return new Reply(answer.status(), Map.of(), answer.text());
            } catch (RuntimeException e) {
                throw new NoAnswer(String.valueOf(e.getMessage()), true);
            }
        }
    }

    private Courier courier(Route route) {
        return new Courier(platform, buyers.database(), engine, new Sockets(), new Routes() {
            @Override
            public List<Route> live(Tx tx) {
                return List.of(route);
            }

            @Override
            public void over(Tx tx, UUID contract, String why) {
                over.add(why);
            }
        });
    }

    private Route route(Contract contract) {
        var token = contract.credentials().flatMap(Contract.Credentials::token).orElseThrow();
        return new Route(OURS, Endpoint.plain("unused:1"), contract.id(), token);
    }

    private Contract bought() {
        var transaction = seller.reserve(seller.offerHost(), "anna");
        return RearReader.contract(seller.purchase(transaction, "{}").text()).orThrow();
    }

    private static int waitingFor(TestDatabase in, String receiver) {
        return in.database()
                .inTransaction(tx -> tx.sql().fetchCount(Tables.OUTBOX, Tables.OUTBOX.RECEIVER.eq(receiver)));
    }

    private static void await(String what, BooleanSupplier look) {
        long until = System.nanoTime() + LONG.toNanos();
        while (!look.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited in vain for " + what).isLessThan(until);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    @Test
    void what_is_said_while_the_other_side_waits_arrives_and_what_is_to_be_sent_does_not_wait_for_it()
            throws InterruptedException {
        var contract = bought();
        var theirs = UUID.fromString(contract.extra().get(Contract.DELEGATION));
        var courier = courier(route(contract));
        courier.start();
        try {
            for (var wait = asked.poll(60, TimeUnit.SECONDS);
                    !"20".equals(wait);
                    wait = asked.poll(60, TimeUnit.SECONDS)) { // until the call that waits is under way
                assertThat(wait).as("a call that waits").isNotNull();
            }
            int before = waitingFor(sellers, "lab-am");
            buyers.database().inTransaction(tx -> {
                engine.post().send(tx, "orchestrator", "lab-am@" + OURS, new Message.Close(SLIVER));
                return true;
            });
            await("what the buyer says", () -> waitingFor(sellers, "lab-am") == before + 1);
            await("the buyer to know", () -> waitingFor(buyers, "lab-am@" + OURS) == 0);
            sellers.database().inTransaction(tx -> {
                var closed = new UpdateLease(SLIVER, 1, UpdateLease.State.CLOSED, Optional.empty(), Optional.empty());
                seller.engine.post().send(tx, "lab-am", "broker@" + theirs, closed);
                return true;
            });
            await("what the seller says", () -> waitingFor(buyers, "broker") == 1);
            await("the seller to know", () -> waitingFor(sellers, "broker@" + theirs) == 0);
            assertThat(waitingFor(buyers, "broker")).isEqualTo(1);
        } finally {
            courier.stop();
        }
    }

    @Test
    void a_letter_that_is_refused_is_given_up_and_does_not_keep_back_the_others() throws InterruptedException {
        var courier = courier(route(bought()));
        int before = waitingFor(sellers, "lab-am");
        buyers.database().inTransaction(tx -> {
            engine.post().send(tx, "orchestrator", "lab-am@" + OURS, new Message.Close(SLIVER));
            engine.post().send(tx, "orchestrator", "another@" + OURS, new Message.Close(SLIVER));
            engine.post().send(tx, "orchestrator", "lab-am@" + OURS, new Message.Close(SLIVER));
            return true;
        });
        courier.start();
        try {
            await("those before and after it", () -> waitingFor(sellers, "lab-am") == before + 2);
            await("it to be given up", () -> waitingFor(buyers, "another@" + OURS) == 0);
        } finally {
            courier.stop();
        }
        var told = buyers.database().inTransaction(tx -> engine.post().pending(tx, 100)).stream()
                .filter(envelope -> envelope.receiver().equals("orchestrator"))
                .toList();
        assertThat(told).singleElement().satisfies(answer -> {
            assertThat(answer.sender()).isEqualTo("another@" + OURS);
            assertThat(answer.message())
                    .isInstanceOfSatisfying(
                            UpdateLease.class,
                            update -> assertThat(update.state()).isEqualTo(UpdateLease.State.CLOSE_FAILED));
        });
    }

    @Test
    void a_seller_that_takes_no_mail_any_more_is_asked_no_more() throws InterruptedException {
        var contract = bought();
        var route = route(contract);
        var courier = courier(new Route(route.contract(), route.endpoint(), route.id(), "another"));
        courier.start();
        try {
            assertThat(over.poll(60, TimeUnit.SECONDS)).contains("403");
        } finally {
            courier.stop();
        }
    }
}
