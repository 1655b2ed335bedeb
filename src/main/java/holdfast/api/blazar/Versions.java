package holdfast.api.blazar;

import holdfast.api.Entrances;
import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/// The one version that is spoken: 1.0, of API v1.
final class Versions {
    static final String HEADER = "OpenStack-API-Version";
    static final String SPOKEN = "reservation 1.0";

    private static final String ONLY = "1.0";
    private static final Pattern FORM = Pattern.compile("[1-9]\\d{0,8}\\.(0|[1-9]\\d{0,8})");

    private Versions() {}

    /// What the client asks for; what is asked of other services, or of none by name, does not count.
    ///
    /// @throws BlazarProblem 400 if it is no version, 406 if it is not spoken here
    static void check(Optional<String> header) {
        header.stream()
                .flatMap(text -> Arrays.stream(text.split(",")))
                .map(part -> part.strip().split("\\s+"))
                .filter(words -> words.length == 2 && words[0].equals("reservation"))
                .forEach(words -> check(words[1]));
    }

    private static void check(String version) {
        if (version.equals(ONLY) || version.equals("latest")) {
            return;
        }
        throw FORM.matcher(version).matches()
                ? BlazarProblem.version(
                        406, "Version " + version + " is not supported; minimum is " + ONLY + " and maximum is " + ONLY)
                : BlazarProblem.version(
                        400,
                        "Invalid format of " + HEADER + "; it must be \"reservation X.Y\" or \"reservation latest\"");
    }

    /// @param base under which the client knows this server
    static HttpReply.Content list(String base) {
        var body = Json.object();
        var version = body.putArray("versions").addObject().put("id", "v1.0").put("status", "CURRENT");
        version.putArray("links")
                .addObject()
                .put("href", base + Entrances.RESERVATION)
                .put("rel", "self");
        version.put("min_version", ONLY).put("max_version", ONLY);
        return HttpReply.json(300, body);
    }
}
