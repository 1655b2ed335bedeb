package holdfast.sim;

import static holdfast.sim.World.vm;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.engine.Resource;
import holdfast.protocol.rear.StepTexts;
import holdfast.protocol.rear.Workflow;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// Intents that find no room at home, met through supernodes, from the first step to the last (fluidos.md 4.2, 4.3).
final class ChainsTest {
    private static final Duration TERM = Duration.ofHours(4);

    @AutoClose
    private final Domains domains = new Domains(1);

    private static void fill(Domain consumer) {
        consumer.world.create("north", TERM, vm("n", "NORTH", 4)).orThrow();
        consumer.world.create("lab", TERM, vm("l", "LAB", 8), vm("m", "LAB", 8)).orThrow();
    }

    private Resource apply(Domain consumer, String name) {
        var intents = consumer.world.intents;
        var made = intents.understand("""
                        name: %s
                        hours: 2
                        parts:
                          - {name: front, cpu: 2, memory: 4Gi, disk: 10Gi}
                        """.formatted(name))
                .flatMap(understood -> intents.create(World.ALICE, understood))
                .orThrow();
        domains.settle();
        assertThat(consumer.world.slice(made.id()).state()).isEqualTo("Running");
        return made;
    }

    private static Set<String> numbers(Workflow workflow, Domain at) {
        return StepTexts.numbers(workflow, at.steps());
    }

    private static Stream<String> from(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(Integer::toString);
    }

    @Test
    void all_forty_one_steps_are_in_the_journals_of_those_who_take_them() {
        var sc = domains.add("sc", "valais", true);
        var consumer = domains.add("c", "valais", false);
        var sp = domains.add("sp", "jura", true);
        var provider = domains.add("p", "jura", false);
        provider.sells();
        sc.meets(sp);
        consumer.joins(sc);
        provider.joins(sp);
        sp.gathers();
        fill(consumer);
        domains.settle();
        var intent = apply(consumer, "render");

        assertThat(numbers(Workflow.W3, consumer))
                .containsAll(from(1, 7).toList())
                .contains("16", "17", "18", "19", "20", "26a", "29", "30", "31")
                .containsAll(from(37, 41).toList());
        assertThat(numbers(Workflow.W3, sc)).containsExactly("8", "9", "10", "14", "15", "21", "28", "30", "26a");
        assertThat(numbers(Workflow.W3, sp)).containsExactly("11", "12", "13", "22", "27", "30", "26a");
        assertThat(numbers(Workflow.W3, provider))
                .containsExactly("23", "24", "25", "26", "32", "33", "34", "35", "36", "26a");
        var trace = intent.id().toString();
        assertThat(Stream.of(consumer, sc, sp, provider)
                        .map(domain -> StepTexts.numbers(Workflow.W3, domain.steps(trace)))
                        .flatMap(Set::stream)
                        .collect(Collectors.toSet()))
                .as("all of them under one trace")
                .containsAll(from(1, 41).toList());
        assertThat(Stream.of(sc, sp, provider).flatMap(domain -> domain.steps(trace).stream()))
                .as("it is no other workflow")
                .allMatch(step -> step.startsWith("W3 "));
        domains.neverEver();
        domains.agree();
    }

    @Test
    void all_steps_over_a_catalog_are_in_the_journals_of_those_who_take_them() {
        var sc = domains.add("sc", "valais", true);
        var consumer = domains.add("c", "valais", false);
        var sp = domains.add("sp", "jura", true);
        var provider = domains.add("p", "jura", false);
        var catalog = domains.add("k");
        catalog.keepsCatalog();
        provider.sells();
        sc.meets(catalog);
        consumer.joins(sc);
        provider.joins(sp);
        sp.gathers();
        sp.publishes(catalog);
        fill(consumer);
        for (int n = 0; n < 2; n++) {
            domains.settleFor(Duration.ofSeconds(60), Duration.ofSeconds(60));
            consumer.joins(sc);
            provider.joins(sp);
            sp.gathers();
        }
        sp.refreshes();
        var intent = apply(consumer, "render");
        domains.settleFor(Duration.ofMinutes(6), Duration.ofMinutes(2));

        assertThat(numbers(Workflow.W4, consumer))
                .containsAll(from(5, 11).toList())
                .contains("18", "19", "25", "28", "29", "30")
                .containsAll(from(36, 38).toList());
        assertThat(numbers(Workflow.W4, sc)).contains("12", "13", "16", "17", "18", "20", "22", "25", "26", "29", "39");
        assertThat(numbers(Workflow.W4, catalog)).containsExactlyInAnyOrder("14", "15");
        assertThat(numbers(Workflow.W4, sp)).contains("1", "2", "3", "21", "22", "23", "25", "29");
        assertThat(numbers(Workflow.W4, provider)).containsExactlyInAnyOrder("22", "25", "31", "32", "33", "34", "35");
        var trace = intent.id().toString();
        assertThat(Stream.of(sc, sp, provider, catalog).flatMap(domain -> domain.steps(trace).stream()))
                .as("it is no other workflow")
                .allMatch(step -> step.startsWith("W4 "));

        long rated = sc.steps().stream().filter(step -> step.contains("RATED")).count();
        consumer.world.intents.delete(World.ALICE, intent.id()).orThrow();
        domains.settleFor(Duration.ofMinutes(2), Duration.ofMinutes(1));
        assertThat(sc.steps().stream().filter(step -> step.contains("RATED")))
                .as("at the end, too")
                .hasSize((int) rated + 1);
        domains.neverEver();
        domains.agree();
    }

    @Test
    void a_catalog_that_stands_between_is_bought_of_and_nobody_behind_it_is_known() {
        var catalog = domains.add("k", "k", true);
        catalog.brokers();
        var seller = domains.add("seller");
        var buyer = domains.add("buyer");
        seller.sells();
        seller.publishes(catalog);
        buyer.meets(catalog);
        fill(buyer);
        domains.settle();
        var intent = apply(buyer, "render");

        assertThat(numbers(Workflow.W4, buyer)).contains("5", "19", "25", "28", "37", "38");
        assertThat(numbers(Workflow.W4, catalog)).contains("14", "15", "20", "25", "29");
        assertThat(buyer.all("peer")).extracting(Resource::name).containsExactly("k");
        assertThat(catalog.contracts()).extracting(Resource::state).containsExactly("active");
        domains.neverEver();
        domains.agree();
        buyer.world.intents.delete(World.ALICE, intent.id()).orThrow();
        domains.settleFor(Duration.ofHours(5), Duration.ofHours(1));
        domains.nothingIsLeft();
    }

    @Test
    void all_steps_between_nodes_of_one_domain_are_in_the_journals_of_those_who_take_them() {
        var supernode = domains.add("s", "valais", true);
        var consumer = domains.add("n", "valais", false);
        var provider = domains.add("m", "valais", false);
        provider.sells();
        consumer.joins(supernode);
        provider.joins(supernode);
        supernode.gathers();
        fill(consumer);
        domains.settleFor(Duration.ofSeconds(61), Duration.ofSeconds(61));
        consumer.joins(supernode);
        provider.joins(supernode);
        var intent = apply(consumer, "render");

        assertThat(numbers(Workflow.W2, supernode))
                .containsExactly("1", "2", "3", "4", "10", "11", "12", "13", "17", "20", "21", "23", "24", "27", "28");
        assertThat(numbers(Workflow.W2, provider)).containsExactly("18", "19", "25", "26", "30");
        assertThat(numbers(Workflow.W2, consumer))
                .containsAll(from(5, 9).toList())
                .contains("14", "15", "22", "29", "30", "31");
        domains.neverEver();
        domains.agree();

        domains.all.forEach(Domain::tellsAndListens);
        domains.all.forEach(Domain::watch);
        domains.settle();
        consumer.world.intents.delete(World.ALICE, intent.id()).orThrow();
        domains.settle();
        assertThat(numbers(Workflow.W2, supernode))
                .as("what changes is told by its owner")
                .contains("32");
        assertThat(numbers(Workflow.W2, consumer)).as("and told on").contains("32");
    }

    @Test
    void what_a_supernode_owns_itself_is_bought_of_it_alone() {
        var supernode = domains.add("s", "valais", true);
        var consumer = domains.add("n", "valais", false);
        supernode.sells();
        consumer.joins(supernode);
        fill(consumer);
        apply(consumer, "render");
        assertThat(numbers(Workflow.W2, supernode))
                .contains("1", "10", "13", "16")
                .doesNotContain("11", "17", "18");
        assertThat(numbers(Workflow.W2, consumer)).contains("15", "22", "31");
        domains.neverEver();
        domains.agree();
    }
}
