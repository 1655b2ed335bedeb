package holdfast.drivers.openstack;

import holdfast.authority.Cloud.Order;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Result;
import holdfast.drivers.openstack.Network.Port;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Interfaces of servers on networks. One of ours outlives its server, unlike those that Nova makes.
final class Ports implements Kind {
    private final Network network;
    private final Compute compute;
    private final Servers servers;
    private final Orders orders;

    Ports(Network network, Compute compute, Servers servers, Orders orders) {
        this.network = network;
        this.compute = compute;
        this.servers = servers;
        this.orders = orders;
    }

    Result ensure(Key key, Order.Port order) {
        var server = servers.find(order.server());
        if (server.isEmpty()) return new Result.Failed("the server of the port " + key.part() + " is not there");
        var ports = network.marked(key);
        if (ports.isEmpty())
            return orders.place(
                    key, "the port " + key.part(), () -> network.create(key, order.network(), order.address()));
        ports.stream().skip(1).forEach(second -> network.delete(second.id()));
        var port = ports.getFirst();
        if (port.device().equals(Optional.of(server.get().id()))) {
            orders.seen(key);
            return new Result.Done(facts(port));
        }
        if (port.device().isPresent())
            return new Result.Failed("the port " + key.part() + " is in another server, "
                    + port.device().get());
        orders.seen(key);
        compute.attachPort(server.get().id(), port.id()); // a second time is refused by the cloud
        return new Result.Later("waiting for the port " + key.part() + " in its server");
    }

    @Override
    public Optional<Observed.Present> observe(Key key) {
        return network.marked(key).stream()
                .findFirst()
                .map(port -> new Observed.Present(port.device().isPresent(), facts(port)));
    }

    @Override
    public Optional<Result> remove(Key key) {
        var ports = network.marked(key);
        if (ports.isEmpty()) return Optional.empty();
        ports.forEach(port -> network.delete(port.id()));
        orders.seen(key);
        return Optional.of(new Result.Done(Map.of()));
    }

    @Override
    public List<Key> list() {
        return network.ports().stream()
                .flatMap(port -> port.key().stream())
                .distinct()
                .toList();
    }

    private static Map<String, String> facts(Port port) {
        var facts = new HashMap<>(
                Map.of("id", port.id(), "mac", port.mac(), "addresses", String.join(" ", port.addresses())));
        port.device().ifPresent(server -> facts.put("server", server));
        return Map.copyOf(facts);
    }
}
