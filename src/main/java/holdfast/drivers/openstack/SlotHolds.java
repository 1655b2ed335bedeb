package holdfast.drivers.openstack;

import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Result;
import holdfast.core.CloudSupply.Flavor;
import holdfast.core.Wanted;
import holdfast.drivers.openstack.Aggregates.Aggregate;
import holdfast.drivers.openstack.Compute.Hypervisor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/// Room for servers of one size for one project (promise.md 4.8). The item has a flavor that only the project may use,
/// and a class of resources of which each of its servers takes one; hosts have as much of that class as there are
/// slots on them. Hosts are in the aggregate of the item as long as they may have any of it.
final class SlotHolds implements Kind {
    /// In the metadata of the aggregate.
    static final String GROUP = "holdfast:group";

    private final Compute compute;
    private final Flavors flavors;
    private final Placement placement;
    private final Aggregates aggregates;
    private final Guests guests;
    private final Marks marks;

    SlotHolds(
            Compute compute, Flavors flavors, Placement placement, Aggregates aggregates, Guests guests, Marks marks) {
        this.compute = compute;
        this.flavors = flavors;
        this.placement = placement;
        this.aggregates = aggregates;
        this.guests = guests;
        this.marks = marks;
    }

    Result ensure(Key key, Wanted.Slots wanted, boolean open) {
        var known = compute.hypervisors(wanted.slots().keySet());
        var unknown = Compute.unknown(wanted.slots().keySet(), known);
        if (unknown.isPresent()) return unknown.get();
        var id = wanted.item();
        var item = aggregates.ensure(key, id, Optional.empty(), Map.of(Blazar.RESERVATION, id.toString()));
        var group = group(key, item, wanted.together());
        placement.ensureClass(Blazar.resource(id));
        flavors.ensure(flavor(wanted));
        var rooms = known.stream()
                .map(host -> new Room(host, open ? wanted.slots().getOrDefault(host.name(), 0) : 0))
                .filter(room -> room.slots() > 0)
                .toList();
        flavors.letIn(id.toString(), open ? Optional.of(wanted.project()) : Optional.empty());
        return bringTo(item, id, rooms).orElseGet(() -> {
            var facts = new HashMap<>(Map.of("flavor_id", id.toString(), "aggregate_id", Long.toString(item.id())));
            group.ifPresent(one -> facts.put("server_group_id", one));
            return new Result.Done(Map.copyOf(facts));
        });
    }

    /// Fixed for its life, so that another wish makes another one.
    private Optional<String> group(Key key, Aggregate item, Optional<Boolean> together) {
        var found = compute.groups(marks.of(key));
        var policy = together.map(yes -> yes ? "affinity" : "anti-affinity");
        found.stream()
                .filter(one -> !policy.equals(Optional.of(one.policy())))
                .forEach(one -> compute.deleteGroup(one.id()));
        var group = policy.map(wanted -> found.stream()
                .filter(one -> one.policy().equals(wanted))
                .findFirst()
                .map(Compute.Group::id)
                .orElseGet(() -> compute.createGroup(marks.of(key), wanted)));
        var noted = Optional.ofNullable(item.metadata().get(GROUP));
        if (group.isPresent() && !group.equals(noted)) aggregates.note(item, Map.of(GROUP, group.get()));
        if (group.isEmpty() && noted.isPresent()) aggregates.forget(item, GROUP);
        return group;
    }

    private static Flavor flavor(Wanted.Slots wanted) {
        var specs = new HashMap<>(wanted.size().extraSpecs());
        specs.remove(Blazar.PREEMPTIBLE_SPEC);
        specs.put(Blazar.SLOT_SPEC, wanted.item().toString());
        specs.put("resources:" + Blazar.resource(wanted.item()), "1");
        var size = wanted.size();
        return new Flavor(
                wanted.item().toString(),
                Blazar.flavor(wanted.item()),
                size.vcpus(),
                size.memoryMb(),
                size.diskGb(),
                specs);
    }

    private record Room(Hypervisor host, int slots) {}

    /// @return what is waited for
    private Optional<Result> bringTo(Aggregate item, UUID id, List<Room> rooms) {
        var leaving = new TreeSet<>(item.hosts());
        rooms.forEach(room -> leaving.remove(room.host().host()));
        var staying = guests.ask(leaving, server -> server.flavor().equals(Blazar.flavor(id)), _ -> true);
        if (staying.isPresent()) return staying;
        for (var host : leaving) {
            placement.room(Blazar.room(host), Blazar.resource(id), 0);
            aggregates.take(item, host);
        }
        for (var room : rooms) {
            var host = room.host();
            if (!item.hosts().contains(host.host())) aggregates.add(item, host.host());
            placement.ensurePart(Blazar.room(host.host()), host.id());
            placement.room(Blazar.room(host.host()), Blazar.resource(id), room.slots());
        }
        return Optional.empty();
    }

    private Optional<Aggregate> find(Key key) {
        return aggregates.marked(key).filter(one -> !Blazar.isZone(one.zone()));
    }

    @Override
    public Optional<Observed.Present> observe(Key key) {
        return find(key).map(item -> {
            var facts = new HashMap<>(Map.of(
                    "aggregate_id", Long.toString(item.id()),
                    "hosts", String.join(" ", item.hosts()),
                    "open", Boolean.toString(!item.hosts().isEmpty())));
            Optional.ofNullable(item.metadata().get(GROUP)).ifPresent(group -> facts.put("server_group_id", group));
            item(item).ifPresent(id -> facts.put("flavor_id", id.toString()));
            return new Observed.Present(true, Map.copyOf(facts));
        });
    }

    /// Empty if no more was made of it than the aggregate.
    private static Optional<UUID> item(Aggregate item) {
        return Optional.ofNullable(item.metadata().get(Blazar.RESERVATION)).map(UUID::fromString);
    }

    @Override
    public Optional<Result> remove(Key key) {
        return find(key).map(item -> remove(key, item));
    }

    private Result remove(Key key, Aggregate item) {
        var id = item(item);
        if (id.isPresent()) {
            flavors.letIn(id.get().toString(), Optional.empty());
            var staying = bringTo(item, id.get(), List.of());
            if (staying.isPresent()) return staying.get();
            var nowhere = guests.ask(Set.of(""), server -> server.flavor().equals(Blazar.flavor(id.get())), _ -> true);
            if (nowhere.isPresent()) return nowhere.get();
            flavors.delete(id.get().toString());
            placement.deleteClass(Blazar.resource(id.get()));
            compute.groups(marks.of(key)).forEach(group -> compute.deleteGroup(group.id()));
        }
        aggregates.delete(item);
        return new Result.Done(Map.of());
    }

    @Override
    public List<Key> list() {
        return aggregates.all().stream()
                .filter(one -> !Blazar.isZone(one.zone()))
                .flatMap(one -> aggregates.key(one).stream())
                .toList();
    }
}
