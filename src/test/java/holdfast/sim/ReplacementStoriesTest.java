package holdfast.sim;

import static holdfast.sim.World.vm;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.broker.market.Offer;
import holdfast.engine.Resource;
import holdfast.federation.buying.Peering;
import holdfast.federation.buying.Solver;
import holdfast.federation.choice.Conduct;
import holdfast.federation.choice.Deed;
import holdfast.federation.peers.Ratings;
import holdfast.orchestrator.intents.IntentRecord;
import holdfast.protocol.rear.Constraint;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.FlavorType;
import holdfast.protocol.rear.Price;
import holdfast.protocol.rear.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What runs under an intent and is lost, or no longer what was promised, runs elsewhere after that (fluidos.md 3.10,
/// 6.9, 7).
final class ReplacementStoriesTest {
    private static final Duration TERM = Duration.ofHours(9);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @AutoClose
    private final Domains domains = new Domains(1);

    private Domain buyer;
    private Domain cheap;
    private Domain dear;
    private UUID intent;

    @BeforeEach
    void start() {
        cheap = domains.add("cheap");
        dear = domains.add("dear");
        buyer = domains.add("buyer");
        offers(cheap, "0.10");
        buyer.meets(cheap);
        buyer.world.create("north", TERM, vm("n", "NORTH", 4)).orThrow();
        buyer.world.create("lab", TERM, vm("l", "LAB", 8), vm("m", "LAB", 8)).orThrow();
        domains.settle();
    }

    private void another() {
        offers(dear, "0.40");
        buyer.meets(dear);
    }

    private static void offers(Domain seller, String price) {
        var whole = Samples.flavor("root", Samples.slice());
        var flavor = new Flavor(
                whole.id(),
                seller.node.id(),
                seller.node,
                whole.kind(),
                Optional.of(new Price(price, "EUR", "hour")),
                true,
                whole.network(),
                whole.place(),
                seller.world.now(),
                whole.extra());
        var offer = new Offer(flavor, seller.world.now(), Optional.of(MarketStoriesTest.labHost(seller.world)));
        seller.world.run(tx -> seller.world.broker.market().offer(tx, UUID.randomUUID(), offer, "operators", "admin"));
    }

    private void apply() {
        var intents = buyer.world.intents;
        var text = """
                name: render
                hours: 8
                parts:
                  - {name: front, cpu: 2, memory: 4Gi, disk: 10Gi, hard: [latency <= 40ms]}
                """;
        intent = intents.understand(text)
                .flatMap(understood -> intents.create(World.ALICE, understood))
                .orThrow()
                .id();
        domains.settle();
        assertThat(state()).isEqualTo("Running");
        assertThat(machines(cheap)).isEqualTo(1);
    }

    private static int machines(Domain seller) {
        return seller.world.substrates.get("lab-am").present.size();
    }

    private String state() {
        return buyer.world.slice(intent).state();
    }

    private String message() {
        return buyer.world.slice(intent).message().orElse("");
    }

    private List<String> life() {
        return buyer.world.states(intent).stream().toList();
    }

    /// A minute passes in which all do what servers do again and again.
    private void minutes(int count) {
        for (int n = 0; n < count; n++) {
            domains.settleFor(MINUTE, MINUTE);
            domains.all.forEach(Domain::looks);
            domains.settle();
        }
    }

    private void measured(String latency) {
        var seen = Constraint.of("latency = " + latency).orThrow();
        buyer.world
                .intents
                .measured(World.ALICE, intent, "front", List.of(seen))
                .orThrow();
        domains.settleFor(Duration.ofSeconds(30), Duration.ofSeconds(30));
    }

    private Conduct conduct(Domain seller) {
        var peer = buyer.all("peer").stream()
                .filter(one -> one.name().equals(seller.node.id()))
                .map(Resource::id)
                .findFirst()
                .orElseThrow();
        return buyer.world
                .look(tx -> Ratings.of(tx, List.of(peer)))
                .getOrDefault(peer, Map.of())
                .getOrDefault(FlavorType.K8SLICE, Conduct.UNKNOWN);
    }

    private void runsElsewhere() {
        assertThat(state()).isEqualTo("Running");
        assertThat(List.of(machines(cheap), machines(dear))).containsExactly(0, 1);
        assertThat(cheap.contracts()).extracting(Resource::state).containsExactly("terminated");
        assertThat(dear.contracts()).extracting(Resource::state).containsExactly("active");
        var term = conduct(cheap).deeds().get(Deed.TERM);
        assertThat(List.of(term.kept(), term.tries()))
                .as("it counts against the seller")
                .containsExactly(0L, 1L);
        domains.neverEver();
        domains.agree();
        buyer.world.intents.delete(World.ALICE, intent).orThrow();
        domains.settleFor(Duration.ofHours(10), Duration.ofHours(1));
        domains.keepHouse();
        domains.nothingIsLeft();
    }

    @Test
    void a_machine_that_is_gone_is_replaced_and_the_old_contract_given_back() {
        another();
        apply();
        cheap.world.substrates.get("lab-am").present.clear();
        minutes(2);
        assertThat(state()).as("it may come back").isEqualTo("Running");
        minutes(3);
        assertThat(life()).containsSubsequence("Running", "Violated", "Acquiring", "Running");
        assertThat(message()).contains("part front was replaced: the machine is gone");
        runsElsewhere();
    }

    @Test
    void trouble_that_passes_costs_nothing() {
        another();
        apply();
        var present = cheap.world.substrates.get("lab-am").present;
        var machine = Map.copyOf(present);
        present.clear();
        minutes(1);
        present.putAll(machine);
        minutes(5);
        assertThat(life()).doesNotContain("Violated");
        assertThat(buyer.all(Solver.TYPE)).hasSize(1);
    }

    @Test
    void what_is_measured_outside_of_a_hard_condition_three_times_moves_and_never_stands_still() {
        another();
        apply();
        measured("80ms");
        measured("39ms");
        measured("80ms");
        measured("80ms");
        assertThat(state()).as("not three in a row").isEqualTo("Running");
        assertThat(machines(dear)).isZero();
        measured("80ms");
        assertThat(life()).containsSubsequence("Running", "Violated", "Acquiring", "Running");
        assertThat(message()).contains("'latency <= 40' was asked for");
        runsElsewhere();
    }

    @Test
    void the_old_one_runs_until_the_new_one_does() {
        another();
        apply();
        dear.world.substrates.get("lab-am").trouble = (verb, _) -> {
            if (verb.equals("ensure")) {
                throw new IllegalStateException("not now");
            }
        };
        for (int n = 0; n < 3; n++) measured("80ms");
        assertThat(state()).isEqualTo("Placing");
        assertThat(List.of(machines(cheap), machines(dear))).containsExactly(1, 0);
        assertThat(buyer.states(Peering.TYPE))
                .as("it is to be seen which one is bad")
                .contains("error", "active");
        dear.world.substrates.get("lab-am").trouble = SimSubstrate.Trouble.NONE;
        minutes(3);
        runsElsewhere();
    }

    @Test
    void a_seller_that_vanishes_is_replaced_after_five_minutes_and_not_sooner() {
        another();
        apply();
        domains.wire.away.add(cheap.node.address());
        minutes(4);
        assertThat(state()).isEqualTo("Running");
        assertThat(machines(dear)).isZero();
        minutes(4);
        assertThat(state()).isEqualTo("Running");
        assertThat(message()).contains("its seller was not heard for 5 minutes");
        assertThat(machines(dear)).isEqualTo(1);
        domains.wire.away.clear();
        minutes(3);
        domains.settleFor(Duration.ofHours(1), Duration.ofMinutes(10));
        runsElsewhere();
    }

    @Test
    void what_its_seller_takes_back_runs_elsewhere() {
        another();
        apply();
        cheap.endsSold(cheap.contracts().getFirst().id());
        minutes(2);
        runsElsewhere();
    }

    @Test
    void it_is_tried_three_times_with_pauses_and_runs_badly_if_nobody_has_better() {
        apply();
        for (int n = 0; n < 3; n++) measured("80ms");
        assertThat(state()).isEqualTo("Violated");
        assertThat(buyer.all(Solver.TYPE)).hasSize(2);
        domains.settleFor(Duration.ofMinutes(4), Duration.ofMinutes(4));
        assertThat(buyer.all(Solver.TYPE)).as("a pause").hasSize(2);
        domains.settleFor(Duration.ofMinutes(2), Duration.ofMinutes(2));
        assertThat(buyer.all(Solver.TYPE)).hasSize(3);
        domains.settleFor(Duration.ofMinutes(18), Duration.ofMinutes(9));
        assertThat(buyer.all(Solver.TYPE)).as("a longer pause").hasSize(3);
        domains.settleFor(Duration.ofHours(3), Duration.ofMinutes(30));
        assertThat(buyer.all(Solver.TYPE)).as("no more than three times").hasSize(4);
        assertThat(state()).isEqualTo("Violated");
        assertThat(machines(cheap)).as("better than nothing").isEqualTo(1);
        var care = buyer.world
                .slice(intent)
                .as(IntentRecord.class)
                .parts()
                .getFirst()
                .care();
        assertThat(care.tries()).isEqualTo(3);

        cheap.endsSold(cheap.contracts().getFirst().id());
        domains.settle();
        assertThat(state()).as("now there is nothing").isEqualTo("Failed");
        domains.settleFor(Duration.ofHours(10), Duration.ofHours(1));
        domains.nothingIsLeft();
    }
}
