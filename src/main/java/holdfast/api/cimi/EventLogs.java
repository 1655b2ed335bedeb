package holdfast.api.cimi;

import holdfast.orchestrator.instances.EventView;
import holdfast.orchestrator.instances.InstanceView;
import holdfast.orchestrator.instances.VirtualCloud.Which;
import holdfast.platform.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// What happened to machines: one log for each, with its id (aeolus.md 5.4.3).
final class EventLogs implements Kind {
    static final String PATH = "event_logs";
    private static final int MOST = 1_000;
    private static final Set<String> BAD = Set.of("create_failed", "error", "vanished");

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public String type() {
        return "EventLog";
    }

    @Override
    public Optional<String> entry() {
        return Optional.of("eventLogs");
    }

    @Override
    public List<ObjectNode> all(Face face) {
        return face.cloud().instances(new Which(Optional.empty(), Optional.empty(), Optional.empty(), MOST)).stream()
                .map(instance -> document(face, instance))
                .toList();
    }

    @Override
    public Optional<ObjectNode> one(Face face, String id) {
        return Machines.find(face, id).map(instance -> {
            var node = document(face, instance);
            var events = face.cloud().events(instance.id(), MOST);
            var bad = events.stream().filter(EventLogs::bad).count();
            node.set(
                    "summary",
                    Json.object()
                            .put("low", events.size() - bad)
                            .put("medium", 0)
                            .put("high", bad)
                            .put("critical", 0));
            return node;
        });
    }

    private static ObjectNode document(Face face, InstanceView instance) {
        var id = instance.id().toString();
        var node = Face.common(
                face.at(PATH, id),
                "events of " + instance.name(),
                Optional.empty(),
                Optional.of(instance.created()),
                Optional.of(instance.updated()),
                Map.of());
        node.set("targetResource", face.reference(Machines.PATH, id));
        node.set("events", face.reference(PATH, id, "events"));
        node.put("persistence", "400 days");
        return node;
    }

    @Override
    public Optional<Part> part(Face face, String id, String name) {
        return name.equals("events")
                ? Machines.find(face, id)
                        .map(instance -> Part.fixed(
                                "Event",
                                "events",
                                face.cloud().events(instance.id(), MOST).stream()
                                        .map(event -> event(face, instance, event))
                                        .toList()))
                : Optional.empty();
    }

    private static ObjectNode event(Face face, InstanceView instance, EventView event) {
        var id = instance.id().toString();
        var machine = face.at(Machines.PATH, id);
        var node = Json.object()
                .put("id", face.at(PATH, id, "events", String.valueOf(event.number())))
                .put("name", event.code().orElse("created"))
                .put("timestamp", event.time().toString())
                .put("type", Notation.NAMESPACE + "/event/state");
        var content = Json.object().put("resName", instance.name()).put("resType", Notation.NAMESPACE + "/Machine");
        content.putObject("resource").put(Notation.HREF, machine);
        event.code().ifPresent(code -> content.put("state", code));
        content.put("detail", event.summary());
        node.set("content", content);
        node.put("outcome", bad(event) ? "failure" : "success");
        node.put("severity", bad(event) ? "high" : "low");
        return node;
    }

    private static boolean bad(EventView event) {
        return event.code().filter(BAD::contains).isPresent();
    }
}
