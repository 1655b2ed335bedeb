package holdfast.sim;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.api.Credentials;
import holdfast.api.Gate;
import holdfast.api.Keys;
import holdfast.api.Sessions;
import holdfast.api.Tokens;
import holdfast.api.declared.DeclaredApi;
import holdfast.api.declared.Parts;
import holdfast.api.resources.BlueprintIntake;
import holdfast.platform.HttpServer;
import holdfast.platform.Json;
import holdfast.platform.Secrets;
import holdfast.pools.Projects;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Objects that are declared, at a domain that buys of another which really sells (fluidos.md 3.1, 3.7, 5.12).
@Timeout(300)
final class DeclaredStoriesTest {
    private static final String NODECORE = "/apis/nodecore.fluidos.eu/v1alpha1/namespaces/fluidos/";
    private static final String RESERVATION = "/apis/reservation.fluidos.eu/v1alpha1/namespaces/fluidos/";

    @AutoClose
    private final TestDatabase here = TestDatabase.fresh();

    @AutoClose
    private final TestDatabase there = TestDatabase.fresh();

    @TempDir
    private Path data;

    private final Trading trading = new Trading(here);
    private final SellerDomain seller = trading.seller(new SellerDomain("cheap", 30_001, there));
    private String token = "";

    private HttpServer open() throws Exception {
        var world = trading.buyer;
        var secrets = Secrets.of(new byte[32]);
        var credentials = new Credentials(
                Tokens.open(data, world.platform),
                new Keys(world.platform, world.database, world.engine.resources(), secrets));
        var projects = new Projects(world.engine.resources());
        var sessions = new Sessions(world.platform, world.database, projects, secrets, credentials);
        token = Files.readString(Tokens.file(data)).strip();
        var parts = new Parts(
                Trading.SELF,
                world.database,
                world.broker.market(),
                world.broker.blueprints(),
                BlueprintIntake::understand,
                trading.peers,
                trading.candidates,
                trading.buying);
        var gate = new Gate(credentials, sessions, Optional.empty());
        return HttpServer.start(
                HttpServer.Options.standard().withPort(0),
                new DeclaredApi(world.platform, world.engine, gate, parts).mounts());
    }

    private JsonNode send(HttpServer server, String method, String target, String body) throws Exception {
        var type = method.equals("PATCH") ? "application/merge-patch+json" : "application/yaml";
        var request = HttpRequest.newBuilder(URI.create(server.address() + target))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", type)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (var client = HttpClient.newHttpClient()) {
            var reply = client.send(request, BodyHandlers.ofString());
            assertThat(reply.statusCode()).as(reply.body()).isIn(200, 201);
            trading.buyer.settle();
            return Json.tree(reply.body());
        }
    }

    private static String status(JsonNode object, String pointer) {
        return object.at("/status" + pointer).asString("");
    }

    @Test
    void a_search_is_led_from_a_candidate_to_a_site_and_taken_back() throws Exception {
        seller.offer("0.10");
        try (var server = open()) {
            send(server, "POST", NODECORE + "solvers", """
                    {metadata: {name: staged}, spec: {intentID: i, findCandidate: true,
                      selector: {flavorType: K8Slice, filters: {cpuFilter: {name: Range, data: {min: "1"}}}}}}
                    """);
            var solver = NODECORE + "solvers/staged";
            assertThat(status(send(server, "GET", solver, ""), "/solverPhase/phase"))
                    .isEqualTo("Solved");
            assertThat(seller.contracts()).isEmpty();
            send(server, "PATCH", solver, "{\"spec\":{\"reserveAndBuy\":true}}");
            assertThat(seller.contracts()).containsExactly("active");

            var contract = send(server, "GET", RESERVATION + "contracts", "").at("/items/0/metadata/name");
            var sample = Files.readString(Path.of("src/test/resources/rear/samples/allocation.yaml"));
            send(
                    server,
                    "POST",
                    NODECORE + "allocations",
                    sample.replaceFirst("contract-fluidos\\S+", contract.asString()));
            var allocation = send(server, "GET", NODECORE + "allocations/allocation-sample-whatever", "");
            assertThat(status(allocation, "/status")).as(allocation.toString()).isEqualTo("Active");
            assertThat(status(allocation, "/resourceRef/name")).startsWith("b-");
            assertThat(status(send(server, "GET", solver, ""), "/peering")).isEqualTo("Solved");

            send(server, "DELETE", solver, "");
            trading.buyer.settleFor(Duration.ofMinutes(2), Duration.ofSeconds(10));
            assertThat(seller.contracts()).containsExactly("terminated");
            assertThat(status(send(server, "GET", NODECORE + "allocations/allocation-sample-whatever", ""), "/status"))
                    .isEqualTo("Released");
        }
    }

    @Test
    void what_is_held_and_not_yet_to_be_bought_waits_longer_than_a_search() throws Exception {
        seller.offer("0.10");
        try (var server = open()) {
            send(server, "POST", NODECORE + "solvers", """
                    {metadata: {name: looks}, spec: {intentID: i, findCandidate: true, selector: {flavorType: K8Slice}}}
                    """);
            var found = send(
                            server,
                            "GET",
                            "/apis/advertisement.fluidos.eu/v1alpha1/namespaces/fluidos/peeringcandidates",
                            "")
                    .at("/items/0/metadata/name")
                    .asString();
            send(server, "POST", RESERVATION + "reservations", """
                    {metadata: {name: held}, spec: {solverID: looks, reserve: true, purchase: false,
                      peeringCandidate: {name: %s, namespace: fluidos},
                      buyer: {domain: b, ip: 'a:1', nodeID: b}, seller: {domain: c, ip: 'a:2', nodeID: cheap},
                      configuration: {type: K8Slice, data: {cpu: "1", memory: 2Gi, pods: "10"}}}}
                    """.formatted(found));
            var held = RESERVATION + "reservations/held";
            assertThat(status(send(server, "GET", held, ""), "/reservePhase")).isEqualTo("Solved");
            trading.buyer.settleFor(Duration.ofMinutes(5), Duration.ofSeconds(30));
            assertThat(status(send(server, "GET", held, ""), "/phase/phase")).isEqualTo("Running");
            assertThat(seller.contracts()).isEmpty();
            send(server, "PATCH", held, "{\"spec\":{\"purchase\":true}}");
            assertThat(status(send(server, "GET", held, ""), "/phase/phase")).isEqualTo("Solved");
            assertThat(seller.contracts()).containsExactly("active");
            send(server, "DELETE", held, "");
            trading.buyer.settleFor(Duration.ofMinutes(2), Duration.ofSeconds(10));
            assertThat(seller.contracts()).containsExactly("terminated");
        }
    }
}
