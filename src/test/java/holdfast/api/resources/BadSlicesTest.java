package holdfast.api.resources;

import static holdfast.api.resources.Mistake.form;
import static holdfast.api.resources.Mistake.node;
import static holdfast.api.resources.TestDomain.ALICE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.drivers.simulated.SimulatedSettings;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/// What users get wrong when they ask for slices, and what they are told.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadSlicesTest {
    private final TestDatabase db = TestDatabase.fresh();
    private final TestDomain domain =
            new TestDomain(db, SimulatedSettings.PERFECT, "src/test/resources/sim/lab-ad.graphml");

    @AfterAll
    void stop() {
        domain.close();
        db.close();
    }

    private Stream<DynamicTest> tests(Mistake... mistakes) {
        return Mistake.tests(domain, mistakes);
    }

    @TestFactory
    Stream<DynamicTest> wrong_nodes() {
        return tests(
                node("unknown site", "'site': 'MARS', 'cores': 1", "nodes.n1.site", "MARS", "LAB"),
                node("no site", "'cores': 1", "nodes.n1.site", "missing"),
                node("no size", "'site': 'LAB'", "nodes.n1.cores", "cores", "ram", "disk"),
                node("more cores than any size", "'site': 'LAB', 'cores': 1000", "nodes.n1.cores", "1000", "largest"),
                node(
                        "more cores than any host",
                        "'site': 'LAB', 'cores': 32",
                        "nodes.n1.capacities",
                        "32",
                        "more than any host",
                        "8"),
                node("negative cores", "'site': 'LAB', 'cores': -1", "nodes.n1.cores", "-1", "1 to"),
                node("cores as text", "'site': 'LAB', 'cores': 'two'", "nodes.n1.cores", "whole number"),
                node("half a core", "'site': 'LAB', 'cores': 0.5", "nodes.n1.cores", "0.5", "whole number"),
                node("number as name of a site", "'site': 7, 'cores': 1", "nodes.n1.site", "quotes"),
                node("unknown field", "'site': 'LAB', 'cors': 1, 'ram': 1", "nodes.n1.cors", "did you mean cores?"),
                node(
                        "unknown host",
                        "'site': 'LAB', 'cores': 1, 'host': 'lab-w9'",
                        "nodes.n1.host",
                        "lab-w9",
                        "lab-w1, lab-w2"),
                node(
                        "component that nobody has",
                        "'site': 'LAB', 'cores': 1, 'components': [{'name': 'c1', 'type': 'GPU', 'model': 'A30'}]",
                        "nodes.n1.components",
                        "GPU A30",
                        "GPU Tesla T4"),
                node(
                        "unknown type of component",
                        "'site': 'LAB', 'cores': 1, 'components': [{'name': 'c', 'type': 'GPUU'}]",
                        "nodes.n1.components.c.type",
                        "did you mean GPU?"),
                node(
                        "component without a name",
                        "'site': 'LAB', 'cores': 1, 'components': [{'type': 'GPU'}]",
                        "nodes.n1.components[0].name",
                        "missing"),
                node(
                        "two components of a name",
                        "'site': 'LAB', 'cores': 1, 'components': [{'name': 'c', 'type': 'GPU'}, {'name': 'c', 'type': 'GPU'}]",
                        "nodes.n1.components.c.name",
                        "two components"),
                node(
                        "components that no host has together",
                        "'site': 'LAB', 'cores': 1, 'components': [{'name': 'c1', 'type': 'GPU', 'model': 'RTX6000'}, {'name': 'c2', 'type': 'NVME'}]",
                        "nodes.n1.components",
                        "together",
                        "separate nodes"),
                node(
                        "components that are no list",
                        "'site': 'LAB', 'cores': 1, 'components': 'GPU'",
                        "nodes.n1.components",
                        "list"),
                node(
                        "control characters",
                        "'site': 'LAB', 'cores': 1, 'image': 'a\\u0000b'",
                        "nodes.n1.image",
                        "one line"),
                node(
                        "half a character",
                        "'site': 'LAB', 'cores': 1, 'image': 'a\\ud800b'",
                        "nodes.n1.image",
                        "one line"),
                node(
                        "a component whose name breaks the model's rule",
                        "'site': 'LAB', 'cores': 1, 'components': [{'name': 'c', 'type': 'GPU'}]",
                        "nodes.n1.components.c.name",
                        "GPU 'c': Name"),
                node(
                        "a very long text",
                        "'site': '" + "x".repeat(10_000) + "', 'cores': 1",
                        "nodes.n1.site",
                        "200 characters",
                        "..."));
    }

    @TestFactory
    Stream<DynamicTest> wrong_forms() {
        var n = "'nodes': [{'name': 'n1', 'site': 'LAB', 'cores': 1}]";
        return tests(
                form("no name", "{" + n + "}", "name", "missing"),
                form("a short name", "{'name': 'x', " + n + "}", "name", "3 to 100"),
                form("nothing to build", "{'name': 'bad'}", "graph", "graph", "nodes"),
                form("two things to build", "{'name': 'bad', 'graph': '<graphml/>', " + n + "}", "nodes", "both"),
                form("no nodes", "{'name': 'bad', 'nodes': []}", "graph", "1 to 1000"),
                form("a node that is none", "{'name': 'bad', 'nodes': [7]}", "nodes[0]", "fields"),
                form(
                        "two nodes of a name",
                        "{'name': 'bad', 'nodes': [{'name': 'n1', 'site': 'LAB', 'cores': 1}, {'name': 'n1', 'site': 'LAB', 'cores': 1}]}",
                        "nodes.n1.name",
                        "two nodes"),
                form("unknown field", "{'name': 'bad', 'hous': 2, " + n + "}", "hous", "did you mean hours?"),
                form(
                        "hours and end",
                        "{'name': 'bad', 'hours': 2, 'end': '2099-01-01T00:00:00Z', " + n + "}",
                        "hours",
                        "both"),
                form("no hours", "{'name': 'bad', 'hours': 0, " + n + "}", "hours", "1 to"),
                form("last year", "{'name': 'bad', 'start': '2020-01-01T00:00:00Z', " + n + "}", "end", "past"),
                form(
                        "an end that is past",
                        "{'name': 'bad', 'end': '2020-01-01T00:00:00Z', " + n + "}",
                        "end",
                        "before it starts"),
                form("too long", "{'name': 'bad', 'end': '2199-01-01T00:00:00Z', " + n + "}", "end", "longest"),
                form(
                        "a time without a zone",
                        "{'name': 'bad', 'end': '2099-01-01T00:00:00', " + n + "}",
                        "end",
                        "zone",
                        "2030-01-07T08:00:00Z"),
                form(
                        "a time that no database holds",
                        "{'name': 'bad', 'end': '+999999999-01-01T00:00:00Z', " + n + "}",
                        "end",
                        "9999"),
                form(
                        "a private key",
                        "{'name': 'bad', 'sshKeys': ['-----BEGIN OPENSSH PRIVATE KEY-----'], " + n + "}",
                        "sshKeys[0]",
                        "public"),
                form("a field twice", "{'name': 'bad', 'name': 'worse', " + n + "}", "line 1", "uplicate"),
                form("half of a JSON", "{'name': 'bad',\n'nodes': [", "line 2", "not JSON"),
                form("more after the end", "{'name': 'bad', " + n + "} 7", "line 1", "not JSON"),
                form("a deep hole", "{'nodes': " + "[".repeat(100) + "]".repeat(100) + "}", "body", "not JSON"),
                form("a list", "[]", "body", "JSON"),
                form("nothing", "", "body", "empty"),
                new Mistake(
                        "broken YAML",
                        "POST",
                        "/v1/slices",
                        "application/yaml",
                        "name: bad\nnodes:\n  - {name: [\n",
                        400,
                        "Malformed",
                        "line 3",
                        "not YAML"),
                new Mistake(
                        "a tab in YAML",
                        "POST",
                        "/v1/slices",
                        "application/yaml",
                        "name: bad\n\tnodes: 1\n",
                        400,
                        "Malformed",
                        "line 1",
                        "not YAML"),
                new Mistake(
                        "YAML with a bomb",
                        "POST",
                        "/v1/slices",
                        "application/yaml",
                        "name: &a [x,x]\nnodes: &b [*a,*a,*a]\nstart: [*b,*b,*b]\n",
                        400,
                        "Malformed",
                        "name"));
    }

    @TestFactory
    Stream<DynamicTest> wrong_graphs() {
        return tests(
                new Mistake(
                        "broken XML",
                        "POST",
                        "/v1/slices?name=bad",
                        "application/xml",
                        "<graphml>\n<graph>\n</graphml>",
                        400,
                        "Malformed",
                        "line 3",
                        "graph"),
                new Mistake(
                        "an entity bomb",
                        "POST",
                        "/v1/slices?name=bad",
                        "application/xml",
                        "<!DOCTYPE x [<!ENTITY a 'aaaa'>]>\n<graphml><graph>&a;</graph></graphml>",
                        400,
                        "Malformed",
                        "",
                        "document type"),
                new Mistake(
                        "a graph without a name",
                        "POST",
                        "/v1/slices",
                        "application/xml",
                        "<graphml><graph edgedefault=\"undirected\"/></graphml>",
                        400,
                        "Malformed",
                        "name",
                        "query parameter"),
                new Mistake(
                        "an empty graph",
                        "POST",
                        "/v1/slices?name=bad",
                        "application/xml",
                        "<graphml><graph edgedefault=\"undirected\"/></graphml>",
                        400,
                        "Malformed",
                        "graph",
                        "1 to 1000"),
                new Mistake(
                        "a node link text without nodes",
                        "POST",
                        "/v1/slices?name=bad",
                        "application/json",
                        "{'links': []}",
                        400,
                        "Malformed",
                        "nodes"),
                new Mistake(
                        "a graph in JSON that is none",
                        "POST",
                        "/v1/slices",
                        "application/json",
                        "{'name': 'bad', 'graph': '<x/>'}",
                        400,
                        "Malformed",
                        ""),
                new Mistake(
                        "something else",
                        "POST",
                        "/v1/slices?name=bad",
                        "text/plain",
                        "hello",
                        400,
                        "Malformed",
                        "body",
                        "GraphML"),
                new Mistake(
                        "too much YAML",
                        "POST",
                        "/v1/slices",
                        "application/yaml",
                        "name: " + "x".repeat(1 << 20),
                        413,
                        "Request Entity Too Large",
                        "",
                        "1 MB"));
    }

    @Test
    void all_that_is_wrong_is_told_at_once() {
        var reply = domain.post(ALICE, "/v1/slices", """
                {"name": "bad", "colour": 1, "nodes": [{"name": "a", "cores": 0}, {"name": "b", "site": "LAB", "cores": 1, "ramm": 1}]}""");
        assertThat(reply.json()
                        .get("details")
                        .valueStream()
                        .map(detail -> detail.get("fieldName").stringValue()))
                .containsExactlyInAnyOrder("colour", "nodes.a.site", "nodes.a.cores", "nodes.b.ramm");
        var unknown = domain.post(ALICE, "/v1/slices", """
                {"name": "bad", "nodes": [{"name": "n1", "site": "X", "cores": 1}, {"name": "n2", "site": "Y", "cores": 1}]}""");
        assertThat(unknown.json()
                        .get("details")
                        .valueStream()
                        .map(detail -> detail.get("fieldName").stringValue()))
                .containsExactly("nodes.n1.site", "nodes.n2.site");
    }

    @Test
    void a_body_that_is_not_utf_8_is_refused() throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(domain.uri("/v1/slices"))
                    .header("Authorization", "Bearer " + ALICE)
                    .POST(BodyPublishers.ofByteArray(new byte[] {'{', (byte) 0xe9, '}'}));
            var reply = client.send(request.build(), BodyHandlers.ofString());
            assertThat(reply.statusCode()).isEqualTo(400);
            assertThat(reply.body()).contains("not UTF-8");
        }
    }

    @Test
    void several_of_the_largest_requests_at_once_are_answered_or_put_off() throws Exception {
        var graph = ("{\"name\": \"large\", \"graph\": \"<graphml>" + " ".repeat(60_000_000) + "\"}").getBytes(UTF_8);
        var statuses = new ConcurrentLinkedQueue<Integer>();
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(domain.uri("/v1/slices"))
                    .header("Authorization", "Bearer " + ALICE)
                    .POST(BodyPublishers.ofByteArray(graph))
                    .build();
            var answers = Stream.generate(() -> client.sendAsync(request, BodyHandlers.ofString()))
                    .limit(4)
                    .toList();
            for (var answer : answers) {
                statuses.add(answer.get().statusCode());
            }
        }
        assertThat(statuses).hasSize(4).contains(400).isSubsetOf(400, 503);
        assertThat(domain.get(ALICE, "/v1/slices").status()).isEqualTo(200);
    }
}
