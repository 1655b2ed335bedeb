package holdfast.drivers.simulated;

import holdfast.authority.Cloud.Order;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Result;
import holdfast.core.Wanted;
import holdfast.drivers.simulated.CloudMemory.Held;
import holdfast.drivers.simulated.CloudMemory.Server;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// What a simulated cloud keeps for somebody.
final class CloudHolds {
    private final CloudPlan plan;
    private final CloudMemory memory;
    private final Dismissal dismissal;

    /// Takes a server away, which may last.
    interface Dismissal {
        Result dismiss(Server server);
    }

    CloudHolds(CloudPlan plan, CloudMemory memory, Dismissal dismissal) {
        this.plan = plan;
        this.memory = memory;
        this.dismissal = dismissal;
    }

    Result ensure(Key key, Order.Held order) {
        var wanted = order.wanted();
        var unknown = hosts(wanted).stream().filter(name -> !isHost(name)).findFirst();
        if (unknown.isPresent()) return new Result.Failed("there is no host " + unknown.get());
        var left = dismiss(server -> isOf(server, wanted) && !hosts(wanted).contains(server.host()));
        if (left.isPresent()) return left.get();
        memory.holds.putIfAbsent(CloudMemory.text(key), new Held(key, wanted, false));
        var obstacle = order.open() ? obstacle(key, wanted) : Optional.<String>empty();
        if (obstacle.isPresent()) return new Result.Later("waiting for " + obstacle.get());
        memory.holds.put(CloudMemory.text(key), new Held(key, wanted, order.open()));
        return new Result.Done(facts(wanted));
    }

    private boolean isHost(String name) {
        return plan.supply().hosts().stream().anyMatch(host -> host.name().equals(name));
    }

    private Optional<String> obstacle(Key key, Wanted.Hold wanted) {
        var others = memory.holds.values().stream()
                .filter(held -> held.open() && !held.key().equals(key))
                .map(Held::asked)
                .toList();
        return switch (wanted) {
            case Wanted.Hosts hosts ->
                holder(hosts, others)
                        .or(() -> new CloudRoom(plan, memory)
                                .inTheWay(hosts)
                                .map(server -> "the server " + server.name() + " to leave " + server.host()));
            case Wanted.Addresses addresses ->
                addresses.addresses().stream()
                        .filter(address -> others.stream()
                                .anyMatch(
                                        other -> other instanceof Wanted.Addresses(var _, var _, var network, var taken)
                                                && network.equals(addresses.network())
                                                && taken.contains(address)))
                        .findFirst()
                        .map(address -> "the address " + address + ", which somebody has");
            case Wanted.Slots _, Wanted.Amounts _ -> Optional.empty();
        };
    }

    private static Optional<String> holder(Wanted.Hosts hosts, List<Wanted.Hold> others) {
        return hosts.hosts().stream()
                .flatMap(host -> others.stream()
                        .filter(other -> other instanceof Wanted.Hosts those
                                && those.hosts().contains(host))
                        .map(other -> host + ", which " + other.item() + " still holds"))
                .findFirst();
    }

    private static Map<String, String> facts(Wanted.Hold wanted) {
        return switch (wanted) {
            case Wanted.Hosts hosts -> Map.of("aggregate_id", "aggregate-" + hosts.item());
            case Wanted.Slots slots -> {
                var item = slots.item().toString();
                var facts = new HashMap<>(Map.of("flavor_id", item, "aggregate_id", "aggregate-" + item));
                if (slots.together().isPresent()) facts.put("server_group_id", "group-" + item);
                yield Map.copyOf(facts);
            }
            case Wanted.Addresses addresses -> Map.of("addresses", String.join(" ", addresses.addresses()));
            case Wanted.Amounts _ -> Map.of();
        };
    }

    /// Takes the servers with it that were put there because of it.
    Result remove(Held held) {
        var left = dismiss(server -> isOf(server, held.asked()));
        if (left.isPresent()) return left.get();
        memory.holds.remove(CloudMemory.text(held.key()));
        return new Result.Done(Map.of());
    }

    private Optional<Result> dismiss(Predicate<Server> which) {
        return List.copyOf(memory.servers.values()).stream()
                .filter(which)
                .map(dismissal::dismiss)
                .filter(Result.Later.class::isInstance)
                .findFirst();
    }

    static boolean isOf(Server server, Wanted.Hold hold) {
        return server.asked().flatMap(Wanted.Server::item).equals(Optional.of(hold.item()));
    }

    private static Collection<String> hosts(Wanted.Hold wanted) {
        return switch (wanted) {
            case Wanted.Hosts hosts -> hosts.hosts();
            case Wanted.Slots slots -> slots.slots().keySet();
            case Wanted.Addresses _, Wanted.Amounts _ -> Set.of();
        };
    }
}
