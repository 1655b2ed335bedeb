package holdfast.federation.wire;

import holdfast.core.Interval;
import holdfast.platform.Json;
import holdfast.protocol.rear.Price;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Pieces of messages that both dialects write alike.
final class Trees {
    private Trees() {}

    /// Nothing if the text is empty.
    static void put(ObjectNode node, String key, String text) {
        if (!text.isEmpty()) node.put(key, text);
    }

    static void put(ObjectNode node, String key, Optional<String> text) {
        text.ifPresent(said -> node.put(key, said));
    }

    /// Nothing if the object is empty.
    static void set(ObjectNode node, String key, ObjectNode object) {
        if (!object.isEmpty()) node.set(key, object);
    }

    static JsonNode texts(Collection<String> texts) {
        var list = Json.array();
        texts.forEach(list::add);
        return list;
    }

    /// By name, so that the same value is the same text.
    static ObjectNode object(Map<String, ? extends JsonNode> members) {
        var object = Json.object();
        new TreeMap<>(members).forEach(object::set);
        return object;
    }

    /// Three texts, empty if there is no price.
    static ObjectNode price(Optional<Price> price) {
        return Json.object()
                .put("amount", price.map(Price::amount).orElse(""))
                .put("currency", price.map(Price::currency).orElse(""))
                .put("period", price.map(Price::period).orElse(""));
    }

    /// In whole seconds: others have no finer ones.
    static String until(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    static ObjectNode term(Interval term) {
        return Json.object()
                .put("from", term.from().toString())
                .put("until", term.until().toString());
    }
}
