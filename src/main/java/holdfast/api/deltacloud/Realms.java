package holdfast.api.deltacloud;

import holdfast.orchestrator.instances.VirtualCloud;
import holdfast.orchestrator.instances.VirtualCloud.Realm;
import holdfast.platform.Json;
import holdfast.pools.clouds.FrontendRealm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Realms, and one that stands for any of them: where an instance is for which none was asked (aeolus.md 10, row 19).
final class Realms {
    static final String ANY = FrontendRealm.ANYWHERE;

    private static final String NAME = "realms";

    private Realms() {}

    static Collection collection() {
        return Collection.always(
                NAME,
                Operation.of("index", "GET", "id", Realms::list),
                Operation.of("show", "GET *", "", Realms::show));
    }

    /// Its name, if that fits into addresses.
    static String id(FrontendRealm realm) {
        var id = realm.id().toString();
        return realm.name().equals(ANY) ? id : Ids.readable(realm.name(), id);
    }

    /// The one of that name, or id.
    static Optional<FrontendRealm> find(VirtualCloud cloud, String word) {
        return cloud.realms().stream()
                .map(Realm::realm)
                .filter(realm -> id(realm).equals(word)
                        || realm.name().equals(word)
                        || realm.id().toString().equals(word))
                .findFirst();
    }

    /// Ids by name.
    static Map<String, String> ids(VirtualCloud cloud) {
        return cloud.realms().stream()
                .map(Realm::realm)
                .collect(Collectors.toMap(FrontendRealm::name, Realms::id, (first, _) -> first));
    }

    private static List<Entity> all(Ask ask) {
        var all = new ArrayList<Entity>();
        all.add(entity(ask, ANY, "Any realm", true));
        ask.cloud().get().realms().stream()
                .filter(realm -> !realm.realm().name().equals(ANY))
                .map(realm -> entity(ask, id(realm.realm()), realm.realm().name(), realm.available()))
                .forEach(all::add);
        return all;
    }

    private static Entity entity(Ask ask, String id, String name, boolean available) {
        return new Entity("realm", id, ask.links().member(NAME, id))
                .text("name", name)
                .text("state", available ? "AVAILABLE" : "UNAVAILABLE")
                .json("limit", Json.toTree("unlimited"));
    }

    private static Told list(Ask ask) {
        return ask.listed(NAME, all(ask).stream());
    }

    private static Told show(Ask ask) {
        return all(ask).stream()
                .filter(realm -> realm.id().equals(ask.id()))
                .findFirst()
                .map(realm -> Told.ok(Document.of(realm)))
                .orElseThrow(() -> Problem.notThere("realm", ask.id()));
    }
}
