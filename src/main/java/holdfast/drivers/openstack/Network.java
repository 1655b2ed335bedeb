package holdfast.drivers.openstack;

import static holdfast.drivers.openstack.Api.word;
import static holdfast.drivers.openstack.Service.NETWORK;

import holdfast.authority.Driver.Key;
import holdfast.core.CloudSupply;
import holdfast.core.Wanted;
import holdfast.drivers.openstack.Outcome.NotDoneException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// What we say to Neutron.
final class Network {
    private static final Map<String, String> QUOTAS = Map.of(
            "floatingip", "address", "network", "network", "subnet", "subnet", "port", "port", "router", "router");

    private final Api api;
    private final Marks marks;

    Network(Api api, Marks marks) {
        this.api = api;
        this.marks = marks;
    }

    /// @param key of those that are ours
    /// @param device the id of the server that has it
    record Port(
            String id,
            Optional<Key> key,
            Optional<String> device,
            String mac,
            List<String> addresses,
            String created) {}

    /// A floating address.
    ///
    /// @param key of those that are ours
    record Address(String id, Optional<Key> key, String address, String project, List<String> tags) {}

    List<CloudSupply.Network> networks() {
        var found = api.all(NETWORK, "/networks", "networks");
        var subnets = found.stream().anyMatch(Network::isExternal)
                ? api.all(NETWORK, "/subnets", "subnets")
                : List.<JsonNode>of();
        return found.stream().map(network -> network(network, subnets)).toList();
    }

    /// The network for servers that name none: that of the project, or one that others share with it. Of several
    /// the first by name, since Nova takes none then.
    Optional<String> usual() {
        var project = api.project();
        return api.all(NETWORK, "/networks", "networks").stream()
                .filter(network ->
                        !isExternal(network) && !network.path("subnets").isEmpty())
                .filter(network ->
                        isOf(project, network) || network.path("shared").asBoolean(false))
                .min(Comparator.comparing((JsonNode network) -> !isOf(project, network))
                        .thenComparing(network -> Fields.text(network, "name"))
                        .thenComparing(network -> Fields.text(network, "id")))
                .map(network -> Fields.text(network, "id"));
    }

    private static boolean isOf(String project, JsonNode network) {
        return Fields.text(network, "project_id").equals(project);
    }

    /// The one that lends addresses for the public; of several the first by name.
    ///
    /// @throws NotDoneException if there is none
    String outside() {
        return api.all(NETWORK, "/networks?router:external=True", "networks").stream()
                .min(Comparator.comparing(network -> Fields.text(network, "name")))
                .map(network -> Fields.text(network, "id"))
                .orElseThrow(() -> new NotDoneException(
                        new Outcome.Failed(0, "", "network: there is no network that lends addresses")));
    }

    /// As Neutron shows them.
    List<JsonNode> subnets() {
        return api.all(NETWORK, "/subnets", "subnets");
    }

    /// The port of a server that an address leads to.
    ///
    /// @throws NotDoneException if it has none
    String portOf(String server) {
        return api.all(NETWORK, "/ports?device_id=" + word(server), "ports").stream()
                .map(port -> Fields.text(port, "id"))
                .findFirst()
                .orElseThrow(() ->
                        new NotDoneException(new Outcome.Failed(409, "", "network: the instance is on no network")));
    }

    /// Empty if there is no such port, or no server has it.
    Optional<String> serverOfPort(String port) {
        return api.find(NETWORK, "/ports/" + word(port))
                .flatMap(answer -> Fields.maybe(answer.path("port"), "device_id"));
    }

    private static boolean isExternal(JsonNode network) {
        return network.path("router:external").asBoolean(false);
    }

    private static CloudSupply.Network network(JsonNode network, List<JsonNode> subnets) {
        var id = Fields.text(network, "id");
        var own = subnets.stream()
                .filter(subnet ->
                        isExternal(network) && Fields.text(subnet, "network_id").equals(id))
                .map(Network::subnet)
                .toList();
        return new CloudSupply.Network(id, Fields.text(network, "name"), isExternal(network), own);
    }

    private static CloudSupply.Subnet subnet(JsonNode subnet) {
        var lent = Fields.each(subnet.path("allocation_pools"))
                .map(pool -> new CloudSupply.Range(Fields.text(pool, "start"), Fields.text(pool, "end")))
                .toList();
        return new CloudSupply.Subnet(Fields.text(subnet, "id"), Fields.text(subnet, "cidr"), lent);
    }

    /// What the project may have.
    Map<String, Long> limits() {
        return Fields.limits(api.get(NETWORK, "/quotas/" + word(api.project())).path("quota"), QUOTAS);
    }

    /// Those with that mark, the oldest first. Here a name is found only as a whole, unlike at the other services.
    List<Port> marked(Key key) {
        return api.all(NETWORK, "/ports?name=" + word(marks.of(key)), "ports").stream()
                .map(this::port)
                .sorted(Comparator.comparing(Port::created).thenComparing(Port::id))
                .toList();
    }

    List<Port> ports() {
        return api.all(NETWORK, "/ports?project_id=" + word(api.project()), "ports").stream()
                .map(this::port)
                .toList();
    }

    void create(Key key, String network, Optional<String> address) {
        var port = new HashMap<String, Object>(Map.of("name", marks.of(key), "network_id", network));
        address.ifPresent(fixed -> port.put("fixed_ips", List.of(Map.of("ip_address", fixed))));
        api.send(NETWORK, "POST", "/ports", Map.of("port", port));
    }

    /// Takes it from its server as well.
    boolean delete(String port) {
        return api.delete(NETWORK, "/ports/" + word(port));
    }

    /// All that we may see.
    List<Address> floating() {
        return api.all(NETWORK, "/floatingips", "floatingips").stream()
                .map(this::address)
                .toList();
    }

    /// Those of ours. Who may use one may change what it says, too: one of the two words is enough.
    List<Address> floating(Key key) {
        return Stream.of("description=" + word(marks.of(key)), "tags=" + word(Marks.tag(key)))
                .flatMap(filter -> api.all(NETWORK, "/floatingips?" + filter, "floatingips").stream())
                .map(this::address)
                .distinct()
                .toList();
    }

    /// The one of that address, whosever it is.
    Optional<Address> floating(String network, String address) {
        var filter = "floating_network_id=" + word(network) + "&floating_ip_address=" + word(address);
        return api.all(NETWORK, "/floatingips?" + filter, "floatingips").stream()
                .map(this::address)
                .findFirst();
    }

    void createFloating(Key key, Wanted.Addresses wanted, String address) {
        var floating = Map.of(
                "floating_network_id", wanted.network(),
                "floating_ip_address", address,
                "project_id", wanted.project(),
                "description", marks.of(key));
        api.send(NETWORK, "POST", "/floatingips", Map.of("floatingip", floating));
    }

    static List<String> tags(Key key, UUID item) {
        return List.of("blazar", "reservation:" + item, Marks.tag(key));
    }

    /// It takes no tags when it is made.
    void tag(String floating, List<String> tags) {
        api.send(NETWORK, "PUT", "/floatingips/" + word(floating) + "/tags", Map.of("tags", tags));
    }

    void deleteFloating(String id) {
        api.delete(NETWORK, "/floatingips/" + word(id));
    }

    private Address address(JsonNode found) {
        return new Address(
                Fields.text(found, "id"),
                marks.read(Fields.text(found, "description")),
                Fields.text(found, "floating_ip_address"),
                Fields.text(found, "project_id"),
                Fields.words(found.path("tags")));
    }

    private Port port(JsonNode found) {
        return new Port(
                Fields.text(found, "id"),
                marks.read(Fields.text(found, "name")),
                Fields.maybe(found, "device_id"),
                Fields.text(found, "mac_address"),
                Fields.each(found.path("fixed_ips"))
                        .map(address -> Fields.text(address, "ip_address"))
                        .toList(),
                Fields.text(found, "created_at"));
    }
}
