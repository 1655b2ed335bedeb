package holdfast.drivers.openstack;

import static holdfast.drivers.openstack.Api.word;
import static holdfast.drivers.openstack.Service.COMPUTE;

import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Result;
import holdfast.core.CloudServer;
import holdfast.core.Wanted;
import holdfast.drivers.openstack.Outcome.NotDoneException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What we say to Nova.
final class Compute {
    private final Api api;
    private final Marks marks;

    Compute(Api api, Marks marks) {
        this.api = api;
        this.marks = marks;
    }

    /// A server as Nova shows it.
    ///
    /// @param key of those that are ours
    /// @param host as services name it; nothing if we may not know, or it has none yet
    /// @param flavor the name of its size
    /// @param task what is being done to it
    /// @param fault why it is in `ERROR`
    /// @param created sorts by time
    record Server(
            CloudServer seen,
            Optional<Key> key,
            String host,
            String flavor,
            Optional<String> task,
            Optional<String> fault,
            String created) {
        String id() {
            return seen.id();
        }
    }

    /// Says how its servers lie to each other.
    ///
    /// @param policy `affinity` or `anti-affinity`
    record Group(String id, String policy) {}

    /// @param host as aggregates name it
    record Hypervisor(String id, String name, String host, boolean up, Map<String, String> properties) {}

    /// @param hosts as aggregates name them; none if we may not know
    record Zone(String name, List<String> hosts) {}

    /// @param everybody also those of other projects, for which one must be an administrator
    List<Server> servers(boolean everybody) {
        return servers(everybody ? "?all_tenants=1" : "");
    }

    /// Those with that mark, the oldest first.
    List<Server> marked(Key key) {
        return servers("?tags=" + word(Marks.tag(key))).stream()
                .filter(server -> server.key().equals(Optional.of(key)))
                .filter(server -> !server.seen().status().equals("DELETED"))
                .sorted(Comparator.comparing(Server::created).thenComparing(Server::id))
                .toList();
    }

    Optional<Server> server(String id) {
        return api.find(COMPUTE, "/servers/" + word(id)).map(answer -> server(api.project(), answer.path("server")));
    }

    private List<Server> servers(String query) {
        var found = api.all(COMPUTE, "/servers/detail" + query, "servers");
        var project = api.project();
        return found.stream().map(one -> server(project, one)).toList();
    }

    /// @return its id
    String create(Key key, Wanted.Server wanted, Entry entry) {
        return create(key, wanted, entry, Map.of());
    }

    /// @param more fields of the order, instead of those that follow from `wanted`
    /// @return its id
    String create(Key key, Wanted.Server wanted, Entry entry, Map<String, ?> more) {
        var metadata = new HashMap<>(wanted.metadata());
        metadata.put(Marks.METADATA, marks.of(key));
        var server = new HashMap<String, Object>(Map.of(
                "name", wanted.name(),
                "flavorRef", entry.flavor().orElse(wanted.flavor()),
                "imageRef", wanted.image(),
                "metadata", metadata,
                "tags", List.of(Marks.tag(key)),
                "networks",
                        wanted.networks().isEmpty()
                                ? "none"
                                : wanted.networks().stream()
                                        .map(network -> Map.of("uuid", network))
                                        .toList()));
        wanted.zone().filter(_ -> !entry.anyZone()).ifPresent(zone -> server.put("availability_zone", zone));
        wanted.host().ifPresent(host -> server.put("hypervisor_hostname", host));
        server.putAll(more);
        var order = new HashMap<String, Object>(Map.of("server", server));
        if (!entry.hints().isEmpty()) order.put("os:scheduler_hints", entry.hints());
        return Fields.text(api.send(COMPUTE, "POST", "/servers", order).path("server"), "id");
    }

    boolean delete(String id) {
        return api.delete(COMPUTE, "/servers/" + word(id));
    }

    /// Also where others are only put aside for a while.
    void forceDelete(String id) {
        var action = new HashMap<String, Object>();
        action.put("forceDelete", null);
        try {
            api.send(COMPUTE, "POST", "/servers/" + word(id) + "/action", action);
        } catch (NotDoneException e) {
            if (!e.missing()) throw e;
        }
    }

    /// Those of that name that are ours to see.
    List<Group> groups(String name) {
        return api.all(COMPUTE, "/os-server-groups", "server_groups").stream()
                .filter(group -> Fields.text(group, "name").equals(name))
                .map(group -> new Group(Fields.text(group, "id"), Fields.text(group, "policy")))
                .toList();
    }

    /// @return its id
    String createGroup(String name, String policy) {
        var group = Map.of("name", name, "policy", policy);
        return Fields.text(
                api.send(COMPUTE, "POST", "/os-server-groups", Map.of("server_group", group))
                        .path("server_group"),
                "id");
    }

    void deleteGroup(String id) {
        api.delete(COMPUTE, "/os-server-groups/" + word(id));
    }

    void power(String id, boolean on) {
        var action = new HashMap<String, Object>();
        action.put(on ? "os-start" : "os-stop", null);
        api.send(COMPUTE, "POST", "/servers/" + word(id) + "/action", action);
    }

    /// Restarts it, politely.
    void reboot(String id) {
        api.send(COMPUTE, "POST", "/servers/" + word(id) + "/action", Map.of("reboot", Map.of("type", "SOFT")));
    }

    /// Whether the last thing that was done to it failed: a failed stop is told nowhere else.
    boolean failedLast(String id, String action) {
        var last = api.get(COMPUTE, "/servers/" + word(id) + "/os-instance-actions?limit=1")
                .path("instanceActions")
                .path(0);
        return Fields.text(last, "action").equals(action)
                && Fields.text(last, "message").equals("Error");
    }

    /// @param metadata of the image
    void snapshot(String id, String name, Map<String, String> metadata) {
        var image = Map.of("name", name, "metadata", metadata);
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

    /// Those of these names.
    List<Hypervisor> hypervisors(Collection<String> names) {
        return hypervisors().stream().filter(one -> names.contains(one.name())).toList();
    }

    /// Complains about the first name that nobody has.
    static Optional<Result> unknown(Collection<String> names, List<Hypervisor> known) {
        return names.stream()
                .filter(name -> known.stream().noneMatch(one -> one.name().equals(name)))
                .findFirst()
                .map(name -> new Result.Failed("there is no host " + name));
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

    /// A mark counts in our own project only: in theirs, others can write what they like.
    private Server server(String project, JsonNode found) {
        var flavor = found.path("flavor");
        var key = marks.read(Fields.texts(found.path("metadata")), Marks.METADATA)
                .filter(_ -> Fields.text(found, "tenant_id").equals(project));
        var addresses = Fields.each(found.path("addresses"))
                .flatMap(Fields::each)
                .map(address -> Fields.text(address, "addr"))
                .toList();
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
                key.map(ours -> ours.lease() + "/" + ours.part()),
                Fields.text(found, "status"),
                Fields.maybe(found, "OS-EXT-SRV-ATTR:hypervisor_hostname"),
                Fields.maybe(found, "OS-EXT-AZ:availability_zone"),
                Fields.text(found, "tenant_id"),
                takes,
                Fields.text(flavor.path("extra_specs"), Blazar.PREEMPTIBLE_SPEC).equalsIgnoreCase("true"),
                Optional.empty(),
                addresses);
        return new Server(
                seen,
                key,
                Fields.text(found, "OS-EXT-SRV-ATTR:host"),
                Fields.text(flavor, "original_name"),
                Fields.maybe(found, "OS-EXT-STS:task_state"),
                Fields.maybe(found.path("fault"), "message"),
                Fields.text(found, "created"));
    }
}
