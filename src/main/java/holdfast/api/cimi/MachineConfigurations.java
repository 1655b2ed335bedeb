package holdfast.api.cimi;

import holdfast.core.HardwareProfile;
import holdfast.platform.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Front-end hardware profiles as machine configurations (aeolus.md 5.4.3).
final class MachineConfigurations implements Kind {
    static final String PATH = "machine_configurations";

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
        return face.cloud().profiles().stream()
                .map(profile -> document(face, profile))
                .toList();
    }

    @Override
    public Optional<ObjectNode> one(Face face, String id) {
        return face.cloud().profiles().stream()
                .filter(profile -> profile.id().equals(id))
                .findFirst()
                .map(profile -> document(face, profile));
    }

    private static ObjectNode document(Face face, HardwareProfile profile) {
        var node = Face.common(
                face.at(PATH, profile.id()),
                profile.name(),
                Optional.of("Machine configuration " + profile.name()),
                Optional.empty(),
                Optional.empty(),
                Map.of());
        profile.memory().standard().ifPresent(memory -> node.put("memory", Sizes.fromMb(memory)));
        profile.cpu().standard().ifPresent(cpu -> node.put("cpu", cpu.longValue()));
        var disks = Json.array();
        profile.storage()
                .standard()
                .filter(storage -> storage.signum() > 0)
                .ifPresent(storage -> disks.addObject().put("capacity", Sizes.fromGb(storage)));
        node.set("disks", disks);
        return node;
    }
}
