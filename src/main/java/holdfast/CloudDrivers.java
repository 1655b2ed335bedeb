package holdfast;

import holdfast.authority.Cloud;
import holdfast.authority.Provider;
import holdfast.drivers.deltacloud.Deltacloud;
import holdfast.drivers.holdfast.HoldfastPeer;
import holdfast.drivers.openstack.Limits;
import holdfast.drivers.openstack.OpenStack;
import holdfast.drivers.qemu.QemuCloud;
import holdfast.drivers.simulated.CloudPlan;
import holdfast.drivers.simulated.SimulatedCloud;
import holdfast.platform.KeystoneCredentials;
import holdfast.platform.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;

/// What speaks to the clouds of provider accounts.
final class CloudDrivers {
    private final Path data;
    private final Settings settings;
    private final GuestHost guests;

    /// @param data the data directory
    CloudDrivers(Path data, Settings settings, GuestHost guests) {
        this.data = data;
        this.settings = settings;
        this.guests = guests;
    }

    /// @param provider its record
    Cloud open(UUID provider, Provider.Account account, Optional<String> password) {
        return switch (account.driver()) {
            case "simulated" -> {
                var file = simulated().resolve(provider + ".json");
                yield new SimulatedCloud(CloudPlan.SMALL, InstantSource.system(), password, Optional.of(file));
            }
            case "qemu" ->
                new QemuCloud(
                        data.resolve("accounts").resolve(provider.toString()),
                        guests::substrate,
                        settings.qemuSettings(),
                        InstantSource.system());
            case "openstack" ->
                new OpenStack(
                        provider,
                        new holdfast.drivers.openstack.Account(
                                new KeystoneCredentials(
                                        URI.create(account.endpoint()),
                                        account.username(),
                                        account.userDomain(),
                                        password.orElse(""),
                                        account.project(),
                                        account.projectDomain()),
                                account.region()),
                        Limits.STANDARD,
                        InstantSource.system());
            case "deltacloud" -> deltacloud(provider, account, password, holdfast.drivers.deltacloud.Limits.STANDARD);
            case "holdfast" ->
                new HoldfastPeer(
                        provider,
                        new holdfast.drivers.holdfast.Account(
                                URI.create(account.endpoint()), account.username(), password.orElse("")),
                        HoldfastPeer.LAPSE,
                        InstantSource.system());
            default -> throw new IllegalStateException("no driver is called " + account.driver());
        };
    }

    /// One that is reached through a Deltacloud server.
    static Cloud deltacloud(
            UUID provider,
            Provider.Account account,
            Optional<String> password,
            holdfast.drivers.deltacloud.Limits limits) {
        var behind = account.behind().orElseThrow();
        return new Deltacloud(
                provider,
                new holdfast.drivers.deltacloud.Account(
                        URI.create(account.endpoint()),
                        behind.driver(),
                        account.region(),
                        account.username(),
                        password.orElse(""),
                        behind.destroys(),
                        behind.rewriteHosts()),
                limits,
                InstantSource.system());
    }

    /// Where simulated clouds are kept, in the data directory unless it is an absolute path.
    private Path simulated() {
        var name = settings.simulated().flatMap(Settings.Simulated::directory).orElse("clouds");
        var directory = data.resolve(name);
        try {
            PrivateFiles.makeDirectory(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("no directory " + directory + ": " + e.getMessage(), e);
        }
        return directory;
    }
}
