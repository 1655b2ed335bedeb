package holdfast.federation.wire;

import holdfast.protocol.rear.Properties;
import holdfast.protocol.rear.Sensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/// Sensors as a fork of the node for the edge offers them; nobody writes them so here (fluidos.md 2.6).
final class EdgeSensor {
    private static final List<String> KEPT = List.of("uid", "node");

    private EdgeSensor() {}

    static Sensor read(Item data) {
        var access = data.at("access").object();
        var how = access.at("type");
        boolean mqtt = how.text(Item.NAME).equalsIgnoreCase("MQTT");
        if (!mqtt && !how.text(Item.NAME).equalsIgnoreCase("HTTP")) {
            throw how.refused("must be HTTP or MQTT");
        }
        var rate = data.at("srate");
        return new Sensor(
                data.at("type").at("type", "category").needed(),
                "",
                "",
                "",
                rate.isThere() ? OptionalLong.of(rate.whole(0, Integer.MAX_VALUE)) : OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                access.at("source").text(Item.NAME),
                mqtt ? Optional.empty() : Optional.of(List.of("GET")),
                mqtt ? Optional.of("0") : Optional.empty(),
                new Properties(0, List.of(), Optional.empty(), List.of(), List.of(), kept(data, access)));
    }

    /// Whose it is, and where its readings are.
    private static Map<String, JsonNode> kept(Item data, Item access) {
        var kept = new LinkedHashMap<String, JsonNode>();
        KEPT.forEach(name -> data.at(name).said(Item.NAME).ifPresent(text -> kept.put(name, StringNode.valueOf(text))));
        access.at("resource").maybe().ifPresent(resource -> kept.put("resource", resource.free()));
        return kept;
    }
}
