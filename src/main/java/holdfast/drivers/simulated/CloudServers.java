package holdfast.drivers.simulated;

import holdfast.authority.Cloud.Order;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Result;
import holdfast.core.Wanted;
import holdfast.drivers.simulated.CloudMemory.Server;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The servers of a simulated cloud, and the life that they lead.
final class CloudServers {
    private final CloudPlan plan;
    private final CloudMemory memory;
    private final InstantSource clock;

    CloudServers(CloudPlan plan, CloudMemory memory, InstantSource clock) {
        this.plan = plan;
        this.memory = memory;
        this.clock = clock;
    }

    Result instance(Key key, Order.Instance order) {
        boolean fresh = memory.server(key).isEmpty();
        if (!order.way().makes() && fresh) return order.withoutIt();
        var missing = fresh ? missing(order.wanted()) : Optional.<String>empty();
        if (missing.isPresent()) return new Result.Failed("there is no " + missing.get());
        var result = server(key, order.server());
        if (!(result instanceof Result.Done(var facts))) return result;
        var all = new TreeMap<>(facts);
        memory.server(key).ifPresent(server -> {
            all.put("status", status(server));
            var addresses = memory.things.of(server.id());
            if (!addresses.isEmpty()) all.put("addresses", String.join(" ", addresses));
        });
        return new Result.Done(all);
    }

    /// What an instance names that is not there.
    private Optional<String> missing(Wanted.Instance wanted) {
        return wanted.key()
                .filter(name -> !memory.things.keys.containsKey(name))
                .map(name -> "key " + name)
                .or(() -> wanted.extras().entrySet().stream()
                        .filter(extra -> extra.getKey().startsWith("firewalls"))
                        .map(Map.Entry::getValue)
                        .filter(name -> !memory.things.firewalls.containsKey(name))
                        .findFirst()
                        .map(name -> "firewall " + name));
    }

    Result server(Key key, Order.Server order) {
        var known = memory.server(key);
        if (known.isEmpty()) {
            var made = make(key, order.wanted());
            if (made instanceof Result.Failed) return made;
            known = memory.server(key);
        }
        var server = known.orElseThrow();
        if (server.gone().isPresent()) return new Result.Later("waiting for " + server.name() + " to be gone");
        if (server.on() != order.on()) {
            server = server.switched(order.on());
            memory.servers.put(server.id(), server);
        }
        return clock.instant().isBefore(server.ready())
                ? new Result.Later("waiting for " + server.name() + " to run")
                : new Result.Done(facts(server));
    }

    private Result make(Key key, Wanted.Server wanted) {
        var room = new CloudRoom(plan, memory);
        var takes = room.size(wanted);
        if (takes.isEmpty()) return new Result.Failed("there is no flavor " + wanted.flavor());
        if (plan.supply().images().stream().noneMatch(image -> image.id().equals(wanted.image()))
                && !memory.things.images.containsKey(wanted.image()))
            return new Result.Failed("there is no image " + wanted.image());
        var host = room.hostFor(wanted, takes.get());
        if (host.isEmpty()) return new Result.Failed("No valid host was found for " + wanted.name());
        put(Optional.of(key), wanted.name(), host.get().name(), takes.get(), Optional.of(wanted));
        return new Result.Done(Map.of());
    }

    void put(Optional<Key> key, String name, String host, Map<String, Long> takes, Optional<Wanted.Server> asked) {
        var id = "server-" + ++memory.made;
        var ready = clock.instant().plus(plan.boot());
        memory.servers.put(id, new Server(key, id, name, host, takes, asked, true, ready, Optional.empty()));
    }

    String status(Server server) {
        if (memory.down.contains(server.host())) return "ERROR";
        if (clock.instant().isBefore(server.ready())) return "BUILD";
        return server.on() ? "ACTIVE" : "SHUTOFF";
    }

    static Map<String, String> facts(Server server) {
        return Map.of("id", server.id(), "host", server.host(), "simulated", "true");
    }

    Result go(Server server) {
        var going = server.gone().isPresent()
                ? server
                : server.going(clock.instant().plus(plan.farewell()));
        memory.servers.put(going.id(), going);
        forget();
        return memory.servers.containsKey(going.id())
                ? new Result.Later("waiting for " + server.name() + " to be gone")
                : new Result.Done(Map.of());
    }

    /// Without what is gone by now.
    void forget() {
        memory.servers
                .values()
                .removeIf(server -> server.gone()
                        .filter(when -> !clock.instant().isBefore(when))
                        .isPresent());
    }
}
