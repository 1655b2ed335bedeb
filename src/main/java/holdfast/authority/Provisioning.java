package holdfast.authority;

import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Spec;
import holdfast.core.Refusal;
import holdfast.engine.Outcome;
import holdfast.engine.Resource;
import holdfast.engine.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/// The recipes of leases on the hosts of a site.
final class Provisioning implements Recipes {
    static final String MACHINE = "vm";
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Function<Resource, Driver> drivers;
    private final Predicate<Resource> lastOfSlice;

    /// @param drivers the driver for a lease, by the authority that it belongs to
    /// @param lastOfSlice whether that authority has no other lease of the same slice
    Provisioning(Function<Resource, Driver> drivers, Predicate<Resource> lastOfSlice) {
        this.drivers = drivers;
        this.lastOfSlice = lastOfSlice;
    }

    @Override
    public List<Step> prepare(Resource lease) {
        return List.of(); // nothing is kept before the term on hosts of our own
    }

    @Override
    public List<Step> amend(Resource lease) {
        return List.of(); // nobody asks for it yet
    }

    @Override
    public List<Step> create(Resource lease) {
        var steps = new ArrayList<Step>();
        steps.add(Step.of("create-slice", this::createSlice, this::releaseSlice));
        steps.add(Step.of(
                "create-vm",
                context -> ensure(context, MACHINE, machine(context.resource())),
                context -> remove(context, MACHINE)));
        for (var device : devices(lease)) {
            steps.add(Step.of(
                    "attach-" + device.name(),
                    context -> ensure(context, device.name(), device),
                    context -> remove(context, device.name())));
        }
        steps.add(Step.of("verify", this::verify));
        return steps;
    }

    @Override
    public List<Step> remove(Resource lease) {
        var steps = new ArrayList<Step>();
        for (var device : devices(lease).reversed()) {
            steps.add(Step.of("detach-" + device.name(), context -> remove(context, device.name())));
        }
        steps.add(Step.of("remove-vm", context -> remove(context, MACHINE)));
        steps.add(Step.of("release-slice", this::releaseSlice));
        return steps;
    }

    private Outcome createSlice(Step.Context context) {
        var lease = context.resource();
        return outcome(
                "slice",
                drivers.apply(lease).createSlice(lease.parent().orElseThrow().toString()));
    }

    private Outcome releaseSlice(Step.Context context) {
        var lease = context.resource();
        return lastOfSlice.test(lease)
                ? outcome(
                        "slice",
                        drivers.apply(lease)
                                .releaseSlice(lease.parent().orElseThrow().toString()))
                : Outcome.done();
    }

    private static Key key(Resource lease, String part) {
        return new Key(lease.id().toString(), part);
    }

    private static Spec.Machine machine(Resource resource) {
        var lease = resource.as(Lease.class);
        var ticket = lease.ticket().orElseThrow();
        var granted = ticket.placement().granted();
        return new Spec.Machine(
                ticket.demand().name(),
                lease.machineHost(),
                (int) Math.max(1, granted.get("core")),
                (int) Math.max(1, granted.get("ram")),
                (int) granted.get("disk"),
                ticket.demand().image(),
                lease.units().size());
    }

    private static List<Spec.Device> devices(Resource resource) {
        var units = resource.as(Lease.class).units();
        var devices = new ArrayList<Spec.Device>();
        for (int slot = 0; slot < units.size(); slot++) {
            var unit = units.get(slot);
            devices.add(new Spec.Device(
                    key(resource, MACHINE), slot, unit.component(), unit.type(), unit.model(), unit.bdf()));
        }
        return devices;
    }

    private Outcome ensure(Step.Context context, String part, Spec spec) {
        return outcome(part, drivers.apply(context.resource()).ensure(key(context.resource(), part), spec));
    }

    private Outcome remove(Step.Context context, String part) {
        return outcome(part, drivers.apply(context.resource()).remove(key(context.resource(), part)));
    }

    /// Looks at what was made, with the eyes of one who did not make it.
    private Outcome verify(Step.Context context) {
        return switch (drivers.apply(context.resource()).observe(key(context.resource(), MACHINE))) {
            case Observed.Absent _ ->
                new Outcome.Failed(Refusal.broken("the machine is gone though it was made a moment ago"));
            case Observed.Present(var healthy, var _)
            when !healthy -> new Outcome.Failed(Refusal.broken("the machine is there but does not run"));
            case Observed.Present(var _, var facts) -> Outcome.done(named(MACHINE, facts));
        };
    }

    private static Outcome outcome(String part, Driver.Result result) {
        return outcome(part, result, PAUSE);
    }

    /// @param pause before the driver is asked again, unless it says itself
    static Outcome outcome(String part, Driver.Result result, Duration pause) {
        return switch (result) {
            case Driver.Result.Done(var facts) -> Outcome.done(named(part, facts));
            case Driver.Result.Later(var waitingFor, var again) -> new Outcome.Later(again.orElse(pause), waitingFor);
            case Driver.Result.Failed(var why) -> new Outcome.Failed(Refusal.broken(why));
        };
    }

    static Map<String, String> named(String part, Map<String, String> facts) {
        var named = new LinkedHashMap<String, String>();
        facts.forEach((name, value) -> named.put(part + "." + name, value));
        return named;
    }
}
