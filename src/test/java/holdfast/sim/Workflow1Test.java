package holdfast.sim;

import static holdfast.sim.World.vm;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.engine.Resource;
import holdfast.protocol.rear.Flavor;
import holdfast.protocol.rear.StepTexts;
import holdfast.protocol.rear.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// An intent that finds no room at home, from the first step to the last (fluidos.md 4.1).
final class Workflow1Test {
    private static final Duration TERM = Duration.ofHours(4);
    private static final String INTENT = """
            name: render
            hours: 2
            parts:
              - {name: front, cpu: 2, memory: 4Gi, disk: 10Gi}
            """;

    @AutoClose
    private final Domains domains = new Domains(1);

    private Domain buyer;
    private Domain seller;

    @BeforeEach
    void start() {
        seller = domains.add("seller");
        buyer = domains.add("buyer");
        seller.sells();
        buyer.meets(seller);
        buyer.world.create("north", TERM, vm("n", "NORTH", 4)).orThrow();
        buyer.world.create("lab", TERM, vm("l", "LAB", 8), vm("m", "LAB", 8)).orThrow();
        domains.settle();
    }

    private Resource apply() {
        var intents = buyer.world.intents;
        var made = intents.understand(INTENT)
                .flatMap(understood -> intents.create(World.ALICE, understood))
                .orThrow();
        domains.settle();
        return made;
    }

    private String state(Resource intent) {
        return buyer.world.slice(intent.id()).state();
    }

    @Test
    void all_thirty_one_steps_are_in_the_journal() {
        var intent = apply();
        assertThat(state(intent)).isEqualTo("Running");
        var trace = buyer.world
                .look(tx -> tx.sql()
                        .fetchValue(
                                "select trace from journal where resource = ? and trace is not null limit 1",
                                intent.id()))
                .toString();
        var steps = Stream.concat(buyer.steps(trace).stream(), seller.steps(trace).stream())
                .toList();
        assertThat(StepTexts.numbers(Workflow.W1, steps))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(IntStream.rangeClosed(1, 31).mapToObj(Integer::toString), Stream.of("18a"))
                                .toList());
        domains.neverEver();
        domains.agree();
    }

    @Test
    void an_intent_in_mspl_with_two_parts_is_two_contracts_over_the_wire() {
        var unconditional = IntentStoriesTest.sample("mspl-two-resources.xml")
                .replaceAll("(?s)<hardConstraint>.*?</hardConstraint>", "");
        var intents = buyer.world.intents;
        var intent = intents.understand(unconditional)
                .flatMap(understood -> intents.create(World.ALICE, understood))
                .orThrow();
        domains.settle();
        assertThat(state(intent)).isEqualTo("Running");
        assertThat(buyer.states("solver")).containsExactly("solved", "solved");
        for (var side : List.of(buyer, seller)) {
            assertThat(side.contracts()).extracting(Resource::state).containsExactly("active", "active");
        }
        assertThat(seller.world.substrates.values().stream()
                        .mapToInt(substrate -> substrate.present.size())
                        .sum())
                .isEqualTo(2);
        domains.neverEver();
        domains.agree();
        buyer.world.intents.delete(World.ALICE, intent.id()).orThrow();
        domains.settleFor(Duration.ofMinutes(10), Duration.ofMinutes(5));
        assertThat(seller.contracts()).extracting(Resource::state).containsOnly("terminated");
        domains.agree();
    }

    private List<Flavor> listed() {
        return seller.world.look(tx -> seller.world.broker.market().list(tx, Optional.empty()));
    }

    @Test
    void one_call_takes_all_of_it_down_on_both_sides() {
        var offered = listed();
        var intent = apply();
        assertThat(seller.world.substrates.values())
                .as("it runs at the seller")
                .anySatisfy(substrate -> assertThat(substrate.present).isNotEmpty());
        buyer.world.intents.delete(World.ALICE, intent.id()).orThrow();
        domains.settleFor(Duration.ofMinutes(10), Duration.ofMinutes(1));
        assertThat(state(intent)).isEqualTo("Released");
        assertThat(seller.world.substrates.values())
                .allSatisfy(substrate -> assertThat(substrate.present).isEmpty());
        assertThat(seller.contracts()).extracting(Resource::state).containsOnly("terminated");
        assertThat(buyer.contracts()).extracting(Resource::state).containsOnly("terminated");
        assertThat(List.of(seller.states("lending"), buyer.states("borrowing")))
                .containsExactly(List.of("ended"), List.of("returned"));
        assertThat(listed()).isEqualTo(offered);
        domains.agree();
    }
}
