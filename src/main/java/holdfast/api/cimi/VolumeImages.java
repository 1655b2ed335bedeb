package holdfast.api.cimi;

import holdfast.orchestrator.instances.AccountThing.Snapshot;
import holdfast.orchestrator.instances.Wish;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Snapshots of volumes (aeolus.md 5.4.3).
record VolumeImages() implements ThingKind<Snapshot> {
    static final String PATH = "volume_images";
    static final String NEEDS = "storage_snapshots";
    private static final String LOCATION = "imageLocation";

    @Override
    public String path() {
        return PATH;
    }

    @Override
    public String type() {
        return "VolumeImage";
    }

    @Override
    public Optional<String> entry() {
        return Optional.of("volumeImages");
    }

    @Override
    public Optional<String> needs() {
        return Optional.of(NEEDS);
    }

    @Override
    public Class<Snapshot> thing() {
        return Snapshot.class;
    }

    @Override
    public ObjectNode document(Face face, Snapshot snapshot) {
        var at = face.at(PATH, snapshot.id());
        var node = Face.common(
                at,
                snapshot.name().orElse(snapshot.id()),
                snapshot.description(),
                snapshot.created(),
                Optional.empty(),
                Map.of());
        node.put("state", Volumes.state(snapshot.state()));
        node.set(LOCATION, face.reference(Volumes.PATH, snapshot.volume()));
        node.put("bootable", false);
        Face.operation(node, "delete", at);
        return node;
    }

    @Override
    public Snapshot make(Face face, ObjectNode body) {
        var volume = Fields.location(body, LOCATION)
                .orElseThrow(() -> Problem.malformed("Required attributes not set: " + LOCATION));
        var wish = new Wish.NewSnapshot(volume, Fields.name(body), Fields.text(body, "description"));
        return face.things().make(wish).orThrow();
    }
}
