package holdfast.api.resources;

import static holdfast.api.resources.TestDomain.ALICE;
import static holdfast.api.resources.TestDomain.BOB;
import static holdfast.protocol.rear.Samples.flavor;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.broker.market.SellerPeering;
import holdfast.core.Interval;
import holdfast.drivers.simulated.SimulatedSettings;
import holdfast.federation.UpstreamSeller;
import holdfast.federation.buying.Deal;
import holdfast.federation.peers.Peers;
import holdfast.protocol.rear.Contract;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.Samples;
import holdfast.protocol.rear.Selector;
import holdfast.protocol.rear.Trace;
import holdfast.protocol.rear.Workflow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is heard of others and bought of them, over the native interface.
@Timeout(300)
final class BoughtApiTest {
    private static final Trace TRACE = new Trace("trace-7", Workflow.W1);

    @AutoClose
    private final TestDatabase test = TestDatabase.fresh();

    @AutoClose
    private final TestDomain domain =
            new TestDomain(test, SimulatedSettings.PERFECT, "src/test/resources/sim/lab-ad.graphml");

    @AutoClose
    private final UpstreamSeller upstream = new UpstreamSeller();

    private void discover(FlavorType type) {
        domain.discovery.discover(Selector.of(type, List.of()).orThrow(), TRACE, new UUID(1, 1));
    }

    private List<String> names(String query) {
        var page = domain.get(domain.admin, "/v1/candidates" + query);
        assertThat(page.status()).as(page.text()).isEqualTo(200);
        return page.json()
                .path("data")
                .valueStream()
                .map(one -> one.path("name").stringValue())
                .toList();
    }

    @Test
    void offers_that_were_heard_of_are_listed_by_kind_peer_and_state_a_page_at_a_time() {
        upstream.flavors.addAll(
                List.of(flavor("a", Samples.slice()), flavor("b", Samples.slice()), flavor("c", Samples.service())));
        var peer = domain.post(
                domain.admin, "/v1/peers", "{\"name\": \"torino\", \"address\": \"" + upstream.address() + "\"}");
        discover(FlavorType.K8SLICE);
        discover(FlavorType.SERVICE);

        assertThat(names("")).containsExactly("a", "b", "c");
        assertThat(names("?kind=service")).containsExactly("c");
        assertThat(names("?peer=torino&state=fresh&kind=k8slice")).containsExactly("a", "b");
        assertThat(names("?state=gone")).isEmpty();
        var first = domain.get(domain.admin, "/v1/candidates?limit=2").json();
        var shown = first.path("data").get(0);
        assertThat(shown.path("peerId")).isEqualTo(peer.json().path("id"));
        assertThat(shown.path("amounts").path("cpu").stringValue())
                .isEqualTo(Samples.slice()
                        .vector()
                        .get(holdfast.protocol.rear.Dimension.CPU)
                        .text());
        var next = first.path("pagination").path("next").stringValue();
        assertThat(domain.get(domain.admin, next)
                        .json()
                        .path("data")
                        .valueStream()
                        .map(one -> one.path("name").stringValue()))
                .containsExactly("c");

        assertThat(domain.get(domain.admin, "/v1/candidates?state=old").text()).contains("it is one of fresh, stale");
        assertThat(domain.get(domain.admin, "/v1/candidates?after=7").status()).isEqualTo(400);
        assertThat(domain.get(domain.admin, "/v1/candidates?peer=nobody").status())
                .isEqualTo(404);
        assertThat(domain.get(ALICE, "/v1/candidates").status()).isEqualTo(403);
    }

    /// A contract that was bought for alice's project.
    private String bought(String name) {
        var now = Instant.now();
        var term = new Interval(now, now.plusSeconds(3600));
        var contract = new Contract(
                name,
                "transaction",
                flavor("a", Samples.slice()),
                Optional.empty(),
                Samples.BUYER,
                "cluster",
                Samples.OWNER,
                Optional.empty(),
                Optional.of(term.until()),
                Map.of("price.amount", "0.40", "x-rear-signature", "e30..x"),
                Optional.empty(),
                Optional.empty());
        var deal = new Deal(
                "buyer",
                new UUID(2, 2),
                new UUID(3, 3),
                contract,
                Samples.slice().vector(),
                term,
                TRACE,
                Optional.of("sealed-secret"),
                Optional.empty());
        return domain.database.inTransaction(tx -> {
            var resource = domain.engine
                    .resources()
                    .fresh(
                            UUID.randomUUID(),
                            Deal.TYPE,
                            Peers.ACTOR,
                            Optional.empty(),
                            name,
                            "active",
                            "physics",
                            deal);
            domain.engine.resources().insert(tx, resource, Peers.ACTOR, "bought");
            return name;
        });
    }

    @Test
    void a_contract_is_renewed_by_those_for_whom_it_was_bought_and_only_of_sellers_that_renew() {
        var path = "/v1/contracts/" + bought("contract-2");
        assertThat(domain.get(ALICE, path).json().path("actions").path("renew").stringValue())
                .contains("action=renew");
        var renew = path + "?action=renew";
        assertThat(domain.post(BOB, renew, "{\"until\": \"2099-01-01T00:00:00Z\"}")
                        .status())
                .isEqualTo(404);
        assertThat(domain.post(ALICE, renew, "{}").text()).contains("until is missing");
        assertThat(domain.post(ALICE, renew, "{\"until\": \"soon\"}").text()).contains("until");
        assertThat(domain.post(ALICE, renew, "{\"until\": \"2001-01-01T00:00:00Z\"}")
                        .text())
                .contains("already: name a later time");
        assertThat(domain.post(ALICE, renew, "{\"until\": \"2099-01-01T00:00:00Z\"}")
                        .text())
                .contains("renews none: buy anew");
    }

    @Test
    void a_peering_of_what_was_sold_is_shown_to_administrators_alone() {
        var id = new UUID(4, 4);
        domain.database.inTransaction(tx -> {
            var resources = domain.engine.resources();
            var record = new SellerPeering(
                    SellerPeering.SELLER, new UUID(4, 5), Samples.slice().vector(), Optional.of(Instant.EPOCH));
            var fresh = resources.fresh(
                    id, SellerPeering.TYPE, "broker", Optional.empty(), "contract-9", "active", "-", record);
            return resources.insert(tx, fresh, "broker", "sold");
        });
        assertThat(domain.get(ALICE, "/v1/peerings/" + id).status()).isEqualTo(404);
        var shown = domain.get(domain.admin, "/v1/peerings").json().path("data").get(0);
        assertThat(shown.path("side").stringValue()).isEqualTo("seller");
        assertThat(shown.path("contract").stringValue()).isEqualTo("contract-9");
        assertThat(shown.path("state").stringValue()).isEqualTo("active");
        assertThat(shown.path("activeAt").stringValue()).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(shown.path("lent").path("memory").stringValue())
                .isEqualTo(Samples.slice()
                        .vector()
                        .get(holdfast.protocol.rear.Dimension.MEMORY)
                        .text());
    }

    @Test
    void a_contract_is_seen_and_released_by_those_for_whom_it_was_bought() {
        var path = "/v1/contracts/" + bought("contract-1");
        var shown = domain.get(ALICE, path);
        assertThat(shown.json().path("side").stringValue()).isEqualTo("buyer");
        assertThat(shown.json().path("trace").stringValue()).isEqualTo("trace-7");
        assertThat(shown.json().path("price").toString()).isEqualTo("{\"price.amount\":\"0.40\"}");
        assertThat(shown.json().path("actions").path("release").stringValue()).contains("action=release");
        assertThat(shown.text()).doesNotContain("sealed-secret", "credentials");
        assertThat(domain.get(BOB, path).status()).isEqualTo(404);

        assertThat(domain.post(BOB, path + "?action=release", "{}").status()).isEqualTo(404);
        assertThat(domain.post(ALICE, path + "?action=sign", "{}").text())
                .contains("a contract has the actions release, renew");
        var released = domain.post(ALICE, path + "?action=release", "{}");
        assertThat(released.status()).as(released.text()).isEqualTo(202);
        assertThat(released.json().path("state").stringValue()).isEqualTo("terminated");
        assertThat(domain.post(domain.admin, path + "?action=release", "{}").status())
                .as("told twice is once")
                .isEqualTo(202);
    }

    @Test
    void a_search_is_begun_by_hand_raised_and_ended_by_those_of_its_project() {
        upstream.flavors.add(flavor("a", Samples.slice()));
        domain.post(domain.admin, "/v1/peers", "{\"name\": \"torino\", \"address\": \"" + upstream.address() + "\"}");
        discover(FlavorType.K8SLICE);
        var rated = domain.get(domain.admin, "/v1/peers/torino").json().path("ratings");
        assertThat(rated.path("k8slice").path("list").path("kept").intValue()).isEqualTo(1);
        assertThat(rated.path("k8slice").path("score").doubleValue()).isEqualTo(0.51);

        var refused = domain.post(ALICE, "/v1/solvers", "{\"cores\": 0, \"wants\": [\"fly\"], \"hard\": [\"x\"]}");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text()).contains("cores", "ram is missing", "find, buy and peer", "hard[0]");
        var begun = domain.post(
                ALICE, "/v1/solvers", "{\"cores\": 2, \"ram\": 4, \"hours\": 2, \"soft\": [\"latency <= 40ms\"]}");
        assertThat(begun.status()).as(begun.text()).isEqualTo(201);
        assertThat(begun.json().path("state").stringValue()).isEqualTo("solved");
        assertThat(begun.json().path("wants").toString()).isEqualTo("[\"find\"]");
        assertThat(begun.json().path("sliverId").isNull()).isTrue();

        var path = "/v1/solvers/" + begun.json().path("id").stringValue();
        assertThat(domain.get(BOB, path).status()).isEqualTo(404);
        assertThat(domain.post(BOB, path + "?action=raise", "{\"wants\":[\"buy\"]}")
                        .status())
                .isEqualTo(404);
        assertThat(domain.post(ALICE, path + "?action=raise", "{}").text()).contains("wants is missing");
        var raised = domain.post(ALICE, path + "?action=raise", "{\"wants\": [\"buy\"]}");
        assertThat(raised.status()).as(raised.text()).isEqualTo(202);
        assertThat(raised.json().path("wants").toString()).isEqualTo("[\"find\",\"buy\"]");
        assertThat(raised.json().path("buy").stringValue()).isEqualTo("running");
        var way = raised.json().path("links").path("purchases").stringValue();
        assertThat(way).endsWith(path + "/purchases");
        var asked = domain.get(ALICE, path + "/purchases?_removed=true&limit=1000");
        assertThat(asked.json()
                        .path("data")
                        .valueStream()
                        .map(one -> one.path("flavor").stringValue()))
                .as(asked.text())
                .containsExactly("a");
        var within = domain.get(ALICE, path + "?include=purchases").json();
        assertThat(within.path("purchases")).as(within.toString()).hasSize(1);
        assertThat(domain.get(BOB, path + "/purchases").status()).isEqualTo(404);

        assertThat(domain.delete(BOB, path).status()).isEqualTo(404);
        var ended = domain.delete(ALICE, path);
        assertThat(ended.status()).as(ended.text()).isEqualTo(202);
        assertThat(domain.get(ALICE, "/v1/solvers").json().path("data")).isEmpty();
        assertThat(domain.delete(ALICE, path).status()).isEqualTo(404);
    }
}
