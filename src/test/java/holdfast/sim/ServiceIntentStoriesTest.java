package holdfast.sim;

import static holdfast.sim.TwoClusters.parts;
import static holdfast.sim.TwoClusters.sim;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.authority.Deployment;
import holdfast.authority.Fabric;
import holdfast.authority.Fabric.Bond;
import holdfast.engine.Resource;
import holdfast.federation.buying.Deal;
import holdfast.orchestrator.intents.IntentRecord;
import holdfast.protocol.rear.HostingPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Intents that need a service of another domain buy it, and what they run can use it (fluidos.md 2.10, 4.5).
final class ServiceIntentStoriesTest {
    private static final String WITH_DATABASE = """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: web
              annotations: {fluidos-intent-max-latency: 100ms, fluidos-intent-service: database}
            spec:
              replicas: 1
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  containers:
                    - name: web
                      image: web
                      env: [{name: DATABASE_USERNAME, value: mine}]
                      resources: {requests: {cpu: 2, memory: 2Gi}}
            """;

    @AutoClose
    private final TwoClusters two = new TwoClusters(false);

    private Resource apply(String text) {
        var understood = two.buyer.world.intents.understand(text).orThrow();
        var made = two.buyer.world.intents.create(World.ALICE, understood).orThrow();
        two.domains.settle();
        two.look(12);
        return made;
    }

    private void sells() {
        ServiceShop.open(two.seller.world, two.seller.node);
        two.domains.settle();
    }

    private List<String> life(Resource intent) {
        return two.buyer.world.states(intent.id()).stream().distinct().toList();
    }

    private String why(Resource intent) {
        return two.buyer.world.slice(intent.id()).message().orElse("");
    }

    private static List<JsonNode> workload(Domain domain, String part) {
        var key = domain.world.fabric.list().stream()
                .filter(one -> one.part().equals(part))
                .findFirst()
                .orElseThrow();
        var manifest = ((Bond.Workload) sim(domain).bond(key).orElseThrow()).manifest();
        var objects = new ArrayList<JsonNode>();
        for (var one : manifest.split("\n---\n")) {
            objects.add(new YAMLMapper().readTree(one));
        }
        return objects;
    }

    @Test
    void two_contracts_for_one_intent_and_what_runs_is_told_how_the_service_is_reached() {
        sells();
        var intent = apply(WITH_DATABASE);
        assertThat(two.state(intent)).as(two.buyer.world.story(intent.id())).isEqualTo("Running");
        assertThat(life(intent))
                .containsExactly("Received", "Decomposed", "Acquiring", "MatchingLocal", "Placing", "Running");
        assertThat(two.buyer.states("contract")).containsExactly("active", "active");
        assertThat(two.seller.states(Deployment.TYPE)).containsExactly("active");
        assertThat(parts(two.seller)).containsOnly(Map.entry("access", 1L), Map.entry("workload", 1L));

        var objects = workload(two.buyer, Fabric.WORKLOAD);
        var secret = objects.getFirst();
        assertThat(secret.path("kind").stringValue()).isEqualTo("Secret");
        assertThat(secret.at("/stringData/endpoints").stringValue()).endsWith(".svc.cluster.local:3306");
        var made = workload(two.seller, Fabric.WORKLOAD).stream()
                .filter(one -> one.path("kind").stringValue().equals("Secret"))
                .toList();
        assertThat(made)
                .allSatisfy(
                        one -> assertThat(one.at("/stringData/password")).isEqualTo(secret.at("/stringData/password")));
        var env = objects.getLast().at("/spec/template/spec/containers/0/env");
        assertThat(env.valueStream().map(one -> one.path("name").stringValue()))
                .containsExactly("DATABASE_USERNAME", "DATABASE_DATABASE", "DATABASE_ENDPOINTS", "DATABASE_PASSWORD");
        assertThat(env.get(0).path("value").stringValue())
                .as("what the manifest sets itself")
                .isEqualTo("mine");
        assertThat(env.get(3).at("/valueFrom/secretKeyRef/name")).isEqualTo(secret.at("/metadata/name"));

        two.delete(intent);
        assertThat(two.state(intent)).isEqualTo("Released");
        assertThat(two.seller.states(Deployment.TYPE)).containsExactly("removed");
        assertThat(parts(two.seller)).isEmpty();
        assertThat(parts(two.buyer)).isEmpty();
        two.domains.agree();
    }

    @Test
    void what_opens_the_service_is_in_no_table_and_is_no_key_to_the_mail() {
        ServiceShop.asking(two.seller.world, two.seller.node);
        apply(WITH_DATABASE);
        var password = workload(two.buyer, Fabric.WORKLOAD)
                .getFirst()
                .at("/stringData/password")
                .stringValue();
        assertThat(password).hasSizeGreaterThan(30);
        for (var domain : two.domains.all) {
            for (var table : List.of("resource", "outbox", "process", "process_log", "journal")) {
                Object found = domain.world.<Object>look(tx -> tx.sql()
                        .fetchValue("select count(*) from " + table + " t where t::text like '%" + password + "%'"));
                assertThat(found).as(table + " of " + domain.node.id()).isEqualTo(0L);
            }
        }
        assertThat(two.buyer.routes()).isEmpty();
    }

    @Test
    void when_there_is_no_room_for_what_uses_it_the_service_is_given_back() {
        sells();
        var intent = apply(WITH_DATABASE.replace("cpu: 2,", "cpu: 64,"));
        assertThat(two.state(intent)).isEqualTo("Failed");
        assertThat(why(intent)).startsWith("part web: no room was found in other domains");
        assertThat(two.buyer.states("contract")).as("the service").containsExactly("terminated");
        assertThat(two.seller.states(Deployment.TYPE)).containsExactly("removed");
        assertThat(parts(two.seller)).isEmpty();
        two.domains.agree();
    }

    @Test
    void without_the_service_nothing_else_is_bought_unless_a_part_will_do() {
        ServiceShop.open(two.seller.world, two.seller.node, List.of(HostingPolicy.CONSUMER)); // only at its buyers
        var intent = apply(WITH_DATABASE);
        assertThat(two.state(intent)).isEqualTo("Failed");
        assertThat(why(intent)).startsWith("service database: no service was found in other domains");
        assertThat(intent(intent).parts()).isEmpty();
        assertThat(two.buyer.contracts()).isEmpty();

        var partly = apply("""
                {name: partly, keepPartial: true, parts: [
                  {name: queue, kind: service, category: message-queue}, {name: front, cpu: 1, memory: 1Gi, within: here}]}""");
        assertThat(intent(partly).parts()).hasSize(1);
        assertThat(two.buyer.contracts()).isEmpty();
    }

    @Test
    void a_service_that_its_seller_ends_ends_the_intent_and_what_else_was_bought() {
        sells();
        var intent = apply(WITH_DATABASE);
        var service = two.seller.all(Deployment.TYPE).getFirst().name();
        two.seller.endsSold(two.seller.contracts().stream()
                .filter(one -> one.name().equals(service))
                .findFirst()
                .orElseThrow()
                .id());
        two.buyer.looks();
        two.look(20);
        assertThat(two.state(intent)).isEqualTo("Failed");
        assertThat(why(intent)).startsWith("service database: its contract is over");
        assertThat(parts(two.buyer)).isEmpty();
        assertThat(parts(two.seller)).isEmpty();
        two.domains.agree();
    }

    @Test
    void an_intent_may_be_of_services_alone_and_ends_with_its_term() {
        sells();
        var text = "{name: data, hours: 2, parts: [{name: store, kind: service, category: database, tag: mysql}]}";
        var intent = apply(text);
        var again = apply(text.replace("name: data", "name: more"));
        assertThat(two.state(intent)).isEqualTo("Running");
        assertThat(two.state(again)).as("the same service once more").isEqualTo("Running");
        assertThat(two.seller.states(Deployment.TYPE)).containsExactly("active", "active");
        two.domains.settleFor(Duration.ofHours(3), Duration.ofMinutes(30));
        two.look(2);
        assertThat(two.state(intent)).isEqualTo("Done");
        assertThat(parts(two.seller)).isEmpty();
    }

    @Test
    void a_service_that_wants_to_be_told_a_password_can_last_longer() {
        ServiceShop.asking(two.seller.world, two.seller.node);
        apply("{name: data, hours: 2, parts: [{name: store, kind: service, category: database}]}");
        var bought = two.buyer.contracts().getFirst();
        var later = bought.as(Deal.class).term().until().plus(Duration.ofHours(2));
        two.buyer.renews(bought.id(), later).orThrow();
        two.domains.settle();
        var deal = two.buyer.contracts().getFirst().as(Deal.class);
        assertThat(deal.renewal()).isEmpty();
        assertThat(deal.term().until()).isEqualTo(later);
        two.domains.agree();
    }

    private IntentRecord intent(Resource intent) {
        return two.buyer.world.slice(intent.id()).as(IntentRecord.class);
    }
}
