package holdfast.federation.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.federation.Net;
import holdfast.federation.peers.Known;
import holdfast.federation.trust.NodeKeys;
import holdfast.federation.wire.Call;
import holdfast.federation.wire.CatalogClient;
import holdfast.federation.wire.CatalogText.Signed;
import holdfast.federation.wire.Dialect;
import holdfast.federation.wire.Endpoint;
import holdfast.federation.wire.NoAnswer;
import holdfast.federation.wire.RearReader;
import holdfast.federation.wire.Reply;
import holdfast.federation.wire.Told;
import holdfast.platform.Json;
import holdfast.protocol.rear.Configuration;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.Provenance;
import holdfast.protocol.rear.Publication;
import holdfast.protocol.rear.Samples;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Signatures;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Transaction;
import holdfast.protocol.rear.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// A catalog, a node that publishes there, and one that looks there (fluidos.md 4.4, 6.10).
final class CatalogTest {
    private static final Selector SLICES =
            Selector.of(FlavorType.K8SLICE, List.of()).orThrow();
    private static final Trace TRACE = new Trace("trace-4", Workflow.W4);

    @AutoClose
    private final Net net = new Net();

    private final NodeKeys keys = NodeKeys.fresh();
    private Net.Node catalog;
    private Net.Node seller;
    private Net.Node buyer;
    private long requests = 1;

    private void begin(boolean signed) {
        net.signer =
                Optional.of(new Publishing.Signer(keys, keys.fingerprint())).filter(_ -> signed);
        catalog = net.catalog("k", false);
        seller = net.node("s", "alps.example");
        buyer = net.node("c", "bay.example");
        buyer.knows(catalog);
    }

    private List<String> told(Map<String, List<String>> query) {
        var call = Call.get(List.of("api", "v2", "flavors", "k8slice")).asking(query);
        return flavors(asks(call)).stream().map(Flavor::id).toList();
    }

    private static List<Flavor> flavors(Reply reply) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return RearReader.flavors(reply.body()).orThrow().flavors();
    }

    private List<String> told() {
        return told(Map.of());
    }

    private Reply asks(Call call) {
        try {
            return buyer.asks(catalog, call);
        } catch (NoAnswer e) {
            throw new AssertionError(e);
        }
    }

    private CatalogClient client() {
        return new CatalogClient(seller.client);
    }

    private Endpoint shop() {
        return Endpoint.plain(catalog.self.address());
    }

    @Test
    void what_is_published_is_told_with_its_age_until_it_is_not_refreshed() {
        begin(true);
        var name = seller.offers();
        seller.publishes(catalog);
        var published = net.now;
        net.advance(Duration.ofSeconds(30));
        var reply = asks(Call.get(List.of("api", "v2", "flavors", "k8slice")));
        var found = flavors(reply).getFirst();
        assertThat(found.id()).isEqualTo(name);
        assertThat(found.owner()).isEqualTo(seller.self);
        assertThat(Provenance.of(found).asOf()).contains(published);
        assertThat(Provenance.of(found).expires()).contains(published.plusSeconds(300));
        assertThat(reply.header("x-rear-as-of")).contains(published.toString());

        net.advance(Duration.ofSeconds(120));
        assertThat(told()).as("suspect").isEmpty();
        assertThat(told(Map.of("include", List.of("suspect")))).containsExactly(name);
        seller.publishing.refresh();
        assertThat(told()).as("refreshed").containsExactly(name);

        net.advance(Duration.ofSeconds(300));
        assertThat(told(Map.of("include", List.of("suspect")))).as("expired").isEmpty();
        assertThat(catalog.catalog.orElseThrow().sweep()).isEqualTo("1 offers expired");
        assertThat(value("select count(*) from published")).isEqualTo("0");
        assertThat(steps(seller)).contains("W4 #1 JOINED", "W4 #2 OFFER_PUBLISHED", "W4 #3 OFFER_REFRESHED");
        assertThat(steps(catalog)).contains("W4 #4 OFFERS_SWEPT");
    }

    private String value(String sql) {
        return catalog.look(tx -> "" + tx.sql().fetchValue(sql));
    }

    private static List<String> steps(Net.Node node) {
        return node.look(tx -> tx.sql()
                .fetch("select why from journal where kind = 'step' order by seq")
                .map(row -> row.get(0, String.class).replaceAll(":.*", "")));
    }

    @Test
    void what_is_reserved_is_withdrawn_at_once_and_the_rest_published() {
        begin(true);
        var name = seller.offers();
        seller.publishes(catalog);
        assertThat(told()).containsExactly(name);
        held(name, "2", "4Gi", "10");
        seller.settle();
        var rest = told();
        assertThat(rest).hasSize(1).doesNotContain(name);
        List<Flavor> listed = seller.look(tx -> seller.market.list(tx, Optional.empty()));
        assertThat(listed).extracting(Flavor::id).containsExactlyElementsOf(rest);
        assertThat(steps(seller)).contains("W4 #23 OFFER_WITHDRAWN");
    }

    private Transaction held(String flavor, String cpu, String memory, String pods) {
        var told = buyer.client.reserve(
                Endpoint.plain(seller.self.address()),
                Dialect.NODE,
                flavor,
                Optional.of(new Configuration.Slice(Samples.vector(cpu, memory, pods))),
                new UUID(9, requests++),
                TRACE);
        if (told instanceof Told.Yes<Transaction>(var held)) return held;
        throw new AssertionError(told.toString());
    }

    private Told<Boolean> says(Flavor flavor, long epoch, long sequence, NodeKeys by) {
        var said = new Publication(seller.self.id(), flavor, epoch, sequence, net.now, 300, Set.of());
        var jws = Optional.of(by.sign(Signatures.text(said)));
        return client().publish(shop(), new Signed(said, jws), TRACE);
    }

    private static int status(Told<Boolean> told) {
        return switch (told) {
            case Told.Yes<Boolean> _ -> 200;
            case Told.No<Boolean>(var status, var _, var _) -> status;
            case Told.Silent<Boolean>(var _, var why) -> throw new AssertionError(why);
        };
    }

    private Flavor listed() {
        return seller.look(tx -> seller.market.list(tx, Optional.empty())).getFirst();
    }

    @Test
    void an_old_word_is_stale_and_the_same_word_is_heard_once() {
        begin(true);
        seller.publishes(catalog);
        seller.offers();
        var flavor = listed();
        assertThat(status(says(flavor, 5, 7, keys))).isEqualTo(200);
        assertThat(status(says(flavor, 5, 7, keys))).isEqualTo(200);
        assertThat(status(says(flavor, 5, 6, keys))).as("stale").isEqualTo(409);
        net.advance(Duration.ofSeconds(1));
        assertThat(status(says(flavor, 5, 7, keys))).as("other words").isEqualTo(409);
        assertThat(status(says(flavor, 6, 1, keys))).as("counted anew").isEqualTo(200);
        assertThat(client().withdraw(shop(), seller.self.id(), flavor.id(), TRACE))
                .isEqualTo(new Told.Yes<>(true));
        assertThat(status(says(flavor, 6, 1, keys))).as("told late").isEqualTo(200);
        assertThat(told()).as("stays withdrawn").isEmpty();
    }

    @Test
    void a_forged_offer_is_refused_and_its_key_flagged() {
        begin(true);
        var name = seller.offers();
        seller.publishes(catalog);
        assertThat(told()).containsExactly(name);
        assertThat(status(says(listed(), 9_000_000_000_000L, 1, NodeKeys.fresh())))
                .isEqualTo(403);
        assertThat(told()).as("nothing of it counts").isEmpty();
        assertThat(status(says(listed(), 9_000_000_000_000L, 1, keys))).isEqualTo(403);
        assertThat(value("select flagged from publisher")).contains("another key");
    }

    @Test
    void only_its_publisher_speaks_of_an_offer() {
        begin(false);
        var name = seller.offers();
        seller.publishes(catalog);
        var other = net.node("o", "sea.example");
        other.publishes(catalog);
        var stolen = listed();
        var said = new Publication("o", stolen, 9_000_000_000_000L, 1, net.now, 300, Set.of());
        assertThat(status(client().publish(shop(), new Signed(said, Optional.empty()), TRACE)))
                .isEqualTo(403);
        var own = new Flavor(
                name,
                "o",
                other.self,
                stolen.kind(),
                stolen.price(),
                true,
                stolen.network(),
                stolen.place(),
                stolen.since(),
                stolen.extra());
        var under = new Publication("o", own, 9_000_000_000_000L, 1, net.now, 300, Set.of());
        assertThat(status(client().publish(shop(), new Signed(under, Optional.empty()), TRACE)))
                .isEqualTo(403);
        var nobody = new Publication("nobody", own, 1, 1, net.now, 300, Set.of());
        assertThat(client().publish(shop(), new Signed(nobody, Optional.empty()), TRACE))
                .as("who is no publisher")
                .isEqualTo(new Told.Yes<>(false));
        assertThat(told()).containsExactly(name);
    }

    @Test
    void some_domains_alone_hear_of_what_is_for_them() {
        begin(false);
        seller.publishes(catalog);
        seller.offers();
        var said = new Publication(seller.self.id(), listed(), 1, 1, net.now, 300, Set.of("bay.example"));
        assertThat(status(client().publish(shop(), new Signed(said, Optional.empty()), TRACE)))
                .isEqualTo(200);
        assertThat(told()).as("who it is that asks is not known").isEmpty();
        buyer.publishes(catalog);
        var call = Call.get(List.of("api", "v2", "flavors", "k8slice")).with("x-rear-path", buyer.self.id());
        assertThat(flavors(asks(call))).hasSize(1);
        var asOther = call.with("x-rear-path", seller.self.id());
        assertThat(flavors(asks(asOther))).isEmpty();
    }

    @Test
    void a_publisher_that_is_down_is_suspect() {
        begin(false);
        seller.offers();
        seller.publishes(catalog);
        seller.away = true;
        for (int n = 0; n < 4; n++) {
            net.advance(Duration.ofSeconds(35));
            catalog.peers.watch();
        }
        assertThat(told()).isEmpty();
        assertThat(told(Map.of("include", List.of("suspect")))).hasSize(1);
    }

    @Test
    void offers_are_shown_by_state_and_publisher_page_by_page() throws NoAnswer {
        begin(false);
        seller.offers();
        var name = seller.offers();
        seller.publishes(catalog);
        var names = new ArrayList<String>();
        Json.tree(buyer.asks(
                                catalog,
                                Call.get(List.of("api", "v2", "catalog", "offers"))
                                        .asking(Map.of("state", List.of("live"), "publisher", List.of("s"))))
                        .body())
                .path("offers")
                .forEach(one -> names.add(one.path("flavor").path("flavorID").asString()));
        assertThat(names).hasSize(2).contains(name).isSorted();
        assertThat(Json.tree(buyer.asks(
                                        catalog,
                                        Call.get(List.of("api", "v2", "catalog", "offers"))
                                                .asking(Map.of("cursor", List.of(names.getLast()))))
                                .body())
                        .path("offers"))
                .isEmpty();
    }

    @Test
    void who_looks_in_a_catalog_reserves_with_the_owner_whom_it_did_not_know() {
        begin(true);
        var name = seller.offers();
        seller.publishes(catalog);
        net.advance(Duration.ofSeconds(90));
        var found = buyer.discover(SLICES, TRACE);
        assertThat(found.failure()).isEmpty();
        assertThat(buyer.finds(SLICES)).extracting(Flavor::id).containsExactly(name);
        var candidate =
                buyer.look(tx -> buyer.candidates.matching(tx, SLICES, net.now)).getFirst();
        var owner = buyer.look(tx -> buyer.peers.find(tx, candidate.peer())).orElseThrow();
        assertThat(owner.endpoint().address()).isEqualTo(seller.self.address());
        assertThat(candidate.asOf()).as("it was looked at").isEqualTo(net.now);
        List<Known> asked = buyer.look(buyer.peers::reachable);
        assertThat(asked)
                .as("the owner is not asked what it offers")
                .extracting(peer -> peer.node().orElse(""))
                .containsExactly("k");
        assertThat(steps(buyer)).contains("W4 #17 OFFER_VERIFIED");
        assertThat(steps(catalog)).contains("W4 #14 CATALOG_MATCHED", "W4 #15 LIST_ANSWERED");
    }

    @Test
    void what_was_sold_behind_its_back_is_dropped_reported_and_the_next_one_found() {
        begin(true);
        var sold = seller.offers();
        seller.publishes(catalog);
        var other = net.node("o", "sea.example");
        var next = other.offers();
        other.publishes(catalog);
        net.line = (to, call, answer) -> {
            if (call.path().contains("offers") && call.method().equals("DELETE")) {
                throw new NoAnswer("the catalog does not hear of it", false);
            }
            return answer.come();
        };
        held(sold, "8", "32Gi", "110");
        assertThat(told()).as("the catalog still tells it").contains(sold, next);
        buyer.discover(SLICES, TRACE);
        assertThat(buyer.finds(SLICES)).extracting(Flavor::id).containsExactly(next);
        buyer.settle();
        catalog.settle();
        assertThat(told()).containsExactly(next);
        assertThat(steps(buyer)).contains("W4 #24 OFFER_REPORTED");
        assertThat(catalog.lists()).as("asked once, and to look").isEqualTo(3);
    }

    @Test
    void while_the_catalog_is_down_its_last_answer_counts_for_its_ttl() {
        begin(true);
        var name = seller.offers();
        seller.publishes(catalog);
        buyer.discover(SLICES, TRACE);
        catalog.away = true;
        net.advance(Duration.ofSeconds(200));
        var found = buyer.discover(SLICES, TRACE);
        assertThat(found.failed()).hasSize(1);
        assertThat(found.candidates()).isEqualTo(1);
        assertThat(buyer.finds(SLICES)).extracting(Flavor::id).containsExactly(name);
        net.advance(Duration.ofSeconds(100));
        assertThat(buyer.discover(SLICES, TRACE).failure()).contains("no peer answered");
        assertThat(buyer.finds(SLICES)).isEmpty();
    }

    /// Of what is said to the catalog a third is lost, or its answer is, or something old comes again.
    @Test
    void whatever_is_lost_on_the_way_the_catalog_ends_with_what_is_offered() {
        begin(true);
        var chance = new Random(4);
        var old = new ArrayList<Call>();
        var name = seller.offers();
        seller.publishes(catalog);
        boolean[] trouble = {true};
        net.line = (to, call, answer) -> {
            if (to != catalog || !trouble[0]) {
                return answer.come();
            }
            old.add(call);
            return switch (chance.nextInt(9)) {
                case 0 -> throw new NoAnswer("the question was lost", false);
                case 1 -> {
                    answer.come();
                    throw new NoAnswer("the answer was lost", true);
                }
                case 2 -> {
                    trouble[0] = false;
                    seller.asks(catalog, old.get(chance.nextInt(old.size())));
                    trouble[0] = true;
                    yield answer.come();
                }
                default -> answer.come();
            };
        };
        for (int round = 0; round < 6; round++) {
            List<Flavor> listed = seller.look(tx -> seller.market.list(tx, Optional.empty()));
            held(listed.isEmpty() ? name : listed.getFirst().id(), "1", "2Gi", "5");
            seller.settle();
            net.advance(Duration.ofSeconds(40));
            seller.publishing.refresh();
        }
        trouble[0] = false;
        net.advance(Duration.ofSeconds(101));
        seller.settle();
        seller.publishing.refresh();
        seller.settle();
        List<Flavor> listed = seller.look(tx -> seller.market.list(tx, Optional.empty()));
        assertThat(told())
                .containsExactlyInAnyOrderElementsOf(
                        listed.stream().map(Flavor::id).toList());
    }

    @Test
    void what_the_database_can_tell_apart_is_not_read() {
        begin(true);
        var one = seller.offers();
        var other = seller.offers();
        seller.publishes(catalog);
        catalog.look(tx -> tx.sql().execute("update published set body = '{}', cpu = cpu + 1 where flavor = ?", other));
        assertThat(told(Map.of("filter[cpu][match]", List.of("8")))).containsExactly(one);
        catalog.look(tx -> tx.sql().execute("update published set cpu = null, words = null where flavor = ?", one));
        assertThat(told(Map.of("filter[cpu][match]", List.of("8"))))
                .as("written before there were columns")
                .containsExactly(one);
    }
}
