package holdfast.cli;

import holdfast.platform.Json;
import holdfast.platform.KeystoneCredentials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// The file in which users of OpenStack keep who they are: `export OS_AUTH_URL=...` and so on.
record OpenRc(Map<String, String> settings) {
    private static final long LARGEST = 1 << 16;
    private static final String DOMAIN = "Default";
    private static final Pattern SETTING = Pattern.compile("\\b(OS_[A-Z_]{1,40})=(\"[^\"]*\"|'[^']*'|[^\\s\"']*)");

    /// @throws CliException if it cannot be read, or does not say who and where
    static OpenRc read(Path file) {
        try {
            if (Files.size(file) > LARGEST)
                throw new CliException(ExitCode.USAGE, file + " is too large to be a file of settings");
            var settings = new TreeMap<String, String>();
            var found = SETTING.matcher(Files.readString(file));
            while (found.find()) settings.put(found.group(1), found.group(2).replaceAll("^[\"']|[\"']$", ""));
            for (var needed : new String[] {"OS_AUTH_URL", "OS_USERNAME", "OS_PASSWORD", "OS_PROJECT_NAME"})
                if (settings.getOrDefault(needed, "").isEmpty())
                    throw new CliException(
                            ExitCode.USAGE,
                            file + " does not say " + needed,
                            "it is to have lines such as  export OS_AUTH_URL=https://cloud.example:5000/v3");
            return new OpenRc(settings);
        } catch (IOException e) {
            throw new CliException(ExitCode.USAGE, file + " cannot be read: " + e.getMessage());
        }
    }

    /// The account that a demo is to use: that of a file that is named, or else of the OpenStack of `openstack/up`,
    /// if it is up. Says which.
    ///
    /// @param simulated look for none
    /// @param named the file; if empty, the one in the directory that `HOLDFAST_OPENSTACK` names
    static Optional<OpenRc> find(Stage stage, boolean simulated, Optional<Path> named) {
        if (simulated) {
            stage.done("a simulated cloud, as you asked");
            return Optional.empty();
        }
        var wiring = stage.wiring;
        var file = named.orElseGet(() -> wiring.variable("HOLDFAST_OPENSTACK")
                .map(Path::of)
                .orElseGet(() -> wiring.home().resolve("var/openstack"))
                .resolve("openrc"));
        if (named.isPresent() || Files.isReadable(file)) {
            var account = read(file);
            if (named.isPresent() || listens(URI.create(account.endpoint()))) {
                stage.done("the OpenStack at " + account.endpoint() + ", as " + file + " says");
                return Optional.of(account);
            }
        }
        stage.print("no OpenStack is up here; to have one:  openstack/up");
        stage.print("to use another, name the file with its account:  --openrc FILE");
        stage.done("going on with a simulated cloud");
        return Optional.empty();
    }

    private static boolean listens(URI url) {
        try (var _ = new Socket(InetAddress.getByName(url.getHost()), url.getPort())) {
            return true;
        } catch (IOException | IllegalArgumentException _) {
            return false;
        }
    }

    /// Who we are there.
    KeystoneCredentials credentials() {
        return new KeystoneCredentials(
                URI.create(endpoint()),
                setting("OS_USERNAME", ""),
                setting("OS_USER_DOMAIN_NAME", DOMAIN),
                setting("OS_PASSWORD", ""),
                setting("OS_PROJECT_NAME", ""),
                setting("OS_PROJECT_DOMAIN_NAME", DOMAIN));
    }

    private String setting(String name, String usual) {
        return settings.getOrDefault(name, usual);
    }

    Optional<String> region() {
        return Optional.of(setting("OS_REGION_NAME", "")).filter(name -> !name.isEmpty());
    }

    /// Where its identity service is.
    String endpoint() {
        return settings.getOrDefault("OS_AUTH_URL", "");
    }

    /// The request that adds the account as a provider.
    ObjectNode provider(String name) {
        var body = Json.object().put("name", name).put("driver", "openstack").put("endpoint", endpoint());
        put(body, "username", "OS_USERNAME");
        put(body, "password", "OS_PASSWORD");
        put(body, "userDomain", "OS_USER_DOMAIN_NAME");
        put(body, "projectName", "OS_PROJECT_NAME");
        put(body, "projectDomain", "OS_PROJECT_DOMAIN_NAME");
        put(body, "region", "OS_REGION_NAME");
        return body;
    }

    private void put(ObjectNode body, String field, String setting) {
        var value = settings.getOrDefault(setting, "");
        if (!value.isEmpty()) body.put(field, value);
    }

    /// Without the password.
    @Override
    public String toString() {
        return settings.get("OS_USERNAME") + " at " + endpoint();
    }
}
