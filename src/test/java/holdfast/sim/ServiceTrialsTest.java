package holdfast.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.authority.Deployment;
import holdfast.core.Answer;
import holdfast.drivers.simulated.SimulatedFabric;
import holdfast.engine.Resource;
import holdfast.federation.wire.Call;
import holdfast.platform.Json;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Services are sold, made and taken down, with a kill of either side on the way.
///
/// Kills at each 41st write; all with `-Dholdfast.stride=1`.
final class ServiceTrialsTest {
    private static final int STRIDE = Integer.getInteger("holdfast.stride", 41);
    private static final Duration STEP = Duration.ofSeconds(10);
    private static final String DATABASE =
            "{name: data, hours: 2, parts: [{name: store, kind: service, category: database}]}";

    /// Two domains, one of which sells a database.
    private static final class Lab implements AutoCloseable {
        final Domains domains = new Domains(1);
        final Domain seller = domains.add(
                "seller",
                TwoClusters.MILAN,
                platform -> new SimulatedFabric(TwoClusters.MILAN.id(), List.of(), platform));
        final Domain buyer = domains.add("buyer");

        Lab() {
            buyer.meets(seller);
            ServiceShop.open(seller.world, seller.node);
            domains.settle();
        }

        void look(int times) {
            domains.settleFor(STEP.multipliedBy(times), STEP);
        }

        void nothingIsLeft(String when) {
            assertThat(TwoClusters.parts(seller)).as(when).isEmpty();
            assertThat(seller.states(Deployment.TYPE)).as(when).isSubsetOf("removed", "failed");
            assertThat(seller.all(Deployment.TYPE))
                    .as(when)
                    .allSatisfy(
                            one -> assertThat(one.as(Deployment.class).order()).isEmpty());
            domains.neverEver();
            domains.agree();
        }

        @Override
        public void close() {
            domains.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_intent_has_its_service_or_nothing_whoever_dies(boolean before) {
        boolean died = true;
        for (int at = before ? 5 : 5 + STRIDE / 2; died; at += STRIDE) {
            boolean buyer = bought(at, before, true);
            died = bought(at, before, false) || buyer;
        }
    }

    /// @param commit at which the one dies
    /// @return whether it came to that
    private static boolean bought(int commit, boolean before, boolean buyer) {
        try (var lab = new Lab()) {
            var victim = buyer ? lab.buyer : lab.seller;
            var when = "%s killed %s commit %d".formatted(victim.node.id(), before ? "before" : "after", commit);
            victim.diesAt(commit, before);
            var understood = lab.buyer.world.intents.understand(DATABASE).orThrow();
            var made = new AtomicReference<Resource>();
            lab.buyer.surely(() -> made.set(
                    lab.buyer.world.intents.create(World.ALICE, understood) instanceof Answer.Yes<Resource>(var intent)
                            ? intent
                            : lab.buyer.all("intent").getFirst())); // it died after it had written that
            lab.look(6);
            var intent = made.get().id();
            if (buyer) { // of a seller that does not answer just then nothing is bought
                assertThat(lab.buyer.world.slice(intent).state()).as(when).isEqualTo("Running");
            }
            lab.buyer.surely(
                    () -> lab.buyer.world.intents.delete(World.ALICE, intent).orThrow());
            lab.look(12);
            assertThat(lab.buyer.world.slice(intent).state()).as(when).isIn("Released", "Failed");
            victim.isSafe();
            lab.nothingIsLeft(when);
            return victim.deaths > 0;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_service_at_its_buyers_is_made_and_taken_down_once_whenever_its_seller_dies(boolean before) {
        for (int at = before ? 3 : 3 + STRIDE / 2; hosted(at, before); at += STRIDE) {}
    }

    private static boolean hosted(int commit, boolean before) {
        try (var lab = new Lab()) {
            lab.seller.diesAt(commit, before);
            var when = "killed %s commit %d".formatted(before ? "before" : "after", commit);
            var listed = lab.seller
                    .world
                    .look(tx -> lab.seller.world.broker.market().list(tx, Optional.empty()))
                    .getFirst();
            var held = call(lab, Call.post(List.of("api", "v2", "reservations"), """
                    {"flavorID": "%s", "buyerID": {"ID": "anna", "IP": "10.0.0.9:30000", "domain": "b.example",
                     "additionalInformation": {"liqoID": "buyer-cluster"}}, "configuration": {"type": "service",
                     "data": {"hostingPolicy": "Consumer", "configurationData": {}}}}""".formatted(listed.id())));
            var way = Base64.getEncoder().encodeToString("the way in".getBytes(UTF_8));
            var sold = call(
                    lab,
                    Call.post(
                            List.of(
                                    "api",
                                    "v2",
                                    "transactions",
                                    held.path("transactionID").stringValue(),
                                    "purchase"),
                            "{\"liqoCredentials\": {\"clusterID\": \"buyer-cluster\", \"kubeconfig\": \"%s\"}}"
                                    .formatted(way)));
            lab.look(8);
            assertThat(lab.seller.states(Deployment.TYPE)).as(when).containsExactly("active");
            assertThat(TwoClusters.parts(lab.seller))
                    .as(when)
                    .containsOnly(Map.entry("pair", 1L), Map.entry("slice", 1L), Map.entry("workload", 1L));
            var contract = sold.path("contractID").stringValue();
            call(lab, new Call("DELETE", List.of("api", "v2", "contracts", contract), Map.of(), Map.of(), ""));
            lab.look(8);
            lab.seller.isSafe();
            lab.nothingIsLeft(when);
            return lab.seller.deaths > 0;
        }
    }

    /// Asked once more if it dies over it.
    private static JsonNode call(Lab lab, Call call) {
        var said = new AtomicReference<JsonNode>();
        lab.seller.surely(() -> {
            var reply = lab.seller.answer(call);
            assertThat(reply.status()).as(reply.body()).isIn(200, 202);
            said.set(reply.body().isEmpty() ? Json.object() : Json.tree(reply.body()));
        });
        lab.domains.settle();
        return said.get();
    }
}
