package holdfast;

import holdfast.authority.Driver;
import holdfast.drivers.qemu.QemuDriver;
import holdfast.drivers.qemu.Substrate;
import holdfast.drivers.simulated.SimulatedDriver;
import holdfast.drivers.simulated.SimulatedSettings;
import holdfast.drivers.simulated.SimulatedSettings.Latency;
import holdfast.platform.CannotStartException;
import holdfast.platform.PrivateFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.SplittableRandom;

/// Which driver serves a site; the host is looked at once, and only if some site wants real machines.
final class SiteDrivers {
    private final Path data;
    private final Settings settings;
    private final GuestHost guests;

    /// @param data the data directory
    SiteDrivers(Path data, Settings settings, GuestHost guests) {
        this.data = data;
        this.settings = settings;
        this.guests = guests;
    }

    /// @throws CannotStartException with what to do about it
    Driver driver(Sites.Known site) {
        return switch (site.driver()) {
            case "simulated" -> simulated(site);
            case "qemu" ->
                switch (guests.substrate()) {
                    case Substrate.Ready ready -> qemu(site, ready);
                    case Substrate.Unusable(var missing, var wayOut) ->
                        throw new CannotStartException(
                                site.authority() + " wants QEMU, but " + String.join(", ", missing) + "; " + wayOut);
                };
            case "auto" ->
                switch (guests.substrate()) {
                    case Substrate.Ready ready -> qemu(site, ready);
                    case Substrate.Unusable _ -> simulated(site);
                };
            default ->
                throw new CannotStartException("the driver of " + site.authority() + " is " + site.driver()
                        + "; there are: qemu, simulated, auto");
        };
    }

    private Driver qemu(Sites.Known site, Substrate.Ready ready) {
        try {
            return new QemuDriver(
                    data.resolve("hosts").resolve(site.authority()),
                    ready,
                    settings.qemuSettings(),
                    InstantSource.system());
        } catch (IOException e) {
            throw new CannotStartException(
                    "no directory for the machines of " + site.authority() + ": " + e.getMessage(), e);
        }
    }

    private Driver simulated(Sites.Known site) {
        var latencies = settings.simulated();
        var machine = Duration.ofMillis(
                latencies.flatMap(Settings.Simulated::machineMillis).orElse(0));
        var hosts =
                latencies.flatMap(Settings.Simulated::directory).map(Path::of).orElse(data.resolve("hosts"));
        try {
            PrivateFiles.makeDirectory(hosts);
        } catch (IOException e) {
            throw new CannotStartException(
                    "no directory for the machines of " + site.authority() + ": " + e.getMessage(), e);
        }
        var device = Duration.ofMillis(
                latencies.flatMap(Settings.Simulated::deviceMillis).orElse(0));
        return new SimulatedDriver(
                SimulatedSettings.PERFECT
                        .withLatency(Latency.of(machine), Latency.of(device), Latency.NONE)
                        .in(hosts.resolve(site.authority() + ".json")),
                InstantSource.system(),
                new SplittableRandom());
    }
}
