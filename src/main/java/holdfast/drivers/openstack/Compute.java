package holdfast.drivers.openstack;

import static holdfast.drivers.openstack.Api.word;
import static holdfast.drivers.openstack.Service.COMPUTE;

import holdfast.authority.Driver.Key;
import holdfast.core.CloudServer;
import holdfast.core.CloudSupply.Flavor;
import holdfast.core.Wanted;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What we say to Nova.
final class Compute {
    private final Api api;

    Compute(Api api) {
        this.api = api;
    }

    /// A server as Nova shows it.
    ///
    /// @param task what is being done to it
    /// @param fault why it is in `ERROR`
    /// @param created sorts by time
    record Server(
            CloudServer seen, Optional<String> task, Optional<String> fault, List<String> addresses, String created) {
        String id() {
            return seen.id();
        }
    }

    /// @param host as aggregates name it
    record Hypervisor(String id, String name, String host, boolean up, Map<String, String> properties) {}

    /// @param hosts as aggregates name them; none if we may not know
    record Zone(String name, List<String> hosts) {}

    /// @param everybody also those of other projects, for which one must be an administrator
    List<Server> servers(boolean everybody) {
        return api.all(COMPUTE, "/servers/detail" + (everybody ? "?all_tenants=1" : ""), "servers").stream()
                .map(Compute::server)
                .toList();
    }

    /// Those with that mark, the oldest first.
    List<Server> marked(Key key) {
        return api.all(COMPUTE, "/servers/detail?tags=" + word(Marks.tag(key)), "servers").stream()
                .map(Compute::server)
                .filter(server -> server.seen().mark().equals(Optional.of(Marks.of(key))))
                .filter(server -> !server.seen().status().equals("DELETED"))
                .sorted(Comparator.comparing(Server::created).thenComparing(Server::id))
                .toList();
    }

    Optional<Server> server(String id) {
        return api.find(COMPUTE, "/servers/" + word(id)).map(answer -> server(answer.path("server")));
    }

    /// @return its id
    String create(Key key, Wanted.Server wanted) {
        var metadata = new HashMap<>(wanted.metadata());
        metadata.put(Marks.METADATA, Marks.of(key));
        var server = new HashMap<String, Object>(Map.of(
                "name", wanted.name(),
                "flavorRef", wanted.flavor(),
                "imageRef", wanted.image(),
                "metadata", metadata,
                "tags", List.of(Marks.tag(key)),
                "networks",
                        wanted.networks().isEmpty()
                                ? "none"
                                : wanted.networks().stream()
                                        .map(network -> Map.of("uuid", network))
                                        .toList()));
        wanted.zone().ifPresent(zone -> server.put("availability_zone", zone));
        var order = new HashMap<String, Object>(Map.of("server", server));
        wanted.item().ifPresent(item -> order.put("os:scheduler_hints", Map.of("reservation", item.toString())));
        return Fields.text(api.send(COMPUTE, "POST", "/servers", order).path("server"), "id");
    }

    boolean delete(String id) {
        return api.delete(COMPUTE, "/servers/" + word(id));
    }

    void power(String id, boolean on) {
        var action = new HashMap<String, Object>();
        action.put(on ? "os-start" : "os-stop", null);
        api.send(COMPUTE, "POST", "/servers/" + word(id) + "/action", action);
    }

    /// Whether the last thing that was done to it failed: a failed stop is told nowhere else.
    boolean failedLast(String id, String action) {
        var last = api.get(COMPUTE, "/servers/" + word(id) + "/os-instance-actions?limit=1")
                .path("instanceActions")
                .path(0);
        return Fields.text(last, "action").equals(action)
                && Fields.text(last, "message").equals("Error");
    }

    void snapshot(String id, String name, Key key) {
        var image = Map.of("name", name, "metadata", Map.of(Marks.METADATA, Marks.of(key)));
        api.send(COMPUTE, "POST", "/servers/" + word(id) + "/action", Map.of("createImage", image));
    }

    void attachVolume(String server, String volume) {
        api.send(
                COMPUTE,
                "POST",
                "/servers/" + word(server) + "/os-volume_attachments",
                Map.of("volumeAttachment", Map.of("volumeId", volume)));
    }

    boolean detachVolume(String server, String volume) {
        return api.delete(COMPUTE, "/servers/" + word(server) + "/os-volume_attachments/" + word(volume));
    }

    void attachPort(String server, String port) {
        api.send(
                COMPUTE,
                "POST",
                "/servers/" + word(server) + "/os-interface",
                Map.of("interfaceAttachment", Map.of("port_id", port)));
    }

    /// Also private ones, if we may see them.
    List<Flavor> flavors() {
        return api.all(COMPUTE, "/flavors/detail?is_public=None", "flavors").stream()
                .filter(flavor -> !flavor.path("OS-FLV-DISABLED:disabled").asBoolean(false))
                .map(flavor -> new Flavor(
                        Fields.text(flavor, "id"),
                        Fields.text(flavor, "name"),
                        (int) Fields.number(flavor, "vcpus"),
                        (int) Fields.number(flavor, "ram"),
                        (int) (Fields.number(flavor, "disk") + Fields.number(flavor, "OS-FLV-EXT-DATA:ephemeral")),
                        Fields.texts(flavor.path("extra_specs"))))
                .toList();
    }

    /// What the project may have.
    Map<String, Long> limits() {
        return Fields.limits(
                api.get(COMPUTE, "/limits").path("limits").path("absolute"),
                Map.of("maxTotalInstances", "instance", "maxTotalCores", "vcpu", "maxTotalRAMSize", "memory_mb"));
    }

    /// @throws Outcome.NotDoneException that is `forbidden` if we are no administrator
    List<Hypervisor> hypervisors() {
        return api.all(COMPUTE, "/os-hypervisors/detail", "hypervisors").stream()
                .map(found -> new Hypervisor(
                        Fields.text(found, "id"),
                        Fields.text(found, "hypervisor_hostname"),
                        Fields.text(found.path("service"), "host"),
                        Fields.text(found, "state").equals("up")
                                && Fields.text(found, "status").equals("enabled"),
                        properties(found)))
                .toList();
    }

    private static Map<String, String> properties(JsonNode found) {
        var properties = new HashMap<String, String>();
        for (var name : List.of("hypervisor_type", "hypervisor_version")) {
            properties.put(name, Fields.text(found, name));
        }
        var cpu = found.path("cpu_info"); // until 2.87
        if (cpu.isObject() && !cpu.isEmpty()) properties.put("cpu_info", cpu.toString());
        properties.put("service_host", Fields.text(found.path("service"), "host"));
        return properties;
    }

    /// @param hosts also which hosts are in them, for which one must be an administrator
    List<Zone> zones(boolean hosts) {
        return Fields.each(api.get(COMPUTE, "/os-availability-zone" + (hosts ? "/detail" : ""))
                        .path("availabilityZoneInfo"))
                .map(zone -> new Zone(
                        Fields.text(zone, "zoneName"),
                        List.copyOf(zone.path("hosts").propertyNames())))
                .filter(zone -> !zone.name().equals("internal"))
                .toList();
    }

    private static Server server(JsonNode found) {
        var flavor = found.path("flavor");
        var metadata = Fields.texts(found.path("metadata"));
        var takes = Map.of(
                "instance",
                1L,
                "vcpu",
                Fields.number(flavor, "vcpus"),
                "memory_mb",
                Fields.number(flavor, "ram"),
                "disk_gb",
                Fields.number(flavor, "disk") + Fields.number(flavor, "ephemeral"));
        var seen = new CloudServer(
                Fields.text(found, "id"),
                Fields.text(found, "name"),
                Optional.ofNullable(metadata.get(Marks.METADATA)),
                Fields.text(found, "status"),
                Fields.maybe(found, "OS-EXT-SRV-ATTR:hypervisor_hostname"),
                Fields.maybe(found, "OS-EXT-AZ:availability_zone"),
                Fields.text(found, "tenant_id"),
                takes,
                Fields.text(flavor.path("extra_specs"), "blazar:preemptible").equalsIgnoreCase("true"));
        var addresses = Fields.each(found.path("addresses"))
                .flatMap(Fields::each)
                .map(address -> Fields.text(address, "addr"))
                .toList();
        return new Server(
                seen,
                Fields.maybe(found, "OS-EXT-STS:task_state"),
                Fields.maybe(found.path("fault"), "message"),
                addresses,
                Fields.text(found, "created"));
    }
}
