package holdfast.drivers.openstack;

import static holdfast.drivers.openstack.Api.word;
import static holdfast.drivers.openstack.Service.PLACEMENT;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// What we ask Placement. For administrators only.
final class Placement {
    private static final Map<String, String> CLASSES =
            Map.of("VCPU", "vcpu", "MEMORY_MB", "memory_mb", "DISK_GB", "disk_gb");

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
