package holdfast.cli;

import holdfast.platform.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// The file in which users of OpenStack keep who they are: `export OS_AUTH_URL=...` and so on.
record OpenRc(Map<String, String> settings) {
    private static final long LARGEST = 1 << 16;
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
