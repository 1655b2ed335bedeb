package holdfast.api.cimi;

import holdfast.orchestrator.instances.AccountThing.Snapshot;
import holdfast.orchestrator.instances.AccountThing.Volume;
import holdfast.orchestrator.instances.Wish;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Volumes at the accounts of a pool (aeolus.md 5.4.3).
record Volumes(Kept templates, Kept configurations) implements ThingKind<Volume> {
    static final String PATH = "volumes";
    static final String NEEDS = "storage_volumes";

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public String type() {
        return "Volume";
    }

    @Override
    public Optional<String> entry() {
        return Optional.of("volumes");
    }

    @Override
    public Optional<String> needs() {
        return Optional.of(NEEDS);
    }

    @Override
    public Class<Volume> thing() {
        return Volume.class;
    }

    @Override
    public ObjectNode document(Face face, Volume volume) {
        var at = face.at(PATH, volume.id());
        var node = Face.common(
                at,
                volume.name().orElse(volume.id()),
                volume.description(),
                volume.created(),
                Optional.empty(),
                Map.of());
        node.put("state", state(volume.state()));
        node.put("type", Notation.NAMESPACE + "/mapped");
        node.put(Sizes.CAPACITY, Sizes.fromGb(volume.capacity()));
        node.put("bootable", false);
        node.set("images", face.reference(PATH, volume.id(), "images"));
        if (volume.mount().isEmpty()) {
            Face.operation(node, "delete", at);
        }
        return node;
    }

    /// What is in use is available to somebody (aeolus.md 3.6).
    static String state(String there) {
        return switch (there.toUpperCase(Locale.ROOT)) {
            case "CREATING", "PENDING" -> "CREATING";
            case "DELETING" -> "DELETING";
            case "ERROR", "FAILED" -> "ERROR";
            default -> "AVAILABLE";
        };
    }

    @Override
    public Volume make(Face face, ObjectNode body) {
        var template = templates.whole(face, body, "volumeTemplate");
        var image = Fields.reference(template, "volumeImage");
        var configuration = configurations.wholeOrEmpty(face, template, "volumeConfig");
        var capacity = Fields.number(configuration, Sizes.CAPACITY).map(Sizes::wholeGb);
        if (capacity.isEmpty() && image.isEmpty()) {
            throw Problem.malformed("Required attributes not set: volumeConfig.capacity");
        }
        var wish = new Wish.NewVolume(
                capacity,
                image,
                Fields.text(body, "realm").or(() -> Fields.text(template, "realm")),
                Fields.name(body),
                Fields.text(body, "description"));
        return face.things().make(wish).orThrow();
    }

    @Override
    public Optional<Part> part(Face face, String id, String name) {
        if (!name.equals("images") || !face.offers(VolumeImages.NEEDS)) {
            return Optional.empty();
        }
        return face.things()
                .find(Volume.class, id)
                .map(volume -> Part.fixed(
                        "VolumeVolumeImage",
                        "volumeVolumeImages",
                        face.things().list(Snapshot.class).stream()
                                .filter(snapshot -> snapshot.volume().equals(volume.id()))
                                .map(snapshot -> image(face, volume, snapshot))
                                .toList()));
    }

    private static ObjectNode image(Face face, Volume volume, Snapshot snapshot) {
        var node = Face.common(
                face.at(PATH, volume.id(), "images", snapshot.id()),
                snapshot.name().orElse(snapshot.id()),
                snapshot.description(),
                snapshot.created(),
                Optional.empty(),
                Map.of());
        node.set("volumeImage", face.reference(VolumeImages.PATH, snapshot.id()));
        return node;
    }
}
