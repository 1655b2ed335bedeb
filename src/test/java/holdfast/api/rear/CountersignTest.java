package holdfast.api.rear;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.broker.market.Agreement;
import holdfast.broker.market.Signing;
import holdfast.core.Capacities;
import holdfast.core.Interval;
import holdfast.engine.Engine;
import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.federation.buying.Buying;
import holdfast.federation.buying.Deal;
import holdfast.federation.buying.Search;
import holdfast.federation.buying.SolverCourse;
import holdfast.federation.contracts.Countersigning;
import holdfast.federation.discovery.Candidates;
import holdfast.federation.discovery.Discovery;
import holdfast.federation.peers.Peers;
import holdfast.federation.trust.NodeKeys;
import holdfast.federation.trust.Rights;
import holdfast.federation.wire.Call;
import holdfast.federation.wire.Endpoint;
import holdfast.federation.wire.NoAnswer;
import holdfast.federation.wire.RearClient;
import holdfast.federation.wire.Reply;
import holdfast.federation.wire.Told;
import holdfast.federation.wire.Wire;
import holdfast.platform.Fanout;
import holdfast.platform.Platform;
import holdfast.platform.Secrets;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.NodeIdentity;
import holdfast.protocol.rear.Signatures;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Wish;
import holdfast.protocol.rear.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A buyer signs what it buys and what is renewed, and its seller keeps that, over real sockets with TLS (fluidos.md
/// 5.13).
@Timeout(300)
final class CountersignTest {
    private static final Trace TRACE = new Trace("trace-1", Workflow.W1);
    private static final NodeIdentity ANNA =
            new NodeIdentity("anna", "127.0.0.1:29999", "anna.example", Optional.of("fabric-anna"));

    private final NodeKeys keys = NodeKeys.fresh();
    private final NodeKeys sellers = NodeKeys.fresh();

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    private Instant now = RearDomain.BEGINNING;
    private final Platform platform = Platform.seeded(72, () -> now);
    private Fortress seller;
    private Engine engine;
    private Buying buying;
    private RearClient client;
    private Peers peers;
    /// The first answer to such a call is lost.
    private Predicate<Call> lost = _ -> false;

    /// What becomes of answers to who asks for more time.
    private UnaryOperator<String> forged = body -> body;

    private int signed;

    @BeforeEach
    void start() {
        var both = new Signing(Optional.of(sellers), true);
        seller = new Fortress(true, Rights.USUAL, sellers, both, 1_000, 1_000);
        seller.pin(keys, "anna", "anna.example", false);
        seller.domain.offer();
        Wire wire = seller.wire(keys, "anna");
        client = new RearClient((to, call, limit) -> losing(wire, to, call, limit), ANNA, platform::now);
        engine = new Engine(platform, test.database());
        peers = new Peers(platform, test.database(), engine, client, ANNA, Fortress.LOOPBACK, Fanout.IN_TURN);
        var candidates = new Candidates(platform, engine);
        var discovery =
                new Discovery(platform, test.database(), engine, client, ANNA, peers, candidates, Fanout.IN_TURN);
        buying = new Buying(
                "broker",
                platform,
                test.database(),
                engine,
                Secrets.of(new byte[32]),
                client,
                peers,
                candidates,
                discovery,
                Fanout.IN_TURN,
                Optional.of(keys));
        var at = seller.endpoint();
        peers.add(
                        new Peers.Wish(
                                Optional.of("alps"),
                                at.address(),
                                Optional.empty(),
                                at.fingerprint(),
                                Optional.empty()),
                        "operators",
                        "admin")
                .orThrow();
    }

    @AfterEach
    void close() {
        seller.close();
    }

    private Reply losing(Wire wire, Endpoint to, Call call, Duration limit) throws NoAnswer {
        var reply = wire.call(to, call, limit);
        if (call.path().contains("signatures")) {
            signed++;
        }
        if (call.path().contains("renew")) {
            return new Reply(reply.status(), reply.headers(), forged.apply(reply.body()));
        }
        if (lost.test(call)) {
            lost = _ -> false;
            throw new NoAnswer("the answer was lost", true);
        }
        return reply;
    }

    private void settle() {
        try {
            for (int turn = 0; turn < 30; turn++) {
                if (!engine.runDue(Set.of(Peers.ACTOR))) {
                    now = now.plusSeconds(1);
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Resource buy() {
        var search = Search.of(
                Capacities.of(2, 4, 10),
                Interval.of(now, Duration.ofHours(2)),
                Wish.any(TRACE),
                new SolverCourse.Flags(true, true, false));
        test.database().inTransaction(tx -> buying.staged().begin(tx, search, "physics", "alice"));
        settle();
        return bought();
    }

    private Resource bought() {
        return test.database()
                .inTransaction(tx -> engine.resources().list(tx, Resources.typed(Deal.TYPE), 10))
                .getLast();
    }

    private Resource sold(Resource deal) {
        return seller.test
                .database()
                .inTransaction(tx ->
                        seller.domain.market.contracts().find(tx, deal.name()).orElseThrow());
    }

    private void bothHaveSigned(Resource deal) {
        var sold = sold(deal);
        assertThat(sold.state()).isEqualTo("active");
        var there = sold.as(Agreement.class).contract();
        var here = deal.as(Deal.class).contract();
        assertThat(Signatures.text(here)).isEqualTo(Signatures.text(there));
        assertThat(here.extra().get(Signatures.BUYER))
                .isNotNull()
                .isEqualTo(there.extra().get(Signatures.BUYER));
        assertThat(Signatures.fault(here, sellers.fingerprint(), keys)).isEmpty();
        assertThat(Signatures.fault(there, there.extra().get(Signatures.BUYER), keys.fingerprint(), sellers))
                .isEmpty();
    }

    @Test
    void a_contract_counts_when_it_is_bought_and_both_keep_both_signatures() {
        bothHaveSigned(buy());
        assertThat(signed).isEqualTo(1);
    }

    @Test
    void a_signature_whose_answer_is_lost_stays_the_first_one() {
        lost = call -> call.path().contains("signatures");
        bothHaveSigned(buy());
        assertThat(signed).isEqualTo(2);
    }

    @Test
    void what_is_renewed_is_signed_anew_by_both() {
        var deal = buy();
        var before = deal.as(Deal.class).contract().extra();
        var until = deal.as(Deal.class).term().until().plus(Duration.ofHours(1));
        lost = call -> call.path().contains("signatures");
        test.database()
                .inTransaction(tx -> buying.renew(tx, deal.id(), until, "alice").orThrow());
        settle();
        var longer = bought();
        assertThat(longer.as(Deal.class).term().until()).isEqualTo(until);
        bothHaveSigned(longer);
        assertThat(longer.as(Deal.class).contract().extra().get(Signatures.BUYER))
                .isNotEqualTo(before.get(Signatures.BUYER));
    }

    @Test
    void what_the_seller_changes_beside_the_end_is_not_taken() {
        var deal = buy();
        forged = body -> body.replace("\"pods\":\"", "\"pods\":\"1");
        test.database()
                .inTransaction(tx -> buying.renew(
                                tx,
                                deal.id(),
                                deal.as(Deal.class).term().until().plusSeconds(60),
                                "alice")
                        .orThrow());
        settle();
        var after = bought().as(Deal.class);
        assertThat(after.contract()).isEqualTo(deal.as(Deal.class).contract());
        assertThat(after.renewal().orElseThrow().refusal().orElseThrow().why())
                .contains("something else of it was changed, too");
    }

    @Test
    void a_signature_that_is_not_the_buyers_is_refused_and_what_was_not_signed_so_is_not_signed() {
        var deal = buy().as(Deal.class);
        var peer =
                test.database().inTransaction(tx -> peers.find(tx, deal.peer()).orElseThrow());
        var other = new Countersigning(platform, NodeKeys.fresh());
        var again = deal.contract();
        assertThat(other.sign(client, peer, again, TRACE))
                .as("one is there already: it is not the liar's")
                .isEqualTo(new Told.Yes<>(again));
        var forged = again.until(now.plus(Duration.ofDays(9)));
        signed = 0;
        assertThat(new Countersigning(platform, keys).sign(client, peer, forged, TRACE))
                .as("its seller has not signed that")
                .isEqualTo(new Told.Yes<Contract>(forged));
        assertThat(signed).isZero();
    }
}
