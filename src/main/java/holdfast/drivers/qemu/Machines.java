package holdfast.drivers.qemu;

import holdfast.authority.Driver.Observed;
import holdfast.authority.Driver.Result;
import holdfast.authority.Driver.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/// Makes, watches and ends whole machines. The caller holds the machine's lock.
final class Machines {
    /// To be asked to quit; who does not hear it is sent a signal.
    private static final Duration TO_QUIT = Duration.ofMillis(500);

    private static final Duration END_PATIENCE = Duration.ofMillis(400);

    /// Room that must stay free on the data directory's file system.
    private static final long SPARE_BYTES = 64L << 20;

    private final Host host;

    /// Held while counting machines and making the directory of one more.
    private final ReentrantLock admission = new ReentrantLock();

    Machines(Host host) {
        this.host = host;
    }

    /// What a machine gets.
    ///
    /// @param diskMib 0 = no root disk
    record Given(int memoryMib, int cores, long diskMib) {}

    /// Who asks for more than a guest gets on this host gets what there is.
    Result ensure(String lease, Spec.Machine asked) throws IOException {
        var settings = host.settings();
        return ensure(
                lease,
                asked,
                new Given(
                        (int) Math.min(asked.ramGb() * 1024L, settings.memoryMib()),
                        Math.min(asked.core(), settings.cores()),
                        Math.min(asked.diskGb() * 1024L, settings.rootDiskMib())));
    }

    Result ensure(String lease, Spec.Machine asked, Given given) throws IOException {
        var home = host.home(lease);
        var known = home.state();
        if (known.isEmpty()) {
            if (home.process().isPresent())
                return new Result.Failed(
                        "a guest of this lease runs of which nothing is written down; remove it first");
            home.delete(); // half-made before a crash, with nothing running
            var refusal = admit(home, asked);
            if (refusal.isPresent()) return new Result.Failed(refusal.get());
            return start(home, write(home, asked, given));
        }
        var state = known.get();
        if (!sameShape(state.asked(), asked))
            return new Result.Failed("the machine exists with " + shape(state.asked()) + " but " + shape(asked)
                    + " are asked; remove it first, QEMU guests do not change their shape");
        if (home.process().isPresent()) {
            if (state.started().isEmpty()) {
                // We ended between the start of QEMU and the note of it.
                state = state.startedAt(host.clock().instant());
                home.write(state);
            }
            return awaitReady(home, state);
        }
        if (state.started().isPresent() && state.ready().isEmpty() && !home.saidReady()) return died(home);
        return start(home, state);
    }

    /// Why one more machine cannot be; makes its directory if it can.
    private Optional<String> admit(MachineHome home, Spec.Machine asked) throws IOException {
        if (asked.core() < 1 || asked.ramGb() < 1 || asked.diskGb() < 0)
            return Optional.of(
                    "a machine with " + shape(asked) + " cannot be: core and RAM are at least 1, disk at least 0");
        if (asked.slots() < 0 || asked.slots() > CommandLine.MOST_SLOTS)
            return Optional.of("a machine has 0.." + CommandLine.MOST_SLOTS + " device slots, not " + asked.slots());
        admission.lock();
        try {
            int most = host.settings().maxMachines();
            if (host.leases().size() >= most)
                return Optional.of("this host already runs " + most
                        + " machines, its limit (setting maxMachines); end one or raise the limit");
            long free = Files.getFileStore(host.machines()).getUsableSpace();
            if (free < SPARE_BYTES)
                return Optional.of(
                        "only " + (free >> 20) + " MiB are free in " + host.machines() + "; free some space");
            Files.createDirectory(home.directory());
            return Optional.empty();
        } finally {
            admission.unlock();
        }
    }

    private MachineState write(MachineHome home, Spec.Machine asked, Given given) throws IOException {
        var name = asked.image().orElse("none");
        var state = new MachineState(
                asked,
                given.memoryMib(),
                given.cores(),
                given.diskMib(),
                host.settings().images().containsKey(name) ? name : "tiny guest, stands for " + name,
                Optional.empty(),
                Optional.empty(),
                0);
        home.write(state);
        return state;
    }

    private Result start(MachineHome home, MachineState state) throws IOException {
        var confinement = prepareRun(home, state);
        var words = new ArrayList<>(confinement.prefix());
        words.addAll(CommandLine.of(
                host.substrate().qemu(), home.processName(), host.substrate().accelerator(), state));
        var errors = home.run().resolve(MachineHome.ERRORS).toFile();
        var process = new ProcessBuilder(words)
                .directory(home.run().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(errors)
                .redirectErrorStream(true)
                .start();
        home.writeProcess(process.pid());
        var started = state.startedAt(host.clock().instant());
        home.write(started);
        var listens = Host.soon(
                host.settings().patience(),
                () -> !process.isAlive() || Files.exists(home.run().resolve(MachineHome.CONSOLE)));
        if (!process.isAlive()) return died(home);
        return listens ? awaitReady(home, started) : new Result.Later("waiting for QEMU to start");
    }

    /// What QEMU finds in its working directory. Left over from an earlier start: everything but the disks goes.
    private Confinement prepareRun(MachineHome home, MachineState state) throws IOException {
        var confinement = Confinement.of(
                home.directory().getFileName().toString(),
                host.settings(),
                host.substrate().accelerator());
        var run = Files.createDirectories(home.run());
        for (var name : new String[] {
            MachineHome.QMP,
            MachineHome.CONSOLE,
            MachineHome.CONSOLE_LOG,
            MachineHome.ERRORS,
            MachineHome.KERNEL,
            MachineHome.INITRD
        }) Files.deleteIfExists(run.resolve(name));
        var image = state.asked()
                .image()
                .flatMap(name -> Optional.ofNullable(host.settings().images().get(name)));
        var guest = image.orElse(host.substrate().guest());
        link(guest.kernel(), run.resolve(MachineHome.KERNEL));
        link(guest.initrd(), run.resolve(MachineHome.INITRD));
        if (state.diskMib() > 0) home.makeDisk(MachineHome.ROOT_DISK, state.diskMib(), confinement);
        confinement.give(run);
        return confinement;
    }

    private static void link(Path file, Path name) throws IOException {
        try {
            Files.createLink(name, file);
        } catch (IOException | UnsupportedOperationException _) {
            Files.copy(file, name); // on another file system, or forbidden
        }
    }

    private Result awaitReady(MachineHome home, MachineState state) throws IOException {
        if (state.ready().isPresent()) return new Result.Done(facts(home, state));
        boolean up = Host.soon(
                host.settings().patience(),
                () -> home.saidReady() || home.process().isEmpty());
        if (home.process().isEmpty()) return died(home);
        var now = host.clock().instant();
        if (up) {
            var ready = state.readyAt(now);
            home.write(ready);
            return new Result.Done(facts(home, ready));
        }
        var limit = host.settings().bootLimit();
        if (state.started().orElse(now).plus(limit).isBefore(now))
            return new Result.Failed("the guest was not up within " + limit.toSeconds() + " s; its console ends with: "
                    + orSilence(home.lastLines(MachineHome.CONSOLE_LOG)));
        return new Result.Later("waiting for the guest to boot");
    }

    private static Result died(MachineHome home) throws IOException {
        return new Result.Failed("QEMU ended before the guest was up: " + orSilence(home.lastLines(MachineHome.ERRORS))
                + "; its console: " + orSilence(home.lastLines(MachineHome.CONSOLE_LOG)));
    }

    private static String orSilence(String words) {
        return words.isEmpty() ? "(nothing)" : words;
    }

    Observed observe(String lease) throws IOException {
        var home = host.home(lease);
        var process = home.process();
        if (!home.exists() && process.isEmpty()) return new Observed.Absent();
        var state = home.state();
        if (state.isEmpty())
            return new Observed.Present(false, Map.of("state", process.isPresent() ? "unknown guest" : "half made"));
        var facts = new TreeMap<>(facts(home, state.get()));
        var condition = condition(home, state.get(), process);
        facts.put("state", condition);
        return new Observed.Present(condition.equals("running"), Map.copyOf(facts));
    }

    private static String condition(MachineHome home, MachineState state, Optional<Long> process) throws IOException {
        if (process.isEmpty()) return state.started().isEmpty() ? "not started" : "QEMU has ended";
        if (state.ready().isEmpty() && !home.saidReady()) return "booting";
        try (var qmp = Qmp.open(home.socket(MachineHome.QMP, process.get()), Qmp.PATIENCE)) {
            return qmp.execute("query-status", Map.of()).path("status").asString("unknown");
        } catch (IOException e) {
            return "QEMU does not answer: " + e.getMessage();
        }
    }

    /// Ends the guest: asks QEMU to quit, then signals, only to a process proved to be ours.
    Result remove(String lease) throws IOException {
        var home = host.home(lease);
        var process = home.process();
        if (process.isPresent() && !ended(home, process.get())) return new Result.Later("waiting for QEMU to end");
        home.delete();
        return new Result.Done(Map.of());
    }

    /// Whether the process is gone, which is made sure of.
    static boolean ended(MachineHome home, long pid) throws IOException {
        // The handle remembers when the process began, so a later one with the same number is never signalled.
        var handle = ProcessHandle.of(pid);
        Host.Check gone = () -> !GuestProcess.nameOf(pid).equals(Optional.of(home.processName()));
        if (handle.isEmpty() || gone.holds()) return true;
        try (var qmp = Qmp.open(home.socket(MachineHome.QMP, pid), TO_QUIT)) {
            qmp.execute("quit", Map.of());
        } catch (IOException _) {
            handle.get().destroy();
        }
        if (Host.soon(END_PATIENCE, gone)) return true;
        handle.get().destroyForcibly();
        return Host.soon(END_PATIENCE, gone);
    }

    private Map<String, String> facts(MachineHome home, MachineState state) throws IOException {
        var asked = state.asked();
        var facts = new TreeMap<String, String>();
        home.process().ifPresent(pid -> {
            facts.put("pid", String.valueOf(pid));
            facts.putAll(UserNetwork.facts(home.processName(), pid));
        });
        facts.put("console", home.run().resolve(MachineHome.CONSOLE).toString());
        facts.put("console.log", home.run().resolve(MachineHome.CONSOLE_LOG).toString());
        facts.put("accelerator", host.substrate().accelerator());
        facts.put("hypervisor", "QEMU " + host.substrate().version());
        facts.put("image", state.image());
        facts.put("memory", state.memoryMib() + " MiB of the " + asked.ramGb() + " GB asked");
        facts.put("cores", state.cores() + " of the " + asked.core() + " asked");
        facts.put("disk", state.diskMib() + " MiB of the " + asked.diskGb() + " GB asked");
        facts.put("starts", String.valueOf(state.starts()));
        int user = Confinement.of(
                        home.directory().getFileName().toString(),
                        host.settings(),
                        host.substrate().accelerator())
                .user();
        facts.put("confined", user < 0 ? "sandbox" : "sandbox, user " + user);
        state.started()
                .ifPresent(started -> state.ready()
                        .ifPresent(ready -> facts.put(
                                "boot.ms",
                                String.valueOf(Duration.between(started, ready).toMillis()))));
        return Map.copyOf(facts);
    }

    private static boolean sameShape(Spec.Machine one, Spec.Machine other) {
        return one.core() == other.core()
                && one.ramGb() == other.ramGb()
                && one.diskGb() == other.diskGb()
                && one.slots() >= other.slots()
                && one.image().equals(other.image());
    }

    private static String shape(Spec.Machine machine) {
        return machine.core() + " cores, " + machine.ramGb() + " GB RAM, " + machine.diskGb() + " GB disk, "
                + machine.slots() + " slots, image " + machine.image().orElse("none");
    }
}
