package holdfast.drivers.deltacloud;

import holdfast.authority.Cloud;
import holdfast.authority.CloudThings;
import holdfast.authority.Fabric;
import holdfast.authority.Patience;
import holdfast.core.CloudServer;
import holdfast.core.CloudSupply;
import holdfast.drivers.deltacloud.Outcome.NotDoneException;
import holdfast.platform.WebClient;
import holdfast.platform.XmlTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// An account of a cloud behind a Deltacloud server.
///
/// Keeps nothing that a restart would miss: what is there is found by its mark. It makes instances and their keys. An
/// instance that cannot be begun, because the server is away or lets us not in, fails after a short while, so that it
/// can be made elsewhere; what was begun is waited for.
public final class Deltacloud implements Cloud {
    private final Account account;
    private final WebClient web;
    private final Limits limits;
    private final Api api;
    private final Marks marks;
    private final InstantSource clock;
    private final Patience patience;
    private final Memory memory;
    private final Instances instances;
    private final Offers offers;
    private final Keys keys;
    private final Servers servers;

    /// @param owner the provider's resource, under whose id things are kept
    public Deltacloud(UUID owner, Account account, Limits limits, InstantSource clock) {
        this.account = account;
        this.limits = limits;
        this.web = new WebClient(Limits.CONNECT, Limits.LARGEST_ANSWER);
        this.api = new Api(web, account, limits, clock);
        this.marks = new Marks(owner);
        this.clock = clock;
        this.patience = new Patience(clock, limits.patience());
        this.memory = new Memory(clock, limits, patience);
        this.instances = new Instances(api, account, clock);
        this.offers = new Offers(api, clock);
        this.keys = new Keys(api, marks, clock);
        this.servers = new Servers(api, account, marks, instances, memory);
    }

    @Override
    public Look<String> greet() {
        return look(() -> switch (api.greet()) {
            case Outcome.Denied _ -> describe(); // alive, and will not talk to strangers
            case Outcome.Done(var _, var body, var _) ->
                body.flatMap(Entry::read)
                        .map(this::offered)
                        .map(entry -> describe() + ", Deltacloud " + entry.version())
                        .orElseThrow(() -> new NotDoneException(new Outcome.Away(Api.NO_ENTRY)));
            case Outcome other -> throw new NotDoneException(other);
        });
    }

    /// A server that says which drivers it has must have ours.
    private Entry offered(Entry entry) {
        var there = entry.find("drivers")
                .map(drivers -> api.stranger(api.link(drivers.href())))
                .flatMap(outcome ->
                        outcome instanceof Outcome.Done(var _, var body, var _) ? body : Optional.<XmlTree>empty())
                .map(root -> root.all("driver").stream()
                        .flatMap(driver -> driver.attribute("id").stream())
                        .toList())
                .orElse(List.of());
        if (!there.isEmpty() && !there.contains(account.driver()))
            throw new NotDoneException(new Outcome.Away(
                    "the server has no driver " + account.driver() + "; it has: " + String.join(", ", there)));
        return entry;
    }

    @Override
    public Look<CloudSupply> discover() {
        return look(() -> {
            api.login();
            return offers.supply();
        });
    }

    @Override
    public Look<List<CloudServer>> servers() {
        return look(() -> servers.all().orThrow().servers());
    }

    /// Instances are asked for once.
    @Override
    public Look<There> there() {
        return look(() -> {
            var all = servers.all().orThrow();
            return new There(all.servers(), ours(all));
        });
    }

    @Override
    public Optional<CloudThings> things() {
        return Optional.of(new Things(api));
    }

    /// @throws UncheckedIOException if nothing is known now
    @Override
    public Observed observe(Key key) {
        return known(() -> key.part().equals(Keys.PART)
                ? keys.named(key).stream()
                        .findFirst()
                        .<Observed>map(name -> new Observed.Present(true, Map.of("name", name)))
                        .orElseGet(Observed.Absent::new)
                : servers.find(key).<Observed>map(Deltacloud::present).orElseGet(Observed.Absent::new));
    }

    private static Observed.Present present(Seen seen) {
        boolean well = seen.power() == Power.RUNNING || seen.power() == Power.STOPPED;
        return new Observed.Present(well, seen.facts());
    }

    @Override
    public Result ensure(Key key, Spec spec) {
        return switch (spec) {
            case Order.Instance order -> begin(key, order.way().makes(), () -> servers.ensure(key, order));
            case Order.Opener opener -> begin(key, true, () -> keys.ensure(key, opener));
            case Order.Server _,
                    Order.Port _,
                    Order.Volume _,
                    Order.Attachment _,
                    Order.Snapshot _,
                    Order.Images _,
                    Order.Held _ ->
                new Result.Failed("through Deltacloud instances are made, and nothing else is held");
            case Spec.OnHost _ -> new Result.Failed("a cloud chooses its hosts itself");
            case Fabric.Bond _ -> new Result.Failed("a cloud joins no clusters");
        };
    }

    /// What is there already, or may be, is waited for without end; what was not begun is given up, and at once if
    /// we are not let in: other accounts need not wait for that.
    ///
    /// @param making whether nothing is there before
    private Result begin(Key key, boolean making, Supplier<Result> work) {
        return memory.alone(key, () -> {
            var asked = clock.instant();
            try {
                return work.get();
            } catch (NotDoneException e) {
                return switch (e.outcome()) {
                    case Outcome.Away _, Outcome.Unknown _, Outcome.Broken _, Outcome.Denied _ -> {
                        boolean begun =
                                memory.id(key).isPresent() || memory.doubt(key).isPresent();
                        boolean never = e.outcome() instanceof Outcome.Denied;
                        if (begun || !never && !patience.isOver(key, asked)) yield later(e.outcome());
                        if (making) patience.giveUp(key);
                        yield new Result.Failed(e.outcome().why());
                    }
                    default -> new Result.Failed(e.outcome().why());
                };
            }
        });
    }

    private Result later(Outcome outcome) {
        return new Result.Later(
                outcome.why(), Optional.of(outcome instanceof Outcome.Denied ? Limits.WHEN_DENIED : limits.pause()));
    }

    @Override
    public Result remove(Key key) {
        return memory.alone(key, () -> {
            try {
                if (!key.part().equals(Keys.PART)) return servers.remove(key);
                keys.drop(key);
                return new Result.Done(Map.of());
            } catch (NotDoneException e) {
                if (!patience.isGivenUp(key)) return later(e.outcome());
                memory.forget(key); // whoever wants it need not wait for the cloud to try elsewhere
                return new Result.Done(Map.of());
            }
        });
    }

    /// @throws UncheckedIOException if nothing is known now
    @Override
    public List<Key> list() {
        return known(() -> ours(servers.all()));
    }

    private List<Key> ours(Servers.All all) {
        var made = keys.leases().stream().map(lease -> new Key(lease, Keys.PART));
        return Stream.concat(all.ours().stream(), made).toList();
    }

    /// Asks anew for all that it knows by heart.
    @Override
    public void forgive() {
        api.forget();
        offers.forget();
        instances.forget();
    }

    @Override
    public String describe() {
        return "Deltacloud, " + account;
    }

    private static <T> Look<T> look(Supplier<T> look) {
        try {
            return new Look.Seen<>(look.get());
        } catch (NotDoneException e) {
            return e.outcome() instanceof Outcome.Denied(var why)
                    ? new Look.Denied<>(why)
                    : new Look.Away<>(e.outcome().why(), Optional.empty());
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
