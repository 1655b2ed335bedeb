package holdfast.api.cimi;

import static holdfast.orchestrator.instances.Action.DESTROY;
import static holdfast.orchestrator.instances.Action.REBOOT;
import static holdfast.orchestrator.instances.Action.START;
import static holdfast.orchestrator.instances.Action.STOP;
import static java.util.Objects.requireNonNull;

import holdfast.core.Answer;
import holdfast.orchestrator.instances.Action;
import holdfast.orchestrator.instances.InstanceFilter;
import holdfast.orchestrator.instances.InstanceState;
import holdfast.orchestrator.instances.InstanceView;
import holdfast.orchestrator.instances.Launch;
import holdfast.orchestrator.instances.Measure;
import holdfast.orchestrator.instances.VirtualCloud;
import holdfast.platform.Json;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Instances as machines (aeolus.md 5.4.3, 5.4.4).
final class Machines implements Kind {
    static final String PATH = "machines";
    /// All that [#state] may say.
    static final List<String> STATES =
            List.of("CREATING", "DELETING", "ERROR", "STARTED", "STARTING", "STOPPED", "STOPPING");

    static final Map<String, Action> ACTIONS = Map.of("start", START, "stop", STOP, "restart", REBOOT);
    private static final String INTERFACES = "networkInterfaces";
    private static final Set<InstanceState> CAPTURED = EnumSet.of(InstanceState.RUNNING, InstanceState.STOPPED);
    private static final Set<String> INITIAL = Set.of("STARTED", "STOPPED");

    private final Kept templates;
    private final Duration patience;

    /// @param patience how long answers wait for what they have begun
    Machines(Kept templates, Duration patience) {
        this.templates = templates;
        this.patience = patience;
    }

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public String type() {
        return "Machine";
    }

    @Override
    public Optional<String> entry() {
        return Optional.of("machines");
    }

    @Override
    public List<String> extensions() {
        return List.of("realm");
    }

    @Override
    public List<ObjectNode> all(Face face) {
        return face.cloud()
                .instances(InstanceFilter.every(), 0, Integer.MAX_VALUE)
                .map(instance -> document(face, instance))
                .toList();
    }

    @Override
    public Optional<Found> found(Face face, Query query) {
        return Optional.of(MachineSearch.found(face, query));
    }

    @Override
    public Optional<ObjectNode> one(Face face, String id) {
        return find(face, id).map(instance -> document(face, instance));
    }

    @Override
    public Optional<Long> version(Face face, String id) {
        return find(face, id).map(InstanceView::version);
    }

    static Optional<InstanceView> find(Face face, String id) {
        return Fields.uuid(id).flatMap(face.cloud()::instance);
    }

    private static InstanceView there(Face face, String id) {
        return find(face, id).orElseThrow(() -> Problem.nothing("machine " + id));
    }

    static ObjectNode document(Face face, InstanceView instance) {
        var id = instance.id().toString();
        var at = face.at(PATH, id);
        var node = Face.common(
                at,
                instance.name(),
                instance.description(),
                Optional.of(instance.created()),
                Optional.of(instance.updated()),
                instance.properties());
        instance.realm().ifPresent(realm -> node.put("realm", realm));
        node.set("machineImage", face.reference(MachineImages.PATH, instance.image()));
        node.put("state", state(instance));
        Measure.CPU.of(instance).ifPresent(cpu -> node.put("cpu", cpu));
        Measure.MEMORY.of(instance).ifPresent(memory -> node.put("memory", memory));
        node.set("disks", face.reference(PATH, id, "disks"));
        node.set("volumes", face.reference(PATH, id, "volumes"));
        node.set(INTERFACES, face.reference(PATH, id, INTERFACES));
        node.set("eventLog", face.reference(EventLogs.PATH, id));
        operations(
                node,
                at,
                action -> instance.actions().contains(action) || action == REBOOT && isJustRestarted(instance));
        if (face.offers(MachineImages.CAPTURES) && CAPTURED.contains(instance.state())) {
            Face.operation(node, Face.ACTION + "capture", face.at(MachineImages.PATH));
        }
        Face.operation(node, Face.ACTION + "delete", at);
        Face.operation(node, "delete", at);
        Face.operation(node, "edit", at);
        return node;
    }

    /// Adds those actions of machines and systems that are possible now.
    static void operations(ObjectNode node, String at, Predicate<Action> possible) {
        Stream.of("start", "stop", "restart")
                .filter(word -> possible.test(requireNonNull(ACTIONS.get(word))))
                .forEach(word -> Face.operation(node, Face.ACTION + word, at + "/" + word));
    }

    /// Whether it runs, and was restarted so lately that it is not restarted again: clients that have heard nothing
    /// ask once more, and are told of that one.
    private static boolean isJustRestarted(InstanceView instance) {
        return instance.state() == InstanceState.RUNNING
                && instance.doing().isEmpty()
                && !instance.actions().contains(REBOOT);
    }

    static String state(InstanceView instance) {
        if (instance.doing().filter(action -> action == DESTROY).isPresent()) {
            return "DELETING";
        }
        return switch (instance.state()) {
            case NEW -> "CREATING";
            case PENDING ->
                instance.doing()
                                .filter(action -> action == START || action == REBOOT)
                                .isPresent()
                        ? "STARTING"
                        : "CREATING";
            case RUNNING -> "STARTED";
            case SHUTTING_DOWN -> "STOPPING";
            case STOPPED -> "STOPPED";
            case CREATE_FAILED, ERROR, VANISHED -> "ERROR";
        };
    }

    private static Optional<BigDecimal> storage(InstanceView instance) {
        return Optional.ofNullable(instance.sizes().get("storage"))
                .map(BigDecimal::new)
                .or(() -> instance.profile().storage().standard());
    }

    // --------------------------------------------------------------------------------------------------------------
    // making and changing

    @Override
    public boolean adds(Face face) {
        return true;
    }

    @Override
    public Done create(Face face, ObjectNode body, Optional<String> token) {
        var template = templates.whole(face, body, "machineTemplate");
        var launch = launch(
                face,
                template,
                body,
                Fields.name(body),
                Fields.text(body, "realm").or(() -> Fields.text(template, "realm")),
                token(body, token));
        var made = made(face.cloud().launch(launch));
        var shown = face.cloud().settled(made.id(), patience).orElse(made);
        return job(face, Done.created(document(face, shown)), made);
    }

    /// By which clients say that they ask for the same once more: in the header, or in the properties
    /// (aeolus.md 7, row 12).
    static Optional<String> token(ObjectNode body, Optional<String> header) {
        return header.or(() -> Optional.ofNullable(Fields.properties(body).get("clientToken")));
    }

    /// One machine of a template that is whole.
    ///
    /// @param told what is said of the machine itself, its description and properties
    static Launch launch(
            Face face,
            ObjectNode template,
            ObjectNode told,
            Optional<String> name,
            Optional<String> realm,
            Optional<String> token) {
        var image = Fields.reference(template, "machineImage")
                .orElseThrow(() -> Problem.malformed("machineTemplate.machineImage is missing"));
        var initial = Fields.text(template, "initialState", 20).orElse("STARTED");
        if (!INITIAL.contains(initial)) {
            throw Problem.malformed("initialState is '" + initial + "'; it must be STARTED or STOPPED");
        }
        var size = MachineSizes.of(face, template);
        return new Launch(
                name,
                Fields.text(told, "description"),
                image,
                Optional.of(size.profile()),
                size.sizes(),
                realm,
                Fields.reference(template, "credential"),
                Fields.text(template, "userData"),
                Fields.properties(told),
                initial.equals("STOPPED"),
                Set.of(),
                face.driver(),
                token);
    }

    private static InstanceView made(Answer<InstanceView> answer) {
        return switch (answer) {
            case Answer.Yes<InstanceView>(var instance) -> instance;
            case Answer.No<InstanceView>(var why) -> throw Problem.of(why);
        };
    }

    private static Done job(Face face, Done done, InstanceView instance) {
        return instance.task()
                .map(task -> done.with(Done.JOB, face.at(Jobs.PATH, task.toString())))
                .orElse(done);
    }

    @Override
    public Done act(Face face, String id, String word, ObjectNode body) {
        var before = there(face, id);
        if (Set.of(MachineVolumes.NAME, MachineVolumes.ATTACH).contains(word) && face.offers(Volumes.NEEDS)) {
            return MachineVolumes.attach(face, before, body);
        }
        var action = Optional.ofNullable(ACTIONS.get(word)).orElseThrow(() -> Problem.nothing("action " + word));
        boolean there = action == START && before.state() == InstanceState.RUNNING
                || action == STOP && before.state() == InstanceState.STOPPED;
        if (there && before.doing().isEmpty()) {
            return Done.nothing(202); // it is in that state already
        }
        if (action == REBOOT && isJustRestarted(before)) {
            return job(face, Done.nothing(202), before);
        }
        if (before.doing().isEmpty() && !before.actions().contains(action)) {
            throw new Problem(405, word + " is not possible while the machine is " + state(before));
        }
        return job(face, Done.nothing(202), made(face.cloud().act(before.id(), action)));
    }

    /// In whatever state it is: what runs is stopped first.
    @Override
    public Done delete(Face face, String id) {
        var before = there(face, id);
        var after = made(face.cloud().act(before.id(), DESTROY));
        face.cloud().settled(before.id(), patience);
        return job(face, Done.nothing(200), after);
    }

    @Override
    public Done edit(Face face, String id, ObjectNode body, Optional<Long> version) {
        var before = there(face, id);
        return Done.ok(document(face, made(face.cloud().edit(before.id(), edit(face, body), version))));
    }

    /// What a request changes of what is the user's own.
    static VirtualCloud.Edit edit(Face face, ObjectNode body) {
        var query = face.query();
        return new VirtualCloud.Edit(
                Fields.text(body, "name", 1_024).filter(_ -> query.changes("name")),
                query.changes("description") ? Optional.of(Fields.text(body, "description")) : Optional.empty(),
                query.changes(Notation.PROPERTIES) ? Optional.of(Fields.properties(body)) : Optional.empty());
    }

    @Override
    public Optional<Part> part(Face face, String id, String name) {
        return find(face, id).flatMap(instance -> switch (name) {
            case "disks" ->
                Optional.of(Part.fixed(
                        "Disk",
                        "disks",
                        storage(instance)
                                .filter(storage -> storage.signum() > 0)
                                .map(storage -> disk(face, instance, storage))
                                .stream()
                                .toList()));
            case MachineVolumes.NAME -> Optional.of(MachineVolumes.part(face, instance));
            case INTERFACES -> Optional.of(interfaces(face, instance));
            default -> Optional.empty();
        });
    }

    @Override
    public Done remove(Face face, String id, String name, String member) {
        if (!name.equals(MachineVolumes.NAME) || !face.offers(Volumes.NEEDS)) {
            return Kind.super.remove(face, id, name, member);
        }
        return MachineVolumes.detach(face, there(face, id), member);
    }

    /// One for all addresses that the machine has: which of them is where, only its provider knows.
    private static Part interfaces(Face face, InstanceView instance) {
        var id = instance.id().toString();
        var node = Json.object()
                .put("id", face.at(PATH, id, INTERFACES, "1"))
                .put("name", "eth0")
                .put("state", instance.state() == InstanceState.RUNNING ? "ACTIVE" : "STANDBY");
        var addresses = node.putArray("addresses");
        Stream.of(instance.publicAddresses(), instance.privateAddresses())
                .flatMap(List::stream)
                .forEach(address -> addresses.addObject().put("ip", address));
        return Part.fixed("MachineNetworkInterface", "machineNetworkInterfaces", List.of(node));
    }

    private static ObjectNode disk(Face face, InstanceView instance, BigDecimal storage) {
        return Json.object()
                .put("id", face.at(PATH, instance.id().toString(), "disks", "1"))
                .put("name", instance.name() + "_disk_1")
                .put("capacity", Sizes.fromGb(storage));
    }
}
