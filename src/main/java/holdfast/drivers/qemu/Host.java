package holdfast.drivers.qemu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Where the guests live and how they are run: what machines and devices have in common.
///
/// @param machines directory with one directory per machine
/// @param site in the name of each of our processes; made from the directory, so that two data directories on one host
///     do not meet
record Host(Path machines, String site, Substrate.Ready substrate, QemuSettings settings, InstantSource clock) {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(25);

    static Host at(Path data, Substrate.Ready substrate, QemuSettings settings, InstantSource clock)
            throws IOException {
        var machines = Files.createDirectories(data.resolve("machines")).toRealPath();
        return new Host(machines, MachineHome.digest(machines.toString(), 4), substrate, settings, clock);
    }

    MachineHome home(String lease) {
        return new MachineHome(machines, site, lease);
    }

    /// The leases of which there is a directory.
    List<String> leases() throws IOException {
        var leases = new ArrayList<String>();
        try (Stream<Path> entries = Files.list(machines)) {
            entries.map(entry -> entry.getFileName().toString()).sorted().forEach(leases::add);
        }
        return leases;
    }

    /// Every lease of which something is here.
    Set<String> all() throws IOException {
        var all = new LinkedHashSet<>(leases());
        all.addAll(running());
        return all;
    }

    /// The leases of which a process runs.
    List<String> running() {
        var start = "holdfast-" + site + "-";
        return GuestProcess.all(start).stream()
                .map(process -> process.name().substring(start.length()))
                .toList();
    }

    /// Something to look at.
    interface Check {
        boolean holds() throws IOException;
    }

    /// Looks until `check` holds, for about the `limit`: rounds are counted, as the clock that we have may be a
    /// simulated one.
    static boolean soon(Duration limit, Check check) throws IOException {
        for (long rounds = limit.dividedBy(LOOK_AGAIN); !check.holds(); rounds--) {
            if (rounds <= 0) return false;
            try {
                Thread.sleep(LOOK_AGAIN);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }
}
