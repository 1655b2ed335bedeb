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

    Images(Api api) {
        this.api = api;
    }

    /// @param mark set on snapshots of ours
    record Image(String id, String name, String status, Optional<String> mark, String created) {}

    List<Image> images() {
        return api.all(IMAGE, "/images", "images").stream().map(Images::image).toList();
    }

    /// Those with that mark, the oldest first.
    List<Image> marked(Key key) {
        return api.all(IMAGE, "/images?" + Marks.METADATA + "=" + word(Marks.of(key)), "images").stream()
                .map(Images::image)
                .sorted(Comparator.comparing(Image::created).thenComparing(Image::id))
                .toList();
    }

    boolean delete(String image) {
        return api.delete(IMAGE, "/images/" + word(image));
    }

    private static Image image(JsonNode found) {
        return new Image(
                Fields.text(found, "id"),
                Fields.text(found, "name"),
                Fields.text(found, "status"),
                Fields.maybe(found, Marks.METADATA),
                Fields.text(found, "created_at"));
    }
}
