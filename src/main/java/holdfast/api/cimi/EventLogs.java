package holdfast.api.cimi;

import holdfast.orchestrator.instances.DeploymentView;
import holdfast.orchestrator.instances.EventView;
import holdfast.orchestrator.instances.InstanceFilter;
import holdfast.orchestrator.instances.InstanceView;
import holdfast.platform.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// What happened to machines and systems: one log for each, with its id (aeolus.md 5.4.3).
final class EventLogs implements Kind {
    static final String PATH = "event_logs";
    private static final int MOST = 1_000;
    private static final Set<String> BAD =
            Set.of("create_failed", "error", "vanished", "failed", "deployment_launch_failed", "rollback_failed");

    private final Systems systems;

    EventLogs(Systems systems) {
        this.systems = systems;
    }

    /// What has a log.
    ///
    /// @param type such as `Machine`
    /// @param path the collection that it is in
    private record Subject(
            String type,
            String path,
            UUID id,
            String name,
            Instant created,
            Instant updated,
            Supplier<List<EventView>> events) {}

    private static Subject subject(Face face, InstanceView machine) {
        return new Subject(
                "Machine",
                Machines.PATH,
                machine.id(),
                machine.name(),
                machine.created(),
                machine.updated(),
                () -> face.cloud().events(machine.id(), MOST));
    }

    private Subject subject(Face face, DeploymentView system) {
        return new Subject(
                systems.type(),
                Systems.PATH,
                system.id(),
                system.name(),
                system.created(),
                system.updated(),
                () -> systems.events(face, system.id(), MOST));
    }

    private Optional<Subject> find(Face face, String id) {
        return Machines.find(face, id)
                .map(machine -> subject(face, machine))
                .or(() -> systems.find(face, id).map(system -> subject(face, system)));
    }

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
        var machines = face.cloud().instances(InstanceFilter.every(), 0, MOST).map(machine -> subject(face, machine));
        var others = systems.list(face).stream().map(system -> subject(face, system));
        return Stream.concat(machines, others)
                .map(subject -> document(face, subject))
                .toList();
    }

    @Override
    public Optional<ObjectNode> one(Face face, String id) {
        return find(face, id).map(subject -> {
            var node = document(face, subject);
            var events = subject.events().get();
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

    private static ObjectNode document(Face face, Subject subject) {
        var id = subject.id().toString();
        var node = Face.common(
                face.at(PATH, id),
                "events of " + subject.name(),
                Optional.empty(),
                Optional.of(subject.created()),
                Optional.of(subject.updated()),
                Map.of());
        node.set("targetResource", face.reference(subject.path(), id));
        node.set("events", face.reference(PATH, id, "events"));
        node.put("persistence", "400 days");
        return node;
    }

    @Override
    public Optional<Part> part(Face face, String id, String name) {
        return find(face, id)
                .filter(_ -> name.equals("events"))
                .map(subject -> Part.fixed(
                        "Event",
                        "events",
                        subject.events().get().stream()
                                .map(event -> event(face, subject, event))
                                .toList()));
    }

    private static ObjectNode event(Face face, Subject subject, EventView event) {
        var id = subject.id().toString();
        var node = Json.object()
                .put("id", face.at(PATH, id, "events", String.valueOf(event.number())))
                .put("name", event.code().orElse("created"))
                .put("timestamp", event.time().toString())
                .put("type", Notation.NAMESPACE + "/event/state");
        var content =
                Json.object().put("resName", subject.name()).put("resType", Notation.NAMESPACE + "/" + subject.type());
        content.set("resource", face.reference(subject.path(), id));
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
