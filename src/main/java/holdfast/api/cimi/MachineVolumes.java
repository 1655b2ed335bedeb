package holdfast.api.cimi;

import holdfast.orchestrator.instances.AccountThing.Mount;
import holdfast.orchestrator.instances.AccountThing.Volume;
import holdfast.orchestrator.instances.InstanceView;
import holdfast.orchestrator.instances.Wish;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// The volumes that a machine has: attached to it and taken away again (aeolus.md 5.4.3).
final class MachineVolumes {
    static final String NAME = "volumes";
    static final String ATTACH = "volume_attach";
    private static final String LOCATION = "initialLocation";
    private static final int LETTERS = 24;

    private MachineVolumes() {}

    static Kind.Part part(Face face, InstanceView machine) {
        boolean offered = face.offers(Volumes.NEEDS);
        return part(face, machine, offered, offered ? face.volumes().get() : List.of());
    }

    private static Kind.Part part(Face face, InstanceView machine, boolean offered, List<Volume> volumes) {
        var all = volumes.stream()
                .filter(volume -> isAt(volume, machine.id()))
                .map(volume -> document(face, machine, volume))
                .toList();
        var add = offered
                ? Optional.of(face.at(Machines.PATH, machine.id().toString(), ATTACH))
                : Optional.<String>empty();
        return new Kind.Part("MachineVolume", "machineVolumes", all, add);
    }

    private static boolean isAt(Volume volume, UUID machine) {
        return volume.mount().map(Mount::instance).filter(machine::equals).isPresent();
    }

    private static ObjectNode document(Face face, InstanceView machine, Volume volume) {
        var at = face.at(Machines.PATH, machine.id().toString(), NAME, volume.id());
        var node = Face.common(
                at, volume.name().orElse(volume.id()), Optional.empty(), Optional.empty(), Optional.empty(), Map.of());
        volume.mount().flatMap(Mount::device).ifPresent(device -> node.put(LOCATION, device));
        node.set("volume", face.reference(Volumes.PATH, volume.id()));
        Face.operation(node, "delete", at);
        return node;
    }

    static Kind.Done attach(Face face, InstanceView machine, ObjectNode body) {
        var volume = Fields.reference(body, "volume")
                .orElseThrow(() -> Problem.malformed("Required attributes not set: volume"));
        var device = Fields.text(body, LOCATION, 255).orElseGet(() -> next(face, machine));
        face.things().make(new Wish.Attach(volume, machine.id(), device)).orThrow();
        var at = face.at(Machines.PATH, machine.id().toString(), NAME, volume);
        return new Kind.Done(201, Optional.of(collection(face, machine)), Map.of("Location", at));
    }

    /// The first is the machine's own.
    private static String next(Face face, InstanceView machine) {
        long count = face.volumes().get().stream()
                .filter(volume -> isAt(volume, machine.id()))
                .count();
        return "/dev/sd" + (char) ('b' + Math.min(count, LETTERS));
    }

    static Kind.Done detach(Face face, InstanceView machine, String volume) {
        if (face.things()
                .find(Volume.class, volume)
                .filter(one -> isAt(one, machine.id()))
                .isEmpty()) {
            throw Problem.nothing("volume " + volume + " at this machine");
        }
        face.things().make(new Wish.Detach(volume)).orThrow();
        return new Kind.Done(200, Optional.of(collection(face, machine)), Map.of());
    }

    /// As it is after a change.
    private static ObjectNode collection(Face face, InstanceView machine) {
        var now = part(face, machine, true, face.things().list(Volume.class));
        return Shown.collection(face, now, Machines.PATH, machine.id().toString(), NAME);
    }
}
