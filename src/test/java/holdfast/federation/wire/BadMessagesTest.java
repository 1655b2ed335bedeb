package holdfast.federation.wire;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.platform.Json;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// Messages that are refused, and bad flavors within a list.
class BadMessagesTest {
    private static final Instant NOW = Instant.parse("2025-06-01T09:00:00Z");

    private static String example(String name) {
        return Published.text("wire/examples/" + name + ".json");
    }

    private static ObjectNode object(String json) {
        return (ObjectNode) Json.tree(json);
    }

    private static ObjectNode listed() {
        return (ObjectNode) Json.tree(example("list-mixed")).get(0);
    }

    private static ObjectNode in(ObjectNode node, String... path) {
        var place = node;
        for (var key : path) place = (ObjectNode) place.path(key);
        return place;
    }

    @Test
    void bad_flavors_of_a_list_are_passed_over_and_counted() {
        var list = Json.array().add("garbage").add(7);
        list.add(listed());
        list.add(listed().put("flavorID", "Not A Name"));
        for (int index = 0; index < 12; index++) list.addObject();
        var heard = RearReader.flavors(list.toString()).orThrow();
        assertThat(heard.flavors())
                .containsExactly(RearReader.flavor(listed().toString()).orThrow());
        assertThat(heard.skipped()).isEqualTo(15);
        assertThat(heard.why()).hasSize(10);
        assertThat(heard.why().get(2).message())
                .isEqualTo("[3].flavorID is \"Not A Name\": it must be a name as in DNS: lower-case letters, digits, -"
                        + " and ., at most 253");
    }

    @Test
    void a_list_is_read_up_to_a_limit_and_nothing_is_an_empty_one() {
        var list = Json.array();
        for (int index = 0; index <= RearReader.MOST; index++) list.addObject();
        assertThat(RearReader.flavors(list.toString()).orThrow().skipped()).isEqualTo(RearReader.MOST + 1);
        for (var nothing : List.of("", " \n", "null", "[]")) {
            assertThat(RearReader.flavors(nothing).orThrow()).isEqualTo(new Heard(List.of(), 0, List.of()));
        }
        assertThat(RearReader.flavors("{}")).isInstanceOf(Answer.No.class);
    }

    private record Bad(String what, String message, Function<String, Answer<?>> reader) {}

    private static Bad flavor(String what, Consumer<ObjectNode> change) {
        var message = listed();
        change.accept(message);
        return new Bad(what, message.toString(), RearReader::flavor);
    }

    private static Bad reserve(String what, Consumer<ObjectNode> change) {
        var message = object(example("reserve-request"));
        change.accept(message);
        return new Bad(what, message.toString(), RearReader::reserve);
    }

    private static Bad transaction(String what, Consumer<ObjectNode> change) {
        var message = object(example("transaction"));
        change.accept(message);
        return new Bad(what, message.toString(), body -> RearReader.transaction(body, NOW));
    }

    private static Bad contract(String what, Consumer<ObjectNode> change) {
        var message = object(example("contract"));
        change.accept(message);
        return new Bad(what, message.toString(), RearReader::contract);
    }

    @Test
    void each_bad_message_is_refused_with_field_value_and_rule() {
        var bad = List.of(
                new Bad("no body", "", RearReader::reserve),
                new Bad("a list", "[]", RearReader::reserve),
                flavor("no id", node -> node.remove("flavorID")),
                flavor("long id", node -> node.put("flavorID", "a".repeat(254))),
                flavor("no owner", node -> node.remove("owner")),
                flavor("address with a path", node -> in(node, "owner").put("IP", "10.0.0.1:80/x")),
                flavor("unknown type", node -> in(node, "type").put("name", "mainframe")),
                flavor(
                        "negative",
                        node -> in(node, "type", "data", "charateristics").put("cpu", "-1")),
                flavor(
                        "no quantity",
                        node -> in(node, "type", "data", "charateristics").put("cpu", "8 cores")),
                flavor(
                        "no pods",
                        node -> in(node, "type", "data", "charateristics").remove("pods")),
                flavor(
                        "odd latency",
                        node -> in(node, "type", "data", "properties").put("latency", "12ms")),
                flavor("availability", node -> node.put("availability", "maybe")),
                flavor("no time", node -> node.put("timestamp", "yesterday")),
                flavor("far time", node -> node.put("timestamp", "+99999-01-01T00:00:00Z")),
                flavor("text as list", node -> node.putArray("providerID")),
                flavor("long text", node -> in(node, "location").put("city", "x".repeat(254))),
                reserve("no buyer", node -> node.remove("buyerID")),
                reserve("no id of the buyer", node -> in(node, "buyerID").remove("ID")),
                reserve("no data", node -> in(node, "configuration").remove("data")),
                reserve("no amount", node -> in(node, "configuration", "data").remove("cpu")),
                reserve("no count", node -> {
                    in(node, "configuration").put("type", "vm");
                    in(node, "configuration", "data").put("count", 0);
                }),
                reserve("hosting", node -> node.set("configuration", Json.tree("""
                        {"type": "service", "data": {"hostingPolicy": "Nowhere", "configurationData": {}}}"""))),
                reserve("password in the wrong place", node -> node.set("configuration", Json.tree("""
                        {"type": "service", "data": {"configurationData": "hush"}}"""))),
                transaction("no id of the transaction", node -> node.put("transactionID", "")),
                transaction("neither end nor seconds", node -> node.remove("expirationTime")),
                contract(
                        "kubeconfig",
                        node -> in(node, "peeringTargetCredentials").put("kubeconfig", "hush!")),
                contract("credentials", node -> node.put("peeringTargetCredentials", "hush")),
                contract("extra", node -> node.put("extraInformation", 1)));
        var told = new StringBuilder();
        for (var one : bad) {
            Refusal why = ((Answer.No<?>) one.reader().apply(one.message())).why();
            told.append(one.what())
                    .append("\n    ")
                    .append(why.field().orElseThrow())
                    .append("\n    ");
            told.append(why.message()).append("\n");
        }
        assertThat(told.toString()).doesNotContain("hush");
        Published.assertGolden("bad-messages.txt", told.toString());
    }
}
