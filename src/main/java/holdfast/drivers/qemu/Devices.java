package holdfast.drivers.qemu;

import holdfast.authority.Driver.Key;
import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Result;
import holdfast.authority.Driver.Spec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;

/// Plugs devices into running machines and takes them out. The caller holds the machine's lock.
///
/// A device is written down before it is given to QEMU and forgotten after QEMU has let it go, so whatever a crash
/// leaves is found.
final class Devices {
    private final Host host;
    private final AtomicLong questions = new AtomicLong();

    Devices(Host host) {
        this.host = host;
    }

    Result ensure(Key key, Spec.Device asked) throws IOException {
        var home = host.home(key.lease());
        var machine = home.state();
        var process = home.process();
        if (machine.isEmpty() || process.isEmpty())
            return new Result.Failed("the machine of " + key.part() + " does not run");
        if (machine.get().ready().isEmpty()) return new Result.Later("waiting for the guest to boot");
        var known = home.device(key.part());
        if (known.isPresent() && !known.get().asked().equals(asked))
            return new Result.Failed(key.part() + " exists as " + known.get().asked() + "; remove it first");
        var refusal = refusal(home, machine.get(), key, asked);
        if (refusal.isPresent()) return new Result.Failed(refusal.get());
        var emulation = Emulation.of(asked, MachineHome.deviceId(key.part()), host.settings());
        if (emulation.isEmpty())
            return new Result.Failed("no emulated device stands for the type " + asked.type()
                    + "; known: NVME, Storage, GPU, FPGA, SmartNIC, SharedNIC, or any type passed through");
        var state = known.orElseGet(() -> new DeviceState(
                key.part(), MachineHome.deviceId(key.part()), asked, Optional.empty(), Optional.empty(), Map.of()));
        try (var qmp = Qmp.open(home.socket(MachineHome.QMP, process.get()), Qmp.PATIENCE)) {
            boolean there = isPlugged(qmp, state.id());
            if (there && state.unplugging().isPresent())
                return new Result.Later("waiting for the guest to let go of " + key.part());
            if (!there) {
                state = new DeviceState(
                        key.part(), state.id(), asked, Optional.of(host.clock().instant()), Optional.empty(), Map.of());
                var failed = plug(home, qmp, state, emulation.get());
                if (failed.isPresent()) return failed.get();
            }
            return awaitSeen(home, qmp, process.get(), state, emulation.get());
        }
    }

    private Optional<String> refusal(MachineHome home, MachineState machine, Key key, Spec.Device asked) {
        if (!asked.machine().lease().equals(key.lease()))
            return Optional.of("a device belongs to a machine of its own lease");
        if (asked.slot() < 0 || asked.slot() >= machine.asked().slots())
            return Optional.of(
                    "the machine has " + machine.asked().slots() + " device slots, there is no slot " + asked.slot());
        return home.devices().stream()
                .filter(other ->
                        !other.part().equals(key.part()) && other.asked().slot() == asked.slot())
                .map(other -> "slot " + asked.slot() + " holds " + other.part() + " already")
                .findFirst();
    }

    /// Gives the device to QEMU. If QEMU refuses, nothing of it stays.
    private Optional<Result> plug(MachineHome home, Qmp qmp, DeviceState state, Emulation emulation)
            throws IOException {
        home.write(state);
        try {
            if (emulation.disk()) {
                var confinement = Confinement.of(
                        home.directory().getFileName().toString(),
                        host.settings(),
                        host.substrate().accelerator());
                home.makeDisk(state.diskFile(), host.settings().deviceDiskMib(), confinement);
                if (!hasDisk(qmp, state.id()))
                    qmp.execute(
                            "blockdev-add",
                            Map.of(
                                    "driver",
                                    "raw",
                                    "node-name",
                                    state.id(),
                                    "discard",
                                    "unmap",
                                    "file",
                                    Map.of("driver", "file", "filename", state.diskFile())));
            }
            qmp.execute(
                    "device_add", emulation.deviceAdd(state.id(), state.asked().slot()));
            return Optional.empty();
        } catch (QmpException refused) {
            if (hasDisk(qmp, state.id())) qmp.execute("blockdev-del", Map.of("node-name", state.id()));
            home.forget(state);
            return Optional.of(new Result.Failed("QEMU refuses " + state.part() + ": " + refused.getMessage()));
        }
    }

    private Result awaitSeen(MachineHome home, Qmp qmp, long pid, DeviceState state, Emulation emulation)
            throws IOException {
        var seen = new ArrayList<Map<String, String>>();
        Host.soon(host.settings().patience(), () -> {
            seenByGuest(home, qmp, pid, state.id()).ifPresent(seen::add);
            return !seen.isEmpty();
        });
        if (seen.isEmpty()) {
            var now = host.clock().instant();
            var limit = host.settings().plugLimit();
            if (state.plugged().orElse(now).plus(limit).isBefore(now))
                return new Result.Failed(
                        "the guest did not see " + state.part() + " within " + limit.toSeconds() + " s");
            return new Result.Later("waiting for the guest to see " + state.part());
        }
        var facts = new TreeMap<>(seen.getFirst());
        facts.put("stands.for", state.asked().type() + " " + state.asked().model());
        facts.put("emulated.by", emulation.driver());
        facts.put("passthrough", String.valueOf(emulation.passthrough()));
        facts.put("host.bdf", state.asked().bdf());
        if (emulation.disk()) facts.put("disk", host.settings().deviceDiskMib() + " MiB");
        if (emulation.arguments().containsKey("mac"))
            facts.put("mac", emulation.arguments().get("mac"));
        var told = Map.copyOf(facts);
        if (!state.facts().equals(told)) home.write(state.seenWith(told));
        return new Result.Done(told);
    }

    /// What the guest's own listing says of the function that QEMU has under `id`; empty until it lists it.
    private Optional<Map<String, String>> seenByGuest(MachineHome home, Qmp qmp, long pid, String id)
            throws IOException {
        var address = addressOf(qmp.execute("query-pci", Map.of()), id);
        if (address.isEmpty()) return Optional.empty();
        return listing(home, pid).stream()
                .map(line -> line.split(" ", 5))
                .filter(words -> words.length >= 4 && words[0].equals(address.get()))
                .findFirst()
                .map(words -> Map.of(
                        "guest.bdf",
                        words[0],
                        "guest.id",
                        words[1],
                        "guest.class",
                        words[2],
                        "guest.driver",
                        words[3]));
    }

    /// The PCI functions as the guest itself lists them: address, vendor and device, class, driver or `-`, kind in
    /// words. Empty if the guest does not answer in time.
    List<String> listing(MachineHome home, long pid) {
        var tag = Long.toString(host.clock().millis(), 36) + "-" + questions.incrementAndGet();
        try {
            return GuestConsole.ask(
                    home.socket(MachineHome.CONSOLE, pid),
                    "pci",
                    tag,
                    host.settings().patience());
        } catch (IOException _) {
            return List.of();
        }
    }

    /// The address under which the guest's firmware or kernel has put a device, from the answer to `query-pci`.
    static Optional<String> addressOf(JsonNode buses, String id) {
        for (var bus : buses) {
            var found = addressAmong(bus.path("devices"), id);
            if (found.isPresent()) return found;
        }
        return Optional.empty();
    }

    private static Optional<String> addressAmong(JsonNode devices, String id) {
        for (var device : devices) {
            if (device.path("qdev_id").asString("").equals(id))
                return Optional.of(PciAddress.of(
                        device.path("bus").asInt(0),
                        device.path("slot").asInt(0),
                        device.path("function").asInt(0)));
            var behind = addressAmong(device.path("pci_bridge").path("devices"), id);
            if (behind.isPresent()) return behind;
        }
        return Optional.empty();
    }

    private static boolean isPlugged(Qmp qmp, String id) throws IOException {
        return has(qmp.execute("qom-list", Map.of("path", "/machine/peripheral")), "name", id);
    }

    private static boolean hasDisk(Qmp qmp, String id) throws IOException {
        return has(qmp.execute("query-named-block-nodes", Map.of("flat", true)), "node-name", id);
    }

    private static boolean has(JsonNode list, String field, String value) {
        for (var entry : list) if (entry.path(field).asString("").equals(value)) return true;
        return false;
    }

    Observed observe(Key key) {
        var home = host.home(key.lease());
        var known = home.device(key.part());
        if (known.isEmpty()) return new Observed.Absent();
        var state = known.get();
        var facts = new TreeMap<>(state.facts());
        var process = home.process();
        if (process.isEmpty()) {
            facts.put("state", "the machine does not run");
            return new Observed.Present(false, Map.copyOf(facts));
        }
        boolean healthy = false;
        try (var qmp = Qmp.open(home.socket(MachineHome.QMP, process.get()), Qmp.PATIENCE)) {
            boolean plugged = isPlugged(qmp, state.id());
            healthy = plugged && !state.facts().isEmpty() && state.unplugging().isEmpty();
            facts.put(
                    "state",
                    healthy
                            ? "attached"
                            : state.unplugging().isPresent() ? "detaching" : plugged ? "attaching" : "not attached");
        } catch (IOException e) {
            facts.put("state", "QEMU does not answer: " + e.getMessage());
        }
        return new Observed.Present(healthy, Map.copyOf(facts));
    }

    /// Asks the guest to let the device go. QEMU's answer means only that the guest was asked; the event says that
    /// it has.
    Result remove(Key key) throws IOException {
        var home = host.home(key.lease());
        var known = home.device(key.part());
        if (known.isEmpty()) return new Result.Done(Map.of());
        var state = known.get();
        var process = home.process();
        if (process.isPresent()) {
            try (var qmp = Qmp.open(home.socket(MachineHome.QMP, process.get()), Qmp.PATIENCE)) {
                if (isPlugged(qmp, state.id())) {
                    if (state.unplugging().isEmpty()) {
                        state = state.unpluggingSince(host.clock().instant());
                        home.write(state);
                    }
                    if (!letGo(qmp, state.id())) return notLetGo(state);
                }
                if (hasDisk(qmp, state.id())) qmp.execute("blockdev-del", Map.of("node-name", state.id()));
            }
        }
        home.forget(state);
        return new Result.Done(Map.of());
    }

    private boolean letGo(Qmp qmp, String id) throws IOException {
        try {
            qmp.execute("device_del", Map.of("id", id));
        } catch (QmpException refused) {
            // Gone meanwhile, or the guest was asked before and has not answered yet: the event will tell.
            if (refused.kind().equals("DeviceNotFound")) return true;
        }
        var deleted = qmp.await(
                event -> event.name().equals("DEVICE_DELETED")
                        && event.data().path("device").asString("").equals(id),
                host.settings().patience());
        return deleted.isPresent() || !isPlugged(qmp, id);
    }

    private Result notLetGo(DeviceState state) {
        var limit = host.settings().plugLimit();
        var now = host.clock().instant();
        if (state.unplugging().orElse(now).plus(limit).isBefore(now))
            return new Result.Failed("the guest has not let go of " + state.part() + " within " + limit.toSeconds()
                    + " s; ask again, or remove the machine");
        return new Result.Later("waiting for the guest to let go of " + state.part());
    }
}
