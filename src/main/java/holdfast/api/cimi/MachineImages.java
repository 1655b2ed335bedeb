package holdfast.api.cimi;

import holdfast.pools.clouds.BrokerImage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Broker images as machine images (aeolus.md 5.4.3).
final class MachineImages implements Kind {
    static final String PATH = "machine_images";

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public String type() {
        return "MachineImage";
    }

    @Override
    public Optional<String> entry() {
        return Optional.of("machineImages");
    }

    @Override
    public List<ObjectNode> all(Face face) {
        return face.cloud().images().stream()
                .map(image -> document(face, image))
                .toList();
    }

    @Override
    public Optional<ObjectNode> one(Face face, String id) {
        return face.cloud().image(id).map(image -> document(face, image));
    }

    private static ObjectNode document(Face face, BrokerImage image) {
        var at = face.at(PATH, image.id());
        var description = Optional.of(image.description()).filter(text -> !text.isEmpty());
        var node = Face.common(at, image.name(), description, Optional.empty(), Optional.empty(), Map.of());
        node.put("state", "AVAILABLE");
        node.put("type", "IMAGE");
        node.put("imageLocation", at);
        return node;
    }
}
