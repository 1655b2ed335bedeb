package holdfast.api.resources;

import static holdfast.api.resources.TestDomain.ALICE;
import static holdfast.api.resources.TestDomain.in;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.drivers.simulated.SimulatedSettings;
import holdfast.drivers.simulated.SimulatedSettings.Failure;
import holdfast.drivers.simulated.SimulatedSettings.Verb;
import holdfast.inventory.GraphMl;
import holdfast.inventory.Property;
import holdfast.inventory.VertexClass;
import holdfast.platform.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(300)
class SliceFlowTest {
    private static final String LAB = "src/test/resources/sim/lab-ad.graphml";
    private static final String RENC = "examples/fabric/renc-site-ad.graphml";
    private static final String ONE_NODE = """
            name: exchange
            hours: 2
            sshKeys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKVn alice@example.org]
            nodes:
              - name: node1
                site: LAB
                cores: 2
                ram: 8
                disk: 10
                image: default_rocky_9
                components:
                  - {name: gpu1, type: GPU, model: Tesla T4}
            """;

    private static String file(String name) {
        try {
            return Files.readString(
                    Path.of(System.getProperty("holdfast.root", ".")).resolve(name));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String text(JsonNode node, String... path) {
        for (var name : path) {
            node = node.path(name);
        }
        return node.asString("");
    }

    @Test
    void a_slice_goes_from_request_to_devices_to_nothing_as_recorded() {
        try (var db = TestDatabase.fresh();
                var domain = new TestDomain(db, SimulatedSettings.PERFECT, LAB)) {
            var exchange = new Exchange(domain.server.address().toString());
            exchange.check("index", "GET /v1", domain.get(ALICE, "/v1"));
            exchange.check("sites", "GET /v1/sites", domain.get(ALICE, "/v1/sites"));
            exchange.check("capacity", "GET /v1/capacity?level=2", domain.get(ALICE, "/v1/capacity?level=2"));
            var target = "/v1/slices?dryRun=true";
            exchange.check(
                    "dry-run",
                    "POST " + target + "\n" + ONE_NODE,
                    domain.send(ALICE, "POST", target, "application/yaml", ONE_NODE));
            assertThat(domain.get(ALICE, "/v1/slices").json().get("data")).isEmpty();

            var created = domain.send(ALICE, "POST", "/v1/slices", "application/yaml", ONE_NODE);
            var id = text(created.json(), "id");
            assertThat(created.status()).isEqualTo(201);
            assertThat(created.response().headers().firstValue("Location"))
                    .hasValue(domain.server.address() + "/v1/slices/" + id);
            exchange.check("created", "POST /v1/slices\n" + ONE_NODE, created);

            var seen = domain.follow(ALICE, id, in("StableOK"));
            assertThat(text(seen.getFirst(), "id")).isEqualTo(id);
            exchange.check(
                    "slice",
                    "GET /v1/slices/exchange?include=slivers",
                    domain.get(ALICE, "/v1/slices/exchange?include=slivers"));
            exchange.check(
                    "slivers", "GET /v1/slices/exchange/slivers", domain.get(ALICE, "/v1/slices/exchange/slivers"));
            exchange.check("graph", "GET /v1/slices/exchange/graph", domain.get(ALICE, "/v1/slices/exchange/graph"));

            var deleted = domain.delete(ALICE, "/v1/slices/exchange");
            assertThat(deleted.status()).isEqualTo(200);
            assertThat(text(deleted.json(), "state")).isEqualTo("Closing");
            domain.follow(ALICE, id, in("Dead"));
            exchange.check("dead", "GET /v1/slices/exchange", domain.get(ALICE, "/v1/slices/exchange"));
            exchange.check("gone", "GET /v1/slices", domain.get(ALICE, "/v1/slices"));
            exchange.check("capacity", "GET /v1/capacity?level=2", domain.get(ALICE, "/v1/capacity?level=2"));
            exchange.check(
                    "definitions",
                    "GET /v1/processdefinitions?resourceType=lease",
                    domain.get(domain.admin, "/v1/processdefinitions?resourceType=lease"));
        }
    }

    @Test
    void the_real_graph_is_taken_as_it_is_and_comes_back_with_addresses() {
        try (var db = TestDatabase.fresh();
                var domain = new TestDomain(db, SimulatedSettings.PERFECT, RENC)) {
            var graph = file("examples/fabric/asm-one-vm-two-pci.graphml");
            var created = domain.send(ALICE, "POST", "/v1/slices?name=real&hours=2", "application/xml", graph);
            assertThat(created.status()).as(created.text()).isEqualTo(201);
            var last = domain.follow(ALICE, text(created.json(), "id"), in("StableOK"))
                    .getLast();
            var sliver = last.get("slivers").get(0);
            assertThat(text(sliver, "demand", "cores")).isEqualTo("8");
            assertThat(sliver.get("units")).hasSize(2);
            assertThat(text(sliver, "units")).isEmpty();
            assertThat(sliver.get("units")).allMatch(unit -> text(unit, "bdf").matches("0000:[0-9a-f]{2}:00\\.0"));
            assertThat(text(sliver, "facts", "gpu1.guest.bdf")).isNotEmpty();

            var manifest =
                    GraphMl.read(domain.get(ALICE, "/v1/slices/real/graph").text());
            var node = manifest.ofClass(VertexClass.NETWORK_NODE).findFirst().orElseThrow();
            assertThat(node.id()).as("the user's own").isEqualTo("d059c855-77b1-4d28-bc49-7d3bef38298f");
            assertThat(node.get(Property.RESERVATION_INFO))
                    .hasValueSatisfying(info ->
                            assertThat(info).contains(text(sliver, "uuid")).contains("\"Active\""));
            assertThat(manifest.ofClass(VertexClass.COMPONENT)
                            .map(component ->
                                    component.labels(Property.LABEL_ALLOCATIONS).one("bdf")))
                    .allMatch(Optional::isPresent);
            for (var format : List.of("nodelink", "cytoscape")) {
                assertThat(domain.get(ALICE, "/v1/slices/real/graph?format=" + format)
                                .text())
                        .contains("LabelAllocations");
            }
        }
    }

    @Test
    void every_way_to_write_the_same_request_gives_the_same_slivers() {
        try (var db = TestDatabase.fresh();
                var domain = new TestDomain(db, SimulatedSettings.PERFECT, RENC)) {
            var graph = file("examples/fabric/asm-one-vm-two-pci.graphml");
            var nodeLink = holdfast.inventory.NodeLink.write(GraphMl.read(graph));
            var inside = Json.object().put("name", "inside").put("graph", graph).toString();
            var insideObject = Json.object()
                    .put("name", "inside-object")
                    .set("graph", Json.tree(nodeLink))
                    .toString();
            var listed = """
                    {"name": "listed", "nodes": [{"name": "node1", "site": "RENC", "cores": 8, "ram": 16, "disk": 100,
                     "image": "default_rocky_9", "components": [{"name": "gpu1", "type": "GPU", "model": "Tesla T4"},
                     {"name": "nvme1", "type": "NVME", "model": "P4510"}]}]}""";
            var yaml =
                    "name: yaml\nnodes:\n- {name: node1, site: RENC, cores: 7, ram: 15, disk: 99, image: default_rocky_9,"
                            + " components: [{name: gpu1, type: GPU, model: Tesla T4}, {name: nvme1, type: NVME, model: P4510}]}\n";
            var replies = List.of(
                    domain.send(ALICE, "POST", "/v1/slices?dryRun&name=xml", "application/xml", graph),
                    domain.send(ALICE, "POST", "/v1/slices?dryRun&name=plain", "text/plain", graph),
                    domain.send(ALICE, "POST", "/v1/slices?dryRun&name=nodelink", "application/json", nodeLink),
                    domain.post(ALICE, "/v1/slices?dryRun", inside),
                    domain.post(ALICE, "/v1/slices?dryRun", insideObject),
                    domain.post(ALICE, "/v1/slices?dryRun", listed),
                    domain.send(ALICE, "POST", "/v1/slices?dryRun", "application/yaml", yaml));
            assertThat(replies)
                    .allSatisfy(
                            reply -> assertThat(reply.status()).as(reply.text()).isEqualTo(200));
            assertThat(replies.stream()
                            .map(reply -> reply.json()
                                    .get("slivers")
                                    .get(0)
                                    .get("demand")
                                    .toString())
                            .distinct())
                    .hasSize(1);
        }
    }

    @Test
    void a_dry_run_says_that_there_is_no_room_and_when_there_is() {
        try (var db = TestDatabase.fresh();
                var domain = new TestDomain(db, SimulatedSettings.PERFECT, LAB)) {
            var two = """
                    {"name": "%s", "hours": 1, "nodes": [{"name": "n1", "site": "LAB", "cores": 1, "components":
                     [{"name": "gpu", "type": "GPU", "model": "RTX6000"}]}%s]}""";
            var second =
                    ", {\"name\": \"n2\", \"site\": \"LAB\", \"cores\": 1, \"components\": [{\"name\": \"gpu\", \"type\": \"GPU\", \"model\": \"RTX6000\"}]}";
            var both = domain.post(ALICE, "/v1/slices?dryRun=true", two.formatted("both", second));
            assertThat(both.status()).as(both.text()).isEqualTo(507);
            assertThat(text(both.json(), "code")).isEqualTo("NoRoom");

            var first = domain.post(ALICE, "/v1/slices", two.formatted("first", ""));
            domain.follow(ALICE, text(first.json(), "id"), in("StableOK"));
            var late = domain.post(ALICE, "/v1/slices?dryRun=true", two.formatted("late", ""));
            assertThat(late.status()).isEqualTo(507);
            assertThat(text(late.json(), "earliest"))
                    .startsWith(text(first.json(), "end").replace("Z", ""));
        }
    }

    @Test
    void a_slice_that_cannot_be_built_says_why_and_leaves_nothing() {
        var broken = SimulatedSettings.PERFECT.withScript(
                new Failure(Verb.ENSURE, Optional.of("gpu1"), 1, "the device does not answer"));
        try (var db = TestDatabase.fresh();
                var domain = new TestDomain(db, broken, LAB)) {
            var created = domain.send(ALICE, "POST", "/v1/slices", "application/yaml", ONE_NODE);
            var last =
                    domain.follow(ALICE, text(created.json(), "id"), in("Dead")).getLast();
            assertThat(text(last, "transitioning")).isEqualTo("error");
            assertThat(text(last, "transitioningMessage")).contains("the device does not answer");
            var sliver = last.get("slivers").get(0);
            assertThat(text(sliver, "error", "code")).isEqualTo("Broken");
            domain.waitFor(() -> text(
                            domain.get(ALICE, "/v1/capacity")
                                    .json()
                                    .get("sites")
                                    .get(0),
                            "cores_allocated")
                    .equals("0"));
            var failed = domain.get(ALICE, "/v1/processes?state=failed").json().get("data");
            assertThat(failed).hasSize(1);
            var log = domain.get(ALICE, text(failed.get(0), "links", "self"))
                    .json()
                    .get("log");
            assertThat(log.valueStream().map(line -> text(line, "outcome"))).contains("failed", "undone");
        }
    }

    @Test
    void progress_is_told_step_by_step() {
        var slow = SimulatedSettings.PERFECT.withLatency(
                SimulatedSettings.Latency.of(java.time.Duration.ofMillis(400)),
                SimulatedSettings.Latency.of(java.time.Duration.ofMillis(400)),
                SimulatedSettings.Latency.NONE);
        try (var db = TestDatabase.fresh();
                var domain = new TestDomain(db, slow, LAB)) {
            var created = domain.send(ALICE, "POST", "/v1/slices", "application/yaml", ONE_NODE);
            var seen = domain.follow(ALICE, text(created.json(), "id"), in("StableOK"));
            var steps = seen.stream()
                    .map(slice -> text(slice.get("slivers").get(0), "progress", "step"))
                    .distinct()
                    .toList();
            assertThat(steps).contains("create-vm", "attach-gpu1");
            assertThat(text(seen.getLast(), "transitioning")).isEqualTo("no");
            assertThat(seen.getLast().get("slivers").get(0).has("progress")).isFalse();
        }
    }

    @Test
    void a_second_client_may_come_late_and_hears_the_same_end() {
        try (var db = TestDatabase.fresh();
                var domain = new TestDomain(db, SimulatedSettings.PERFECT, LAB)) {
            var created = domain.send(ALICE, "POST", "/v1/slices", "application/yaml", ONE_NODE);
            var id = text(created.json(), "id");
            domain.follow(ALICE, id, in("StableOK"));
            assertThat(domain.post(TestDomain.ANN, "/v1/slices/" + id + "?action=delete", "")
                            .status())
                    .isEqualTo(403);
            assertThat(domain.post(ALICE, text(created.json(), "actions", "delete"), "")
                            .status())
                    .isEqualTo(202);
            domain.follow(ALICE, id, in("Dead"));
            assertThat(domain.follow(ALICE, id, _ -> false))
                    .as("one event, then the end")
                    .hasSize(1);
            var again = domain.post(ALICE, "/v1/slices/" + id + "?action=delete", "");
            assertThat(again.status()).as(again.text()).isEqualTo(422);
            assertThat(text(again.json(), "code")).isEqualTo("ActionNotAvailable");
        }
    }
}
