package holdfast.engine.handlers;

import holdfast.engine.Resource;
import holdfast.platform.Json;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What an agent that is not there would answer (cattle.md 5.13). What stands in the event decides: the word
/// `<event>::fail`, such as in the name of an instance, makes it fail, and `simDisconnectAgent` makes it silent. How
/// much it has is in the `data` of the agent: `hosts`, `storagePoolsPerHost`, `addPhysicalHost`, `ipAddress`, `memory`,
/// `cpu`, `storage`.
final class Simulator {
    /// The begin of the address of such an agent.
    static final String SCHEME = "sim://";

    private static final String ADDRESS = "192.168.0.21";
    private static final int MOST = 100;

    private Simulator() {}

    /// @return empty if it stays silent
    static Optional<ObjectNode> answer(Resource agent, ObjectNode event) {
        var name = event.path("name").asString("");
        int end = name.indexOf(';');
        var kind = end < 0 ? name : name.substring(0, end);
        var text = event.toString();
        if (text.contains("simDisconnectAgent")) {
            return Optional.empty();
        }
        var reply = Json.object();
        if (text.contains(kind + "::fail")) {
            return Optional.of(
                    reply.put("transitioning", "error").put("transitioningMessage", "Failing [" + kind + "]"));
        }
        var data = reply.putObject("data");
        boolean asked = event.path("data").path("options").path("resources").asBoolean(false);
        if (kind.equals("ping") && asked) {
            resources(agent, data.putArray("resources"));
        }
        return Optional.of(reply);
    }

    /// Children first, to show that the order does not matter.
    private static void resources(Resource agent, ArrayNode list) {
        var knobs = agent.content().path("data");
        var id = agent.id().toString();
        boolean physical = knobs.path("addPhysicalHost").asBoolean(true);
        for (int n = 0; n < count(knobs, "hosts"); n++) {
            var host = id + "-" + n;
            for (int pool = 0; pool < count(knobs, "storagePoolsPerHost"); pool++) {
                var shown = thing(list, "storagePool", host + "-" + pool).put("hostUuid", host);
                whole(knobs, "storage").ifPresent(size -> shown.set("physicalTotalSizeMb", size));
            }
            thing(list, "ipAddress", host + "-ip")
                    .put("hostUuid", host)
                    .put("address", knobs.path("ipAddress").asString(ADDRESS));
            var shown = thing(list, "host", host);
            whole(knobs, "memory").ifPresent(size -> shown.set("memory", size));
            whole(knobs, "cpu").ifPresent(size -> shown.set("milliCpu", size));
            if (physical) {
                shown.put("physicalHostUuid", host + "-physical");
                thing(list, "physicalHost", host + "-physical");
            }
        }
    }

    private static ObjectNode thing(ArrayNode list, String type, String uuid) {
        return list.addObject()
                .put("type", type)
                .put("kind", "sim")
                .put("uuid", uuid)
                .put("name", uuid);
    }

    private static int count(JsonNode knobs, String name) {
        return Math.clamp(knobs.path(name).asInt(1), 0, MOST);
    }

    private static Optional<JsonNode> whole(JsonNode knobs, String name) {
        return Optional.of(knobs.path(name)).filter(JsonNode::isIntegralNumber);
    }
}
