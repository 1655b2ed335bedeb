package holdfast.drivers.simulated;

import holdfast.core.CloudSupply;
import holdfast.core.CloudSupply.Host;
import holdfast.core.Wanted;
import holdfast.drivers.simulated.CloudMemory.Held;
import holdfast.drivers.simulated.CloudMemory.Server;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where a simulated cloud puts servers.
final class CloudRoom {
    private final CloudPlan plan;
    private final CloudMemory memory;

    CloudRoom(CloudPlan plan, CloudMemory memory) {
        this.plan = plan;
        this.memory = memory;
    }

    /// What a server would take; empty if there is no such size.
    Optional<Map<String, Long>> size(Wanted.Server wanted) {
        return plan.supply().flavors().stream()
                .filter(one -> one.id().equals(wanted.flavor()))
                .findFirst()
                .or(() -> wanted.item()
                        .filter(item -> wanted.flavor().equals(item.toString()))
                        .flatMap(item -> slots(item.toString()))
                        .map(Wanted.Slots::size))
                .map(CloudRoom::size);
    }

    /// The first that has room and may be used.
    Optional<Host> hostFor(Wanted.Server wanted, Map<String, Long> takes) {
        return plan.supply().hosts().stream()
                .filter(one -> !memory.down.contains(one.name()))
                .filter(one -> wanted.zone().isEmpty() || wanted.zone().get().equals(one.zone()))
                .filter(one -> wanted.host().isEmpty() || wanted.host().get().equals(one.name()))
                .filter(one -> admits(one, wanted, takes))
                .findFirst();
    }

    private static Map<String, Long> size(CloudSupply.Flavor flavor) {
        return Map.of(
                "vcpu",
                (long) flavor.vcpus(),
                "memory_mb",
                (long) flavor.memoryMb(),
                "disk_gb",
                (long) flavor.diskGb(),
                "instance",
                1L);
    }

    /// Whether a host may take a server: it has room beside what runs there and what is held there and still
    /// unused.
    private boolean admits(Host host, Wanted.Server wanted, Map<String, Long> takes) {
        var item = wanted.item().map(Object::toString);
        var held = open().stream().filter(one -> on(one, host.name())).toList();
        var its = held.stream()
                .filter(one -> one.asked().item().toString().equals(item.orElse("")))
                .findFirst();
        if (item.isPresent() ? its.isEmpty() : host.properties().containsKey(Host.FREE_POOL)) return false;
        boolean foreignHost =
                held.stream().anyMatch(one -> one.asked() instanceof Wanted.Hosts && !one.equals(its.orElse(null)));
        if (foreignHost) return false;
        if (its.isPresent() && its.get().asked() instanceof Wanted.Slots slots)
            return used(slots, host.name()) < slots.slots().getOrDefault(host.name(), 0);
        var used = new HashMap<String, Long>();
        on(host.name())
                .forEach(server ->
                        server.takes().forEach((dimension, amount) -> used.merge(dimension, amount, Long::sum)));
        for (var one : held) {
            if (one.asked() instanceof Wanted.Slots slots) {
                long unused = slots.slots().getOrDefault(host.name(), 0) - used(slots, host.name());
                size(slots.size()).forEach((dimension, amount) -> used.merge(dimension, amount * unused, Long::sum));
            }
        }
        return takes.entrySet().stream()
                .allMatch(one -> used.getOrDefault(one.getKey(), 0L) + one.getValue()
                        <= host.total().getOrDefault(one.getKey(), 0L));
    }

    private Optional<Wanted.Slots> slots(String item) {
        return open().stream()
                .map(Held::asked)
                .filter(asked -> asked.item().toString().equals(item))
                .filter(Wanted.Slots.class::isInstance)
                .map(Wanted.Slots.class::cast)
                .findFirst();
    }

    private long used(Wanted.Slots slots, String host) {
        return on(host).stream()
                .filter(server -> server.asked().flatMap(Wanted.Server::item).equals(Optional.of(slots.item())))
                .count();
    }

    private List<Held> open() {
        return memory.holds.values().stream().filter(Held::open).toList();
    }

    private static boolean on(Held held, String host) {
        return switch (held.asked()) {
            case Wanted.Hosts hosts -> hosts.hosts().contains(host);
            case Wanted.Slots slots -> slots.slots().containsKey(host);
            case Wanted.Addresses _, Wanted.Amounts _ -> false;
        };
    }

    private List<Server> on(String host) {
        return memory.servers.values().stream()
                .filter(server -> server.host().equals(host))
                .toList();
    }

    /// A server that must leave before `wanted` can be opened.
    Optional<Server> inTheWay(Wanted.Hold wanted) {
        return switch (wanted) {
            case Wanted.Hosts hosts ->
                memory.servers.values().stream()
                        .filter(server -> hosts.hosts().contains(server.host()))
                        .filter(server ->
                                !server.asked().flatMap(Wanted.Server::item).equals(Optional.of(hosts.item())))
                        .findFirst();
            case Wanted.Slots _, Wanted.Addresses _, Wanted.Amounts _ -> Optional.empty();
        };
    }
}
