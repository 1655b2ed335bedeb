package holdfast.federation.afar;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.platform.Json;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What a node asks of those that are announced to it: all that it says must be so (fluidos.md 5.8). Pure.
///
/// @param asks by key, as they were written
public record Rule(Map<String, JsonNode> asks) {
    /// Anybody.
    public static final Rule NONE = new Rule(Map.of());

    private static final BigDecimal FAR = BigDecimal.valueOf(10_000);
    /// Nodes of others write JSON in a string of JSON, some more than once.
    private static final int DEEPEST = 5;

    public Rule {
        asks = Map.copyOf(asks);
    }

    /// Reads a rule as it goes over the wire, or is written in settings.
    ///
    /// @return MALFORMED if no object comes out of it
    public static Answer<Rule> read(String text) {
        try {
            var node = Json.tree(text);
            for (int depth = 0; node.isString() && depth < DEEPEST; depth++) {
                node = Json.tree(node.stringValue());
            }
            if (node.isObject()) {
                var asks = new TreeMap<String, JsonNode>();
                node.properties().forEach(one -> asks.put(one.getKey(), one.getValue()));
                return Answer.yes(new Rule(asks));
            }
        } catch (JacksonException _) {
            // told below
        }
        return Answer.no(Refusal.malformed("rule", "a rule is a JSON object, such as {\"MAXlatency\": 20}"));
    }

    /// As nodes send it: the text of an object, as a string.
    public String wire() {
        return Json.text(Json.text(new TreeMap<>(asks)));
    }

    /// Whether an announcement is what is asked for. What a rule asks that nobody knows is never so.
    public boolean admits(JsonNode metric) {
        return asks.entrySet().stream().allMatch(ask -> holds(ask, metric));
    }

    private static boolean holds(Entry<String, JsonNode> ask, JsonNode metric) {
        var wanted = ask.getValue();
        return switch (ask.getKey()) {
            case "MAXlatency" -> number(wanted, FAR.negate()).compareTo(number(metric.path("latency"), FAR)) >= 0;
            case "MINbandwidth" ->
                number(wanted, FAR).compareTo(number(metric.path("bandwidth"), BigDecimal.ZERO)) <= 0;
            case "locations" ->
                wanted.isArray() && wanted.valueStream().anyMatch(place -> place.equals(metric.path("location")));
            case "sender" -> true;
            case "example" ->
                metric.path("example").isMissingNode() || metric.path("example").equals(wanted);
            default -> false;
        };
    }

    /// Numbers come as such or as text.
    private static BigDecimal number(JsonNode node, BigDecimal none) {
        try {
            return node.isNumber() || node.isString() ? new BigDecimal(node.asString()) : none;
        } catch (NumberFormatException _) {
            return none;
        }
    }
}
