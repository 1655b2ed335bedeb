package holdfast.federation.resale;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Answer;
import holdfast.federation.Net;
import holdfast.federation.peers.Peers;
import holdfast.federation.trust.Caller.Standing;
import holdfast.federation.trust.Rights;
import holdfast.federation.trust.Rights.Message;
import holdfast.federation.wire.Dialect;
import holdfast.federation.wire.Endpoint;
import holdfast.federation.wire.Told;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.Notary;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Signatures;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Transaction;
import holdfast.protocol.rear.Workflow;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Rules, keys and signatures count for what a supernode sells of others, too (fluidos.md 5.13).
final class GuardedSupernodeTest {
    private static final Selector SLICES =
            Selector.of(FlavorType.K8SLICE, List.of()).orThrow();
    private static final Trace TRACE = new Trace("trace-2", Workflow.W2);
    private static final String KEY = "k".repeat(43);
    private static final String OTHER = "o".repeat(43);

    @AutoClose
    private final Net net = new Net();

    /// A supernode, where one thing is denied, and its two nodes.
    private Flavor domain(Message denied, Optional<Notary> notary) {
        var no = new Rights.Rule(
                Standing.ANYBODY,
                Optional.empty(),
                Optional.empty(),
                Set.of(denied),
                Rights.Label.of("type=k8slice"),
                false);
        net.rights = new Rights(
                Stream.concat(Stream.of(no), Rights.ALL.rules().stream()).toList());
        net.notary = notary;
        var supernode = net.supernode("s", "valais.example");
        net.rights = Rights.ALL;
        var provider = net.node("p", "valais.example");
        var consumer = net.node("c", "valais.example");
        provider.joins(supernode);
        consumer.joins(supernode);
        provider.offers();
        supernode.supernode.orElseThrow().gather();
        consumer.discover(SLICES, TRACE);
        return consumer.finds(SLICES).stream().findFirst().orElse(null);
    }

    private Net.Node node(String id) {
        return net.nodes.values().stream()
                .filter(node -> node.self.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private Told<Transaction> reserve(Flavor flavor) {
        return node("c")
                .client
                .reserve(supernode(), Dialect.NODE, flavor.id(), Optional.empty(), new UUID(9, 1), TRACE);
    }

    private Told<Contract> purchase(Transaction held) {
        var nothing = new Contract.Ask(Optional.empty(), Optional.empty());
        return node("c").client.purchase(supernode(), Dialect.NODE, held.id(), nothing, new UUID(9, 2), TRACE);
    }

    private Endpoint supernode() {
        return Endpoint.plain(node("s").self.address());
    }

    private static <T> T yes(Told<T> told) {
        if (told instanceof Told.Yes<T>(var value)) return value;
        throw new AssertionError(told.toString());
    }

    @Test
    void what_may_not_be_listed_is_not_shown_of_others_either() {
        assertThat(domain(Message.LIST, Optional.empty())).isNull();
    }

    @Test
    void what_may_not_be_reserved_is_not_asked_for_below() {
        var flavor = domain(Message.RESERVE, Optional.empty());
        assertThat(reserve(flavor))
                .isInstanceOfSatisfying(
                        Told.No.class, no -> assertThat(no.status()).isEqualTo(403));
        assertThat(node("p").heard).doesNotContain("POST reservations");
    }

    @Test
    void what_may_not_be_bought_is_not_bought_below() {
        var flavor = domain(Message.PURCHASE, Optional.empty());
        assertThat(purchase(yes(reserve(flavor))))
                .isInstanceOfSatisfying(
                        Told.No.class, no -> assertThat(no.status()).isEqualTo(403));
        assertThat(node("p").heard).doesNotContain("POST transactions");
    }

    @Test
    void a_supernode_signs_its_own_contract() {
        var contract = yes(purchase(yes(reserve(domain(Message.EVENTS, Optional.of(new Stamp()))))));
        assertThat(contract.seller().id()).isEqualTo("s");
        assertThat(Signatures.fault(contract, KEY, new Stamp())).isEmpty();
        assertThat(Signatures.fault(contract, OTHER, new Stamp())).isPresent();
    }

    @Test
    void a_supernode_keeps_what_its_customer_signs_and_nothing_else() {
        var contract = yes(purchase(yes(reserve(domain(Message.EVENTS, Optional.of(new Stamp()))))));
        var middles = node("s").resale.orElseThrow().middles();
        var id = node("s")
                .look(tx -> middles.find(tx, contract.id()))
                .orElseThrow()
                .id();
        var wrong = node("s").look(tx -> middles.sign(tx, id, OTHER + " 1", KEY));
        assertThat(wrong).isInstanceOf(Answer.No.class);
        var jws = Signatures.countersign(contract, new Stamp());
        var kept = node("s").look(tx -> middles.sign(tx, id, jws, KEY)).orThrow();
        assertThat(kept.as(Middle.class).contract().extra()).containsEntry(Signatures.BUYER, jws);
        var again = node("s").look(tx -> middles.sign(tx, id, jws, KEY)).orThrow();
        assertThat(again.version()).as("told twice is once").isEqualTo(kept.version());
        var another = node("s").look(tx -> middles.sign(tx, id, OTHER + " 2", KEY));
        assertThat(another).isInstanceOf(Answer.No.class);
    }

    /// Signs with a hash and a name.
    private record Stamp() implements Notary {
        @Override
        public String sign(String text) {
            return KEY + " " + text.hashCode();
        }

        @Override
        public String fingerprint() {
            return KEY;
        }

        @Override
        public Optional<String> fault(String text, String signature, String fingerprint) {
            return Optional.of("it is not that of " + fingerprint)
                    .filter(_ -> !signature.equals(fingerprint + " " + text.hashCode()));
        }
    }

    @Test
    void a_node_is_its_key_where_keys_are_proved() {
        domain(Message.EVENTS, Optional.empty());
        var members = node("s").supernode.orElseThrow().members();
        var late = net.node("late", "valais.example");
        var wish = new Peers.Wish(
                Optional.of("late"),
                late.self.address(),
                Optional.empty(),
                Optional.of(KEY),
                Optional.of("valais.example"));
        var pinned = node("s").peers.add(wish, "operators", "admin").orThrow();
        assertThat(members.join(late.self, KEY, 90, TRACE).orThrow().id()).isEqualTo(pinned.id());
        assertThat(members.join(late.self, OTHER, 90, TRACE)).isInstanceOf(Answer.No.class);
        node("s").look(tx -> assertThat(members.leave(tx, "late", OTHER)).isInstanceOf(Answer.No.class));
        node("s").look(tx -> assertThat(members.leave(tx, "late", KEY)).isInstanceOf(Answer.Yes.class));
        node("s").look(tx -> assertThat(members.find(tx, "late")).isEmpty());
    }
}
