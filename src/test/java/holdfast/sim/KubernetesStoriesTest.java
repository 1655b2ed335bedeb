package holdfast.sim;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.drivers.kubernetes.PlayedClusters;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The same as in [ClusterStoriesTest], with the driver for Kubernetes on both sides and a Liqo that is played.
final class KubernetesStoriesTest {
    @Test
    void a_manifest_runs_on_a_node_that_was_bought_and_nothing_is_left_in_either_cluster() {
        try (var clusters = new PlayedClusters(TwoClusters.TURIN.id(), TwoClusters.MILAN.id());
                var two = new TwoClusters(false, clusters::seller, clusters::buyer, clusters::turn)) {
            assertThat(clusters.nodes()).isEmpty();
            var intent = two.apply("web", "2");
            two.look(8);
            assertThat(two.state(intent)).as(two.buyer.world.story(intent.id())).isEqualTo("Running");
            var contract = two.seller.contracts().getFirst().name();
            assertThat(clusters.nodes()).containsExactly(contract);
            assertThat(clusters.tied()).containsExactly(contract);
            assertThat(two.buyer.states("peering")).containsExactly("active");

            two.delete(intent);
            two.look(8);
            assertThat(two.state(intent)).isEqualTo("Released");
            assertThat(clusters.nodes()).isEmpty();
            assertThat(clusters.left()).isEmpty();
            two.domains.agree();
            two.buyer.world.fabric.close();
            two.seller.world.fabric.close();
        }
    }

    @Test
    void in_the_old_way_each_of_two_sellers_is_a_node_with_the_sum_of_its_own_contracts() {
        var rome = TwoClusters.ROME.id();
        var milan = TwoClusters.MILAN.id();
        try (var clusters = new PlayedClusters(TwoClusters.TURIN.id(), milan, rome);
                var two = new TwoClusters(true, clusters::seller, clusters::buyer, clusters::turn)) {
            two.another(platform -> clusters.seller(rome, platform));
            var intents = List.of(two.apply("web", "5"), two.apply("shop", "5"), two.apply("mail", "2"));
            two.look(4);
            assertThat(intents).extracting(two::state).containsOnly("Running");
            assertThat(clusters.nodes()).containsExactlyInAnyOrder(milan, rome);
            var slices = List.of(clusters.slices(milan), clusters.slices(rome));
            assertThat(slices).extracting(Map::keySet).containsExactly(Set.of(milan), Set.of(rome));
            assertThat(slices).flatExtracting(Map::values).containsExactlyInAnyOrder("7", "5");

            two.delete(intents.getFirst());
            assertThat(List.of(two.state(intents.get(1)), two.state(intents.get(2))))
                    .containsOnly("Running");
            two.domains.agree();
            two.domains.all.forEach(domain -> domain.world.fabric.close());
        }
    }

    @Test
    void a_service_that_an_intent_needs_is_made_in_its_sellers_cluster_and_what_runs_is_told_of_it() {
        try (var clusters = new PlayedClusters(TwoClusters.TURIN.id(), TwoClusters.MILAN.id());
                var two = new TwoClusters(false, clusters::seller, clusters::buyer, clusters::turn)) {
            ServiceShop.open(two.seller.world, two.seller.node);
            var intent = two.apply("web", "2", "database");
            two.look(8);
            assertThat(two.state(intent)).as(two.buyer.world.story(intent.id())).isEqualTo("Running");
            var service = two.seller.all("deployment").getFirst();
            assertThat(service.state()).isEqualTo("active");
            assertThat(clusters.made(service.name()))
                    .containsExactlyInAnyOrder(
                            "Deployment db",
                            "Secret credentials-" + service.name(),
                            "Secret db-credentials",
                            "Service db-service");
            assertThat(clusters.variables())
                    .containsExactly(
                            "DATABASE_DATABASE", "DATABASE_ENDPOINTS", "DATABASE_PASSWORD", "DATABASE_USERNAME");

            two.delete(intent);
            two.look(8);
            assertThat(clusters.made(service.name())).isEmpty();
            assertThat(clusters.left()).isEmpty();
            two.domains.agree();
            two.buyer.world.fabric.close();
            two.seller.world.fabric.close();
        }
    }
}
