package holdfast.drivers.openstack;

import static holdfast.drivers.openstack.Api.word;
import static holdfast.drivers.openstack.Service.NETWORK;

import holdfast.authority.Driver.Key;
import holdfast.core.CloudSupply;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What we say to Neutron.
final class Network {
    private static final Map<String, String> QUOTAS = Map.of(
            "floatingip", "address", "network", "network", "subnet", "subnet", "port", "port", "router", "router");

    private final Api api;

    Network(Api api) {
        this.api = api;
    }

    /// @param name the mark of those that are ours
    /// @param device the id of the server that has it
    record Port(String id, String name, Optional<String> device, String mac, List<String> addresses, String created) {}

    List<CloudSupply.Network> networks() {
        return api.all(NETWORK, "/networks", "networks").stream()
                .map(network -> new CloudSupply.Network(
                        Fields.text(network, "id"),
                        Fields.text(network, "name"),
                        network.path("router:external").asBoolean(false)))
                .toList();
    }

    /// What the project may have.
    Map<String, Long> limits() {
        return Fields.limits(api.get(NETWORK, "/quotas/" + word(api.project())).path("quota"), QUOTAS);
    }

    /// Those with that mark, the oldest first. Here a name is found only as a whole, unlike at the other services.
    List<Port> marked(Key key) {
        return api.all(NETWORK, "/ports?name=" + word(Marks.of(key)), "ports").stream()
                .map(Network::port)
                .sorted(Comparator.comparing(Port::created).thenComparing(Port::id))
                .toList();
    }

    List<Port> ports() {
        return api.all(NETWORK, "/ports?project_id=" + word(api.project()), "ports").stream()
                .map(Network::port)
                .toList();
    }

    void create(Key key, String network, Optional<String> address) {
        var port = new HashMap<String, Object>(Map.of("name", Marks.of(key), "network_id", network));
        address.ifPresent(fixed -> port.put("fixed_ips", List.of(Map.of("ip_address", fixed))));
        api.send(NETWORK, "POST", "/ports", Map.of("port", port));
    }

    /// Takes it from its server as well.
    boolean delete(String port) {
        return api.delete(NETWORK, "/ports/" + word(port));
    }

    private static Port port(JsonNode found) {
        return new Port(
                Fields.text(found, "id"),
                Fields.text(found, "name"),
                Fields.maybe(found, "device_id"),
                Fields.text(found, "mac_address"),
                Fields.each(found.path("fixed_ips"))
                        .map(address -> Fields.text(address, "ip_address"))
                        .toList(),
                Fields.text(found, "created_at"));
    }
}
