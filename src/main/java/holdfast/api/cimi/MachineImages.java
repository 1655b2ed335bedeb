package holdfast.api.cimi;

import holdfast.pools.clouds.BrokerImage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Broker images as machine images (aeolus.md 5.4.3).
final class MachineImages implements Kind {
    static final String PATH = "machine_images";

    /// What accounts offer if machines can be captured.
    static final String CAPTURES = "images";

    private static final String LOCATION = "imageLocation";

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
        node.put(LOCATION, at);
        if (face.offers(CAPTURES) && isMine(face, image)) {
            Face.operation(node, "delete", at);
        }
        return node;
    }

    private static boolean isMine(Face face, BrokerImage image) {
        return face.caller().admin() || image.owner().equals(face.caller().user());
    }

    @Override
    public boolean adds(Face face) {
        return face.offers(CAPTURES);
    }

    /// Captures a machine (aeolus.md 4.7).
    @Override
    public Done create(Face face, ObjectNode body, Optional<String> token) {
        mustBeOffered(face);
        var type = Fields.text(body, "type", 50).orElseThrow(() -> missing("type"));
        if (!type.equals("IMAGE")) {
            throw Problem.malformed("type is '" + type + "'; only an IMAGE can be made of a machine");
        }
        var machine = Fields.location(body, LOCATION).orElseThrow(() -> missing(LOCATION));
        var instance = Machines.find(face, machine).orElseThrow(() -> Problem.nothing("machine " + machine));
        var image = face.things().capture(instance.id(), Fields.name(body), Fields.text(body, "description"));
        return Done.created(document(face, image.orThrow()));
    }

    private static Problem missing(String field) {
        return Problem.malformed("Required attributes not set: " + field);
    }

    private static void mustBeOffered(Face face) {
        if (!face.offers(CAPTURES)) {
            throw new Problem(405, "no account of this pool makes images of machines");
        }
    }

    @Override
    public Done delete(Face face, String id) {
        if (face.cloud().image(id).isEmpty()) {
            throw Problem.nothing("machine image " + id);
        }
        mustBeOffered(face);
        face.things().deleteImage(id).orThrow();
        return Done.nothing(200);
    }
}
