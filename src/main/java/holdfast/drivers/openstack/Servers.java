package holdfast.drivers.openstack;

import holdfast.authority.Cloud.Order;
import holdfast.authority.Cloud.Order.Instance.Way;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Result;
import holdfast.core.Wanted;
import holdfast.drivers.openstack.Compute.Server;
import holdfast.drivers.openstack.Outcome.NotDoneException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Virtual machines.
final class Servers implements Kind {
    /// Firewalls of a launch are called `firewalls1` and so on.
    private static final String FIREWALLS = "firewalls";

    private static final Logger LOG = LoggerFactory.getLogger(Servers.class);

    private final Compute compute;
    private final Network network;
    private final Aggregates aggregates;
    private final Orders orders;

    Servers(Compute compute, Network network, Aggregates aggregates, Orders orders) {
        this.compute = compute;
        this.network = network;
        this.aggregates = aggregates;
        this.orders = orders;
    }

    Result ensure(Key key, Order.Server order) {
        return ensure(key, order, Map::of);
    }

    /// On the usual network, with a key and a word for its first start.
    Result ensure(Key key, Order.Instance order) {
        if (!order.way().makes() && find(key).isEmpty()) return order.withoutIt();
        var result = ensure(key, order.server(), () -> more(order.wanted()));
        if (order.way() == Way.REBOOT) return result instanceof Result.Done done ? restart(key, done) : result;
        var _ = orders.isRestarted(key); // or given up
        return result;
    }

    /// A server is not there for its user again before Nova says so. Once the order is taken, Nova calls it
    /// `REBOOT` until that is over, so one that is seen as it is wanted has been restarted.
    private Result restart(Key key, Result.Done there) {
        if (orders.isRestarted(key)) return there;
        var id = there.facts().getOrDefault("id", "");
        compute.reboot(id);
        orders.restarting(key);
        return new Result.Later("waiting for the server " + id + " to restart");
    }

    private Map<String, Object> more(Wanted.Instance wanted) {
        var more = new TreeMap<String, Object>();
        more.put(
                "networks",
                network.usual()
                        .<Object>map(id -> List.of(Map.of("uuid", id)))
                        .orElse("auto")); // Neutron makes one, if it may
        wanted.key().ifPresent(name -> more.put("key_name", name));
        wanted.userData().ifPresent(data -> more.put("user_data", data));
        var groups = wanted.extras().entrySet().stream()
                .filter(extra -> extra.getKey().startsWith(FIREWALLS))
                .sorted(Map.Entry.comparingByKey())
                .map(extra -> Map.of("name", extra.getValue()))
                .toList();
        if (!groups.isEmpty()) more.put("security_groups", groups);
        return more;
    }

    /// @param more fields of the order, asked for only if it is made
    private Result ensure(Key key, Order.Server order, Supplier<Map<String, ?>> more) {
        var found = find(key);
        if (found.isEmpty())
            return orders.place(
                    key,
                    "the server " + order.wanted().name(),
                    () -> compute.create(key, order.wanted(), entry(order), more.get()));
        var server = found.get();
        var seen = server.seen();
        if (server.task().isPresent())
            return new Result.Later("waiting for the server " + seen.name() + ": "
                    + server.task().get());
        return switch (seen.status()) {
            case "ACTIVE" -> order.on() ? reached(key, server) : change(key, server, false);
            case "SHUTOFF" -> order.on() ? change(key, server, true) : reached(key, server);
            case "ERROR" ->
                new Result.Failed("the cloud could not make the server " + seen.name() + ": "
                        + why(server).orElse("it does not say why"));
            case "BUILD", "REBOOT", "HARD_REBOOT", "REBUILD", "MIGRATING", "RESIZE" ->
                new Result.Later("waiting for the server " + seen.name() + ": " + seen.status());
            default -> new Result.Failed("the server " + seen.name() + " is " + seen.status());
        };
    }

    /// Why there was no host for it is not said in lists (release Zed).
    private Optional<String> why(Server server) {
        return server.fault().or(() -> compute.server(server.id()).flatMap(Server::fault));
    }

    private Entry entry(Order.Server order) {
        return order.wanted()
                .item()
                .map(item -> Entry.of(item, aggregates.of(item)))
                .orElse(Entry.FREE);
    }

    private Result reached(Key key, Server server) {
        orders.isSwitched(key);
        return new Result.Done(facts(server));
    }

    /// A stop that fails leaves no trace but the list of what was done.
    private Result change(Key key, Server server, boolean on) {
        var verb = on ? "start" : "stop";
        if (orders.switched(key).equals(Optional.of(on))) {
            if (!compute.failedLast(server.id(), verb))
                return new Result.Later(
                        "waiting for the server " + server.seen().name() + " to " + verb);
            orders.isSwitched(key);
            return new Result.Failed("the cloud could not " + verb + " the server "
                    + server.seen().name());
        }
        try {
            compute.power(server.id(), on);
            orders.switching(key, on);
        } catch (NotDoneException e) {
            if (!e.untimely()) throw e;
        }
        return new Result.Later("waiting for the server " + server.seen().name() + " to " + verb);
    }

    /// The server of that mark. Of two, which is what an order leaves that came true too late, only the older one
    /// is let live.
    Optional<Server> find(Key key) {
        var found = compute.marked(key);
        if (found.isEmpty()) return Optional.empty();
        orders.seen(key);
        for (var second : found.subList(1, found.size())) {
            LOG.warn("Two servers bear the mark {}; removing the younger, {}.", key, second.id());
            compute.delete(second.id());
        }
        return Optional.of(found.getFirst());
    }

    @Override
    public Optional<Observed.Present> observe(Key key) {
        return compute.marked(key).stream()
                .findFirst()
                .map(server -> new Observed.Present(
                        server.task().isEmpty()
                                && List.of("ACTIVE", "SHUTOFF")
                                        .contains(server.seen().status()),
                        facts(server)));
    }

    @Override
    public Optional<Result> remove(Key key) {
        var found = compute.marked(key);
        if (found.isEmpty()) return Optional.empty();
        orders.seen(key);
        orders.isSwitched(key);
        for (var server : found) {
            if (!server.task().equals(Optional.of("deleting"))) compute.delete(server.id());
        }
        return Optional.of(new Result.Later("waiting for the removal of the server "
                + found.getFirst().seen().name()));
    }

    @Override
    public List<Key> list() {
        return compute.servers(false).stream()
                .flatMap(server -> server.key().stream())
                .distinct()
                .toList();
    }

    private static Map<String, String> facts(Server server) {
        var facts = new TreeMap<String, String>();
        facts.put("id", server.id());
        facts.put("status", server.seen().status());
        server.seen().host().ifPresent(host -> facts.put("host", host));
        server.seen().zone().ifPresent(zone -> facts.put("zone", zone));
        server.fault().ifPresent(fault -> facts.put("fault", fault));
        var addresses = server.seen().addresses();
        if (!addresses.isEmpty()) facts.put("addresses", String.join(" ", addresses));
        return Map.copyOf(facts);
    }
}
