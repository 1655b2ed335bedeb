package holdfast.sim;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.drivers.kubernetes.PlayedClusters;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// One domain buys parts of the clusters of two others, each with a real API server; Liqo is played (fluidos.md 4.6).
/// The time of the domains passes faster than that of the clusters.
@Timeout(600)
final class RealClustersTest {
    private static final String TURIN = TwoClusters.TURIN.id();
    private static final String MILAN = TwoClusters.MILAN.id();
    private static final String ROME = TwoClusters.ROME.id();

    private static TwoClusters open(PlayedClusters clusters) {
        var two = new TwoClusters(false, clusters::seller, clusters::buyer, clusters::turn);
        two.another(platform -> clusters.seller(ROME, platform));
        return two;
    }

    private static void nothingIsLeft(TwoClusters two, PlayedClusters clusters) {
        assertThat(two.becomes(
                        () -> clusters.nodes().isEmpty() && clusters.left().isEmpty()))
                .as("nodes %s, and %s", clusters.nodes(), clusters.left())
                .isTrue();
        two.domains.neverEver();
        two.domains.agree();
        two.domains.all.forEach(domain -> domain.world.fabric.close());
    }

    @Test
    void of_two_sellers_each_has_room_for_one_of_two_workloads_and_is_a_node_while_it_runs() {
        try (var clusters = PlayedClusters.real(TURIN, MILAN, ROME);
                var two = open(clusters)) {
            var intents = List.of(two.ask("web", "5"), two.ask("shop", "5"));
            two.becomes(() -> intents.stream().map(two::state).allMatch("Running"::equals));
            assertThat(intents).extracting(two::state).containsOnly("Running");
            assertThat(clusters.nodes()).hasSize(2).containsExactlyInAnyOrderElementsOf(clusters.tied());
            for (var seller : List.of(MILAN, ROME))
                assertThat(clusters.slices(seller).values()).as(seller).containsExactly("5");

            two.delete(intents.getFirst());
            assertThat(two.becomes(() -> clusters.nodes().size() == 1)).isTrue();
            assertThat(two.state(intents.getLast())).isEqualTo("Running");
            two.delete(intents.getLast());
            nothingIsLeft(two, clusters);
        }
    }
}
