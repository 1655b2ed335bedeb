package holdfast.drivers.openstack;

import holdfast.authority.Cloud.Order;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Result;
import holdfast.drivers.openstack.BlockStorage.Volume;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Volumes in servers. An attachment has no metadata of its own, so its volume bears the mark.
final class Attachments implements Kind {
    private final BlockStorage storage;
    private final Compute compute;
    private final Servers servers;
    private final Volumes volumes;
    private final Orders orders;

    Attachments(BlockStorage storage, Compute compute, Servers servers, Volumes volumes, Orders orders) {
        this.storage = storage;
        this.compute = compute;
        this.servers = servers;
        this.volumes = volumes;
        this.orders = orders;
    }

    Result ensure(Key key, Order.Attachment order) {
        var server = servers.find(order.server());
        var volume = volumes.find(order.volume());
        if (server.isEmpty()) return new Result.Failed("the server of " + key.part() + " is not there");
        if (volume.isEmpty()) return new Result.Failed("the volume of " + key.part() + " is not there");
        return ensure(key, server.get().id(), volume.get());
    }

    private Result ensure(Key key, String server, Volume volume) {
        boolean here = volume.servers().contains(server);
        return switch (volume.status()) {
            case "in-use" -> {
                if (!here) yield new Result.Failed("the volume of " + key.part() + " is in another server");
                orders.seen(key);
                yield new Result.Done(facts(volume));
            }
            case "available" -> {
                if (orders.isInDoubt(key)) yield waiting(volume);
                storage.mark(volume.id(), Marks.ATTACHED, key);
                yield orders.place(key, "the volume in its server", () -> compute.attachVolume(server, volume.id()));
            }
            case "attaching", "reserved", "detaching", "creating" -> waiting(volume);
            default -> new Result.Failed("the volume of " + key.part() + " is " + volume.status());
        };
    }

    @Override
    public Optional<Observed.Present> observe(Key key) {
        return attached(key).map(volume -> new Observed.Present(volume.status().equals("in-use"), facts(volume)));
    }

    @Override
    public Optional<Result> remove(Key key) {
        return storage.marked(Marks.ATTACHED, key).stream().findFirst().map(volume -> remove(key, volume));
    }

    private Result remove(Key key, Volume volume) {
        if (volume.servers().isEmpty() && volume.status().equals("available") && !orders.isInDoubt(key)) {
            storage.unmark(volume.id(), Marks.ATTACHED);
            return new Result.Done(Map.of());
        }
        if (volume.status().equals("in-use")) {
            orders.seen(key);
            volume.servers().forEach(server -> compute.detachVolume(server, volume.id()));
        }
        return waiting(volume);
    }

    private static Result waiting(Volume volume) {
        return new Result.Later("waiting for the volume " + volume.id() + ", which is " + volume.status());
    }

    private Optional<Volume> attached(Key key) {
        return storage.marked(Marks.ATTACHED, key).stream()
                .filter(volume -> !volume.servers().isEmpty())
                .findFirst();
    }

    @Override
    public List<Key> list() {
        return storage.volumes().stream()
                .filter(volume -> !volume.servers().isEmpty())
                .flatMap(volume -> storage.key(volume, Marks.ATTACHED).stream())
                .distinct()
                .toList();
    }

    private static Map<String, String> facts(Volume volume) {
        var facts = new HashMap<>(Map.of("volume", volume.id(), "servers", String.join(" ", volume.servers())));
        volume.device().ifPresent(device -> facts.put("device", device));
        return Map.copyOf(facts);
    }
}
