package holdfast.drivers.openstack;

import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Result;
import holdfast.core.Wanted;
import holdfast.drivers.openstack.Aggregates.Aggregate;
import holdfast.drivers.openstack.Compute.Hypervisor;
import holdfast.drivers.openstack.Compute.Server;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Whole hosts for one project (promise.md 4.8). While the project may use a host, it is in the aggregate of the item
/// and in nothing else that decides who is let in: not in the free pool, not in its own zone. Where it was is written
/// down in the metadata of that aggregate before it is moved, so that whoever comes next can bring it back.
final class HostHolds implements Kind {
    /// In the metadata, before the name of a host: ids of the aggregates that it came from.
    private static final String HOME = "holdfast:home:";

    /// Of hosts in no aggregate that is a zone, unless an operator gave it another name.
    private static final String DEFAULT_ZONE = "nova";

    private final Compute compute;
    private final Aggregates aggregates;
    private final Guests guests;

    HostHolds(Compute compute, Aggregates aggregates, Guests guests) {
        this.compute = compute;
        this.aggregates = aggregates;
        this.guests = guests;
    }

    Result ensure(Key key, Wanted.Hosts wanted, boolean open) {
        var known = compute.hypervisors(wanted.hosts());
        var unknown = Compute.unknown(wanted.hosts(), known);
        if (unknown.isPresent()) return unknown.get();
        var item = aggregates.ensure(
                key, wanted.item(), Optional.of(Blazar.zone(wanted.item())), Map.of(Blazar.OWNER, wanted.project()));
        var hosts = known.stream().map(Hypervisor::host).collect(Collectors.toCollection(TreeSet::new));
        return bringTo(item, open ? hosts : Set.of())
                .orElseGet(() -> new Result.Done(Map.of("aggregate_id", Long.toString(item.id()))));
    }

    /// @return what is waited for; empty if it has those hosts and no others
    private Optional<Result> bringTo(Aggregate item, Set<String> hosts) {
        var owner = item.metadata().getOrDefault(Blazar.OWNER, "");
        var leaving = taken(item);
        leaving.removeAll(hosts);
        Predicate<Server> theirs =
                server -> server.seen().project().equals(owner) && item.hosts().contains(server.host());
        var staying = guests.ask(leaving, theirs, theirs);
        if (staying.isPresent()) return staying;
        var all = aggregates.all();
        for (var host : leaving) goHome(item, host, all);

        var coming = new TreeSet<>(hosts);
        item.hosts().forEach(coming::remove);
        var holder = coming.stream()
                .flatMap(host -> holder(item, host, all).stream())
                .findFirst();
        if (holder.isPresent()) return holder;
        var inTheWay = guests.ask(
                hosts,
                server -> coming.contains(server.host())
                        || !server.seen().project().equals(owner),
                server -> server.seen().preemptible() && server.key().isEmpty());
        if (inTheWay.isPresent()) return inTheWay;
        for (var host : coming) move(item, host, all);
        // Somebody may have come between the look and the move.
        return coming.isEmpty()
                ? Optional.empty()
                : Optional.of(new Result.Later("waiting for " + String.join(", ", coming) + " to be held"));
    }

    /// Those that are in it, and those that were on their way.
    private static Set<String> taken(Aggregate item) {
        var hosts = new TreeSet<>(item.hosts());
        item.metadata().keySet().stream()
                .filter(name -> name.startsWith(HOME))
                .map(name -> name.substring(HOME.length()))
                .forEach(hosts::add);
        return hosts;
    }

    private void move(Aggregate item, String host, List<Aggregate> all) {
        var homes = all.stream()
                .filter(one -> one.id() != item.id() && one.hosts().contains(host))
                .filter(one -> one.zone().isPresent() || one.name().equals(Blazar.FREE_POOL))
                .toList();
        if (!item.metadata().containsKey(HOME + host)) {
            var ids = homes.stream().map(one -> Long.toString(one.id())).collect(Collectors.joining(" "));
            aggregates.note(item, Map.of(HOME + host, ids));
        }
        for (var home : homes) aggregates.take(home, host);
        aggregates.add(item, host);
    }

    private void goHome(Aggregate item, String host, List<Aggregate> all) {
        if (item.hosts().contains(host)) aggregates.take(item, host);
        var homes = homes(item, host);
        for (var home : all) {
            if (homes.contains(Long.toString(home.id())) && !home.hosts().contains(host)) aggregates.add(home, host);
        }
        aggregates.forget(item, HOME + host);
    }

    private static Set<String> homes(Aggregate item, String host) {
        return new HashSet<>(
                List.of(item.metadata().getOrDefault(HOME + host, "").split(" ")));
    }

    /// Another item that has not given the host back yet.
    private static Optional<Result> holder(Aggregate item, String host, List<Aggregate> all) {
        return all.stream()
                .filter(one -> one.id() != item.id() && Blazar.isZone(one.zone()))
                .filter(one -> taken(one).contains(host))
                .findFirst()
                .map(other -> new Result.Later("waiting for " + host + ", which " + other.name() + " still holds"));
    }

    /// The zones of hosts that are held, as they are when they are not.
    static Map<String, String> zones(List<Aggregate> all) {
        var zones = new HashMap<String, String>();
        for (var item : all) {
            if (!Blazar.isZone(item.zone())) continue;
            for (var host : taken(item)) zones.put(host, zone(homes(item, host), all));
        }
        return zones;
    }

    /// The hosts whose time is given by reservations only, also while they are held.
    static Set<String> pooled(List<Aggregate> all) {
        var pooled = new HashSet<String>();
        for (var pool : all) {
            if (!pool.name().equals(Blazar.FREE_POOL)) continue;
            pooled.addAll(pool.hosts());
            for (var item : all) {
                taken(item).stream()
                        .filter(host -> homes(item, host).contains(Long.toString(pool.id())))
                        .forEach(pooled::add);
            }
        }
        return pooled;
    }

    private static String zone(Set<String> homes, List<Aggregate> all) {
        return all.stream()
                .filter(one -> homes.contains(Long.toString(one.id())))
                .flatMap(one -> one.zone().stream())
                .findFirst()
                .orElse(DEFAULT_ZONE);
    }

    private Optional<Aggregate> find(Key key) {
        return aggregates.marked(key).filter(one -> Blazar.isZone(one.zone()));
    }

    @Override
    public Optional<Observed.Present> observe(Key key) {
        return find(key)
                .map(item -> new Observed.Present(
                        true,
                        Map.of(
                                "aggregate_id", Long.toString(item.id()),
                                "hosts", String.join(" ", item.hosts()),
                                "open", Boolean.toString(!item.hosts().isEmpty()))));
    }

    @Override
    public Optional<Result> remove(Key key) {
        return find(key)
                .map(item -> bringTo(item, Set.of()).orElseGet(() -> {
                    aggregates.delete(item);
                    return new Result.Done(Map.of());
                }));
    }

    @Override
    public List<Key> list() {
        return aggregates.all().stream()
                .filter(one -> Blazar.isZone(one.zone()))
                .flatMap(one -> aggregates.key(one).stream())
                .toList();
    }
}
