package holdfast.authority;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The message bus on which a cloud tells what happens in it (promise.md 4.6).
///
/// @param address such as `amqp://user@host:5672/vhost`, `amqps` for TLS; without the password
/// @param topics under which services tell; each has a queue `<topic>.<priority>` in the cloud
public record Bus(URI address, List<String> topics) {
    /// Those of Nova's two formats, of which the first is also that of all other services.
    public static final List<String> TOPICS = List.of("notifications", "versioned_notifications");

    public static final int MOST_TOPICS = 10;
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9_-]{1,100}");
    private static final String FORM = "notifications must be such as amqp://holdfast@cloud.example:5672/";

    public Bus {
        topics = List.copyOf(topics);
    }

    /// What is wrong with one that somebody has written.
    ///
    /// @return the bus, or MALFORMED
    public static Answer<Bus> of(String address, List<String> topics) {
        try {
            var uri = new URI(address);
            return fault(uri, topics).<Answer<Bus>>map(Answer::no).orElseGet(() -> Answer.yes(new Bus(uri, topics)));
        } catch (URISyntaxException _) {
            return Answer.no(Refusal.malformed("notifications", FORM));
        }
    }

    private static Optional<Refusal> fault(URI address, List<String> topics) {
        if (!Set.of("amqp", "amqps").contains(String.valueOf(address.getScheme()))
                || address.getHost() == null
                || address.getUserInfo() == null
                || address.getQuery() != null
                || address.getFragment() != null) {
            return Optional.of(Refusal.malformed("notifications", FORM));
        }
        if (address.getUserInfo().contains(":")) {
            return Optional.of(Refusal.malformed(
                    "notifications", "notifications is shown, so it has no password; that is notificationsPassword"));
        }
        return topics.isEmpty()
                        || topics.size() > MOST_TOPICS
                        || !topics.stream()
                                .allMatch(topic -> TOPIC.matcher(topic).matches())
                ? Optional.of(Refusal.malformed(
                        "notificationsTopics",
                        "notificationsTopics are 1 to " + MOST_TOPICS
                                + " names of letters, digits, - and _, each of at most 100"))
                : Optional.empty();
    }
}
