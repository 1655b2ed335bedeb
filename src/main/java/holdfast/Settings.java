package holdfast;

import holdfast.api.KeystoneAccount;
import holdfast.drivers.qemu.QemuSettings;
import holdfast.orchestrator.Orchestrator;
import holdfast.platform.CallbackPolicy;
import holdfast.platform.CannotStartException;
import holdfast.platform.KeystoneCredentials;
import holdfast.platform.ParseFault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// What an operator may set in a file: `holdfast up --config FILE`. Every part may be left out.
///
/// @param bind address to listen on; `127.0.0.1` unless said otherwise
/// @param trustedProxies addresses of proxies whose headers `X-Forwarded-...` count; none unless said otherwise
public record Settings(
        Optional<String> bind,
        Optional<Set<String>> trustedProxies,
        Optional<Slices> slices,
        Optional<Qemu> qemu,
        Optional<Simulated> simulated,
        Optional<Identity> identity,
        Optional<Callbacks> callbacks,
        Optional<FederationSettings> federation,
        Optional<List<ClusterSettings>> clusters) {

    /// @param answerMinutes how long broker and authorities may take before a slice is given up, at least 1
    /// @param longestDays the longest term, 1 to 366
    public record Slices(Optional<Integer> answerMinutes, Optional<Integer> longestDays) {}

    /// @param passthrough PCI addresses of this host that are bound to `vfio-pci` and go into guests as they are
    /// @param memoryMib most memory of one guest in MiB, at least 80
    /// @param machines most guests at a time, at least 1
    public record Qemu(Optional<Set<String>> passthrough, Optional<Integer> memoryMib, Optional<Integer> machines) {}

    /// @param machineMillis how long a simulated machine takes to come up
    /// @param deviceMillis how long a simulated device takes to be attached
    /// @param directory where the simulated hosts and clouds are kept; `hosts` and `clouds` in the data directory
    ///     unless said otherwise. Servers that share a database must name the same one, because any of them may run
    ///     any step
    public record Simulated(
            Optional<Integer> machineMillis, Optional<Integer> deviceMillis, Optional<String> directory) {}

    /// A Keystone whose tokens count as well.
    ///
    /// @param keystone where it is, by `http` or `https`
    /// @param username who we are there: one that may validate tokens
    /// @param password from the environment, variable `HOLDFAST_KEYSTONE_PASSWORD`, unless said here
    /// @param userDomain `Default` unless said otherwise
    /// @param projectDomain as `userDomain`
    /// @param adminRoles `admin` unless said otherwise
    /// @param readerRoles `reader` unless said otherwise
    public record Identity(
            Optional<String> keystone,
            Optional<String> username,
            Optional<String> password,
            Optional<String> userDomain,
            Optional<String> project,
            Optional<String> projectDomain,
            Optional<Set<String>> adminRoles,
            Optional<Set<String>> readerRoles) {
        private static final String PASSWORD = "HOLDFAST_KEYSTONE_PASSWORD";
        private static final String DOMAIN = "Default";

        /// @throws CannotStartException if something is missing or wrong
        KeystoneAccount account(Map<String, String> environment) {
            return new KeystoneAccount(
                    new KeystoneCredentials(
                            url(needed("keystone", keystone, "")),
                            needed("username", username, ""),
                            userDomain.orElse(DOMAIN),
                            needed(
                                    "password",
                                    password.or(() -> Optional.ofNullable(environment.get(PASSWORD))),
                                    " and so is the environment variable " + PASSWORD),
                            needed("project", project, ""),
                            projectDomain.orElse(DOMAIN)),
                    adminRoles.orElse(Set.of("admin")),
                    readerRoles.orElse(Set.of("reader")));
        }

        private static String needed(String name, Optional<String> value, String more) {
            return value.filter(text -> !text.isBlank())
                    .orElseThrow(() -> new CannotStartException("identity." + name + " is missing in the settings file"
                            + more + "; needed are keystone, username, password and project"));
        }

        private static URI url(String text) {
            try {
                var url = new URI(text);
                if (url.getHost() != null && Set.of("http", "https").contains(url.getScheme())) {
                    return url;
                }
            } catch (URISyntaxException _) {
                // told below
            }
            throw new CannotStartException("identity.keystone in the settings file is '" + text
                    + "', which is no address of http or https, such as https://keystone.example:5000/v3");
        }

        /// Without the password.
        @Override
        public String toString() {
            return username.orElse("nobody") + " at " + keystone.orElse("nowhere");
        }
    }

    /// Where users may have notices posted.
    ///
    /// @param allow addresses, or blocks of them such as `127.0.0.0/8`, that are open though they are closed
    ///     otherwise
    public record Callbacks(Optional<Set<String>> allow) {}

    private static final Settings STANDARD = new Settings(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /// @throws CannotStartException if the file cannot be read, or says something that does not exist
    public static Settings read(Optional<Path> file) {
        if (file.isEmpty()) {
            return STANDARD;
        }
        var mapper = YAMLMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
        try {
            var read = mapper.readValue(Files.readString(file.get()), Settings.class);
            return read == null ? STANDARD : read;
        } catch (IOException e) {
            throw new CannotStartException("the settings file " + file.get() + " cannot be read: " + e.getMessage(), e);
        } catch (UnrecognizedPropertyException e) {
            throw new CannotStartException(
                    "the settings file " + file.get() + " is not right: there is no " + e.getPropertyName()
                            + where(e.getPath()) + "; known are: "
                            + e.getKnownPropertyIds().stream()
                                    .map(String::valueOf)
                                    .sorted()
                                    .collect(Collectors.joining(", ")),
                    e);
        } catch (JacksonException e) {
            throw new CannotStartException(
                    "the settings file " + file.get() + " is not right: " + ParseFault.words(e), e);
        }
    }

    /// ` in slices`, if a path to a field leads there.
    private static String where(List<JacksonException.Reference> path) {
        var outer = path.stream()
                .limit(Math.max(0, path.size() - 1))
                .map(JacksonException.Reference::getPropertyName)
                .collect(Collectors.joining("."));
        return outer.isEmpty() ? "" : " in " + outer;
    }

    /// The addresses of trusted proxies.
    ///
    /// @throws CannotStartException if one is no IP address
    Set<InetAddress> proxies() {
        return trustedProxies.orElse(Set.of()).stream().map(Settings::proxy).collect(Collectors.toUnmodifiableSet());
    }

    private static InetAddress proxy(String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw new CannotStartException(
                    "trustedProxies in the settings file holds '" + text + "', which is no IP address; list single"
                            + " addresses such as 10.0.0.1 or 2001:db8::1, no names and no ranges",
                    e);
        }
    }

    /// Where callbacks may go.
    ///
    /// @throws CannotStartException if what is to be open is no address
    CallbackPolicy callbackPolicy() {
        try {
            return CallbackPolicy.opening(callbacks.flatMap(Callbacks::allow).orElse(Set.of()));
        } catch (IllegalArgumentException e) {
            throw new CannotStartException(
                    "callbacks.allow in the settings file holds '" + e.getMessage() + "', which is no IP address and no"
                            + " block of them; list such as 127.0.0.1, 127.0.0.0/8 or fd00::/8, and no names",
                    e);
        }
    }

    /// Where other domains may be called. What only this machine reaches trades with nodes on this machine.
    ///
    /// @throws CannotStartException if what is to be open is no address
    CallbackPolicy peersPolicy() {
        boolean alone = federation.filter(FederationSettings::isLoopback).isPresent();
        return alone ? callbackPolicy().and("127.0.0.0/8", "::1") : callbackPolicy();
    }

    Orchestrator.Settings orchestrator() {
        var standard = Orchestrator.Settings.standard();
        return new Orchestrator.Settings(
                slices.flatMap(Slices::answerMinutes).map(Duration::ofMinutes).orElse(standard.answerLimit()),
                standard.acquireLimit(),
                slices.flatMap(Slices::longestDays).map(Duration::ofDays).orElse(standard.longestTerm()),
                standard.skew());
    }

    QemuSettings qemuSettings() {
        var settings = QemuSettings.TRIAL;
        settings = settings.withPassthrough(qemu.flatMap(Qemu::passthrough).orElse(Set.of()));
        settings = qemu.flatMap(Qemu::memoryMib).map(settings::withMemoryMib).orElse(settings);
        return qemu.flatMap(Qemu::machines).map(settings::withMaxMachines).orElse(settings);
    }
}
