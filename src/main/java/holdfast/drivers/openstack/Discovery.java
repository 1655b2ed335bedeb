package holdfast.drivers.openstack;

import holdfast.core.CloudSupply;
import holdfast.core.CloudSupply.Host;
import holdfast.core.CloudSupply.Image;
import holdfast.drivers.openstack.Aggregates.Aggregate;
import holdfast.drivers.openstack.Compute.Hypervisor;
import holdfast.drivers.openstack.Compute.Zone;
import holdfast.drivers.openstack.Outcome.NotDoneException;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Finds out what a cloud has (promise.md 4.1). Only an administrator sees hosts and what they have; who is none sees
/// what its project may have in all. One who finds the aggregate of free hosts keeps others off what is held; that they
/// are kept off there is the work of the cloud's operator (docs/openstack.md).
final class Discovery {
    private final Compute compute;
    private final Flavors flavors;
    private final Aggregates aggregates;
    private final Placement placement;
    private final Network network;
    private final BlockStorage storage;
    private final Images images;

    Discovery(
            Compute compute,
            Flavors flavors,
            Aggregates aggregates,
            Placement placement,
            Network network,
            BlockStorage storage,
            Images images) {
        this.compute = compute;
        this.flavors = flavors;
        this.aggregates = aggregates;
        this.placement = placement;
        this.network = network;
        this.storage = storage;
        this.images = images;
    }

    /// @throws NotDoneException if not all of it can be seen now
    CloudSupply look() {
        var hypervisors = ifAllowed(compute::hypervisors);
        var zones = compute.zones(hypervisors.isPresent());
        var groups = hypervisors.isPresent() ? aggregates.all() : List.<Aggregate>of();
        var limits = new HashMap<String, Long>();
        limits.putAll(compute.limits());
        limits.putAll(network.limits());
        limits.putAll(storage.limits());
        var bootable = images.images().stream()
                .filter(image -> image.status().equals("active"))
                .map(image -> new Image(image.id(), image.name()))
                .toList();
        var hosts = hypervisors.map(found -> hosts(found, zones, groups)).orElse(List.of());
        var supply = new CloudSupply(
                hosts,
                limits,
                names(zones, hosts),
                flavors.flavors(),
                bootable,
                network.networks(),
                groups.stream().anyMatch(group -> group.name().equals(Blazar.FREE_POOL)));
        return supply.offering(Things.OFFERED);
    }

    /// A zone whose hosts are all held is in no list of zones.
    private static List<String> names(List<Zone> zones, List<Host> hosts) {
        var listed = zones.stream().map(Zone::name).filter(zone -> !Blazar.isZone(Optional.of(zone)));
        var hidden = hosts.stream().map(Host::zone).filter(zone -> !zone.isEmpty());
        return Stream.concat(listed, hidden).distinct().sorted().toList();
    }

    private List<Host> hosts(List<Hypervisor> hypervisors, List<Zone> zones, List<Aggregate> groups) {
        var zoneOf = new HashMap<String, String>();
        zones.forEach(zone -> zone.hosts().forEach(host -> zoneOf.put(host, zone.name())));
        zoneOf.putAll(HostHolds.zones(groups));
        var pooled = HostHolds.pooled(groups);
        return all(
                hypervisors,
                hypervisor -> host(
                        hypervisor, zoneOf.getOrDefault(hypervisor.host(), ""), pooled.contains(hypervisor.host())));
    }

    private Host host(Hypervisor hypervisor, String zone, boolean pooled) {
        var properties = new HashMap<>(hypervisor.properties());
        if (pooled) properties.put(Host.FREE_POOL, "true");
        placement.traits(hypervisor.id()).forEach(trait -> properties.put("trait:" + trait, "true"));
        return new Host(
                hypervisor.name(),
                hypervisor.id(),
                zone,
                hypervisor.up(),
                placement.capacity(hypervisor.id()),
                properties);
    }

    private static <T> Optional<T> ifAllowed(Supplier<T> look) {
        try {
            return Optional.of(look.get());
        } catch (NotDoneException e) {
            if (e.forbidden()) return Optional.empty();
            throw e;
        }
    }

    /// One call for each at once; [Api] sees to it that they are not too many.
    private static <A, B> List<B> all(List<A> things, Function<A, B> look) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var looks = things.stream()
                    .map(thing -> CompletableFuture.supplyAsync(() -> look.apply(thing), threads))
                    .toList();
            return looks.stream().map(CompletableFuture::join).toList();
        } catch (CompletionException e) {
            if (e.getCause() instanceof NotDoneException notDone) throw notDone;
            throw e;
        }
    }
}
