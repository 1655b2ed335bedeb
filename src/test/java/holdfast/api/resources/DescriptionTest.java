package holdfast.api.resources;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.TestDatabase;
import holdfast.drivers.simulated.SimulatedSettings;
import holdfast.platform.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/// The OpenAPI document and the routes are two descriptions of one thing.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DescriptionTest {
    private final TestDatabase db = TestDatabase.fresh();
    private final TestDomain domain =
            new TestDomain(db, SimulatedSettings.PERFECT, "src/test/resources/sim/lab-ad.graphml");
    private final JsonNode document = domain.get("", "/v1/openapi.json").json();

    @AfterAll
    void stop() {
        domain.close();
        db.close();
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").stringValue().substring(1)) : node;
    }

    private static Set<String> methods(JsonNode path) {
        return path.propertyNames().stream()
                .filter(name -> !name.equals("parameters"))
                .collect(Collectors.toSet());
    }

    @Test
    void every_route_is_described_and_every_description_has_a_route() {
        var described = new TreeMap<String, Set<String>>();
        document.get("paths")
                .properties()
                .forEach(path -> methods(path.getValue()).forEach(method -> {
                    var parameters = new TreeSet<String>();
                    for (var holder : List.of(path.getValue(), path.getValue().get(method))) {
                        holder.path("parameters").forEach(parameter -> {
                            var resolved = resolve(parameter);
                            if (resolved.get("in").stringValue().equals("query")) {
                                parameters.add(resolved.get("name").stringValue());
                            }
                        });
                    }
                    described.put(method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey(), parameters);
                }));
        var routes = new TreeMap<String, Set<String>>();
        domain.api.routes().forEach(route -> {
            var call = route.method() + " " + route.path();
            var known = route.parameters().equals(Route.ANY) ? described.get(call) : route.parameters();
            routes.put(call, known == null ? new TreeSet<>() : new TreeSet<>(known));
        });
        assertThat(described).isEqualTo(routes);
    }

    @Test
    void what_needs_no_token_is_said_to_need_none() {
        for (var route : domain.api.routes()) {
            var operation =
                    document.get("paths").get(route.path()).get(route.method().toLowerCase(java.util.Locale.ROOT));
            assertThat(operation.has("security")).as(route.path()).isEqualTo(route.open());
        }
    }

    @Test
    void every_described_call_answers_with_a_described_status() {
        for (var route : domain.api.routes()) {
            var target = route.path()
                    .replace("{type}", "sites")
                    .replace("{id}", "LAB")
                    .replace("{entry}", "LAB")
                    .replace("{link}", "slices");
            if (target.endsWith("/events")) {
                continue; // answers when it is told to: see the flow of a slice
            }
            var reply = domain.send(domain.admin, route.method(), target, "", "");
            var operation =
                    document.get("paths").get(route.path()).get(route.method().toLowerCase(java.util.Locale.ROOT));
            var statuses = operation.get("responses").propertyNames();
            assertThat(reply.status())
                    .as(route.method() + " " + target + ": " + reply.text())
                    .isNotEqualTo(500);
            if (!statuses.contains(String.valueOf(reply.status()))) {
                assertThat(statuses).as(route.path()).contains("default");
                assertThat(reply.json().get("type").stringValue()).isEqualTo("error");
            }
        }
    }

    @Test
    void what_comes_has_the_members_that_are_promised() {
        assertMembers("Index", domain.get(domain.admin, "/v1").json());
        assertMembers("Health", domain.get("", "/v1/health").json());
        assertMembers("Status", domain.get(domain.admin, "/v1/status").json());
        assertMembers(
                "Capacity", domain.get(domain.admin, "/v1/capacity?level=2").json());
        assertMembers(
                "Quadruple", domain.get(domain.admin, "/v1/capacity/quadruple").json());
        assertMembers(
                "CapacityProfile",
                domain.get(domain.admin, "/v1/capacity/profile").json());
        assertMembers("Calendar", domain.get(domain.admin, "/v1/calendar").json());
        assertMembers("Error", domain.get(domain.admin, "/v1/slices/none").json());
        assertMembers("Collection", domain.get(domain.admin, "/v1/sites").json());
        assertMembers("Site", domain.get(domain.admin, "/v1/sites/LAB").json());
        assertMembers(
                "Delegation", domain.get(domain.admin, "/v1/delegations").json().at("/data/0"));
        var created = domain.post(domain.admin, "/v1/slices", """
                {"name": "described", "nodes": [{"name": "node1", "site": "LAB", "cores": 1}]}""").json();
        assertMembers("Slice", created);
        assertMembers("Sliver", created.get("slivers").get(0));
        var settled = domain.follow(domain.admin, created.get("id").stringValue(), TestDomain.in("StableOK"))
                .getLast();
        assertMembers("Slice", settled);
        assertMembers("Sliver", settled.get("slivers").get(0));
        assertMembers("Node", settled.get("slivers").get(0).get("demand"));
        var process =
                domain.get(domain.admin, "/v1/processes").json().get("data").get(0);
        assertMembers(
                "Process",
                domain.get(domain.admin, process.get("links").get("self").stringValue())
                        .json());
    }

    /// All required members are there, and there are none that are not described; what is an enumeration has one of
    /// its values.
    private void assertMembers(String schema, JsonNode node) {
        var required = new TreeSet<String>();
        var known = new TreeMap<String, JsonNode>();
        collect(document.at("/components/schemas/" + schema), required, known);
        assertThat(node.propertyNames()).as(schema + ": " + node).containsAll(required);
        assertThat(known.keySet()).as(schema + ": " + node).containsAll(node.propertyNames());
        known.forEach((name, member) -> {
            if (member.has("enum") && node.has(name)) {
                var values = new ArrayList<String>();
                member.get("enum").forEach(value -> values.add(value.asString()));
                assertThat(values)
                        .as(schema + "." + name)
                        .contains(node.get(name).asString());
            }
        });
    }

    private void collect(JsonNode schema, Set<String> required, TreeMap<String, JsonNode> known) {
        schema.path("allOf").forEach(part -> collect(resolve(part), required, known));
        schema.path("required").forEach(name -> required.add(name.stringValue()));
        schema.path("properties").properties().forEach(member -> known.put(member.getKey(), member.getValue()));
    }

    @Test
    void every_reference_leads_somewhere() {
        var text = Json.text(document);
        var references =
                java.util.regex.Pattern.compile("\"\\$ref\":\"#([^\"]+)\"").matcher(text);
        int count = 0;
        while (references.find()) {
            assertThat(document.at(references.group(1)).isMissingNode())
                    .as(references.group(1))
                    .isFalse();
            count++;
        }
        assertThat(count).isGreaterThan(50);
        assertThat(document.get("openapi").stringValue()).startsWith("3.1");
        assertThat(document.get("info").get("version").stringValue()).isEqualTo("1.2.3");
    }
}
