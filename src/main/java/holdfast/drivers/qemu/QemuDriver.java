package holdfast.drivers.qemu;

import holdfast.authority.Cloud;
import holdfast.authority.Driver;
import holdfast.authority.Fabric;
import holdfast.core.Answer;
import holdfast.core.Refusal;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Virtual machines and PCI devices in them, by QEMU on this host.
///
/// Safe to call from many threads: the calls for one machine go one after the other. No verb takes much longer than the
/// setting `patience`, or than [Qmp#PATIENCE] if QEMU does not answer. Closing is not needed: guests outlive the
/// driver, and another one on the same directory finds them.
public final class QemuDriver implements Driver {
    /// The part of a lease that is its machine; every other part is a device.
    static final String MACHINE = "vm";

    /// How long a connection waits for its turn: several are often wanted at once.
    private static final Duration LET_IN = Duration.ofSeconds(3);

    private final Host host;
    private final Machines machines;
    private final Devices devices;
    private final UserNetwork network;
    private final Turns turns;

    /// @param data the data directory; machines are in its directory `machines`
    /// @param substrate what [Substrate#find] said
    /// @throws IOException if the directory cannot be made
    public QemuDriver(Path data, Substrate.Ready substrate, QemuSettings settings, InstantSource clock)
            throws IOException {
        host = Host.at(data, substrate, settings, clock);
        machines = new Machines(host);
        devices = new Devices(host);
        network = new UserNetwork(host);
        turns = new Turns(settings.patience());
    }

    @Override
    public Observed observe(Key key) {
        try {
            if (!turns.enter(key)) return new Observed.Present(true, Map.of("state", "busy"));
            try {
                return key.part().equals(MACHINE)
                        ? withListing(key.lease(), machines.observe(key.lease()))
                        : devices.observe(key);
            } finally {
                turns.leave(key);
            }
        } catch (IOException e) {
            return new Observed.Present(false, Map.of("state", "cannot be read: " + e.getMessage()));
        }
    }

    /// A guest that runs also tells what it has: facts `pci.0`, `pci.1`, ... in the words of [#pciListing].
    private Observed withListing(String lease, Observed machine) throws IOException {
        if (!(machine instanceof Observed.Present(var healthy, var known)) || !healthy) return machine;
        var home = host.home(lease);
        var facts = new TreeMap<>(known);
        var lines = home.process().map(pid -> devices.listing(home, pid)).orElse(List.of());
        for (int i = 0; i < lines.size(); i++) facts.put("pci." + i, lines.get(i));
        return new Observed.Present(true, facts);
    }

    @Override
    public Result ensure(Key key, Spec spec) {
        return turns.take(key, () -> switch (spec) {
            case Spec.Machine machine when key.part().equals(MACHINE) -> machines.ensure(key.lease(), machine);
            case Spec.Machine _ ->
                new Result.Failed("the part of a machine is called " + MACHINE + ", not " + key.part());
            case Spec.Device _
            when key.part().equals(MACHINE) -> new Result.Failed("no device may be called " + MACHINE);
            case Spec.Device device -> devices.ensure(key, device);
            case Cloud.Order _ -> new Result.Failed("this driver serves no cloud");
            case Fabric.Bond _ -> new Result.Failed("this driver serves no cluster");
        });
    }

    @Override
    public Result remove(Key key) {
        return turns.take(key, () -> key.part().equals(MACHINE) ? machines.remove(key.lease()) : devices.remove(key));
    }

    /// Also cuts consoles that have grown too long.
    @Override
    public List<Key> list() {
        try {
            var keys = new ArrayList<Key>();
            for (var lease : host.all()) {
                var home = host.home(lease);
                home.trimLog();
                keys.add(new Key(lease, MACHINE));
                home.devices().forEach(device -> keys.add(new Key(lease, device.part())));
            }
            return keys;
        } catch (IOException e) {
            throw new IllegalStateException("cannot list the machines in " + host.machines(), e);
        }
    }

    @Override
    public Answer<ByteChannel> connect(Key machine, int port) {
        if (!machine.part().equals(MACHINE)) return Answer.no(Refusal.notThere("only machines have a network"));
        if (!turns.enter(machine, LET_IN)) return Answer.no(Refusal.clash("another step on this machine is under way"));
        try {
            return network.connect(machine.lease(), port);
        } catch (SilentException e) {
            return Answer.no(Refusal.silent("the machine cannot be reached: " + e.getMessage()));
        } catch (IOException e) {
            return Answer.no(Refusal.broken("the machine cannot be reached: " + e.getMessage()));
        } finally {
            turns.leave(machine);
        }
    }

    @Override
    public String describe() {
        return host.substrate().describe();
    }

    /// What the guest of a machine itself lists as its PCI functions, one line each: address, vendor and device,
    /// class, driver or `-`, kind in words. Empty if there is no such guest, or it does not answer in time.
    ///
    /// @param machine key with part `vm`
    public List<String> pciListing(Key machine) {
        if (!turns.enter(machine)) return List.of();
        try {
            var home = host.home(machine.lease());
            return home.process().map(pid -> devices.listing(home, pid)).orElse(List.of());
        } finally {
            turns.leave(machine);
        }
    }
}
