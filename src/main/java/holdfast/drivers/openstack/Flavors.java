package holdfast.drivers.openstack;

import static holdfast.drivers.openstack.Api.word;
import static holdfast.drivers.openstack.Service.COMPUTE;

import holdfast.core.CloudSupply.Flavor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Sizes of servers, as Nova keeps them. Only an administrator makes them.
final class Flavors {
    private final Api api;

    Flavors(Api api) {
        this.api = api;
    }

    /// Those of no reservation, also private ones if we may see them.
    List<Flavor> flavors() {
        return api.all(COMPUTE, "/flavors/detail?is_public=None", "flavors").stream()
                .filter(flavor -> !flavor.path("OS-FLV-DISABLED:disabled").asBoolean(false))
                .map(Flavors::flavor)
                .filter(flavor -> !flavor.extraSpecs().containsKey(Blazar.SLOT_SPEC))
                .toList();
    }

    /// Makes a private one as `wanted`, which nobody may use yet. It cannot be changed: another size is another
    /// one, and servers keep what they had.
    void ensure(Flavor wanted) {
        var path = "/flavors/" + word(wanted.id());
        var found = api.find(COMPUTE, path).map(answer -> flavor(answer.path("flavor")));
        if (found.filter(one -> !sameSize(one, wanted)).isPresent()) {
            api.delete(COMPUTE, path);
            found = Optional.empty();
        }
        if (found.isEmpty()) create(wanted);
        if (!found.map(Flavor::extraSpecs).equals(Optional.of(wanted.extraSpecs())))
            api.send(COMPUTE, "POST", path + "/os-extra_specs", Map.of("extra_specs", wanted.extraSpecs()));
    }

    private static boolean sameSize(Flavor one, Flavor other) {
        return one.vcpus() == other.vcpus() && one.memoryMb() == other.memoryMb() && one.diskGb() == other.diskGb();
    }

    private void create(Flavor wanted) {
        var flavor = Map.of(
                "id", wanted.id(),
                "name", wanted.name(),
                "vcpus", wanted.vcpus(),
                "ram", wanted.memoryMb(),
                "disk", wanted.diskGb(),
                "os-flavor-access:is_public", false);
        api.send(COMPUTE, "POST", "/flavors", Map.of("flavor", flavor));
    }

    /// Lets that project use a private one, and no other.
    void letIn(String id, Optional<String> project) {
        var path = "/flavors/" + word(id);
        var found = api.find(COMPUTE, path + "/os-flavor-access");
        if (found.isEmpty()) return;
        var now = Fields.each(found.get().path("flavor_access"))
                .map(access -> Fields.text(access, "tenant_id"))
                .toList();
        for (var other : now) {
            if (!project.equals(Optional.of(other))) act(path, "removeTenantAccess", other);
        }
        if (project.isPresent() && !now.contains(project.get())) act(path, "addTenantAccess", project.get());
    }

    private void act(String path, String action, String project) {
        api.send(COMPUTE, "POST", path + "/action", Map.of(action, Map.of("tenant", project)));
    }

    void delete(String id) {
        api.delete(COMPUTE, "/flavors/" + word(id));
    }

    private static Flavor flavor(JsonNode flavor) {
        return new Flavor(
                Fields.text(flavor, "id"),
                Fields.text(flavor, "name"),
                (int) Fields.number(flavor, "vcpus"),
                (int) Fields.number(flavor, "ram"),
                (int) (Fields.number(flavor, "disk") + Fields.number(flavor, "OS-FLV-EXT-DATA:ephemeral")),
                Fields.texts(flavor.path("extra_specs")));
    }
}
