package holdfast.cli;

import holdfast.platform.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// Where a cloud tells what changes in it.
final class BusOptions {
    static final String VARIABLE = "HOLDFAST_NOTIFICATIONS_PASSWORD";

    @Option(
            names = "--notifications",
            paramLabel = "URL",
            description =
                    "The message bus on which it tells what changes, such as amqp://user@host:5672/. Default: none.")
    private Optional<String> address = Optional.empty();

    @Option(
            names = "--notifications-password-file",
            paramLabel = "FILE",
            description = "Its first line is the password of the user of the bus. Default: $" + VARIABLE + ".")
    private Optional<Path> file = Optional.empty();

    @Option(
            names = "--notifications-topic",
            paramLabel = "TOPIC",
            description = "A topic under which it tells; may be given several times. Default: those of Nova.")
    private List<String> topics = List.of();

    void putInto(ObjectNode body, Wiring wiring) {
        address.ifPresent(text -> body.put("notifications", text));
        file.map(Passwords::firstLine)
                .or(() -> address.flatMap(_ -> wiring.variable(VARIABLE)))
                .ifPresent(text -> body.put("notificationsPassword", text));
        if (!topics.isEmpty()) body.set("notificationsTopics", Json.toTree(topics));
    }
}
