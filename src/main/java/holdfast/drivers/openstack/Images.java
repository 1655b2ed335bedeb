package holdfast.drivers.openstack;

import static holdfast.drivers.openstack.Api.word;
import static holdfast.drivers.openstack.Service.IMAGE;

import holdfast.authority.Driver.Key;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What we say to Glance.
final class Images {
    private final Api api;
    private final Marks marks;

    Images(Api api, Marks marks) {
        this.api = api;
        this.marks = marks;
    }

    /// @param key of snapshots of ours
    record Image(String id, String name, String status, Optional<Key> key, String created) {}

    List<Image> images() {
        return api.all(IMAGE, "/images", "images").stream().map(this::image).toList();
    }

    /// Those with that mark, the oldest first.
    List<Image> marked(Key key) {
        return api.all(IMAGE, "/images?" + Marks.METADATA + "=" + word(marks.of(key)), "images").stream()
                .map(this::image)
                .sorted(Comparator.comparing(Image::created).thenComparing(Image::id))
                .toList();
    }

    boolean delete(String image) {
        return api.delete(IMAGE, "/images/" + word(image));
    }

    private Image image(JsonNode found) {
        return new Image(
                Fields.text(found, "id"),
                Fields.text(found, "name"),
                Fields.text(found, "status"),
                marks.read(Fields.text(found, Marks.METADATA)),
                Fields.text(found, "created_at"));
    }
}
