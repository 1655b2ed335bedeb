package holdfast.api.cimi;

import holdfast.orchestrator.instances.Action;
import holdfast.orchestrator.instances.DeploymentPlan;
import holdfast.orchestrator.instances.DeploymentView;
import holdfast.orchestrator.instances.Deployments;
import holdfast.orchestrator.instances.EventView;
import holdfast.orchestrator.instances.InstanceFilter;
import holdfast.orchestrator.instances.InstanceView;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// Deployments as systems: machines that are made at one account, and are stopped, started and deleted together
/// (aeolus.md 3.6, 5.4.3).
final class Systems implements Kind {
    static final String PATH = "systems";
    private static final int MOST = 1_000;
    private static final String MACHINES = "machines";
    /// The collections below each, of which only that of machines ever has members.
    private static final List<String> PARTS = List.of(
            PATH, MACHINES, "credentials", "volumes", "networks", "networkPorts", "addresses", "forwardingGroups");

    private final Kept templates;
    private final Kept machines;
    private final Deployments.Finder deployments;

    /// @param templates of systems
    /// @param machines templates of machines, which those may refer to
    Systems(Kept templates, Kept machines, Deployments.Finder deployments) {
        this.templates = templates;
        this.machines = machines;
        this.deployments = deployments;
    }

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public String type() {
        return "System";
    }

    @Override
    public Optional<String> entry() {
        return Optional.of(PATH);
    }

    @Override
    public List<String> extensions() {
        return List.of("realm");
    }

    // --------------------------------------------------------------------------------------------------------------
    // looking

    private Deployments deployments(Face face) {
        return deployments.deployments(face.caller());
    }

    /// Those of the pool, oldest first, at most 1,000.
    List<DeploymentView> list(Face face) {
        var pool = Optional.of(face.cloud().pool().id());
        return deployments(face)
                .list(new Deployments.Which(pool, Optional.empty(), Optional.empty(), 0, MOST))
                .some();
    }

    Optional<DeploymentView> find(Face face, String id) {
        return Fields.uuid(id)
                .flatMap(deployments(face)::find)
                .filter(one -> one.pool().equals(face.cloud().pool().id()));
    }

    private DeploymentView there(Face face, String id) {
        return find(face, id).orElseThrow(() -> Problem.nothing("system " + id));
    }

    List<EventView> events(Face face, UUID id, int limit) {
        return deployments(face).events(id, limit);
    }

    private List<InstanceView> members(Face face, DeploymentView system) {
        return deployments(face).instances(system.id());
    }

    @Override
    public List<ObjectNode> all(Face face) {
        var systems = list(face);
        var parts =
                systems.stream().flatMap(system -> system.instances().stream()).collect(Collectors.toSet());
        var known = face.cloud()
                .instances(new InstanceFilter.Among(parts), 0, parts.size())
                .collect(Collectors.toMap(InstanceView::id, Function.identity()));
        return systems.stream()
                .map(system -> document(face, system, members(face, system, known)))
                .toList();
    }

    /// Most are known already; whoever may see a system may not see its machines among all.
    private List<InstanceView> members(Face face, DeploymentView system, Map<UUID, InstanceView> known) {
        var found = system.instances().stream()
                .flatMap(id -> Optional.ofNullable(known.get(id)).stream())
                .toList();
        return found.size() == system.instances().size() ? found : members(face, system);
    }

    @Override
    public Optional<ObjectNode> one(Face face, String id) {
        return find(face, id).map(system -> document(face, system));
    }

    @Override
    public Optional<Long> version(Face face, String id) {
        return find(face, id).map(DeploymentView::version);
    }

    private ObjectNode document(Face face, DeploymentView system) {
        return document(face, system, members(face, system));
    }

    private static ObjectNode document(Face face, DeploymentView system, List<InstanceView> members) {
        var id = system.id().toString();
        var at = face.at(PATH, id);
        var node = Face.common(
                at,
                system.name(),
                system.description(),
                Optional.of(system.created()),
                Optional.of(system.updated()),
                system.properties());
        system.realm().ifPresent(realm -> node.put("realm", realm));
        node.put("state", state(system, members));
        PARTS.forEach(part -> node.set(part, face.reference(PATH, id, part)));
        node.set("eventLog", face.reference(EventLogs.PATH, id));
        Machines.operations(node, at, action -> isPossible(action, system, members));
        Face.operation(node, Face.ACTION + "delete", at);
        Face.operation(node, "delete", at);
        Face.operation(node, "edit", at);
        return node;
    }

    /// What is done with all of it, else what its machines are: all the same, or mixed (aeolus.md 3.6).
    private static String state(DeploymentView system, List<InstanceView> members) {
        if (system.deleting()) {
            return "DELETING";
        }
        return switch (system.state()) {
            case NEW, PENDING, ROLLBACK_IN_PROGRESS, ROLLBACK_COMPLETE -> "CREATING";
            case SHUTTING_DOWN -> "STOPPING";
            case FAILED, ROLLBACK_FAILED -> "ERROR";
            case RUNNING, INCOMPLETE, STOPPED -> {
                var states = members.stream().map(Machines::state).distinct().toList();
                yield switch (states.size()) {
                    case 0 -> "STOPPED";
                    case 1 -> states.getFirst();
                    default -> "MIXED";
                };
            }
        };
    }

    private static boolean isPossible(Action action, DeploymentView system, List<InstanceView> members) {
        return !system.deleting()
                && (action == Action.STOP
                        ? system.state().active()
                        : (action == Action.START || !system.state().seeking())
                                && members.stream()
                                        .anyMatch(one -> one.actions().contains(action)));
    }

    @Override
    public Optional<Part> part(Face face, String id, String name) {
        return find(face, id).filter(_ -> PARTS.contains(name)).map(system -> {
            var kind = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
            var type = "System" + (kind.equals("Addresses") ? "Address" : kind.substring(0, kind.length() - 1));
            return Part.fixed(
                    type,
                    "system" + kind,
                    name.equals(MACHINES)
                            ? members(face, system).stream()
                                    .map(machine -> member(face, id, machine))
                                    .toList()
                            : List.of());
        });
    }

    /// Machines belong to their system for as long as there is one of both.
    private static ObjectNode member(Face face, String id, InstanceView machine) {
        var node = Face.common(
                face.at(PATH, id, MACHINES, machine.id().toString()),
                machine.name(),
                Optional.empty(),
                Optional.of(machine.created()),
                Optional.of(machine.updated()),
                Map.of());
        node.set("machine", face.reference(Machines.PATH, machine.id().toString()));
        return node;
    }

    // --------------------------------------------------------------------------------------------------------------
    // making and changing

    @Override
    public boolean adds(Face face) {
        return true;
    }

    @Override
    public Done create(Face face, ObjectNode body, Optional<String> token) {
        var template = templates.whole(face, body, "systemTemplate");
        var components = Component.all(face, template, machines);
        var plan = new DeploymentPlan(
                face.cloud().pool().id(),
                Fields.name(body),
                Fields.text(body, "description"),
                Fields.text(body, "realm")
                        .or(() -> Fields.text(template, "realm"))
                        .or(() -> Component.realm(components)),
                false,
                Fields.properties(body),
                "",
                components.stream()
                        .flatMap(component -> component.launches(face).stream())
                        .toList(),
                Machines.token(body, token));
        var made = deployments(face).launch(plan).orThrow();
        return job(face, Done.created(document(face, made)), made.id());
    }

    /// With the job of what was asked for last.
    private static Done job(Face face, Done done, UUID system) {
        return face.cloud().tasks(Optional.of(system), 1).stream()
                .findFirst()
                .map(task -> done.with(Done.JOB, face.at(Jobs.PATH, task.id().toString())))
                .orElse(done);
    }

    @Override
    public Done act(Face face, String id, String word, ObjectNode body) {
        var before = there(face, id);
        var members = members(face, before);
        var action =
                Optional.ofNullable(Machines.ACTIONS.get(word)).orElseThrow(() -> Problem.nothing("action " + word));
        boolean busy = members.stream().anyMatch(one -> one.doing().isPresent());
        if (!busy && state(before, members).equals(reached(action))) {
            return Done.nothing(202); // it is in that state already
        }
        if (!busy && !isPossible(action, before, members)) {
            throw new Problem(405, word + " is not possible while the system is " + state(before, members));
        }
        var all = deployments(face);
        switch (action) {
            case START -> all.start(before.id()).orThrow();
            case STOP -> all.stop(before.id()).orThrow();
            case REBOOT -> all.reboot(before.id()).orThrow();
            case CREATE, DESTROY -> throw new IllegalStateException(word + " is no action of systems");
        }
        return job(face, Done.nothing(202), before.id());
    }

    /// The state in which an action leaves everything as it is.
    private static String reached(Action action) {
        return switch (action) {
            case START -> "STARTED";
            case STOP -> "STOPPED";
            case REBOOT, CREATE, DESTROY -> "";
        };
    }

    /// In whatever state it is: what runs is stopped first.
    @Override
    public Done delete(Face face, String id) {
        var system = there(face, id).id();
        deployments(face).delete(system).orThrow();
        return job(face, Done.nothing(200), system);
    }

    @Override
    public Done edit(Face face, String id, ObjectNode body, Optional<Long> version) {
        var edit = Machines.edit(face, body);
        return Done.ok(document(
                face,
                deployments(face).edit(there(face, id).id(), edit, version).orThrow()));
    }
}
