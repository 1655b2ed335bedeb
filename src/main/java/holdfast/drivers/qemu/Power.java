package holdfast.drivers.qemu;

import holdfast.authority.Driver.Result;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Switches machines on and off that stay when they do not run. The caller has the machine's turn.
///
/// What it remembers is of no consequence: after a restart of ours a guest is asked once more, or restarted twice.
final class Power {
    private static final Duration TO_ANSWER = Duration.ofMillis(500);
    /// How long a guest may take to switch itself off before it is cut off.
    private static final Duration FAREWELL = Duration.ofSeconds(10);

    private final Host host;
    private final Machines machines;
    private final Map<String, Instant> asked = new ConcurrentHashMap<>();
    private final Set<String> restarting = ConcurrentHashMap.newKeySet();

    Power(Host host, Machines machines) {
        this.host = host;
        this.machines = machines;
    }

    /// How a machine is, in the words that instances are told in.
    enum State {
        PENDING,
        RUNNING,
        STOPPED,
        ERROR
    }

    /// Empty if nothing that is written down is there.
    Optional<State> state(String lease) throws IOException {
        var home = host.home(lease);
        var known = home.state();
        return known.isEmpty() ? Optional.empty() : Optional.of(state(home, known.get()));
    }

    private static State state(MachineHome home, MachineState state) throws IOException {
        boolean booted = state.ready().isPresent() || home.saidReady();
        if (home.process().isPresent()) return booted ? State.RUNNING : State.PENDING;
        if (state.started().isEmpty()) return state.starts() == 0 ? State.PENDING : State.STOPPED;
        return booted ? State.STOPPED : State.ERROR; // it may have switched itself off
    }

    /// Starts one that is there.
    Result on(String lease) throws IOException {
        var state = host.home(lease).state().orElseThrow(() -> new IOException("nothing is written down about it"));
        return machines.ensure(
                lease, state.asked(), new Machines.Given(state.memoryMib(), state.cores(), state.diskMib()));
    }

    /// Asks the guest to switch itself off, and cuts it off if it does not.
    Result off(String lease) throws IOException {
        var home = host.home(lease);
        var process = home.process();
        if (process.isPresent() && !isOff(home, lease, process.get()))
            return new Result.Later("waiting for the guest to switch itself off");
        asked.remove(lease);
        var state = home.state();
        if (state.isPresent()) home.write(state.get().stopped());
        return new Result.Done(Map.of());
    }

    private boolean isOff(MachineHome home, String lease, long pid) throws IOException {
        var now = host.clock().instant();
        var since = asked.putIfAbsent(lease, now);
        if (since == null) ask(home, pid);
        if (Host.soon(host.settings().patience(), () -> home.process().isEmpty())) return true;
        return since != null && since.plus(FAREWELL).isBefore(now) && Machines.ended(home, pid);
    }

    /// One that does not listen is cut off later.
    private static void ask(MachineHome home, long pid) {
        try {
            GuestConsole.ask(home.socket(MachineHome.CONSOLE, pid), "off", "now", TO_ANSWER);
        } catch (IOException _) {
            // it is busy, or boots
        }
    }

    /// Off and on again; to be asked for until it is done.
    Result restart(String lease) throws IOException {
        if (!restarting.contains(lease)) {
            if (off(lease) instanceof Result.Later later) return later;
            restarting.add(lease);
        }
        var result = on(lease);
        if (!(result instanceof Result.Later)) restarting.remove(lease);
        return result;
    }

    /// It is gone.
    void forget(String lease) {
        asked.remove(lease);
        restarting.remove(lease);
    }
}
