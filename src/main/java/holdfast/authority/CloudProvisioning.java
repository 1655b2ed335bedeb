package holdfast.authority;

import holdfast.authority.Cloud.Order;
import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Observed;
import holdfast.core.Refusal;
import holdfast.core.Wanted;
import holdfast.engine.Outcome;
import holdfast.engine.Resource;
import holdfast.engine.Step;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/// The recipes of leases at clouds. A server or a volume is made at the start of its term. What is held is kept from
/// others as soon as it is promised, opened at the start, and taken away at the end.
final class CloudProvisioning implements Recipes {
    static final String SERVER = "server";
    static final String VOLUME = "volume";
    static final String HELD = "held";
    private static final Duration PAUSE = Duration.ofMillis(500);
    /// How long a provider may be away at the start of a term before the lease fails (promise.md 7, row 4).
    private static final Duration GRACE = Duration.ofMinutes(15);
    /// How long a peer may take to hold something, or to have it taken: what others hold for the same reservation
    /// lapses meanwhile.
    private static final Duration LAPSE = Duration.ofMinutes(1);
    /// How long what is taken away may resist before an operator is asked (promise.md 7, row 6).
    private static final Duration FAREWELL = Duration.ofMinutes(10);

    private final Function<Resource, Driver> clouds;

    /// @param clouds the driver for the provider of a lease
    CloudProvisioning(Function<Resource, Driver> clouds) {
        this.clouds = clouds;
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
        return wanted(lease) instanceof Wanted.Server ? List.of(make, Step.of("verify", this::verify)) : List.of(make);
    }

    @Override
    public List<Step> amend(Resource lease) {
        return List.of(Step.of("amend", this::asWanted, this::asBefore).within(grace(lease)));
    }

    @Override
    public List<Step> remove(Resource lease) {
        return List.of(Step.of("remove-" + part(lease), this::take).within(FAREWELL));
    }

    private static Duration grace(Resource lease) {
        return wanted(lease) instanceof Wanted.Amounts ? LAPSE : GRACE;
    }

    private Outcome ensure(Step.Context context, boolean open) {
        var lease = context.resource();
        return Provisioning.outcome(
                part(lease), clouds.apply(lease).ensure(key(lease), spec(wanted(lease), open)), PAUSE);
    }

    private Outcome take(Step.Context context) {
        var lease = context.resource();
        return Provisioning.outcome(part(lease), clouds.apply(lease).remove(key(lease)), PAUSE);
    }

    private Outcome asWanted(Step.Context context) {
        return ensure(context, context.resource().state().equals("amending"));
    }

    private Outcome asBefore(Step.Context context) {
        var lease = context.resource();
        var before = order(lease).takenBack().wanted();
        if (before instanceof Wanted.Amounts amounts && !amounts.taken()) {
            return Outcome.done(); // what was not taken lapses
        }
        var spec = spec(before, lease.state().equals("amending"));
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

    private static Order spec(Wanted wanted, boolean open) {
        return switch (wanted) {
            case Wanted.Server server -> new Order.Server(server, true);
            case Wanted.Volume volume -> new Order.Volume(volume);
            case Wanted.Hold hold -> new Order.Held(hold, open);
        };
    }

    static Key key(Resource lease) {
        return new Key(lease.id().toString(), part(lease));
    }

    private static String part(Resource lease) {
        return switch (wanted(lease)) {
            case Wanted.Server _ -> SERVER;
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
