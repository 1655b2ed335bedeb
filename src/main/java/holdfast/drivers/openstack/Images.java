package holdfast.drivers.openstack;

import static holdfast.drivers.openstack.Api.word;
import static holdfast.drivers.openstack.Service.IMAGE;

import holdfast.authority.Driver.Key;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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
    /// @param project whose it is
    record Image(String id, String name, String status, Optional<Key> key, String project, String created) {}

    List<Image> images() {
        return api.all(IMAGE, "/images", "images").stream().map(this::image).toList();
    }

    /// Those with that mark, the oldest first.
    List<Image> marked(Key key) {
        return bearing(Marks.METADATA, key);
    }

    /// Those that are kept for others under that key, the oldest first.
    List<Image> kept(Key key) {
        return bearing(Marks.KEPT, key);
    }

    private List<Image> bearing(String name, Key key) {
        return api.all(IMAGE, "/images?" + name + "=" + word(marks.of(key)), "images").stream()
                .map(this::image)
                .sorted(Comparator.comparing(Image::created).thenComparing(Image::id))
                .toList();
    }

    /// The metadata of an image of ours.
    Map<String, String> bearing(Key key) {
        return Map.of(Marks.METADATA, marks.of(key));
    }

    /// The metadata of one that is kept for others.
    Map<String, String> keeping(Key key) {
        return Map.of(Marks.KEPT, marks.of(key));
    }

    /// Gives it to another project, which only an administrator may do.
    void give(String image, String project) {
        api.patch(
                IMAGE, "/images/" + word(image), List.of(Map.of("op", "replace", "path", "/owner", "value", project)));
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
                Fields.text(found, "owner"),
                Fields.text(found, "created_at"));
    }
}
