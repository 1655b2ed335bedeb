package holdfast.engine.handlers;

import static java.util.stream.Collectors.toMap;

import holdfast.engine.Resource;
import holdfast.engine.RuntimeSettings;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// A handler outside, as it was registered: a resource of type `externalHandler` (cattle.md 2.4).
///
/// @param project whose members may answer for it
/// @param priority lower takes part earlier
/// @param retries how often a call is sent in all
/// @param timeout of each send
/// @param required whether a process waits for it; otherwise it goes on when the handler is silent
/// @param url where it is called; empty if it subscribes
/// @param secret signs what is sent to `url`
/// @param queue whose subscribers share its calls
record Handler(
        UUID id,
        String name,
        String project,
        int priority,
        int retries,
        Duration timeout,
        boolean required,
        Optional<URI> url,
        Optional<String> secret,
        Optional<String> queue,
        List<Hooked> hooked) {
    static final String TYPE = "externalHandler";
    static final Comparator<Handler> ORDER = Comparator.comparingInt(Handler::priority)
            .thenComparing(Handler::name)
            .thenComparing(Handler::id);

    /// The priority of the steps that a process has of its own (cattle.md 6.5).
    private static final int OWN_STEPS = 2_000;

    private static final int LONGEST_TIMEOUT_MILLIS = 86_400_000;
    private static final int SHORTEST_TIMEOUT_MILLIS = 1_000;
    private static final int MOST_RETRIES = 1_000;

    /// When it takes part.
    enum Group {
        PRE,
        LOGIC,
        POST;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// What stands before the name of a process when it is hooked into so.
        String prefix() {
            return switch (this) {
                case PRE -> "pre.";
                case LOGIC -> "";
                case POST -> "post.";
            };
        }

        /// The end of the name of the extension point of a process (cattle.md 2.2).
        String point() {
            return switch (this) {
                case PRE -> "pre.listeners";
                case LOGIC -> "handlers";
                case POST -> "post.listeners";
            };
        }
    }

    /// One process, or some by a pattern, that it takes part in.
    ///
    /// @param prefix `pre.` or `post.` as it was given, else empty
    /// @param event its own name for the event, if it has one
    /// @param onError the process that follows an error
    record Hooked(Group group, String prefix, Pattern process, Optional<String> event, Optional<String> onError) {
        /// What its event is called for a process of that name.
        String event(String name, String handler) {
            return event.orElse(prefix + name) + ";handler=" + handler;
        }
    }

    /// What it is to take part in.
    ///
    /// @param process its name as it is hooked into, in lower case: with `pre.` or `post.` before it, and `*`
    ///     for any text
    /// @param event its own name for the event, if it has one
    /// @param onError the process that follows an error
    record Config(String process, Optional<String> event, Optional<String> onError) {
        private static Config of(String name, Optional<String> onError) {
            var sides = name.strip().toLowerCase(Locale.ROOT).split(":", 2);
            var event = Stream.of(sides).skip(1).filter(text -> !text.isBlank()).findFirst();
            return new Config(sides[0], event, onError);
        }

        private Hooked hooked(boolean early) {
            for (var group : List.of(Group.PRE, Group.POST)) {
                var prefix = group.prefix();
                if (process.startsWith(prefix)) {
                    return new Hooked(group, prefix, glob(process.substring(prefix.length())), event, onError);
                }
            }
            return new Hooked(early ? Group.PRE : Group.LOGIC, "", glob(process), event, onError);
        }
    }

    /// What a handler was registered for, each process and event once.
    static List<Config> configs(Resource handler) {
        var data = handler.content();
        var configs = new ArrayList<Config>();
        for (var config : data.path("processConfigs")) {
            var onError = text(config, "onError").map(name -> name.toLowerCase(Locale.ROOT));
            for (var name : config.path("name").asString("").split(",")) {
                configs.add(Config.of(name, onError));
            }
        }
        for (var name : data.path("processNames")) {
            configs.add(Config.of(name.asString(""), Optional.empty()));
        }
        return configs.stream()
                .filter(config -> !config.process.isBlank())
                .collect(toMap(
                        config -> List.of(config.process, config.event),
                        config -> config,
                        (first, _) -> first,
                        LinkedHashMap::new))
                .values()
                .stream()
                .toList();
    }

    /// @param configs what it takes part in now
    /// @param settings what holds for what it does not say
    /// @throws IllegalArgumentException if its content is not what the interface lets through
    static Handler of(Resource resource, List<Config> configs, RuntimeSettings settings) {
        var data = resource.content();
        var rank = data.path("priorityName").asString("specific");
        return new Handler(
                resource.id(),
                resource.name(),
                resource.project(),
                data.path("priority").asInt(standard(rank)),
                Math.clamp(data.path("retries").asInt(settings.sends()), 1, MOST_RETRIES),
                Optional.of(data.path("timeoutMillis").asInt(0))
                        .filter(millis -> millis > 0)
                        .map(millis ->
                                Duration.ofMillis(Math.clamp(millis, SHORTEST_TIMEOUT_MILLIS, LONGEST_TIMEOUT_MILLIS)))
                        .orElse(settings.patience()),
                data.path("required").asBoolean(true),
                text(data, "url").map(URI::create),
                text(data, "secret"),
                text(data, "queue"),
                configs.stream()
                        .map(config -> config.hooked(rank.equals("pre")))
                        .toList());
    }

    private static int standard(String rank) {
        return switch (rank) {
            case "pre" -> 500;
            case "default_override" -> 1_500;
            default -> 1_000;
        };
    }

    static Optional<String> text(JsonNode node, String field) {
        return Optional.ofNullable(node.get(field))
                .filter(JsonNode::isString)
                .map(JsonNode::stringValue)
                .filter(text -> !text.isBlank());
    }

    /// A name in which each `*` stands for any text.
    private static Pattern glob(String name) {
        return Pattern.compile(
                Stream.of(name.split("\\*+", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
    }

    boolean comesAfterOwnSteps() {
        return priority > OWN_STEPS;
    }

    /// How it takes part in a process, by group.
    List<Hooked> on(String process) {
        return hooked.stream()
                .filter(one -> one.process.matcher(process).matches())
                .toList();
    }

    /// How it takes part when its event is called so; empty if it does not any more.
    Optional<Hooked> called(String event) {
        return hooked.stream()
                .filter(one -> one.event
                        .map(own -> event.equals(own + ";handler=" + name))
                        .orElseGet(() -> event.startsWith(one.prefix)
                                && one.process
                                        .matcher(event.substring(one.prefix.length(), event.indexOf(";handler=")))
                                        .matches()))
                .findFirst();
    }
}
