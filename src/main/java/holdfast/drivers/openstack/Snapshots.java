package holdfast.drivers.openstack;

import holdfast.authority.Cloud.Order;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Result;
import holdfast.drivers.openstack.Images.Image;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Images of servers. They outlive their server.
final class Snapshots implements Kind {
    private final Images images;
    private final Compute compute;
    private final Servers servers;
    private final Orders orders;

    Snapshots(Images images, Compute compute, Servers servers, Orders orders) {
        this.images = images;
        this.compute = compute;
        this.servers = servers;
        this.orders = orders;
    }

    Result ensure(Key key, Order.Snapshot order) {
        var found = images.marked(key);
        if (found.isEmpty()) {
            var server = servers.find(order.server());
            if (server.isEmpty()) return new Result.Failed("the server of the image " + order.name() + " is not there");
            return orders.place(
                    key,
                    "the image " + order.name(),
                    () -> compute.snapshot(server.get().id(), order.name(), images.bearing(key)));
        }
        orders.seen(key);
        var image = found.getFirst();
        return switch (image.status()) {
            case "active" -> new Result.Done(facts(image));
            case "queued", "saving", "uploading", "importing" ->
                new Result.Later("waiting for the image " + image.name() + ": " + image.status());
            default -> new Result.Failed("the image " + image.name() + " is " + image.status());
        };
    }

    @Override
    public Optional<Observed.Present> observe(Key key) {
        return images.marked(key).stream()
                .findFirst()
                .map(image -> new Observed.Present(image.status().equals("active"), facts(image)));
    }

    @Override
    public Optional<Result> remove(Key key) {
        var found = images.marked(key);
        if (found.isEmpty()) return Optional.empty();
        orders.seen(key);
        found.forEach(image -> images.delete(image.id()));
        return Optional.of(new Result.Done(Map.of()));
    }

    @Override
    public List<Key> list() {
        return images.images().stream()
                .flatMap(image -> image.key().stream())
                .distinct()
                .toList();
    }

    private static Map<String, String> facts(Image image) {
        return Map.of("id", image.id(), "name", image.name(), "status", image.status());
    }
}
