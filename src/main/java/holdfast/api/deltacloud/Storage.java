package holdfast.api.deltacloud;

import holdfast.orchestrator.instances.AccountThing.Mount;
import holdfast.orchestrator.instances.AccountThing.Snapshot;
import holdfast.orchestrator.instances.AccountThing.Volume;
import holdfast.orchestrator.instances.InstanceView;
import holdfast.orchestrator.instances.Wish;
import holdfast.platform.Json;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Volumes and snapshots (aeolus.md 5.3.6).
final class Storage {
    static final String VOLUMES = "storage_volumes";
    private static final int LARGEST = 1 << 20;

    private Storage() {}

    static List<Collection> collections() {
        var volumes = new Things<>(VOLUMES, "storage_volume", Volume.class, Storage::volume);
        var snapshots = new Things<>("storage_snapshots", "storage_snapshot", Snapshot.class, Storage::snapshot);
        return List.of(
                Collection.offered(
                        VOLUMES,
                        volumes.index(),
                        volumes.show(),
                        volumes.create("capacity snapshot_id realm_id name description", Storage::wish),
                        volumes.destroy(),
                        volumes.changed(
                                "attach",
                                202,
                                "instance_id* device*",
                                ask -> new Wish.Attach(
                                        ask.id(), Ids.instance(ask.required("instance_id")), ask.required("device"))),
                        volumes.changed(
                                "detach",
                                202,
                                "instance_id device",
                                ask -> new Wish.Detach(
                                        ask.id(), ask.field("instance_id").map(Ids::instance)))),
                Collection.offered(
                        "storage_snapshots",
                        snapshots.index(),
                        snapshots.show(),
                        snapshots.create(
                                "volume_id* name description",
                                ask -> new Wish.NewSnapshot(
                                        ask.required("volume_id"), ask.field("name"), ask.field("description"))),
                        snapshots.destroy()));
    }

    private static Wish.NewVolume wish(Ask ask) {
        return new Wish.NewVolume(
                ask.field("capacity").map(_ -> ask.number("capacity", 1, LARGEST)),
                ask.field("snapshot_id"),
                ask.field("realm_id").filter(realm -> !realm.equals(Realms.ANY)),
                ask.field("name"),
                ask.field("description"));
    }

    private static void volume(Entity entity, Ask ask, Volume volume) {
        var realm = volume.realm().orElse(Realms.ANY);
        var device = volume.mount().flatMap(Mount::device);
        entity.time("created", "created", volume.created().map(time -> time.truncatedTo(ChronoUnit.SECONDS)))
                .field(
                        Element.text("capacity", volume.capacity().toPlainString())
                                .with("unit", "GB"),
                        "capacity",
                        Json.toTree(volume.capacity().intValue()))
                .text("kind", volume.kind())
                .text("name", volume.name().orElse(volume.id()))
                .text("device", device)
                .ref("realm", realm, ask.links().member("realms", realm))
                .xml(Element.text("realm_id", realm))
                .text("state", volume.state())
                .json("description", Json.toTree(volume.description().orElse("")))
                .json("instance", Json.object());
        volume.mount().ifPresent(mount -> mount(entity, ask, mount, device));
        entity.actions(
                volume.mount().isPresent()
                        ? List.of(entity.post("detach"))
                        : List.of(entity.post("attach"), entity.destroy()));
    }

    /// What is attached to an instance.
    static void attached(Entity entity, Links links, List<InstanceView.Attached> volumes) {
        var elements = new ArrayList<Element>();
        var json = Json.array();
        for (var volume : volumes) {
            var href = links.member(VOLUMES, volume.volume());
            elements.add(Element.of("storage_volume")
                    .with("href", href)
                    .with("id", volume.volume())
                    .with("device", volume.device()));
            json.addObject().put("id", volume.volume()).put("href", href).put("rel", "storage_volume");
        }
        entity.field(Element.of(VOLUMES, elements), VOLUMES, json);
    }

    private static void mount(Entity entity, Ask ask, Mount mount, Optional<String> device) {
        var id = mount.instance().toString();
        var href = ask.links().member(Instances.NAME, id);
        entity.field(
                Element.of(
                        "mount",
                        Element.of("instance").with("href", href).with("id", id),
                        Element.of("device").with("name", device)),
                "instance",
                Json.object().put("id", id).put("href", href).put("rel", "instance"));
    }

    private static void snapshot(Entity entity, Ask ask, Snapshot snapshot) {
        entity.text("name", snapshot.name().orElse(snapshot.id()))
                .time("created", "created", snapshot.created().map(time -> time.truncatedTo(ChronoUnit.SECONDS)))
                .text("state", snapshot.state())
                .ref("storage_volume", snapshot.volume(), ask.links().member(VOLUMES, snapshot.volume()));
    }
}
