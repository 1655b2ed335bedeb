package holdfast.cli;

import holdfast.platform.Json;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// What an instance is to be.
final class LaunchOptions {
    @Parameters(paramLabel = "NAME", arity = "0..1", description = "A name to find it by. Default: one is made up.")
    private Optional<String> name = Optional.empty();

    @Option(
            names = "--image",
            paramLabel = "IMAGE",
            required = true,
            description = "As 'holdfast image list' shows it.")
    private String image = "";

    @Option(
            names = "--hwprofile",
            paramLabel = "PROFILE",
            description = "Its size, as 'holdfast hwprofile list' shows it. Default: the smallest that will do.")
    private Optional<String> profile = Optional.empty();

    @Option(names = "--pool", paramLabel = "POOL", description = "In which pool. Default: the default pool.")
    private Optional<String> pool = Optional.empty();

    @Option(names = "--realm", paramLabel = "REALM", description = "Where. Default: anywhere.")
    private Optional<String> realm = Optional.empty();

    @Option(
            names = "--size",
            paramLabel = "MEASURE=N",
            description = "A measure within its profile, such as memory=2048; may be given again.")
    private Map<String, String> sizes = Map.of();

    @Option(names = "--key", paramLabel = "KEY", description = "The name of a key that is let in.")
    private Optional<String> key = Optional.empty();

    @Option(
            names = "--user-data",
            paramLabel = "FILE",
            description = "What it finds when it comes up; - reads standard input.")
    private Optional<Path> userData = Optional.empty();

    Optional<String> pool() {
        return pool;
    }

    /// The body of a request.
    ObjectNode body(Broker broker) {
        var body = Json.object();
        name.ifPresent(text -> body.put("name", text));
        body.putObject("image").put("id", image);
        put(body, "pool", broker.id(Broker.POOLS, pool));
        put(body, "hardware_profile", broker.id(Broker.PROFILES, profile));
        put(body, "frontend_realm", broker.id(Broker.REALMS, realm));
        if (!sizes.isEmpty()) body.set("instance_hwp", Json.toTree(sizes));
        key.ifPresent(text -> body.put("ssh_key_name", text));
        userData.ifPresent(file -> body.put("user_data", Inputs.text(file)));
        return Json.object().set("instance", body);
    }

    private static void put(ObjectNode body, String field, Optional<String> id) {
        id.ifPresent(text -> body.putObject(field).put("id", text));
    }
}
