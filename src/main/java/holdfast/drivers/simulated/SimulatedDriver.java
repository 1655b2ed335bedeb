package holdfast.drivers.simulated;

import holdfast.authority.Cloud;
import holdfast.authority.Driver;
import holdfast.authority.Fabric;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import holdfast.drivers.simulated.SimulatedSettings.Latency;
import holdfast.drivers.simulated.SimulatedSettings.Verb;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// A host that only pretends: what takes time is answered with `Later` until the clock has come that far, and failures
/// come by chance or by script. Counts what it really made and removed, so that a test can say "once". Safe to call
/// from many threads; several drivers, also in other processes, may keep their host in one file.
///
/// Refuses what a real host could not do: a device without its machine, two devices in one slot, one PCI function in
/// two places.
public final class SimulatedDriver implements Driver {
    private static final String MACHINE = "vm";
    private final SimulatedSettings settings;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Memory memory;
    private final List<Talk> talks = new ArrayList<>();

    private record Talk(Key machine, Conversation with) {}

    /// @param random draws latencies, failures and lifetimes, in the order of the calls
    /// @throws java.io.UncheckedIOException if the file of the settings is there and cannot be read
    public SimulatedDriver(SimulatedSettings settings, InstantSource clock, RandomGenerator random) {
        this.settings = settings;
        this.clock = clock;
        this.random = random;
        this.memory = Memory.of(settings.file());
    }

    @Override
    public synchronized Observed observe(Key key) {
        return memory.alone(() -> memory.get(key)
                .filter(thing -> !hasVanished(thing))
                .<Observed>map(SimulatedDriver::seen)
                .orElseGet(Observed.Absent::new));
    }

    private static Observed seen(Thing thing) {
        var facts = new TreeMap<>(thing.facts());
        facts.put(
                "state",
                switch (thing.phase()) {
                    case MAKING -> "being made";
                    case UP -> "running";
                    case BROKEN -> "broken";
                    case REMOVING -> "being removed";
                });
        return new Observed.Present(thing.phase() == Thing.Phase.UP, Map.copyOf(facts));
    }

    @Override
    public synchronized Result ensure(Key key, Spec spec) {
        return memory.alone(() -> {
            memory.count(key, Counters::withEnsure);
            dropVanished();
            return switch (spec) {
                case Spec.OnHost onHost -> make(key, onHost);
                case Cloud.Order _ -> new Result.Failed("this driver serves no cloud");
                case Fabric.Bond _ -> new Result.Failed("this driver serves no cluster");
            };
        });
    }

    private Result make(Key key, Spec.OnHost spec) {
        var known = memory.get(key);
        if (known.isPresent() && isRemovedByNow(known.get())) {
            gone(known.get());
            known = Optional.empty();
        }
        if (known.isPresent() && !known.get().spec().equals(spec))
            return new Result.Failed(key.part() + " exists as " + known.get().spec() + "; remove it first");
        if (known.isEmpty() || known.get().phase() == Thing.Phase.BROKEN) {
            var refusal = refusal(key, spec);
            if (refusal.isPresent()) return new Result.Failed(refusal.get());
            begin(key, spec);
        }
        var thing = memory.get(key).orElseThrow();
        return switch (thing.phase()) {
            case UP -> new Result.Done(thing.facts());
            case REMOVING -> new Result.Later("waiting for the removal of " + key.part());
            case BROKEN -> new Result.Failed(key.part() + " is broken; remove it");
            case MAKING -> {
                if (clock.instant().isBefore(thing.until())) yield new Result.Later(waiting(spec));
                yield thing.doomed().<Result>map(why -> fail(thing, why)).orElseGet(() -> finish(thing));
            }
        };
    }

    private void begin(Key key, Spec.OnHost spec) {
        var latency = spec instanceof Spec.Machine ? settings.machine() : settings.device();
        var doomed = failure(Verb.ENSURE, key, settings.ensureFailure());
        memory.put(Thing.begun(key, spec, clock.instant().plus(draw(latency)), doomed));
    }

    private Result fail(Thing thing, String why) {
        if (settings.leftovers()) memory.put(thing.broken());
        else memory.drop(thing.key());
        return new Result.Failed(why);
    }

    private Result finish(Thing thing) {
        var end = settings.meanLife().map(mean -> clock.instant().plus(lifetime(mean)));
        var facts = switch (thing.spec()) {
            case Spec.Machine machine -> Map.of("simulated", "true", "console", "none", "host", machine.host());
            case Spec.Device device ->
                Map.of(
                        "simulated",
                        "true",
                        "passthrough",
                        "false",
                        "guest.bdf",
                        "0000:%02x:00.0".formatted(device.slot() + 1),
                        "guest.id",
                        "1234:11e8",
                        "stands.for",
                        device.type() + " " + device.model(),
                        "host.bdf",
                        device.bdf());
        };
        memory.put(thing.up(end, facts));
        memory.count(thing.key(), Counters::withMade);
        return new Result.Done(facts);
    }

    /// Why a real host would refuse.
    private Optional<String> refusal(Key key, Spec.OnHost spec) {
        return switch (spec) {
            case Spec.Machine _ ->
                key.part().equals(MACHINE)
                        ? Optional.empty()
                        : Optional.of("the part of a machine is called " + MACHINE + ", not " + key.part());
            case Spec.Device device -> {
                var machine = memory.get(device.machine());
                if (machine.isEmpty() || machine.get().phase() != Thing.Phase.UP)
                    yield Optional.of("the machine of " + key.part() + " does not run");
                int slots = machine.get().machine().map(Spec.Machine::slots).orElse(0);
                if (device.slot() < 0 || device.slot() >= slots)
                    yield Optional.of("the machine has " + slots + " device slots, there is no slot " + device.slot());
                yield memory.all().stream()
                        .filter(other -> !other.key().equals(key))
                        .map(other -> clash(device, other))
                        .flatMap(Optional::stream)
                        .findFirst();
            }
        };
    }

    private Optional<String> clash(Spec.Device device, Thing other) {
        if (other.device().isEmpty()) return Optional.empty();
        var holder = other.device().get();
        if (holder.machine().equals(device.machine()) && holder.slot() == device.slot())
            return Optional.of("slot " + device.slot() + " holds " + other.key().part() + " already");
        boolean sameFunction = !device.bdf().isEmpty() && holder.bdf().equals(device.bdf()) && sameHost(device, holder);
        return sameFunction
                ? Optional.of("the PCI function " + device.bdf() + " is in use by lease "
                        + other.key().lease())
                : Optional.empty();
    }

    private boolean sameHost(Spec.Device one, Spec.Device other) {
        return hostOf(one).equals(hostOf(other));
    }

    private Optional<String> hostOf(Spec.Device device) {
        return memory.get(device.machine()).flatMap(Thing::machine).map(Spec.Machine::host);
    }

    private static String waiting(Spec.OnHost spec) {
        return switch (spec) {
            case Spec.Machine machine -> "waiting for the machine " + machine.name();
            case Spec.Device device -> "waiting for the machine to see " + device.name();
        };
    }

    @Override
    public synchronized Result remove(Key key) {
        return memory.alone(() -> {
            memory.count(key, Counters::withRemove);
            dropVanished();
            return take(key);
        });
    }

    private Result take(Key key) {
        var known = memory.get(key);
        if (known.isEmpty()) return new Result.Done(Map.of());
        var thing = known.get();
        if (thing.phase() != Thing.Phase.REMOVING) {
            var failure = failure(Verb.REMOVE, key, settings.removeFailure());
            thing = thing.removing(clock.instant().plus(draw(settings.removal())), failure);
            memory.put(thing);
        }
        if (clock.instant().isBefore(thing.until()))
            return new Result.Later("waiting for the removal of " + key.part());
        if (thing.doomed().isPresent()) {
            memory.put(thing.broken());
            return new Result.Failed(thing.doomed().get());
        }
        gone(thing);
        return new Result.Done(Map.of());
    }

    private boolean isRemovedByNow(Thing thing) {
        return thing.phase() == Thing.Phase.REMOVING
                && thing.doomed().isEmpty()
                && !clock.instant().isBefore(thing.until());
    }

    /// A machine takes its devices with it.
    private void gone(Thing thing) {
        drop(thing.key());
        memory.count(thing.key(), Counters::withRemoved);
        memory.all().stream()
                .filter(other -> other.device().map(Spec.Device::machine).equals(Optional.of(thing.key())))
                .forEach(this::gone);
    }

    @Override
    public synchronized List<Key> list() {
        return memory.alone(() -> memory.all().stream()
                .filter(thing -> !hasVanished(thing))
                .map(Thing::key)
                .toList());
    }

    @Override
    public String describe() {
        return "simulated host: nothing real is made";
    }

    /// What was really done under `key`, whatever became of it.
    public synchronized Counters counters(Key key) {
        return memory.alone(() -> memory.counters(key));
    }

    /// Takes a thing away behind everybody's back, as a host that crashes or an operator by hand would.
    public synchronized void loseSilently(Key key) {
        memory.alone(() -> {
            drop(key);
            return true;
        });
    }

    /// Breaks a thing: it is still there, but not healthy.
    public synchronized void breakSilently(Key key) {
        memory.alone(() -> {
            memory.get(key).ifPresent(thing -> memory.put(thing.broken()));
            return true;
        });
    }

    /// To port 7, which says everything again, or port 80, which tells over HTTP which machine it is.
    @Override
    public synchronized Answer<ByteChannel> connect(Key machine, int port) {
        return memory.alone(() -> {
            var there = memory.get(machine)
                    .filter(thing -> thing.phase() == Thing.Phase.UP && !hasVanished(thing))
                    .flatMap(Thing::machine);
            if (there.isEmpty()) return Answer.no(Refusal.notThere("the machine does not run"));
            var failure = failure(Verb.CONNECT, machine, 0);
            if (failure.isPresent()) return Answer.no(Refusal.broken(failure.get()));
            var service = Conversation.at(port, "holdfast-guest " + there.get().plainName() + ": simulated");
            if (service.isEmpty())
                return Answer.no(Refusal.notThere("nobody listens at port " + port + " of the machine"));
            var conversation = new Conversation(service.get());
            talks.removeIf(talk -> !talk.with.isOpen());
            talks.add(new Talk(machine, conversation));
            return Answer.yes(conversation);
        });
    }

    private void drop(Key key) {
        memory.drop(key);
        talks.stream().filter(talk -> talk.machine.equals(key)).forEach(talk -> talk.with.end());
        talks.removeIf(talk -> talk.machine.equals(key));
    }

    /// By itself, or because its machine has.
    private boolean hasVanished(Thing thing) {
        if (thing.vanishes().filter(end -> !clock.instant().isBefore(end)).isPresent()) return true;
        return thing.device()
                .map(Spec.Device::machine)
                .filter(machine ->
                        memory.get(machine).filter(there -> !hasVanished(there)).isEmpty())
                .isPresent();
    }

    private void dropVanished() {
        memory.all().stream().filter(this::hasVanished).map(Thing::key).toList().forEach(this::drop);
    }

    private Optional<String> failure(Verb verb, Key key, double chance) {
        var counted = memory.begins(verb, key.part());
        for (var planned : settings.scripted()) {
            int time = planned.part().isPresent() ? counted.ofPart() : counted.ofAll();
            if (planned.verb() == verb && planned.part().map(key.part()::equals).orElse(true) && planned.nth() == time)
                return Optional.of(planned.why());
        }
        return chance > 0 && random.nextDouble() < chance
                ? Optional.of("simulated failure of " + key.part())
                : Optional.empty();
    }

    private Duration draw(Latency latency) {
        long spread = latency.most().minus(latency.least()).toMillis();
        return spread == 0 ? latency.least() : latency.least().plusMillis(random.nextLong(spread + 1));
    }

    private Duration lifetime(Duration mean) {
        return Duration.ofMillis((long) (mean.toMillis() * random.nextExponential()));
    }
}
