package holdfast.drivers.qemu;

import holdfast.authority.Cloud;
import holdfast.authority.Driver.Spec.Machine;
import holdfast.authority.Fabric;
import holdfast.core.CloudServer;
import holdfast.core.CloudSupply;
import holdfast.core.CloudSupply.Flavor;
import holdfast.core.CloudSupply.Image;
import holdfast.core.CloudSupply.Realm;
import holdfast.core.HardwareProfile;
import holdfast.core.Property;
import holdfast.core.Wanted;
import holdfast.drivers.qemu.Machines.Given;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Virtual machines of this host as an account of a cloud: instances that boot, stop, start and are restarted. What is
/// stopped keeps its disk. Nobody else uses the account; what it has is what the operator allows guests
/// ([QemuSettings]).
///
/// Instances have no keys and no user data, and nobody is let in by their network: who wants in uses the console.
public final class QemuCloud implements Cloud {
    /// What boots if the operator has put no other image here.
    static final String TINY = "tiny";

    static final String SIZE = "guest";
    private static final String PART = "server";
    private static final String REALM = "local";
    private static final int LEAST_MIB = 80;
    private static final BigDecimal MIB_IN_GIB = BigDecimal.valueOf(1024); // a power of two, so all divide by it
    /// Facts of machines that stand for others, and of what only they have.
    private static final Set<String> STANDING = Set.of("memory", "cores", "disk", "image", "network.reach");

    private final Path data;
    private final Supplier<Substrate> substrate;
    private final QemuSettings settings;
    private final InstantSource clock;
    private final Turns turns;
    private Optional<Inside> inside = Optional.empty();

    private record Inside(Host host, Machines machines, Power power) {}

    /// @param data a directory for this account alone, made with its first machine
    /// @param substrate looks at the host; may take a few seconds the first time
    public QemuCloud(Path data, Supplier<Substrate> substrate, QemuSettings settings, InstantSource clock) {
        this.data = data;
        this.substrate = substrate;
        this.settings = settings;
        this.clock = clock;
        this.turns = new Turns(settings.patience());
    }

    @Override
    public Look<CloudSupply> discover() {
        return switch (substrate.get()) {
            case Substrate.Ready _ -> new Look.Seen<>(supply());
            case Substrate.Unusable unusable -> new Look.Away<>(why(unusable), Optional.empty());
        };
    }

    private static String why(Substrate.Unusable unusable) {
        return "no guests run on this host: " + String.join(", ", unusable.missing()) + "; " + unusable.wayOut();
    }

    private CloudSupply supply() {
        var memory = BigDecimal.valueOf(settings.memoryMib());
        var cores = BigDecimal.valueOf(settings.cores());
        var profile = new HardwareProfile(
                SIZE,
                SIZE,
                new Property.Range(Optional.of(memory), BigDecimal.valueOf(LEAST_MIB), memory),
                new Property.Range(Optional.of(BigDecimal.ONE), BigDecimal.ONE, cores),
                new Property.Fixed(BigDecimal.valueOf(settings.rootDiskMib()).divide(MIB_IN_GIB)),
                List.of("x86_64"),
                Optional.of("persistent"));
        return new CloudSupply(
                List.of(),
                Map.of("instance", (long) settings.maxMachines()),
                List.of(REALM),
                List.of(new Flavor(SIZE, SIZE, settings.cores(), settings.memoryMib(), 0, Map.of())),
                Stream.concat(
                                Stream.of(TINY),
                                settings.images().keySet().stream().sorted())
                        .map(name -> new Image(name, name))
                        .toList(),
                List.of(),
                false,
                List.of(profile),
                List.of(new Realm(REALM, "this host", true)),
                Map.of("instances", Set.of("user_name")));
    }

    @Override
    public Result ensure(Key key, Spec spec) {
        return switch (spec) {
            case Order.Instance order -> turns.take(key, () -> instance(key.lease(), order));
            case Order.Opener _ -> new Result.Done(Map.of());
            case Order.Server _,
                    Order.Port _,
                    Order.Volume _,
                    Order.Attachment _,
                    Order.Snapshot _,
                    Order.Images _,
                    Order.Held _ -> new Result.Failed("QEMU makes instances of pools here, and nothing else is held");
            case Spec.OnHost _ -> new Result.Failed("a cloud has no hosts for our use");
            case Fabric.Bond _ -> new Result.Failed("a cloud joins no clusters");
        };
    }

    private Result instance(String lease, Order.Instance order) throws IOException {
        if (substrate.get() instanceof Substrate.Unusable unusable) return new Result.Failed(why(unusable));
        var power = inside().power();
        var state = power.state(lease);
        if (state.isEmpty() && !order.way().makes()) return order.withoutIt();
        var result = switch (order.way()) {
            case NEW, MAKE -> state.isEmpty() ? make(lease, order.wanted()) : power.on(lease);
            case SWITCH -> order.wanted().on() ? power.on(lease) : power.off(lease);
            case REBOOT -> power.restart(lease);
        };
        return result instanceof Result.Done ? new Result.Done(facts(lease)) : result;
    }

    private Result make(String lease, Wanted.Instance wanted) throws IOException {
        boolean there = wanted.image().equals(TINY) || settings.images().containsKey(wanted.image());
        if (!there) return new Result.Failed("there is no image " + wanted.image());
        if (!wanted.profile().equals(SIZE)) return new Result.Failed("there is no size " + wanted.profile());
        if (wanted.key().isPresent() || wanted.userData().isPresent())
            return new Result.Failed("guests of QEMU take no keys and no user data here");
        int memory = amount(wanted, "memory", settings.memoryMib());
        int cores = amount(wanted, "cpu", 1);
        if (memory < LEAST_MIB || memory > settings.memoryMib() || cores < 1 || cores > settings.cores())
            return new Result.Failed("a guest has %d to %d MiB and 1 to %d processors, not %d and %d"
                    .formatted(LEAST_MIB, settings.memoryMib(), settings.cores(), memory, cores));
        var machine = new Machine(wanted.name(), REALM, cores, memory / 1024 + 1, 1, Optional.of(wanted.image()), 0);
        return inside().machines().ensure(lease, machine, new Given(memory, cores, settings.rootDiskMib()));
    }

    private static int amount(Wanted.Instance wanted, String measure, int usual) {
        return Optional.ofNullable(wanted.sizes().get(measure))
                .map(text -> new BigDecimal(text).intValue())
                .orElse(usual);
    }

    private Map<String, String> facts(String lease) throws IOException {
        var facts = new TreeMap<String, String>();
        if (inside().machines().observe(lease) instanceof Observed.Present(var _, var known)) facts.putAll(known);
        facts.keySet().removeAll(STANDING);
        facts.put("id", lease);
        inside().power().state(lease).ifPresent(state -> facts.put("status", state.name()));
        return facts;
    }

    @Override
    public Result remove(Key key) {
        if (!isUsed() || !key.part().equals(PART)) return new Result.Done(Map.of());
        return turns.take(key, () -> {
            var result = inside().machines().remove(key.lease());
            if (result instanceof Result.Done) inside().power().forget(key.lease());
            return result;
        });
    }

    /// @throws UncheckedIOException if nothing is known now
    @Override
    public Observed observe(Key key) {
        if (!isUsed() || !key.part().equals(PART)) return new Observed.Absent();
        try {
            var state = inside().power().state(key.lease());
            if (state.isEmpty()) return inside().machines().observe(key.lease());
            boolean well = state.get() == Power.State.RUNNING || state.get() == Power.State.STOPPED;
            return new Observed.Present(well, facts(key.lease()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Look<List<CloudServer>> servers() {
        try {
            var found = new ArrayList<CloudServer>();
            for (var key : list()) {
                var home = inside().host().home(key.lease());
                home.trimLog();
                var known = home.state();
                if (known.isPresent()) found.add(server(key.lease(), known.get()));
            }
            return new Look.Seen<>(found);
        } catch (IOException | UncheckedIOException e) {
            return new Look.Away<>("the machines cannot be read: " + e.getMessage(), Optional.empty());
        }
    }

    private CloudServer server(String lease, MachineState machine) throws IOException {
        return new CloudServer(
                lease,
                machine.asked().name(),
                Optional.of(lease + "/" + PART),
                inside().power().state(lease).orElse(Power.State.ERROR).name(),
                Optional.empty(),
                Optional.of(REALM),
                REALM,
                Map.of("instance", 1L, "vcpu", (long) machine.cores(), "memory_mb", (long) machine.memoryMib()),
                false,
                Optional.empty());
    }

    /// @throws UncheckedIOException if nothing is known now
    @Override
    public List<Key> list() {
        if (!isUsed()) return List.of();
        try {
            return inside().host().all().stream()
                    .map(lease -> new Key(lease, PART))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String describe() {
        return switch (substrate.get()) {
            case Substrate.Ready ready -> ready.describe() + " on this host";
            case Substrate.Unusable unusable -> why(unusable);
        };
    }

    /// Whether a machine was ever made here.
    private boolean isUsed() {
        return Files.isDirectory(data);
    }

    private synchronized Inside inside() throws IOException {
        if (inside.isPresent()) return inside.get();
        if (!(substrate.get() instanceof Substrate.Ready ready)) throw new IOException("no guests run on this host");
        var host = Host.at(data, ready, settings, clock);
        var machines = new Machines(host);
        inside = Optional.of(new Inside(host, machines, new Power(host, machines)));
        return inside.get();
    }
}
