package holdfast.drivers.openstack;

import static holdfast.drivers.openstack.Api.word;
import static holdfast.drivers.openstack.Service.VOLUME;

import holdfast.authority.Driver.Key;
import holdfast.core.Wanted;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// What we say to Cinder.
final class BlockStorage {
    private final Api api;
    private final Marks marks;

    BlockStorage(Api api, Marks marks) {
        this.api = api;
        this.marks = marks;
    }

    /// @param servers ids of those that have it
    record Volume(
            String id,
            String status,
            long sizeGb,
            Map<String, String> metadata,
            List<String> servers,
            Optional<String> device,
            String created) {}

    /// Which of our things the metadata of that name says that it is.
    Optional<Key> key(Volume volume, String name) {
        return marks.read(volume.metadata(), name);
    }

    /// Those whose metadata say so, the oldest first.
    List<Volume> marked(String name, Key key) {
        var filter = "{'%s': '%s'}"
                .formatted(name, marks.of(key).replace("\\", "\\\\").replace("'", "\\'"));
        return api.all(VOLUME, "/volumes/detail?metadata=" + word(filter), "volumes").stream()
                .map(BlockStorage::volume)
                .filter(volume -> marks.of(key).equals(volume.metadata().get(name)))
                .sorted(Comparator.comparing(Volume::created).thenComparing(Volume::id))
                .toList();
    }

    List<Volume> volumes() {
        return api.all(VOLUME, "/volumes/detail", "volumes").stream()
                .map(BlockStorage::volume)
                .toList();
    }

    void create(Key key, Wanted.Volume wanted) {
        var volume = new HashMap<String, Object>(Map.of(
                "name", wanted.name(),
                "size", wanted.sizeGb(),
                "metadata", Map.of(Marks.METADATA, marks.of(key))));
        wanted.type().ifPresent(type -> volume.put("volume_type", type));
        wanted.zone().ifPresent(zone -> volume.put("availability_zone", zone));
        api.send(VOLUME, "POST", "/volumes", Map.of("volume", volume));
    }

    void mark(String volume, String name, Key key) {
        api.send(
                VOLUME,
                "POST",
                "/volumes/" + word(volume) + "/metadata",
                Map.of("metadata", Map.of(name, marks.of(key))));
    }

    void unmark(String volume, String name) {
        api.delete(VOLUME, "/volumes/" + word(volume) + "/metadata/" + word(name));
    }

    boolean delete(String volume) {
        return api.delete(VOLUME, "/volumes/" + word(volume));
    }

    /// Why it is in `error`, in the words of Cinder, which shows them nowhere else. There is a message for each
    /// try, in no order that holds.
    String complaint(String volume) {
        return Fields.each(api.get(VOLUME, "/messages?resource_uuid=" + word(volume))
                        .path("messages"))
                .map(message -> Fields.text(message, "user_message"))
                .distinct()
                .sorted()
                .collect(Collectors.joining("; "));
    }

    /// What the project may have.
    Map<String, Long> limits() {
        return Fields.limits(
                api.get(VOLUME, "/limits").path("limits").path("absolute"),
                Map.of(
                        "maxTotalVolumes", "volume",
                        "maxTotalVolumeGigabytes", "volume_gb",
                        "maxTotalSnapshots", "snapshot"));
    }

    private static Volume volume(JsonNode found) {
        var attachments = found.path("attachments");
        return new Volume(
                Fields.text(found, "id"),
                Fields.text(found, "status"),
                Fields.number(found, "size"),
                Fields.texts(found.path("metadata")),
                Fields.each(attachments)
                        .map(attachment -> Fields.text(attachment, "server_id"))
                        .toList(),
                Fields.maybe(attachments.path(0), "device"),
                Fields.text(found, "created_at"));
    }
}
