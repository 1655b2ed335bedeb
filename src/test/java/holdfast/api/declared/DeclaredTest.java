package holdfast.api.declared;

import static holdfast.api.declared.DeclaredLab.ALICE;
import static holdfast.api.declared.DeclaredLab.BOB;
import static holdfast.api.declared.DeclaredLab.EVE;
import static holdfast.api.declared.DeclaredLab.path;
import static holdfast.api.declared.DeclaredLab.sample;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.federation.UpstreamSeller;
import holdfast.federation.peers.Peers;
import holdfast.platform.Json;
import holdfast.protocol.rear.K8Slice;
import holdfast.protocol.rear.Policy;
import holdfast.protocol.rear.Samples;
import holdfast.protocol.rear.Vector;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// The objects of FLUIDOS, as `kubectl` sends them (fluidos.md 5.12). Each test has objects of its own in one domain.
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DeclaredTest {
    /// The one that the samples name.
    private static final String FLAVOR = "fluidos.eu-k8slice-0e682ec3133811bb0d52b6373c339f81";

    @AutoClose
    private final UpstreamSeller seller = new UpstreamSeller();

    @AutoClose
    private final DeclaredLab lab = new DeclaredLab();

    DeclaredTest() {
        var machine = new K8Slice(
                "amd64",
                Samples.vector("7970838142n", "64Gi", "110"),
                Optional.empty(),
                Samples.slice().properties(),
                new Policy(Vector.NONE, Vector.NONE));
        seller.flavors.add(Samples.flavor(FLAVOR, machine));
        lab.peers
                .add(new Peers.Wish(Optional.of("torino"), seller.address(), Optional.empty()), "operators", "admin")
                .orThrow();
    }

    private DeclaredLab.Reply solver(String name, String flags) {
        return lab.apply(
                ALICE,
                Sort.SOLVER,
                sample("solver-custom.yaml")
                        .replace("name: solver-sample", "name: " + name)
                        .replace("findCandidate: true", flags));
    }

    private void search(String name) {
        assertThat(solver(name, "findCandidate: true").status()).isEqualTo(201);
        lab.until(ALICE, Sort.SOLVER, name, "/status/solverPhase/phase", "Solved");
    }

    @Test
    void the_solver_of_the_samples_applies_and_is_led_phase_by_phase() {
        var applied = lab.apply(ALICE, Sort.SOLVER, sample("solver-custom.yaml"));
        assertThat(applied.status()).as(applied.text()).isEqualTo(201);
        assertThat(applied.at("/metadata/name")).isEqualTo("solver-sample");
        assertThat(applied.at("/spec/intentID")).isEqualTo("intent-sample");
        var found = lab.until(ALICE, Sort.SOLVER, "solver-sample", "/status/solverPhase/phase", "Solved");
        assertThat(found.at("/status/findCandidate")).isEqualTo("Solved");
        assertThat(found.at("/status/reserveAndBuy")).isEmpty();

        var raised = lab.patch(ALICE, Sort.SOLVER, "solver-sample", "{\"spec\":{\"reserveAndBuy\":true}}");
        assertThat(raised.status()).as(raised.text()).isEqualTo(200);
        var bought = lab.until(ALICE, Sort.SOLVER, "solver-sample", "/status/reserveAndBuy", "Solved");
        assertThat(bought.at("/status/solverPhase/phase")).isEqualTo("Solved");
        assertThat(lab.patch(ALICE, Sort.SOLVER, "solver-sample", "{\"spec\":{\"reserveAndBuy\":false}}")
                        .at("/details/causes/0/field"))
                .isEqualTo("spec.reserveAndBuy");
        assertThat(lab.delete(ALICE, Sort.SOLVER, "solver-sample").status()).isEqualTo(200);
        assertThat(lab.get(ALICE, Sort.SOLVER, "solver-sample").status()).isEqualTo(404);
    }

    @Test
    void the_other_samples_apply_unchanged() {
        search("looks-first"); // the reservation names a candidate, which must be known
        var reserved = lab.apply(ALICE, Sort.RESERVATION, sample("reservation.yaml"));
        assertThat(reserved.status()).as(reserved.text()).isEqualTo(201);
        var name = "reservation-solver-sample";
        var bought = lab.until(ALICE, Sort.RESERVATION, name, "/status/phase/phase", "Solved");
        assertThat(bought.at("/status/transactionID")).isNotEmpty();
        var contract = bought.at("/status/contract/name");
        assertThat(lab.get(ALICE, Sort.CONTRACT, contract).at("/spec/flavor/metadata/name"))
                .isEqualTo(FLAVOR);
        assertThat(lab.get(ALICE, Sort.CONTRACT, contract).text()).doesNotContain("c2VjcmV0");
        assertThat(lab.list(ALICE, Sort.TRANSACTION).text()).contains(FLAVOR);
        assertThat(lab.delete(ALICE, Sort.RESERVATION, name).status()).isEqualTo(200);

        for (var service : List.of("solver-service.yaml", "solver-custom-service.yaml")) {
            var applied = lab.apply(ALICE, Sort.SOLVER, sample(service));
            assertThat(applied.status()).as(applied.text()).isEqualTo(201);
            lab.delete(ALICE, Sort.SOLVER, "solver-sample-service");
        }
        var broker = lab.apply(lab.admin, Sort.BROKER, sample("broker.yaml"));
        assertThat(broker.status()).as(broker.text()).isEqualTo(201);
        assertThat(lab.get(lab.admin, Sort.BROKER, "broker-sample").at("/spec/address"))
                .isEqualTo("fluidos.top-ix.org");
        var cluster = lab.apply(lab.admin, Sort.KNOWN_CLUSTER, sample("knowncluster.yaml"));
        assertThat(cluster.status()).as(cluster.text()).isEqualTo(201);
        assertThat(lab.get(lab.admin, Sort.KNOWN_CLUSTER, "knowncluster-sample").at("/spec/address"))
                .isEqualTo("172.8.0.2:30001");
        assertThat(lab.delete(lab.admin, Sort.KNOWN_CLUSTER, "knowncluster-sample")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void a_blueprint_of_the_samples_applies_unchanged_and_is_sold_until_it_is_deleted() {
        var blueprint = sample("service-blueprint-db.yaml");
        assertThat(lab.apply(ALICE, Sort.SERVICE_BLUEPRINT, blueprint).status()).isEqualTo(403);
        var applied = lab.apply(lab.admin, Sort.SERVICE_BLUEPRINT, blueprint);
        assertThat(applied.status()).as(applied.text()).isEqualTo(201);
        var shown = lab.get(lab.admin, Sort.SERVICE_BLUEPRINT, "db-mysql");
        assertThat(shown.at("/spec/category")).isEqualTo("database");
        assertThat(shown.at("/spec/templates/1/serviceData/kind")).isEqualTo("Service");
        var flavor = shown.at("/status/serviceFlavors/0/name");
        assertThat(lab.get(lab.admin, Sort.FLAVOR, flavor).at("/spec/flavorType/typeIdentifier"))
                .isEqualTo("Service");

        var unknown = lab.apply(
                lab.admin,
                Sort.SERVICE_BLUEPRINT,
                blueprint.replace("name: db-mysql", "name: other").replace("category: database", "category: toaster"));
        assertThat(unknown.status()).isEqualTo(422);
        assertThat(unknown.text()).contains("spec.category", "toaster");
        assertThat(lab.delete(lab.admin, Sort.SERVICE_BLUEPRINT, "db-mysql").status())
                .isEqualTo(200);
        assertThat(lab.get(lab.admin, Sort.FLAVOR, flavor).status()).isEqualTo(404);
    }

    @Test
    void a_reservation_waits_until_it_is_to_be_bought_and_is_given_back() {
        search("looks-for-it");
        var held = sample("reservation.yaml")
                .replace("reservation-solver-sample", "held")
                .replace("purchase: true", "purchase: false");
        assertThat(lab.apply(ALICE, Sort.RESERVATION, held).status()).isEqualTo(201);
        var waits = lab.until(ALICE, Sort.RESERVATION, "held", "/status/reservePhase", "Solved");
        assertThat(waits.at("/status/phase/phase")).isEqualTo("Running");
        assertThat(waits.at("/status/purchasePhase")).isEqualTo("Idle");
        long bought = purchases();
        lab.patch(ALICE, Sort.RESERVATION, "held", "{\"spec\":{\"purchase\":true}}");
        lab.until(ALICE, Sort.RESERVATION, "held", "/status/phase/phase", "Solved");
        assertThat(purchases()).isEqualTo(bought + 1);
        assertThat(lab.delete(ALICE, Sort.RESERVATION, "held").status()).isEqualTo(200);
    }

    private long purchases() {
        return seller.heard.stream().filter(call -> call.endsWith("/purchase")).count();
    }

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "flavorType: K8Slice | flavorType: Cake | spec.selector.flavorType",
                "min: \"1000m\" | most: 1 | spec.selector.filters.cpuFilter",
                "max: \"100Gi\" | max: 1Mi | spec.selector.filters.memoryFilter",
                "name: Match | name: Guess | spec.selector.filters.architectureFilter.name",
                "value: \"amd64\" | regex: x | spec.selector.filters.architectureFilter.data.value",
                "podsFilter: | shoesFilter: | spec.selector.filters.shoesFilter",
                "intentID: | intent: | spec.intentID",
                "findCandidate: true | findCandidate: perhaps | spec.findCandidate",
                "name: solver-sample | name: Solver_1 | metadata.name",
            })
    void what_is_wrong_is_refused_with_the_field(String from, String to, String field) {
        var sample = sample("solver-custom.yaml");
        assertThat(sample).contains(from);
        var refused = lab.apply(ALICE, Sort.SOLVER, sample.replaceFirst(Pattern.quote(from), to));
        assertThat(refused.status()).as(refused.text()).isEqualTo(422);
        assertThat(refused.at("/reason")).isEqualTo("Invalid");
        assertThat(refused.at("/details/causes/0/field")).startsWith(field);
    }

    @Test
    void a_regular_expression_that_is_none_and_a_candidate_that_is_unknown_are_refused() {
        var regex = sample("solver-custom.yaml")
                .replaceFirst("name: Match", "name: Range")
                .replace("value: \"amd64\"", "regex: '(('");
        assertThat(lab.apply(ALICE, Sort.SOLVER, regex).status()).isEqualTo(422);
        var unknown =
                lab.apply(ALICE, Sort.RESERVATION, sample("reservation.yaml").replace(FLAVOR, "none"));
        assertThat(unknown.status()).isEqualTo(422);
        assertThat(unknown.at("/details/causes/0/field")).isEqualTo("spec.peeringCandidate.name");
        var allocation = lab.apply(ALICE, Sort.ALLOCATION, sample("allocation.yaml"));
        assertThat(allocation.at("/details/causes/0/field")).isEqualTo("spec.contract.name");
    }

    @Test
    void one_name_is_there_once_and_an_old_version_changes_nothing() {
        search("once");
        assertThat(solver("once", "findCandidate: true").at("/reason")).isEqualTo("AlreadyExists");
        var old = lab.get(ALICE, Sort.SOLVER, "once").at("/metadata/resourceVersion");
        var labelled = lab.patch(
                ALICE,
                Sort.SOLVER,
                "once",
                "{\"metadata\":{\"resourceVersion\":\"%s\",\"labels\":{\"team\":\"a\"}}}".formatted(old));
        assertThat(labelled.status()).as(labelled.text()).isEqualTo(200);
        assertThat(labelled.at("/metadata/labels/team")).isEqualTo("a");
        var stale = lab.patch(
                ALICE,
                Sort.SOLVER,
                "once",
                "{\"metadata\":{\"resourceVersion\":\"%s\",\"labels\":null}}".formatted(old));
        assertThat(stale.status()).isEqualTo(409);
        assertThat(stale.at("/reason")).isEqualTo("Conflict");
        assertThat(lab.patch(ALICE, Sort.SOLVER, "once", "{\"metadata\":{\"labels\":{\"team\":null}}}")
                        .json()
                        .at("/metadata/labels")
                        .isMissingNode())
                .isTrue();
    }

    @Test
    void everybody_sees_the_own_and_nobody_without_a_token_anything() {
        search("mine");
        assertThat(lab.get(BOB, Sort.SOLVER, "mine").status()).isEqualTo(404);
        assertThat(lab.list(BOB, Sort.SOLVER).json().path("items")).isEmpty();
        assertThat(lab.delete(BOB, Sort.SOLVER, "mine").status()).isEqualTo(404);
        assertThat(lab.get(EVE, Sort.SOLVER, "mine").status()).isEqualTo(200);
        assertThat(lab.delete(EVE, Sort.SOLVER, "mine").status()).isEqualTo(403);
        assertThat(lab.get("", Sort.SOLVER, "mine").status()).isEqualTo(401);
        assertThat(lab.delete(lab.admin, Sort.SOLVER, "mine").status()).isEqualTo(200);
        assertThat(lab.get(ALICE, Sort.SOLVER, "mine").status()).isEqualTo(404);
        for (var sort : List.of(Sort.BROKER, Sort.KNOWN_CLUSTER)) {
            var file = sort == Sort.BROKER ? "broker.yaml" : "knowncluster.yaml";
            assertThat(lab.apply(ALICE, sort, sample(file)).status()).isEqualTo(403);
        }
        assertThat(lab.list(ALICE, Sort.KNOWN_CLUSTER).json().path("items")).isEmpty();
        assertThat(lab.send(ALICE, "POST", path(Sort.SOLVER), "text/plain", "{}")
                        .status())
                .as("a page of another site could send this")
                .isEqualTo(415);
    }

    @Test
    void status_is_read_only_and_paths_say_what_there_is() {
        search("stated");
        var status = path(Sort.SOLVER, "stated") + "/status";
        var dry = path(Sort.SOLVER, "stated") + "?dryRun=All";
        assertThat(lab.send(ALICE, "DELETE", dry, "", "").status()).isEqualTo(400);
        assertThat(lab.send(ALICE, "GET", status, "", "").at("/status/findCandidate"))
                .isEqualTo("Solved");
        assertThat(lab.send(ALICE, "PATCH", status, "application/json", "{}").status())
                .isEqualTo(405);
        assertThat(lab.send(ALICE, "GET", "/apis", "", "").json().path("groups"))
                .hasSize(4);
        assertThat(lab.send(ALICE, "GET", "/apis/nodecore.fluidos.eu/v1alpha1", "", "")
                        .text())
                .contains("\"solvers\"", "\"sol\"");
        assertThat(lab.send(ALICE, "GET", "/apis/apps/v1", "", "").status()).isEqualTo(404);
        assertThat(lab.send(ALICE, "GET", "/apis/nodecore.fluidos.eu/v1alpha1/solvers", "", "")
                        .text())
                .contains("stated");
        assertThat(lab.send(ALICE, "GET", "/apis/nodecore.fluidos.eu/v1alpha1/namespaces/other/solvers", "", "")
                        .json()
                        .path("items"))
                .isEmpty();
    }

    @Test
    void who_watches_is_told_each_change_as_a_line() throws Exception {
        var target = path(Sort.SOLVER) + "?watch=1&fieldSelector=metadata.name%3Dwatched";
        try (var lines = lab.watch(ALICE, target).body()) {
            solver("watched", "findCandidate: false");
            var told = lines.filter(line -> !line.isBlank()).map(line -> (ObjectNode) Json.tree(line));
            var seen = told.iterator();
            var added = seen.next();
            assertThat(added.path("type").asString()).isEqualTo("ADDED");
            assertThat(added.at("/object/metadata/name").asString()).isEqualTo("watched");
            lab.patch(ALICE, Sort.SOLVER, "watched", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");
            var next = seen.next();
            while (next.at("/object/metadata/labels/a").isMissingNode()) {
                next = seen.next(); // as it went on by itself
            }
            assertThat(next.path("type").asString()).isEqualTo("MODIFIED");
            lab.delete(ALICE, Sort.SOLVER, "watched");
            while (!next.path("type").asString().equals("DELETED")) {
                next = seen.next();
            }
        }
    }

    @Test
    void flavors_are_declared_listed_and_withdrawn() {
        var flavor = """
                apiVersion: nodecore.fluidos.eu/v1alpha1
                kind: Flavor
                metadata: {name: edge, namespace: fluidos}
                spec:
                  providerID: b1sion0000
                  flavorType:
                    typeIdentifier: K8Slice
                    typeData:
                      characteristics: {architecture: amd64, cpu: "8", memory: 32Gi, pods: "110"}
                      properties: {latency: 5, carbon-footprint: {embodied: 10, operational: [300]}}
                      policies: {partitionability: {cpuMin: "1", memoryMin: 1Gi, podsMin: "5", cpuStep: 500m,
                        memoryStep: 512Mi, podsStep: "5"}}
                  owner: {domain: valais.example, ip: "127.0.0.1:29999", nodeID: b1sion0000}
                  price: {amount: "0.40", currency: EUR, period: hour}
                  availability: true
                  location: {country: Switzerland, city: Sion}
                """;
        assertThat(lab.apply(ALICE, Sort.FLAVOR, flavor).status()).isEqualTo(403);
        var applied = lab.apply(lab.admin, Sort.FLAVOR, flavor);
        assertThat(applied.status()).as(applied.text()).isEqualTo(201);
        assertThat(lab.apply(
                                lab.admin,
                                Sort.FLAVOR,
                                flavor.replace("edge", "more").replace("nodeID: b1", "nodeID: n1"))
                        .at("/details/causes/0/field"))
                .isEqualTo("spec.owner.nodeID");
        var listed = lab.send(lab.admin, "GET", "/api/flavors", "", "").json();
        assertThat(listed).anyMatch(one -> one.at("/metadata/name").asString().equals("edge"));
        assertThat(lab.send(lab.admin, "GET", "/api/flavors/edge", "", "").at("/spec/flavorType/typeIdentifier"))
                .isEqualTo("K8Slice");
        assertThat(lab.send(lab.admin, "POST", "/api/flavors", "application/json", "{}")
                        .status())
                .isEqualTo(405);
        assertThat(lab.delete(lab.admin, Sort.FLAVOR, "edge").status()).isEqualTo(200);
    }
}
