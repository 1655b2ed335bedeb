package holdfast.federation.resale;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.engine.Resource;
import holdfast.engine.Resources;
import holdfast.federation.Net;
import holdfast.federation.wire.Call;
import holdfast.federation.wire.Endpoint;
import holdfast.federation.wire.NoAnswer;
import holdfast.federation.wire.Reply;
import holdfast.federation.wire.Told;
import holdfast.platform.Json;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Transaction;
import holdfast.protocol.rear.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Buying through supernodes: a consumer, its supernode, that of the provider, and the provider (fluidos.md 4.3).
final class ResaleTest {
    private static final Selector SLICES =
            Selector.of(FlavorType.K8SLICE, List.of()).orThrow();
    private static final Trace TRACE = new Trace("trace-3", Workflow.W3);
    private static final Contract.Ask NOTHING = new Contract.Ask(Optional.empty(), Optional.empty());

    @AutoClose
    private final Net net = new Net();

    private final Net.Node sc = net.supernode("sc", "valais.example");
    private final Net.Node sp = net.supernode("sp", "jura.example");
    private final Net.Node consumer = net.node("c", "valais.example");
    private final Net.Node provider = net.node("p", "jura.example");
    private long requests = 1;

    @BeforeEach
    void all_are_known() {
        sc.knows(sp);
        consumer.joins(sc);
        provider.joins(sp);
        provider.offers();
        sp.supernode.orElseThrow().gather();
    }

    private Flavor found(Net.Node by) {
        by.discover(SLICES, TRACE);
        return by.finds(SLICES).getFirst();
    }

    private Told<Transaction> reserve(Net.Node by, Flavor flavor) {
        return by.client.reserve(
                Endpoint.plain(flavor.owner().address()),
                holdfast.federation.wire.Dialect.NODE,
                flavor.id(),
                Optional.of(new holdfast.protocol.rear.Configuration.Slice(
                        holdfast.protocol.rear.Samples.vector("2", "4Gi", "10"))),
                new UUID(9, requests++),
                TRACE);
    }

    private Told<Contract> purchase(Net.Node by, Transaction held) {
        return by.client.purchase(
                Endpoint.plain(sc.self.address()),
                holdfast.federation.wire.Dialect.NODE,
                held.id(),
                NOTHING,
                new UUID(9, requests++),
                TRACE);
    }

    private static <T> T yes(Told<T> told) {
        if (told instanceof Told.Yes<T>(var value)) return value;
        throw new AssertionError(told.toString());
    }

    private static List<String> states(Net.Node node, String type) {
        return node.look(tx -> node.engine.resources().list(tx, Resources.typed(type), 100)).stream()
                .map(Resource::state)
                .toList();
    }

    private void settle() {
        net.nodes.values().forEach(Net.Node::settle);
    }

    @Test
    void what_is_set_of_a_service_passes_through_supernodes_and_is_written_down_by_none() {
        provider.offers(holdfast.protocol.rear.Samples.service());
        sp.supernode.orElseThrow().gather();
        var services = Selector.of(FlavorType.SERVICE, List.of()).orThrow();
        consumer.discover(services, TRACE);
        var flavor = consumer.finds(services).getFirst();
        Optional<holdfast.protocol.rear.Configuration> wanted =
                Optional.of(new holdfast.protocol.rear.Configuration.Settings(
                        Optional.empty(), Json.tree("{\"username\": \"told-to-nobody\"}")));
        var held = yes(consumer.client.reserve(
                Endpoint.plain(flavor.owner().address()),
                holdfast.federation.wire.Dialect.NODE,
                flavor.id(),
                wanted,
                new UUID(9, requests++),
                TRACE));
        assertThat(held.configuration()).isEqualTo(wanted);
        assertThat(states(provider, "transaction")).containsExactly("held");
        for (var node : List.of(sc, sp, provider)) {
            String all =
                    node.look(tx -> tx.sql().fetch("select data from resource").formatJSON());
            assertThat(all).contains("sealed:").doesNotContain("told-to-nobody");
        }
    }

    @Test
    void what_was_bought_of_a_node_that_leaves_its_domain_lives_on_and_is_given_back_as_ever() throws NoAnswer {
        var contract = yes(purchase(consumer, yes(reserve(consumer, found(consumer)))));
        settle();
        var leave = new Call("DELETE", List.of("api", "v2", "domain", "members", "p"), Map.of(), Map.of(), "");
        assertThat(provider.asks(sp, leave).status()).isEqualTo(204);
        assertThat(sp.gets(sp, "flavors").isEmpty()).as("its offers are gone").isTrue();
        net.advance(Duration.ofMinutes(2));
        settle();
        for (var node : List.of(sc, sp, provider)) {
            assertThat(states(node, "contract")).as(node.self.id()).containsExactly("active");
        }
        yes(consumer.client.release(
                Endpoint.plain(sc.self.address()), contract.id(), "done", new UUID(9, requests++), TRACE));
        for (int n = 0; n < 3; n++) {
            net.advance(Duration.ofSeconds(5));
            settle();
        }
        for (var node : List.of(sc, sp, provider)) {
            assertThat(states(node, "contract")).as(node.self.id()).containsExactly("terminated");
        }
    }

    @Test
    void each_hop_gives_less_and_the_contract_names_the_consumers_fabric() {
        var held = yes(reserve(consumer, found(consumer)));
        assertThat(states(provider, "transaction")).containsExactly("held");
        var first = expires(sc);
        var second = expires(sp);
        var third = provider.look(tx -> provider.engine.resources().list(tx, Resources.typed("transaction"), 1))
                .getFirst()
                .as(holdfast.broker.market.Sale.class)
                .transaction();
        assertThat(held.expires()).isEqualTo(first);
        assertThat(Duration.between(first, second)).isEqualTo(Duration.ofSeconds(30));
        assertThat(Duration.between(second, third.expires())).isEqualTo(Duration.ofSeconds(30));
        assertThat(third.buyer().id()).startsWith("sp.");
        assertThat(third.cluster()).isEqualTo("fabric-c");
        var contract = yes(purchase(consumer, held));
        assertThat(contract.seller().id()).isEqualTo("sc");
        assertThat(contract.cluster()).isEqualTo("fabric-c");
        assertThat(contract.flavor().id()).isEqualTo(held.flavor());
        assertThat(contract.extra()).containsKey("upstreamContract");
        assertThat(states(provider, "contract")).containsExactly("active");
        assertThat(yes(purchase(consumer, held))).as("told again").isEqualTo(contract);
        assertThat(states(provider, "contract")).hasSize(1);
        assertThat(sc.steps(TRACE))
                .contains(
                        "W3 #10 LIST_PASSED_ON",
                        "W3 #21 RESERVE_PASSED_ON",
                        "W3 #28 RESERVE_ANSWERED",
                        "W3 #26a PURCHASE_SENT",
                        "W3 #30 FORWARDING_MADE");
        assertThat(sp.steps(TRACE))
                .contains("W3 #12 MEMBERS_MATCHED", "W3 #22 RESERVE_PASSED_ON", "W3 #27 RESERVE_ANSWERED");
        assertThat(yes(consumer.client.release(
                        Endpoint.plain(sc.self.address()), contract.id(), "done", new UUID(9, 99), TRACE)))
                .isTrue();
        settle();
        assertThat(states(provider, "contract")).containsExactly("terminated");
        assertThat(states(sp, "contract")).containsExactly("terminated");
    }

    private static java.time.Instant expires(Net.Node node) {
        return node.look(tx -> node.engine.resources().list(tx, Resources.typed("transaction"), 1))
                .getFirst()
                .as(Resold.class)
                .transaction()
                .expires();
    }

    @Test
    void two_customers_stay_two_at_a_provider_that_keys_by_buyer() {
        var other = net.node("d", "valais.example");
        other.joins(sc);
        var one = yes(reserve(consumer, found(consumer)));
        var two = yes(reserve(other, found(other)));
        assertThat(two.id()).isNotEqualTo(one.id());
        assertThat(two.flavor()).isEqualTo(one.flavor());
        assertThat(states(provider, "transaction")).containsExactly("held", "held");
        assertThat(yes(reserve(consumer, found(consumer))).id())
                .as("asked again")
                .isEqualTo(one.id());
        assertThat(states(provider, "transaction")).hasSize(2);
        yes(purchase(consumer, one));
        yes(purchase(other, two));
        assertThat(states(provider, "contract")).containsExactly("active", "active");
    }

    @Test
    void what_is_cancelled_or_lapses_is_given_up_all_the_way() {
        var held = yes(reserve(consumer, found(consumer)));
        assertThat(yes(consumer.client.cancel(Endpoint.plain(sc.self.address()), held.id(), new UUID(9, 98), TRACE)))
                .isTrue();
        settle();
        assertThat(states(provider, "transaction")).containsExactly("cancelled");
        yes(reserve(consumer, found(consumer)));
        net.advance(Duration.ofSeconds(842));
        settle();
        settle();
        assertThat(states(sc, "transaction")).containsExactly("cancelled", "expired");
        assertThat(states(provider, "transaction")).containsExactly("cancelled", "cancelled");
    }

    @Test
    void who_is_refused_below_is_refused_here_with_the_same_words() {
        var flavor = found(consumer);
        provider.look(tx -> provider.market
                .withdraw(
                        tx,
                        provider.engine
                                .resources()
                                .ofType(tx, "flavor", 1)
                                .getFirst()
                                .id(),
                        "admin")
                .orThrow());
        assertThat(reserve(consumer, flavor)).isInstanceOfSatisfying(Told.No.class, no -> {
            assertThat(no.status()).isEqualTo(404);
            assertThat(no.why().message()).contains("there is no flavor");
        });
    }

    @Test
    void when_an_answer_is_lost_on_the_way_it_is_asked_again_and_bought_once() {
        var held = yes(reserve(consumer, found(consumer)));
        var lost = new int[1];
        net.line = (to, call, answer) -> {
            var reply = answer.come();
            if (to == provider && call.path().getLast().equals("purchase") && lost[0]++ == 0) {
                throw new NoAnswer("lost", true);
            }
            return reply;
        };
        assertThat(purchase(consumer, held)).as("not yet").isInstanceOf(Told.No.class);
        net.advance(Duration.ofSeconds(5));
        settle();
        net.advance(Duration.ofSeconds(5));
        settle();
        yes(purchase(consumer, held));
        assertThat(lost[0]).isEqualTo(2);
        assertThat(states(provider, "contract")).containsExactly("active");
    }

    @Test
    void mail_of_a_contract_goes_on_to_who_sells_it() {
        var held = yes(reserve(consumer, found(consumer)));
        var contract = yes(purchase(consumer, held));
        var heard = new String[1];
        net.line = (to, call, answer) -> {
            if (to != provider) return answer.come();
            heard[0] = call.path().get(3) + " " + call.header("authorization").orElse("");
            return new Reply(200, java.util.Map.of(), "{}");
        };
        var call = Call.post(List.of("api", "v2", "contracts", contract.id(), "mail"), "{}")
                .with("authorization", "Bearer secret");
        var told = yes(consumer.client.pass(Endpoint.plain(sc.self.address()), call, Duration.ofSeconds(1)));
        assertThat(told.status()).isEqualTo(200);
        assertThat(heard[0]).startsWith("contract-").endsWith(" Bearer secret").doesNotContain(contract.id());
    }
}
