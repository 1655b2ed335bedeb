package holdfast.cli;

import holdfast.platform.HttpCaller;
import holdfast.platform.HttpCaller.Answer;
import holdfast.platform.HttpCaller.Body;
import holdfast.platform.HttpCaller.NoAnswerException;
import holdfast.platform.Json;
import holdfast.platform.WebClient;
import holdfast.platform.WebClient.Dialled;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The server, as a command sees it: JSON trees, and [CliException] for everything that goes wrong.
final class Client {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration READ = Duration.ofSeconds(60);
    private static final Duration PROBE = Duration.ofSeconds(3);
    /// Three heartbeats.
    private static final Duration SILENCE = Duration.ofSeconds(45);

    private static final int LARGEST_PAGE = 1000;

    private final URI server;
    private final HttpCaller caller;
    private final HttpCaller patient;
    private final Terminal terminal;
    private final Optional<String> token;

    private Client(URI server, Optional<String> token, Terminal terminal) {
        this.server = server;
        this.caller = new HttpCaller(server, token, CONNECT, READ);
        this.patient = new HttpCaller(server, token, CONNECT, SILENCE);
        this.terminal = terminal;
        this.token = token;
    }

    static Client to(URI server, Optional<String> token, Terminal terminal) {
        return new Client(server, token, terminal);
    }

    URI server() {
        return server;
    }

    /// A path of the interface, its parts and parameters escaped. Parameters without a value are left out.
    static String path(List<String> parts, Map<String, Optional<String>> parameters) {
        return path("/v1", parts, parameters);
    }

    /// The same of another interface, whose paths begin with `root`.
    static String path(String root, List<String> parts, Map<String, Optional<String>> parameters) {
        var path = new StringBuilder(root);
        parts.forEach(part -> path.append('/').append(escape(part).replace("+", "%20")));
        var separator = '?';
        for (var parameter : parameters.entrySet()) {
            if (parameter.getValue().isEmpty()) continue;
            path.append(separator)
                    .append(parameter.getKey())
                    .append('=')
                    .append(escape(parameter.getValue().get()));
            separator = '&';
        }
        return path.toString();
    }

    static String path(String... parts) {
        return path(List.of(parts), Map.of());
    }

    private static String escape(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    JsonNode get(String path) {
        return json(call("GET", path, Optional.empty()));
    }

    /// The answer as it came, for forms other than JSON.
    String text(String path) {
        return call("GET", path, Optional.empty()).text();
    }

    JsonNode post(String path, JsonNode body) {
        return json(call("POST", path, Optional.of(new Body("application/json", Json.text(body)))));
    }

    JsonNode put(String path, JsonNode body) {
        return json(call("PUT", path, Optional.of(new Body("application/json", Json.text(body)))));
    }

    JsonNode delete(String path) {
        return json(call("DELETE", path, Optional.empty()));
    }

    /// All of a collection, page after page, up to `most`.
    List<JsonNode> list(List<String> parts, Map<String, Optional<String>> parameters, int most) {
        var asked = new LinkedHashMap<>(parameters);
        int page = Math.clamp(most, 1, LARGEST_PAGE);
        asked.put("limit", Optional.of(String.valueOf(page)));
        var found = new ArrayList<JsonNode>();
        for (var next = path(parts, asked); !next.isEmpty() && found.size() < most; ) {
            var answer = get(next);
            var items = Nodes.items(answer);
            found.addAll(items);
            var link = items.size() < page ? "" : Nodes.text(answer, "pagination", "next");
            next = link.isEmpty() ? "" : ownPath(link);
        }
        return found.size() > most ? found.subList(0, most) : found;
    }

    /// Only path and query of a link: the token goes to no other server than the one that was named.
    static String ownPath(String link) {
        var uri = URI.create(link);
        return uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
    }

    /// Opens a stream of events. Empty when the server, or its database, is away at the moment.
    Optional<HttpCaller.Events> events(String path) {
        try {
            var events = patient.events(path);
            if (events.refused().filter(answer -> answer.status() == 503).isPresent()) return Optional.empty();
            if (events.refused().isPresent())
                throw Refusals.of(events.refused().get(), token.isPresent(), server, terminal.zone());
            return Optional.of(events);
        } catch (NoAnswerException _) {
            return Optional.empty();
        }
    }

    /// Whether a server answers within seconds, and what it says of itself; needs no token. Whatever else listens
    /// there may never say anything.
    Optional<Answer> health() {
        try {
            var brief = new HttpCaller(server, Optional.empty(), CONNECT, PROBE);
            return Optional.of(brief.call("GET", "/v1/health", Optional.empty()));
        } catch (NoAnswerException _) {
            return Optional.empty();
        }
    }

    /// A connection on which bytes go both ways; somebody must close it.
    ByteChannel dial(WebClient web, String path) {
        var url = URI.create(server.toString().replaceAll("/{1,100}$", "") + path);
        var headers =
                token.map(secret -> Map.of("Authorization", "Bearer " + secret)).orElse(Map.of());
        try {
            return switch (web.dial(new WebClient.Call("GET", url, headers, Optional.empty()), READ)) {
                case Dialled.Open(var channel) -> channel;
                case Dialled.Refused(var answer) ->
                    throw Refusals.of(
                            new Answer(
                                    answer.status(),
                                    answer.header("content-type").orElse(""),
                                    answer.text(),
                                    answer.header("retry-after")),
                            token.isPresent(),
                            server,
                            terminal.zone());
            };
        } catch (WebClient.NoAnswerException e) {
            throw unreachable(String.valueOf(e.getMessage()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw unreachable("interrupted");
        }
    }

    private Answer call(String method, String path, Optional<Body> body) {
        try {
            var answer = caller.call(method, path, body);
            if (!answer.ok()) throw Refusals.of(answer, token.isPresent(), server, terminal.zone());
            return answer;
        } catch (NoAnswerException e) {
            throw unreachable(String.valueOf(e.getMessage()));
        }
    }

    CliException unreachable(String why) {
        return new CliException(
                ExitCode.NO_SERVER,
                "no Holdfast server at " + server + ": " + why,
                "start one with:  holdfast up",
                "or name another with --server URL or HOLDFAST_SERVER");
    }

    private JsonNode json(Answer answer) {
        if (answer.text().isBlank()) return Json.object();
        try {
            return Json.tree(answer.text());
        } catch (JacksonException _) {
            throw notOurs(answer);
        }
    }

    private CliException notOurs(Answer answer) {
        return new CliException(
                ExitCode.NO_SERVER,
                "what answers at " + server + " does not look like Holdfast (status " + answer.status() + ", "
                        + answer.type() + ")");
    }
}
