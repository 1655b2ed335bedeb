package holdfast.authority;

import holdfast.authority.Cloud.Order;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Result;
import holdfast.core.CloudServer;
import holdfast.core.Refusal;
import holdfast.core.Wanted;
import holdfast.engine.Outcome;
import holdfast.engine.Resource;
import holdfast.engine.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;

/// The recipes of leases at clouds. A server or a volume is made at the start of its term. What is held is kept from
/// others as soon as it is promised, opened at the start, and taken away at the end. An instance gets a key of its own,
/// unless it comes with one; the key is dropped when the instance stops (aeolus.md 4.2, 4.4).
final class CloudProvisioning implements Recipes {
    static final String SERVER = "server";
    static final String VOLUME = "volume";
    static final String HELD = "held";
    static final String KEY = "key";
    private static final String PEM = KEY + ".pem";
    private static final Duration PAUSE = Duration.ofMillis(500);
    /// How long a provider may be away at the start of a term before the lease fails (promise.md 7, row 4).
    private static final Duration GRACE = Duration.ofMinutes(15);
    /// How long a peer may take to hold something, or to have it taken: what others hold for the same reservation
    /// lapses meanwhile.
    private static final Duration LAPSE = Duration.ofMinutes(1);
    /// How long what is taken away may resist before an operator is asked (promise.md 7, row 6).
    private static final Duration FAREWELL = Duration.ofMinutes(10);

    private final Function<Resource, Driver> clouds;
    private final BiFunction<UUID, String, String> seal;

    /// @param clouds the driver for the provider of a lease
    /// @param seal of the private half of a key, for a lease
    CloudProvisioning(Function<Resource, Driver> clouds, BiFunction<UUID, String, String> seal) {
        this.clouds = clouds;
        this.seal = seal;
    }

    @Override
    public List<Step> prepare(Resource lease) {
        return List.of(
                Step.of("hold", context -> ensure(context, false), this::take).within(grace(lease)));
    }

    @Override
    public List<Step> create(Resource lease) {
        var make = Step.of(
                        wanted(lease) instanceof Wanted.Hold ? "open" : "make-" + part(lease),
                        context -> ensure(context, true),
                        this::take)
                .within(GRACE);
        var verify = Step.of("verify", this::verify);
        return switch (wanted(lease)) {
            case Wanted.Instance instance
            when instance.key().isEmpty() ->
                List.of(
                        Step.of("make-key", this::makeKey, this::dropKeyIfPossible)
                                .within(GRACE),
                        make);
            case Wanted.Server _ -> List.of(make, verify);
            // an instance is made when its cloud has shown it as it is wanted, and is looked at as often as any
            case Wanted.Instance _, Wanted.Volume _, Wanted.Hold _ -> List.of(make);
        };
    }

    @Override
    public List<Step> amend(Resource lease) {
        var amend = Step.of("amend", this::asWanted, this::asBefore).within(grace(lease));
        return wanted(lease) instanceof Wanted.Instance instance
                        && !instance.on()
                        && instance.key().isEmpty()
                ? List.of(amend, Step.of("drop-key", this::forgetKey))
                : List.of(amend);
    }

    @Override
    public List<Step> remove(Resource lease) {
        var take = Step.of("remove-" + part(lease), this::take).within(FAREWELL);
        return wanted(lease) instanceof Wanted.Instance
                ? List.of(take, Step.of("drop-key", this::dropKey).within(FAREWELL))
                : List.of(take);
    }

    private static Duration grace(Resource lease) {
        return wanted(lease) instanceof Wanted.Amounts ? LAPSE : GRACE;
    }

    private Outcome ensure(Step.Context context, boolean open) {
        var lease = context.resource();
        var spec = spec(lease, wanted(lease), open);
        var order = spec instanceof Order.Instance(var instance, var _) && isNew(context)
                ? new Order.Instance(instance, Order.Instance.Way.NEW)
                : spec;
        return Provisioning.outcome(part(lease), clouds.apply(lease).ensure(key(lease), order), PAUSE);
    }

    /// Whether surely nothing was ever ordered for it. An instance is leased from when its user asked for it.
    private static boolean isNew(Step.Context context) {
        return context.isNew(order(context.resource()).term().from());
    }

    private Outcome makeKey(Step.Context context) {
        var lease = context.resource();
        var wanted = (Wanted.Instance) wanted(lease);
        var order = new Order.Opener(wanted.name(), isNew(context), wanted.publicKey());
        var result = clouds.apply(lease).ensure(new Key(key(lease).lease(), KEY), order);
        return Provisioning.outcome(
                KEY, result instanceof Result.Done(var facts) ? sealed(lease, facts) : result, PAUSE);
    }

    private Result sealed(Resource lease, Map<String, String> facts) {
        var kept = new TreeMap<>(facts);
        kept.computeIfPresent("pem", (_, pem) -> seal.apply(lease.id(), pem));
        return new Result.Done(kept);
    }

    /// One that stays is dropped at the end, or by the next look if this was the end: neither a stop nor a launch
    /// that goes on elsewhere waits for it.
    private Outcome dropKeyIfPossible(Step.Context context) {
        var _ = dropKey(context);
        return Outcome.done();
    }

    /// The same, after which nobody is told its private half any more.
    private Outcome forgetKey(Step.Context context) {
        var _ = dropKey(context);
        var facts =
                Optional.ofNullable(context.resource().as(Lease.class).facts()).orElse(Map.of());
        return facts.containsKey(PEM) ? Outcome.done(Map.of(PEM, "")) : Outcome.done();
    }

    private Outcome dropKey(Step.Context context) {
        var lease = context.resource();
        return Provisioning.outcome(
                KEY, clouds.apply(lease).remove(new Key(key(lease).lease(), KEY)), PAUSE);
    }

    private Outcome take(Step.Context context) {
        var lease = context.resource();
        return Provisioning.outcome(part(lease), clouds.apply(lease).remove(key(lease)), PAUSE);
    }

    private Outcome asWanted(Step.Context context) {
        var lease = context.resource();
        if (!(wanted(lease) instanceof Wanted.Instance instance)) {
            return ensure(context, lease.state().equals("amending"));
        }
        boolean more = order(lease).takenBack().wanted() instanceof Wanted.Instance before
                && instance.reboots() > before.reboots();
        return Provisioning.outcome(
                SERVER, switched(lease, instance, more ? Order.Instance.Way.REBOOT : Order.Instance.Way.SWITCH), PAUSE);
    }

    private Result switched(Resource lease, Wanted.Instance wanted, Order.Instance.Way way) {
        return clouds.apply(lease).ensure(key(lease), new Order.Instance(wanted.opened(key(lease, wanted)), way));
    }

    /// The key that opens an instance: its own, or the one that was made for it.
    private static Optional<String> key(Resource lease, Wanted.Instance wanted) {
        var facts = Optional.ofNullable(lease.as(Lease.class).facts()).orElse(Map.of());
        return wanted.key().or(() -> Optional.ofNullable(facts.get(KEY + ".name")));
    }

    private Outcome asBefore(Step.Context context) {
        var lease = context.resource();
        var before = order(lease).takenBack().wanted();
        if (before instanceof Wanted.Amounts amounts && !amounts.taken()) {
            return Outcome.done(); // what was not taken lapses
        }
        if (before instanceof Wanted.Instance instance) {
            var result = switched(lease, instance, Order.Instance.Way.SWITCH);
            // what became of it is told by the next look
            return result instanceof Result.Failed ? Outcome.done() : Provisioning.outcome(SERVER, result, PAUSE);
        }
        var spec = spec(lease, before, lease.state().equals("amending"));
        return Provisioning.outcome(part(lease), clouds.apply(lease).ensure(key(lease), spec), PAUSE);
    }

    /// Looks at what was made, with the eyes of one who did not make it.
    private Outcome verify(Step.Context context) {
        var lease = context.resource();
        return switch (clouds.apply(lease).observe(key(lease))) {
            case Observed.Absent _ ->
                new Outcome.Failed(Refusal.broken("the server is gone though it was made a moment ago"));
            case Observed.Present(var healthy, var _)
            when !healthy -> new Outcome.Failed(Refusal.broken("the server is there but does not run"));
            case Observed.Present(var _, var facts) -> Outcome.done(Provisioning.named(SERVER, facts));
        };
    }

    private static Order spec(Resource lease, Wanted wanted, boolean open) {
        return switch (wanted) {
            case Wanted.Instance instance ->
                new Order.Instance(instance.opened(key(lease, instance)), Order.Instance.Way.MAKE);
            case Wanted.Server server -> new Order.Server(server, true);
            case Wanted.Volume volume -> new Order.Volume(volume);
            case Wanted.Hold hold -> new Order.Held(hold, open);
        };
    }

    /// What may change of an instance while nobody touches it here.
    static Map<String, String> facts(CloudServer server) {
        var facts = new TreeMap<String, String>();
        facts.put(SERVER + ".status", server.status());
        if (!server.addresses().isEmpty()) { // what is known is not forgotten for an empty list
            facts.put(SERVER + ".addresses", String.join(" ", server.addresses()));
        }
        return facts;
    }

    static Key key(Resource lease) {
        return new Key(lease.id().toString(), part(lease));
    }

    private static String part(Resource lease) {
        return switch (wanted(lease)) {
            case Wanted.Server _, Wanted.Instance _ -> SERVER;
            case Wanted.Volume _ -> VOLUME;
            case Wanted.Hold _ -> HELD;
        };
    }

    private static Wanted wanted(Resource lease) {
        return order(lease).wanted();
    }

    static Lease.Order order(Resource lease) {
        return lease.as(Lease.class).order().orElseThrow();
    }
}
