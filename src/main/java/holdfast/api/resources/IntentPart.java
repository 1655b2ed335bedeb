package holdfast.api.resources;

import static java.util.stream.Collectors.toMap;

import holdfast.core.Caller;
import holdfast.engine.Resource;
import holdfast.orchestrator.intents.Intent;
import holdfast.orchestrator.intents.IntentRecord;
import holdfast.orchestrator.intents.Intents;
import holdfast.orchestrator.intents.Needs;
import holdfast.platform.Json;
import holdfast.platform.Tx;
import holdfast.pools.Access;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What an intent shows.
final class IntentPart implements Part {
    @Override
    public Map<UUID, ObjectNode> fields(Tx tx, List<Resource> page) {
        return page.stream().collect(toMap(Resource::id, IntentPart::fields));
    }

    private static ObjectNode fields(Resource resource) {
        var record = resource.as(IntentRecord.class);
        var intent = record.intent();
        var node = Json.object()
                .put("owner", record.owner())
                .put("trace", Intents.trace(resource.id()).id())
                .put("form", intent.form().word())
                .put("text", record.text())
                .put("objective", intent.objective().word())
                .put("start", record.term().from().toString())
                .put("end", record.term().until().toString());
        intent.deadline().ifPresent(deadline -> node.put("deadline", deadline.toString()));
        var parts = node.putArray("parts");
        for (int n = 0; n < intent.parts().size(); n++) {
            var part = part(parts.addObject(), intent.parts().get(n)).putNull("slice");
            if (n < record.parts().size()) {
                placed(part, record.parts().get(n));
            }
        }
        for (var service : intent.services()) {
            service(parts.addObject(), service, record.needed());
        }
        return node;
    }

    private static void service(ObjectNode node, Intent.Service service, Needs needs) {
        node.put("name", service.name()).put("kind", "service").put("category", service.category());
        service.tag().ifPresent(tag -> node.put("tag", tag));
        needs.bought().stream()
                .filter(bought -> bought.name().equals(service.name()))
                .forEach(bought -> node.put("contractId", bought.contract().toString()));
    }

    /// The slice is named by its UUID.
    private static ObjectNode part(ObjectNode node, Intent.Part part) {
        var size = part.size();
        node.put("name", part.name())
                .put("kind", "VM")
                .put("cpu", size.cpu().text())
                .put("memory", size.memory().text())
                .put("disk", size.disk().text())
                .put("within", part.within().name().toLowerCase(Locale.ROOT));
        texts(node.putArray("hard"), part.hard());
        texts(node.putArray("soft"), part.soft());
        if (!part.kept().isEmpty()) {
            node.set("kept", Json.toTree(part.kept()));
        }
        return node;
    }

    private static void placed(ObjectNode node, IntentRecord.Placed placed) {
        var care = placed.care();
        node.put("slice", placed.slice().toString())
                .put("replaced", care.former().size());
        care.next().ifPresent(slice -> node.put("nextSlice", slice.toString()));
        care.doubt().ifPresent(doubt -> node.put(doubt.sure() ? "violated" : "doubtful", doubt.why()));
    }

    private static void texts(ArrayNode array, List<?> all) {
        all.forEach(one -> array.add(one.toString()));
    }

    @Override
    public List<String> actions(Caller caller, Resource resource) {
        var owner = resource.as(IntentRecord.class).owner();
        boolean possible = resource.removed().isEmpty()
                && Access.mayDelete(caller, resource.project(), owner, "intent").isEmpty();
        return possible ? List.of("delete", "measure") : List.of();
    }
}
