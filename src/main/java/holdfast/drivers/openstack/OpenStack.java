package holdfast.drivers.openstack;

import holdfast.authority.Bus;
import holdfast.authority.Cloud;
import holdfast.authority.CloudThings;
import holdfast.authority.Fabric;
import holdfast.authority.Patience;
import holdfast.core.CloudServer;
import holdfast.core.CloudSupply;
import holdfast.core.Wanted;
import holdfast.drivers.openstack.Aggregates.Aggregate;
import holdfast.drivers.openstack.Outcome.NotDoneException;
import holdfast.platform.WebClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// An account of an OpenStack cloud (tried with release Zed; promise.md 7, 4.8).
///
/// Keeps nothing that a restart would miss: what is there is found by its mark. A cloud that does not answer, or does
/// not let us in, is no reason to fail a lease: `ensure` and `remove` answer `Later`. But an instance of a pool that
/// was not begun can be made elsewhere: it fails after a short while, and at once if we are not let in.
public final class OpenStack implements Cloud {
    /// The id of a project in Keystone.
    private static final Pattern PROJECT = Pattern.compile("[0-9a-f]{32}");

    private final Account account;
    private final InstantSource clock;
    private final WebClient web;
    private final Session session;
    private final Api api;
    private final Compute compute;
    private final Aggregates aggregates;
    private final Discovery discovery;
    private final Orders orders;
    private final Patience patience;
    private final Keys keys;
    private final Things things;
    private final Servers servers;
    private final Ports ports;
    private final Volumes volumes;
    private final Attachments attachments;
    private final Snapshots snapshots;
    private final Keepsakes keepsakes;
    private final HostHolds hosts;
    private final SlotHolds slots;
    private final AddressHolds addresses;
    /// What others depend on comes first.
    private final List<Kind> kinds;

    /// @param owner the provider's resource, under whose id things are kept
    public OpenStack(UUID owner, Account account, Limits limits, InstantSource clock) {
        this.account = account;
        this.clock = clock;
        this.web = new WebClient(Limits.CONNECT, Limits.LARGEST_ANSWER);
        this.session = new Session(web, account, limits, clock);
        this.api = new Api(web, session, limits);
        var marks = new Marks(owner);
        var network = new Network(api, marks);
        var storage = new BlockStorage(api, marks);
        var images = new Images(api, marks);
        this.compute = new Compute(api, marks);
        var flavors = new Flavors(api);
        var placement = new Placement(api);
        this.aggregates = new Aggregates(api, marks);
        var guests = new Guests(compute);
        this.discovery = new Discovery(compute, flavors, aggregates, placement, network, storage, images);
        this.orders = new Orders(clock, limits.doubt());
        this.patience = new Patience(clock, limits.patience());
        var pairs = new KeyPairs(api);
        this.keys = new Keys(pairs, marks);
        this.things = new Things(api, pairs, network);
        this.servers = new Servers(compute, network, aggregates, orders);
        this.ports = new Ports(network, compute, servers, orders);
        this.volumes = new Volumes(storage, compute, orders);
        this.attachments = new Attachments(storage, compute, servers, volumes, orders);
        this.snapshots = new Snapshots(images, compute, servers, orders);
        this.keepsakes = new Keepsakes(compute, aggregates, servers, images, orders);
        this.hosts = new HostHolds(compute, aggregates, guests);
        this.slots = new SlotHolds(compute, flavors, placement, aggregates, guests, marks);
        this.addresses = new AddressHolds(network);
        this.kinds = List.of(servers, volumes, attachments, ports, snapshots, hosts, slots, addresses, keys);
    }

    /// @throws UncheckedIOException if nothing is known now
    @Override
    public Observed observe(Key key) {
        return known(() -> kinds(key).stream()
                .map(kind -> kind.observe(key))
                .flatMap(Optional::stream)
                .<Observed>map(found -> found)
                .findFirst()
                .orElseGet(Observed.Absent::new));
    }

    @Override
    public Result ensure(Key key, Spec spec) {
        return switch (spec) {
            case Spec.OnHost _ -> new Result.Failed("a cloud chooses its hosts itself");
            case Fabric.Bond _ -> new Result.Failed("a cloud joins no clusters");
            case Order.Instance order -> begin(key, order.way().makes(), () -> make(key, order));
            case Order.Opener order -> begin(key, true, () -> make(key, order));
            case Order order -> attempt(key, () -> make(key, order));
        };
    }

    private Result make(Key key, Order order) {
        return switch (order) {
            case Order.Server server -> servers.ensure(key, server);
            case Order.Instance instance -> servers.ensure(key, instance);
            case Order.Opener opener -> keys.ensure(key, opener);
            case Order.Port port -> ports.ensure(key, port);
            case Order.Volume volume -> volumes.ensure(key, volume);
            case Order.Attachment attachment -> attachments.ensure(key, attachment);
            case Order.Snapshot snapshot -> snapshots.ensure(key, snapshot);
            case Order.Images wanted -> keepsakes.ensure(key, wanted);
            case Order.Held(Wanted.Hosts wanted, var open) ->
                hosts.ensure(key, wanted.forProject(project(wanted)), open);
            case Order.Held(Wanted.Slots wanted, var open) ->
                slots.ensure(key, wanted.forProject(project(wanted)), open);
            case Order.Held(Wanted.Addresses wanted, var open) ->
                addresses.ensure(key, wanted.forProject(project(wanted)), open);
            case Order.Held(Wanted.Amounts _, var _) ->
                new Result.Failed("an OpenStack keeps hosts, room for servers and addresses, not amounts");
        };
    }

    /// One whom Keystone knows has the id that his project has there. Projects of others are unknown to the cloud:
    /// they use what is held through us, so it is held for the project of our account.
    private String project(Wanted.Hold wanted) {
        return PROJECT.matcher(wanted.project()).matches() ? wanted.project() : api.project();
    }

    @Override
    public Result remove(Key key) {
        if (patience.isGivenUp(key)) { // whoever wants it need not wait for the cloud to try elsewhere
            patience.forget(key);
            return new Result.Done(Map.of());
        }
        return attempt(
                key,
                () -> kinds(key).stream()
                        .map(kind -> kind.remove(key))
                        .flatMap(Optional::stream)
                        .findFirst()
                        .orElseGet(() -> isGone(key)));
    }

    private Result isGone(Key key) {
        if (orders.isInDoubt(key))
            return new Result.Later("waiting for the effect of an order for " + key.part() + " that was not answered");
        orders.gone(key);
        patience.forget(key);
        return new Result.Done(Map.of());
    }

    /// Of which something may be there under that key.
    private List<Kind> kinds(Key key) {
        return key.part().equals(Keys.PART) ? List.of(keys) : kinds;
    }

    /// @throws UncheckedIOException if nothing is known now
    @Override
    public List<Key> list() {
        return known(() -> kinds.stream().flatMap(kind -> kind.list().stream()).toList());
    }

    @Override
    public Look<String> greet() {
        return look(() -> "OpenStack, Keystone " + session.greet());
    }

    @Override
    public Optional<CloudThings> things() {
        return Optional.of(things);
    }

    @Override
    public Look<CloudSupply> discover() {
        return look(discovery::look);
    }

    @Override
    public Look<List<CloudServer>> servers() {
        return look(() -> all(found()));
    }

    /// Servers are asked for once.
    @Override
    public Look<There> there() {
        return look(() -> {
            var found = found();
            var made = found.stream()
                    .flatMap(server -> server.key().stream())
                    .distinct()
                    .toList();
            var ours = kinds.stream().flatMap(kind -> (kind == servers ? made : kind.list()).stream());
            return new There(all(found), ours.toList());
        });
    }

    private List<Compute.Server> found() {
        try {
            return compute.servers(true);
        } catch (NotDoneException e) {
            if (!e.forbidden()) throw e;
            return compute.servers(false);
        }
    }

    private List<CloudServer> all(List<Compute.Server> found) {
        var held = aggregates.all().stream()
                .filter(one -> aggregates.key(one).isPresent())
                .map(Aggregate::name)
                .collect(Collectors.toSet());
        return found.stream().map(server -> seen(server, held)).toList();
    }

    /// @param held items for which we keep something
    private static CloudServer seen(Compute.Server server, Set<String> held) {
        return Blazar.item(server.seen().zone(), server.flavor())
                .filter(item -> server.key().isEmpty() && held.contains(item))
                .map(item -> server.seen().inside(UUID.fromString(item)))
                .orElse(server.seen());
    }

    @Override
    public Hearing listen(Bus bus, Optional<String> password, Ear ear) {
        return new BusListener(bus, password, ear, Limits.FIRST_PAUSE_OF_BUS);
    }

    @Override
    public void forgive() {
        session.forgive();
    }

    @Override
    public String describe() {
        return "OpenStack, " + account;
    }

    private Result attempt(Key key, Supplier<Result> work) {
        try {
            return orders.alone(key, work);
        } catch (NotDoneException e) {
            return result(e);
        }
    }

    /// What is there already, or may be, is waited for; what was not begun is given up.
    ///
    /// @param making whether nothing is there before
    private Result begin(Key key, boolean making, Supplier<Result> work) {
        var asked = clock.instant();
        try {
            var result = orders.alone(key, work);
            patience.answered(key);
            return result;
        } catch (NotDoneException e) {
            boolean waits = result(e) instanceof Result.Later;
            if (!waits || orders.isBegun(key)) return result(e);
            boolean never = e.outcome() instanceof Outcome.Denied || (making && e.untimely());
            if (!never && !patience.isOver(key, asked)) return result(e);
            if (making) patience.giveUp(key);
            return new Result.Failed(String.valueOf(e.getMessage()));
        }
    }

    private static Result result(NotDoneException e) {
        return switch (e.outcome()) {
            case Outcome.Later(var why, var again) -> new Result.Later(why, again);
            case Outcome.Denied(var why) -> new Result.Later(why, Optional.of(Limits.WHEN_DENIED));
            case Outcome.Unknown(var why) -> new Result.Later(why);
            case Outcome.Failed(var _, var _, var why) -> e.untimely() ? new Result.Later(why) : new Result.Failed(why);
            case Outcome.Done _ -> throw new IllegalStateException("done is no failure", e);
        };
    }

    private static <T> Look<T> look(Supplier<T> look) {
        try {
            return new Look.Seen<>(look.get());
        } catch (NotDoneException e) {
            return switch (e.outcome()) {
                case Outcome.Later(var why, var again) -> new Look.Away<>(why, again);
                case Outcome.Denied(var why) -> new Look.Denied<>(why);
                // one service, or something in between, may answer nonsense for a while
                case Outcome.Failed(var _, var _, var why) -> new Look.Away<>(why, Optional.empty());
                case Outcome.Unknown(var why) -> new Look.Away<>(why, Optional.empty());
                case Outcome.Done _ -> throw new IllegalStateException("done is no failure", e);
            };
        }
    }

    private static <T> T known(Supplier<T> look) {
        try {
            return look.get();
        } catch (NotDoneException e) {
            throw new UncheckedIOException(new IOException(e.getMessage(), e));
        }
    }

    @Override
    public void close() {
        web.close();
    }
}
