package holdfast.drivers.simulated;

import holdfast.authority.Cloud;
import holdfast.authority.CloudThings;
import holdfast.authority.CloudThings.Told;
import holdfast.authority.Fabric;
import holdfast.core.CloudServer;
import holdfast.core.CloudSupply;
import holdfast.core.CloudSupply.Host;
import holdfast.core.CloudSupply.Image;
import holdfast.core.Wanted;
import holdfast.drivers.simulated.CloudMemory.Server;
import holdfast.drivers.simulated.CloudMemory.Volume;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

/// A cloud that only pretends. It behaves as one that can keep others off what is held: a server that names no item is
/// put only where nothing is held that it would get in the way of, one that names an item only where that is held.
/// What is in the way of something that is to be opened must go first.
///
/// Several of them, also in other processes, may keep their cloud in one file.
///
/// Tests can make it go away, lose servers, and put in servers of others.
public final class SimulatedCloud implements Cloud {
    private static final Duration LEFT_ALONE = Duration.ofSeconds(10);

    private final InstantSource clock;
    private final CloudMemory memory;
    private final Optional<String> password;
    /// Before the leases of all but the first owner, so that they do not see each other's.
    private final String prefix;

    private CloudPlan plan;
    private Optional<String> away = Optional.empty();

    /// @param file where it is kept, so that it outlives the process; empty = in memory only
    /// @throws java.io.UncheckedIOException if the file is there and cannot be read
    public SimulatedCloud(CloudPlan plan, InstantSource clock, Optional<String> password, Optional<Path> file) {
        this(plan, clock, password, new CloudMemory(file), "");
    }

    private SimulatedCloud(
            CloudPlan plan, InstantSource clock, Optional<String> password, CloudMemory memory, String prefix) {
        this.plan = plan;
        this.clock = clock;
        this.password = password;
        this.memory = memory;
        this.prefix = prefix;
    }

    /// The same cloud for another owner, not to be used at the same time.
    public SimulatedCloud sharedWith(String owner) {
        return new SimulatedCloud(plan, clock, password, memory, owner + "@");
    }

    private Key inside(Key key) {
        return new Key(prefix + key.lease(), key.part());
    }

    private Optional<Key> ours(Key stored) {
        int length = stored.lease().indexOf('@') + 1;
        return stored.lease().substring(0, length).equals(prefix)
                ? Optional.of(new Key(stored.lease().substring(length), stored.part()))
                : Optional.empty();
    }

    @Override
    public Look<CloudSupply> discover() {
        return look(() -> {
            var hosts = plan.supply().hosts().stream().map(this::asItIs).toList();
            var images = new ArrayList<>(plan.supply().images());
            memory.things.images.values().forEach(image -> images.add(new Image(image.id(), image.name())));
            return plan.supply().with(hosts).offering(images, plan.supply().collections());
        });
    }

    private Host asItIs(Host host) {
        return memory.down.contains(host.name())
                ? new Host(host.name(), host.id(), host.zone(), false, host.total(), host.properties())
                : host;
    }

    @Override
    public Look<List<CloudServer>> servers() {
        return look(() -> memory.servers.values().stream().map(this::seen).toList());
    }

    /// In what of what we hold it is, if somebody else has made it.
    private Optional<UUID> item(Server server) {
        return server.asked()
                .flatMap(Wanted.Server::item)
                .filter(item -> server.key().flatMap(this::ours).isEmpty()
                        && memory.holds.values().stream()
                                .filter(held -> ours(held.key()).isPresent())
                                .anyMatch(held -> held.asked().item().equals(item)));
    }

    private CloudServer seen(Server server) {
        return new CloudServer(
                server.id(),
                server.name(),
                server.key().flatMap(this::ours).map(CloudMemory::text),
                machines().status(server),
                Optional.of(server.host()),
                host(server.host()).map(Host::zone),
                "project",
                server.takes(),
                false,
                item(server),
                memory.things.of(server.id()));
    }

    @Override
    public synchronized Optional<CloudThings> things() {
        return Optional.of(new SimulatedThings(this::told, plan, memory, clock));
    }

    private synchronized <T> Told<T> told(Supplier<Told<T>> work) {
        if (away.isPresent()) return new Told.Away<>(away.get(), false);
        if (!isLetIn()) return new Told.Away<>("the simulated cloud does not know that password", false);
        return atNow(() -> {
            try {
                return work.get();
            } finally {
                memory.save();
            }
        });
    }

    private synchronized <T> Look<T> look(Supplier<T> what) {
        if (away.isPresent()) return new Look.Away<>(away.get(), Optional.empty());
        if (!isLetIn()) return new Look.Denied<>("the simulated cloud does not know that password");
        return new Look.Seen<>(atNow(what));
    }

    private boolean isLetIn() {
        return plan.password().isEmpty() || password.equals(Optional.of(plan.password()));
    }

    @Override
    public synchronized Observed observe(Key asked) {
        return atNow(() -> seen(inside(asked)));
    }

    private Observed seen(Key key) {
        return memory.server(key)
                .<Observed>map(server -> new Observed.Present(
                        List.of("ACTIVE", "SHUTOFF").contains(machines().status(server)), CloudServers.facts(server)))
                .or(() -> Optional.ofNullable(memory.holds.get(CloudMemory.text(key)))
                        .map(held -> new Observed.Present(true, Map.of("open", String.valueOf(held.open())))))
                .or(() -> Optional.ofNullable(memory.volumes.get(CloudMemory.text(key)))
                        .map(_ -> new Observed.Present(true, Map.of("status", "available"))))
                .or(() -> openers().find(key).map(name -> new Observed.Present(true, Map.of("name", name))))
                .orElseGet(Observed.Absent::new);
    }

    @Override
    public synchronized Result ensure(Key asked, Spec spec) {
        if (away.isPresent()) return new Result.Later("waiting for the cloud: " + away.get(), Optional.of(LEFT_ALONE));
        if (!isLetIn()) return new Result.Failed("the simulated cloud does not know that password");
        return atNow(() -> make(inside(asked), spec));
    }

    private Result make(Key key, Spec spec) {
        try {
            return switch (spec) {
                case Order.Server order -> machines().server(key, order);
                case Order.Instance order -> machines().instance(key, order);
                case Order.Opener opener -> openers().ensure(key, opener);
                case Order.Volume order -> volume(key, order.wanted());
                case Order.Attachment order -> attachment(order);
                case Order.Snapshot order -> snapshot(order);
                case Order.Images order -> images(key, order);
                case Order.Held(Wanted.Amounts _, var _) -> new Result.Failed("the simulated cloud keeps no amounts");
                case Order.Held order -> holds().ensure(key, order);
                case Order.Port _ -> new Result.Failed("the simulated cloud has no ports of their own");
                case Spec.OnHost _ -> new Result.Failed("a cloud has no hosts for our use");
                case Fabric.Bond _ -> new Result.Failed("a cloud joins no clusters");
            };
        } finally {
            memory.save();
        }
    }

    private Result volume(Key key, Wanted.Volume wanted) {
        memory.volumes.putIfAbsent(CloudMemory.text(key), new Volume(key, wanted, Optional.empty()));
        return new Result.Done(Map.of("id", "volume-" + key.lease()));
    }

    private Result attachment(Order.Attachment order) {
        var server = memory.server(inside(order.server()));
        var volume = memory.volumes.get(CloudMemory.text(inside(order.volume())));
        if (server.isEmpty() || volume == null) return new Result.Failed("the server or the volume is not there");
        var at = CloudMemory.text(inside(order.server()));
        if (volume.server().filter(other -> !other.equals(at)).isPresent())
            return new Result.Failed("the volume is in another server");
        memory.volumes.put(
                CloudMemory.text(inside(order.volume())), new Volume(volume.key(), volume.asked(), Optional.of(at)));
        return new Result.Done(Map.of("device", "/dev/vdb"));
    }

    private Result snapshot(Order.Snapshot order) {
        if (memory.server(inside(order.server())).isEmpty()) return new Result.Failed("the server is not there");
        memory.images.add(order.name());
        return new Result.Done(Map.of("image", order.name()));
    }

    /// Of the server of the key, or of all that run in what is held under it.
    private Result images(Key key, Order.Images order) {
        var held = Optional.ofNullable(memory.holds.get(CloudMemory.text(key)));
        var made = new TreeMap<String, String>();
        var dead = new ArrayList<String>();
        memory.servers.values().stream()
                .filter(server -> server.key().equals(Optional.of(key))
                        || held.filter(hold -> CloudHolds.isOf(server, hold.asked()))
                                .isPresent())
                .forEach(server -> {
                    if (machines().status(server).equals("ERROR")) dead.add(server.name());
                    else made.put(server.id(), order.prefix() + server.name());
                });
        memory.images.addAll(made.values());
        return dead.isEmpty()
                ? new Result.Done(made)
                : new Result.Failed("no image of " + String.join(", ", dead) + ", whose host is down");
    }

    @Override
    public synchronized Result remove(Key asked) {
        if (away.isPresent()) return new Result.Later("waiting for the cloud: " + away.get(), Optional.of(LEFT_ALONE));
        return atNow(() -> takeAway(inside(asked)));
    }

    private Result takeAway(Key key) {
        try {
            var held = memory.holds.get(CloudMemory.text(key));
            if (held != null) return holds().remove(held);
            memory.volumes.remove(CloudMemory.text(key));
            openers().remove(key);
            var server = memory.server(key);
            if (server.isEmpty()) return new Result.Done(Map.of());
            return machines().go(server.get());
        } finally {
            memory.save();
        }
    }

    private CloudServers machines() {
        return new CloudServers(plan, memory, clock);
    }

    private CloudKeys openers() {
        return new CloudKeys(memory.things);
    }

    private CloudHolds holds() {
        return new CloudHolds(plan, memory, machines()::go);
    }

    /// On what is there now, without what is gone by now.
    private <T> T atNow(Supplier<T> work) {
        return memory.alone(() -> {
            machines().forget();
            return work.get();
        });
    }

    private void change(Runnable what) {
        memory.alone(() -> {
            what.run();
            memory.save();
            return true;
        });
    }

    @Override
    public synchronized List<Key> list() {
        return atNow(this::keys);
    }

    private List<Key> keys() {
        var keys = new ArrayList<Key>();
        memory.servers.values().forEach(server -> server.key().ifPresent(keys::add));
        memory.volumes.values().forEach(volume -> keys.add(volume.key()));
        memory.holds.values().forEach(held -> keys.add(held.key()));
        keys.addAll(openers().all());
        return keys.stream().flatMap(key -> ours(key).stream()).toList();
    }

    @Override
    public String describe() {
        return "simulated cloud: nothing real is made";
    }

    private Optional<Host> host(String name) {
        return plan.supply().hosts().stream()
                .filter(host -> host.name().equals(name))
                .findFirst();
    }

    /// It answers nobody until [#comeBack].
    public synchronized void goAway(String why) {
        away = Optional.of(why);
    }

    public synchronized void comeBack() {
        away = Optional.empty();
    }

    /// It has something else from now on.
    public synchronized void become(CloudPlan other) {
        plan = other;
    }

    /// A host dies, or is there again.
    public synchronized void hostUp(String name, boolean up) {
        change(() -> {
            if (up) memory.down.remove(name);
            else memory.down.add(name);
        });
    }

    /// Takes a server away behind everybody's back.
    public synchronized void loseSilently(Key key) {
        change(() -> memory.server(inside(key)).ifPresent(server -> memory.servers.remove(server.id())));
    }

    /// Somebody makes a server without asking us.
    public synchronized void putForeign(String name, String host, Map<String, Long> takes) {
        change(() -> machines().put(Optional.empty(), name, host, takes, Optional.empty()));
    }

    /// Where the servers are, by name.
    public synchronized Map<String, String> placed() {
        return atNow(() -> {
            var placed = new TreeMap<String, String>();
            memory.servers.values().forEach(server -> placed.put(server.name(), server.host()));
            return placed;
        });
    }

    /// Names of the images that were made of servers.
    public synchronized List<String> images() {
        return atNow(() -> List.copyOf(memory.images));
    }
}
