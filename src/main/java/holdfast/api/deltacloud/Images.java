package holdfast.api.deltacloud;

import holdfast.core.HardwareProfile;
import holdfast.platform.Json;
import holdfast.pools.clouds.BrokerImage;
import java.util.List;

/// Images of the pool; new ones are made of instances (aeolus.md 4.7).
final class Images {
    static final String NAME = "images";
    private static final String SELF = "self";

    private Images() {}

    static Collection collection() {
        return Collection.always(
                NAME,
                Operation.of("index", "GET", "owner_id architecture id", Images::list),
                Operation.of("show", "GET *", "", Images::show),
                Operation.of("create", "POST", "instance_id* name description", Images::create),
                Operation.of("destroy", "DELETE *", "", Images::destroy));
    }

    private static Told list(Ask ask) {
        var owner = ask.field("owner_id")
                .map(word -> word.equals(SELF)
                        ? ask.caller().map(caller -> caller.user()).orElse(word)
                        : word);
        var profiles = ask.cloud().get().profiles();
        var images = ask.cloud().get().images().stream()
                .filter(image -> owner.isEmpty() || owner.get().equals(image.owner()))
                .filter(image -> ask.field("architecture").isEmpty()
                        || ask.field("architecture").equals(image.architecture()))
                .map(image -> entity(ask, image, profiles));
        return ask.listed(NAME, images);
    }

    private static Told show(Ask ask) {
        return ask.cloud()
                .get()
                .image(ask.id())
                .map(image -> Told.ok(Document.of(entity(ask, image))))
                .orElseThrow(() -> Problem.notThere("image", ask.id()));
    }

    private static Told create(Ask ask) {
        mustBeOffered(ask);
        var image = ask.things()
                .get()
                .capture(Ids.instance(ask.required("instance_id")), ask.field("name"), ask.field("description"))
                .orThrow();
        return Told.created(Document.of(entity(ask, image)), ask.links().member(NAME, image.id()));
    }

    private static Told destroy(Ask ask) {
        mustBeOffered(ask);
        ask.things().get().deleteImage(ask.id()).orThrow();
        return Told.gone();
    }

    static boolean offered(Ask ask) {
        return ask.offer().collections().contains(NAME);
    }

    private static void mustBeOffered(Ask ask) {
        if (!offered(ask)) {
            throw DeltacloudApi.missing(NAME);
        }
    }

    private static Entity entity(Ask ask, BrokerImage image) {
        return entity(ask, image, ask.cloud().get().profiles());
    }

    private static Entity entity(Ask ask, BrokerImage image, List<HardwareProfile> all) {
        var links = ask.links();
        var profiles = all.stream()
                .filter(profile -> image.architecture().isEmpty()
                        || profile.architectures().isEmpty()
                        || profile.architectures().contains(image.architecture().get()))
                .map(profile -> new Ref(Profiles.id(profile), links.member(Profiles.NAME, Profiles.id(profile))))
                .toList();
        var json = Json.array();
        profiles.forEach(profile -> json.add(
                Json.object().put("id", profile.id).put("href", profile.href).put("rel", Ref.REL)));
        var href = links.member(NAME, image.id());
        return new Entity("image", image.id(), href)
                .text("name", image.name())
                .text("description", image.description())
                .text("owner_id", "owner", image.owner())
                .text("architecture", image.architecture().orElse(""))
                .text("state", "AVAILABLE")
                .field(
                        Element.of(
                                "hardware_profiles",
                                profiles.stream().map(Ref::xml).toList()),
                        "hardware_profiles",
                        json)
                .actions(actions(ask, image, href));
    }

    private static List<Entity.Link> actions(Ask ask, BrokerImage image, String href) {
        var create = new Entity.Link(
                "create_instance",
                "post",
                ask.links().collection(Instances.NAME) + ";image_id=" + Links.encoded(image.id()));
        return Images.offered(ask) && mine(ask, image)
                ? List.of(create, new Entity.Link("destroy_image", "delete", href))
                : List.of(create);
    }

    private static boolean mine(Ask ask, BrokerImage image) {
        return ask.caller()
                .filter(caller -> caller.admin() || image.owner().equals(caller.user()))
                .isPresent();
    }

    /// A profile by reference.
    private record Ref(String id, String href) {
        static final String REL = "hardware_profile";

        Element xml() {
            return Element.of(REL).with("href", href).with("id", id).with("rel", REL);
        }
    }
}
