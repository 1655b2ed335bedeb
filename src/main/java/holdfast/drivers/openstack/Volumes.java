package holdfast.drivers.openstack;

import holdfast.authority.Cloud.Order;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Result;
import holdfast.drivers.openstack.BlockStorage.Volume;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Disks of their own.
final class Volumes implements Kind {
    private final BlockStorage storage;
    private final Compute compute;
    private final Orders orders;

    Volumes(BlockStorage storage, Compute compute, Orders orders) {
        this.storage = storage;
        this.compute = compute;
        this.orders = orders;
    }

    Result ensure(Key key, Order.Volume order) {
        var wanted = order.wanted();
        var found = find(key);
        if (found.isEmpty()) return orders.place(key, "the volume " + wanted.name(), () -> storage.create(key, wanted));
        var volume = found.get();
        if (volume.sizeGb() != wanted.sizeGb())
            return new Result.Failed(
                    "the volume " + wanted.name() + " exists with " + volume.sizeGb() + " GiB; remove it first");
        return switch (volume.status()) {
            case "available", "in-use", "attaching", "detaching", "reserved" -> new Result.Done(facts(volume));
            case "creating", "downloading" -> new Result.Later("waiting for the volume " + wanted.name());
            default ->
                new Result.Failed("the cloud could not make the volume " + wanted.name() + ", it is " + volume.status()
                        + ": " + storage.complaint(volume.id()));
        };
    }

    Optional<Volume> find(Key key) {
        var found = storage.marked(Marks.METADATA, key);
        if (found.isEmpty()) return Optional.empty();
        orders.seen(key);
        found.stream()
                .skip(1)
                .filter(second -> second.status().equals("available"))
                .forEach(second -> storage.delete(second.id()));
        return Optional.of(found.getFirst());
    }

    @Override
    public Optional<Observed.Present> observe(Key key) {
        return storage.marked(Marks.METADATA, key).stream()
                .findFirst()
                .map(volume ->
                        new Observed.Present(List.of("available", "in-use").contains(volume.status()), facts(volume)));
    }

    @Override
    public Optional<Result> remove(Key key) {
        return storage.marked(Marks.METADATA, key).stream().findFirst().map(volume -> remove(key, volume));
    }

    /// A volume that is detached a moment ago cannot be removed yet.
    private Result remove(Key key, Volume volume) {
        orders.seen(key);
        switch (volume.status()) {
            case "in-use" -> volume.servers().forEach(server -> compute.detachVolume(server, volume.id()));
            case "available", "error" -> storage.delete(volume.id());
            case "error_deleting" -> {
                return new Result.Failed(
                        "the cloud could not remove the volume " + volume.id() + ": " + storage.complaint(volume.id()));
            }
            default -> {}
        }
        return new Result.Later(
                "waiting for the removal of the volume " + volume.id() + ", which is " + volume.status());
    }

    @Override
    public List<Key> list() {
        return storage.volumes().stream()
                .flatMap(volume -> storage.key(volume, Marks.METADATA).stream())
                .distinct()
                .toList();
    }

    private static Map<String, String> facts(Volume volume) {
        return Map.of("id", volume.id(), "status", volume.status(), "size_gb", Long.toString(volume.sizeGb()));
    }
}
