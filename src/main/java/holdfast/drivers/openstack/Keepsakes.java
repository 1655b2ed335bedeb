package holdfast.drivers.openstack;

import holdfast.authority.Cloud.Order;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Result;
import holdfast.drivers.openstack.Aggregates.Aggregate;
import holdfast.drivers.openstack.Compute.Server;
import holdfast.drivers.openstack.Outcome.NotDoneException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/// Images of servers that are kept before what they run in ends (promise.md 4.8). They bear a mark, so that none is
/// made twice, but they are not ours: they are given to the project of the server, and stay.
final class Keepsakes {
    private final Compute compute;
    private final Aggregates aggregates;
    private final Servers servers;
    private final Images images;
    private final Orders orders;

    Keepsakes(Compute compute, Aggregates aggregates, Servers servers, Images images, Orders orders) {
        this.compute = compute;
        this.aggregates = aggregates;
        this.servers = servers;
        this.images = images;
        this.orders = orders;
    }

    /// @return the names of the images by their ids
    Result ensure(Key key, Order.Images order) {
        var waits = new ArrayList<Result>();
        var faults = new ArrayList<String>();
        var made = new TreeMap<String, String>();
        for (var server : servers(key)) {
            switch (image(key, order, server)) {
                case Result.Done(var facts) -> made.putAll(facts);
                case Result.Later later -> waits.add(later);
                case Result.Failed(var why) -> faults.add(why);
            }
        }
        if (!waits.isEmpty()) return waits.getFirst();
        return faults.isEmpty() ? new Result.Done(Map.copyOf(made)) : new Result.Failed(String.join("; ", faults));
    }

    private List<Server> servers(Key key) {
        return aggregates
                .marked(key)
                .map(this::inside)
                .orElseGet(() -> servers.find(key).stream().toList());
    }

    /// Those of the project that may use the hosts, or those that take one of the slots.
    private List<Server> inside(Aggregate item) {
        var flavor = Blazar.flavor(UUID.fromString(item.name()));
        var owner = item.metadata().getOrDefault(Blazar.OWNER, "");
        return compute.servers(true).stream()
                .filter(server -> !server.seen().status().equals("DELETED"))
                .filter(server -> Blazar.isZone(item.zone())
                        ? item.hosts().contains(server.host())
                                && server.seen().project().equals(owner)
                        : server.flavor().equals(flavor))
                .toList();
    }

    /// One that cannot be kept does not keep the others from it.
    private Result image(Key key, Order.Images order, Server server) {
        var own = new Key(key.lease(), order.round() + "/" + server.id());
        var name = order.prefix() + server.seen().name();
        try {
            var found = images.kept(own);
            if (found.isEmpty()) return make(own, name, server);
            orders.seen(own);
            var image = found.getFirst();
            return switch (image.status()) {
                case "active" -> {
                    if (!image.project().equals(server.seen().project()))
                        images.give(image.id(), server.seen().project());
                    yield new Result.Done(Map.of(image.id(), image.name()));
                }
                case "queued", "saving", "uploading", "importing" ->
                    new Result.Later("waiting for the image " + name + ": " + image.status());
                default -> new Result.Failed("the image " + name + " is " + image.status());
            };
        } catch (NotDoneException e) {
            if (!(e.outcome() instanceof Outcome.Failed) || e.untimely()) throw e;
            return new Result.Failed("no image " + name + ": " + e.getMessage());
        }
    }

    private Result make(Key own, String name, Server server) {
        var status = server.seen().status();
        if (server.task().isPresent() || status.equals("BUILD"))
            return new Result.Later("waiting for the server " + server.seen().name() + ": "
                    + server.task().orElse(status));
        if (!List.of("ACTIVE", "SHUTOFF", "PAUSED", "SUSPENDED").contains(status))
            return new Result.Failed("the server " + server.seen().name() + " is " + status + " and makes no image");
        return orders.place(own, "the image " + name, () -> compute.snapshot(server.id(), name, images.keeping(own)));
    }
}
