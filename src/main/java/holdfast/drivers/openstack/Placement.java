package holdfast.drivers.openstack;

import static holdfast.drivers.openstack.Api.word;
import static holdfast.drivers.openstack.Service.PLACEMENT;

import holdfast.drivers.openstack.Outcome.NotDoneException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What we say to Placement. For administrators only.
final class Placement {
    private static final Map<String, String> CLASSES =
            Map.of("VCPU", "vcpu", "MEMORY_MB", "memory_mb", "DISK_GB", "disk_gb");

    private static final int TRIES = 5;

    private final Api api;

    Placement(Api api) {
        this.api = api;
    }

    /// What servers on a host may have in all: what there is without what is reserved for the host itself, times
    /// the ratio that its operator allows. Of the host as a whole; what its parts have is not counted.
    ///
    /// @param hypervisor the id of a hypervisor, which is that of its resource provider; none there is nothing
    Map<String, Long> capacity(String hypervisor) {
        var found = new HashMap<String, Long>();
        var inventories = api.find(PLACEMENT, "/resource_providers/" + word(hypervisor) + "/inventories");
        inventories.ifPresent(answer -> CLASSES.forEach((theirs, ours) -> {
            var inventory = answer.path("inventories").path(theirs);
            if (inventory.isObject()) found.put(ours, amount(inventory));
        }));
        return found;
    }

    /// Makes it known.
    void ensureClass(String name) {
        api.send(PLACEMENT, "PUT", "/resource_classes/" + word(name), Map.of());
    }

    void deleteClass(String name) {
        api.delete(PLACEMENT, "/resource_classes/" + word(name));
    }

    /// Makes a part of a host that can have amounts of its own.
    ///
    /// @param hypervisor as for `capacity`
    void ensurePart(String name, String hypervisor) {
        if (part(name).isEmpty())
            api.send(
                    PLACEMENT, "POST", "/resource_providers", Map.of("name", name, "parent_provider_uuid", hypervisor));
    }

    private Optional<String> part(String name) {
        return Fields.each(api.get(PLACEMENT, "/resource_providers?name=" + word(name))
                        .path("resource_providers"))
                .map(part -> Fields.text(part, "uuid"))
                .findFirst();
    }

    /// Sets how many of a class a part has, each to be had alone; others may change what else it has at the same
    /// time.
    ///
    /// @param total 0 = it has none of them
    void room(String name, String resource, int total) {
        for (int n = 1; ; n++) {
            try {
                part(name).ifPresent(part -> set(part, resource, total));
                return;
            } catch (NotDoneException e) {
                if (n == TRIES || !e.overtaken()) throw e;
            }
        }
    }

    private void set(String part, String resource, int total) {
        var path = "/resource_providers/" + word(part) + "/inventories";
        var now = api.get(PLACEMENT, path);
        var inventories = new HashMap<String, Object>();
        now.path("inventories").properties().forEach(one -> inventories.put(one.getKey(), one.getValue()));
        if (Fields.number(now.path("inventories").path(resource), "total") == total) return;
        if (total == 0) inventories.remove(resource);
        else inventories.put(resource, inventory(total));
        var generation = Fields.number(now, "resource_provider_generation");
        api.send(
                PLACEMENT, "PUT", path, Map.of("resource_provider_generation", generation, "inventories", inventories));
    }

    private static Map<String, ?> inventory(int total) {
        return Map.of(
                "total", total, "reserved", 0, "min_unit", 1, "max_unit", 1, "step_size", 1, "allocation_ratio", 1.0);
    }

    private static long amount(JsonNode inventory) {
        long mine = Math.max(0, Fields.number(inventory, "total") - Fields.number(inventory, "reserved"));
        return (long) Math.floor(mine * inventory.path("allocation_ratio").asDouble(1));
    }

    List<String> traits(String hypervisor) {
        return api.find(PLACEMENT, "/resource_providers/" + word(hypervisor) + "/traits")
                .map(answer -> Fields.words(answer.path("traits")))
                .orElse(List.of());
    }
}
