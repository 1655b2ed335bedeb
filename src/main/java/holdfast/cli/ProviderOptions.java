package holdfast.cli;

import holdfast.platform.Json;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// An account at a provider, and how it is looked at. What is not given is left as it is, or as is usual.
final class ProviderOptions {
    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            description = "Where its identity service is; or the peer itself.")
    private Optional<String> endpoint = Optional.empty();

    @Option(
            names = "--region",
            paramLabel = "REGION",
            description = "Of the account. Default: the first in its catalog.")
    private Optional<String> region = Optional.empty();

    @Option(names = "--username", paramLabel = "USER", description = "The user of the account.")
    private Optional<String> username = Optional.empty();

    @Mixin
    private Passwords password = new Passwords();

    @Option(names = "--user-domain", paramLabel = "DOMAIN", description = "Of the user. Default: Default.")
    private Optional<String> userDomain = Optional.empty();

    @Option(names = "--project", paramLabel = "PROJECT", description = "The project of the account.")
    private Optional<String> project = Optional.empty();

    @Option(names = "--project-domain", paramLabel = "DOMAIN", description = "Of the project. Default: Default.")
    private Optional<String> projectDomain = Optional.empty();

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            description = "An availability zone that is used; may be given several times. Default: all.")
    private List<String> zones = List.of();

    @Option(
            names = "--cleaning-seconds",
            paramLabel = "N",
            description = "The pause between two users of a host. Default: 0.")
    private Optional<Integer> cleaning = Optional.empty();

    @Option(
            names = "--poll-seconds",
            paramLabel = "N",
            description = "The time between two looks, at least 5. Default: 60.")
    private Optional<Integer> poll = Optional.empty();

    @Mixin
    private BusOptions bus = new BusOptions();

    /// @param needed whether a password must be given
    void putInto(ObjectNode body, Wiring wiring, boolean needed) {
        endpoint.ifPresent(text -> body.put("endpoint", text));
        region.ifPresent(text -> body.put("region", text));
        username.ifPresent(text -> body.put("username", text));
        userDomain.ifPresent(text -> body.put("userDomain", text));
        project.ifPresent(text -> body.put("projectName", text));
        projectDomain.ifPresent(text -> body.put("projectDomain", text));
        cleaning.ifPresent(number -> body.put("cleaningSeconds", number));
        poll.ifPresent(number -> body.put("pollSeconds", number));
        if (!zones.isEmpty()) body.set("zones", Json.toTree(zones));
        bus.putInto(body, wiring);
        password.password(wiring, needed).ifPresent(text -> body.put("password", text));
    }
}
