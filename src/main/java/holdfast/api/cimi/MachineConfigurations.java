package holdfast.api.cimi;

import holdfast.core.HardwareProfile;
import holdfast.core.Property;
import holdfast.orchestrator.instances.ProfileDesk;
import holdfast.platform.Json;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Front-end hardware profiles as machine configurations (aeolus.md 5.4.3), made and changed by those who may do that
/// with profiles. What a profile leaves open is shown as what it usually is, and stays open until another value is
/// said.
final class MachineConfigurations implements Kind {
    static final String PATH = "machine_configurations";
    private static final String CPU = "cpu";
    private static final String MEMORY = "memory";
    private static final String DISKS = "disks";
    private static final Property NOTHING = new Property.Any();
    private static final HardwareProfile NEW =
            new HardwareProfile("", "", NOTHING, NOTHING, NOTHING, List.of(), Optional.empty());

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public String type() {
        return "MachineConfiguration";
    }

    @Override
    public Optional<String> entry() {
        return Optional.of("machineConfigs");
    }

    @Override
    public List<ObjectNode> all(Face face) {
        var desk = face.cloud().profileDesk();
        return face.cloud().profiles().stream()
                .map(profile -> document(face, desk, profile))
                .toList();
    }

    @Override
    public Optional<ObjectNode> one(Face face, String id) {
        return find(face, id).map(profile -> document(face, face.cloud().profileDesk(), profile));
    }

    private static Optional<HardwareProfile> find(Face face, String id) {
        return face.cloud().profiles().stream()
                .filter(profile -> profile.id().equals(id))
                .findFirst();
    }

    private static HardwareProfile there(Face face, String id) {
        return find(face, id).orElseThrow(() -> Problem.nothing("machine configuration " + id));
    }

    @Override
    public Optional<Long> version(Face face, String id) {
        return find(face, id).flatMap(one -> face.cloud().profileDesk().version(one.id()));
    }

    private static ObjectNode document(Face face, ProfileDesk desk, HardwareProfile profile) {
        var at = face.at(PATH, profile.id());
        var node = Face.common(
                at,
                profile.name(),
                Optional.of("Machine configuration " + profile.name()),
                Optional.empty(),
                Optional.empty(),
                Map.of());
        memory(profile).ifPresent(memory -> node.put(MEMORY, memory));
        cpu(profile).ifPresent(cpu -> node.put(CPU, cpu));
        var disks = Json.array();
        disk(profile).ifPresent(capacity -> disks.addObject().put(Sizes.CAPACITY, capacity));
        node.set(DISKS, disks);
        if (desk.mayChange(profile.id())) {
            Face.operation(node, "edit", at);
            Face.operation(node, "delete", at);
        }
        return node;
    }

    private static Optional<Long> memory(HardwareProfile profile) {
        return profile.memory().standard().map(Sizes::fromMb);
    }

    private static Optional<Long> cpu(HardwareProfile profile) {
        return profile.cpu().standard().map(BigDecimal::longValue);
    }

    private static Optional<Long> disk(HardwareProfile profile) {
        return profile.storage()
                .standard()
                .filter(storage -> storage.signum() > 0)
                .map(Sizes::fromGb);
    }

    // --------------------------------------------------------------------------------------------------------------
    // making and changing

    @Override
    public boolean adds(Face face) {
        return face.cloud().profileDesk().mayAdd();
    }

    @Override
    public Done create(Face face, ObjectNode body, Optional<String> token) {
        if (Fields.name(body).isEmpty()) {
            throw Problem.malformed("Required attributes not set: name");
        }
        var desk = face.cloud().profileDesk();
        return Done.created(document(face, desk, desk.add(read(face, body, NEW)).orThrow()));
    }

    @Override
    public Done edit(Face face, String id, ObjectNode body, Optional<Long> version) {
        var desk = face.cloud().profileDesk();
        var changed = desk.change(read(face, body, there(face, id)), version);
        return Done.ok(document(face, desk, changed.orThrow()));
    }

    @Override
    public Done delete(Face face, String id) {
        face.cloud().profileDesk().remove(there(face, id).id()).orThrow();
        return Done.nothing(200);
    }

    /// In whole MB and GB, so that nobody gets less than was asked for.
    private static HardwareProfile read(Face face, ObjectNode body, HardwareProfile old) {
        var query = face.query();
        var name = Fields.name(body).filter(_ -> query.changes("name"));
        var memory = Fields.number(body, MEMORY);
        var cpu = Fields.number(body, CPU);
        var capacity = Sizes.disk(body);
        return new HardwareProfile(
                old.id(),
                name.orElse(old.name()),
                query.changes(MEMORY)
                        ? measure(old.memory(), memory(old), memory, memory.map(Sizes::wholeMb))
                        : old.memory(),
                query.changes(CPU) ? measure(old.cpu(), cpu(old), cpu, cpu) : old.cpu(),
                query.changes(DISKS)
                        ? measure(
                                old.storage(),
                                disk(old),
                                capacity,
                                capacity.map(Sizes::wholeGb).map(BigDecimal::valueOf))
                        : old.storage(),
                old.architectures(),
                old.rootType());
    }

    /// @param shown how the old one is shown
    /// @param said what is said in the same units
    /// @param meant the same in the units of profiles
    private static Property measure(
            Property old, Optional<Long> shown, Optional<BigDecimal> said, Optional<BigDecimal> meant) {
        boolean same = said.filter(number -> shown.filter(old1 -> number.compareTo(BigDecimal.valueOf(old1)) == 0)
                        .isPresent())
                .isPresent();
        return same ? old : meant.<Property>map(Property.Fixed::new).orElse(NOTHING);
    }
}
