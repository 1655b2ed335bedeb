package holdfast.api.config;

import holdfast.core.Caller;
import holdfast.platform.HttpRequest;
import holdfast.platform.Tx;
import holdfast.pools.clouds.Configuration;
import holdfast.pools.clouds.Entry;
import holdfast.pools.clouds.Held;
import holdfast.pools.clouds.Right.Action;
import holdfast.pools.clouds.Right.Target;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/// One request, and who sends it.
final class Ask {
    static final String GET = "GET";
    static final String POST = "POST";
    static final String PUT = "PUT";
    static final String DELETE = "DELETE";
    /// The first word of all paths.
    static final String ROOT = "broker";

    private static final int LARGEST = 1 << 20;
    private static final int SHOWN = 100;
    private static final String SECRET = "provider_account";
    /// User and password in an address, which somebody wrote where they have no place.
    private static final Pattern IN_ADDRESS = Pattern.compile("(//)[^/?#]*@");
    private static final int MOST = 500;
    private static final int USUAL = 100;
    private static final Pattern TAG = Pattern.compile("(?:W/)?\"(\\d{1,18})\"");
    private static final Set<String> OF_LISTS = Set.of("limit", "offset");

    private final HttpRequest request;
    private final Caller caller;
    private final Configuration configuration;
    private Optional<Held> held = Optional.empty();
    private Optional<Body> said = Optional.empty();

    Ask(HttpRequest request, Caller caller, Configuration configuration) {
        this.request = request;
        this.caller = caller;
        this.configuration = configuration;
    }

    Caller caller() {
        return caller;
    }

    String who() {
        return caller.user();
    }

    /// HEAD is GET.
    String method() {
        return request.method().equals("HEAD") ? GET : request.method();
    }

    /// The address of something, to be named in answers.
    String href(String... path) {
        return request.base() + "/" + ROOT + (path.length == 0 ? "" : "/" + String.join("/", path));
    }

    /// A reference to something.
    Element ref(String name, String collection, Object id) {
        return Element.of(name).attribute("id", id.toString()).attribute("href", href(collection, id.toString()));
    }

    Failure wrongMethod(String allowed) {
        return Failure.wrongMethod(request.method(), allowed);
    }

    /// Refuses every other method.
    void must(String method) {
        if (!method().equals(method)) {
            throw wrongMethod(method);
        }
    }

    /// The body, in the form that its media type says.
    ///
    /// @param expected the name of its root
    Body body(String expected) {
        return body(expected, LARGEST);
    }

    /// @param most bytes
    Body body(String expected, int most) {
        var type = request.mediaType();
        boolean json = type.equals("application/json");
        if (!json && !type.equals("application/xml") && !type.equals("text/xml")) {
            throw Failure.wrongType("Content-Type must be application/xml or application/json");
        }
        var whole = switch (request.body(most)) {
            case HttpRequest.Body.Whole found -> found;
            case HttpRequest.Body.TooLarge _ -> throw Failure.tooLarge("the body is larger than " + most + " bytes");
            case HttpRequest.Body.TooSlow _ -> throw Failure.malformed("the body did not arrive in time");
            case HttpRequest.Body.Crowded _ -> throw Failure.unavailable("too many large requests at the same time");
        };
        var body = new Body(
                json
                        ? JsonForm.read(
                                whole.utf8().orElseThrow(() -> Failure.malformed("the body is not in UTF-8")), expected)
                        : XmlForm.read(whole.bytes(), request.charset(), expected));
        Known.check(body.element());
        if (!expected.equals(SECRET)) {
            said = Optional.of(body);
        }
        return body;
    }

    /// What the body says of a field, to be shown beside what is wrong with it; nothing where there may be secrets.
    Optional<String> said(String field) {
        return said.flatMap(body -> body.raw(field)
                        .or(() -> body.ref(field))
                        .or(() -> body.parts()
                                .flatMap(part -> part.raw(field).stream())
                                .findFirst()))
                .map(text -> IN_ADDRESS.matcher(text).replaceAll("$1***@"))
                .map(text -> text.substring(0, Math.min(text.length(), SHOWN)));
    }

    Optional<String> header(String name) {
        return request.header(name);
    }

    /// What the query says of a field.
    Optional<String> parameter(String name) {
        return request.query().getOrDefault(name, List.of()).stream().findFirst();
    }

    /// Refuses what nobody would look at.
    void only(Set<String> parameters) {
        for (var name : request.query().keySet()) {
            if (!parameters.contains(name) && !OF_LISTS.contains(name)) {
                throw Failure.malformed("there is no parameter " + name.substring(0, Math.min(100, name.length())));
            }
        }
    }

    /// A time, such as `2031-02-03T10:00:00Z`.
    Optional<Instant> time(String name) {
        return parameter(name).map(text -> {
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeParseException _) {
                throw Failure.malformed(name + " must be a time such as 2031-02-03T10:00:00Z");
            }
        });
    }

    int limit() {
        return number("limit", USUAL, 1, MOST);
    }

    int offset() {
        return number("offset", 0, 0, Integer.MAX_VALUE);
    }

    private int number(String name, int usual, int least, int most) {
        try {
            int number = parameter(name).map(Integer::parseInt).orElse(usual);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException _) {
            // told below
        }
        throw Failure.malformed(name + " must be a number from " + least + " to " + most);
    }

    /// Some of a list that is in memory.
    <T> List<T> page(List<T> all) {
        return all.stream().skip(offset()).limit(limit()).toList();
    }

    /// Refuses to change what somebody else has changed since the caller read it: by `If-Match`, or by
    /// `lock_version` in the body.
    void expect(Entry<?> entry, Optional<Body> body) {
        expect(entry.version(), body);
    }

    /// @param now the version of what is to be changed
    void expect(long now, Optional<Body> body) {
        var match = request.header("If-Match").filter(tag -> !tag.strip().equals("*"));
        if (match.isPresent()) {
            var tag = TAG.matcher(match.get().strip());
            if (!tag.matches() || Long.parseLong(tag.group(1)) != now) {
                throw Failure.outdated("it was changed by somebody else: its ETag is \"" + now + "\" now");
            }
        }
        body.flatMap(said -> said.number("lock_version")).ifPresent(version -> {
            if (version != now - 1) {
                throw Failure.conflict("it was changed by somebody else: its lock_version is " + (now - 1) + " now");
            }
        });
    }

    /// What the caller may do; read once.
    Held held(Tx tx) {
        var known = held.orElseGet(() -> configuration.grants().held(tx, caller));
        held = Optional.of(known);
        return known;
    }

    /// @param path the thing and all that it is part of
    void need(Tx tx, Action action, Target target, Collection<UUID> path) {
        if (!held(tx).may(action, target, path)) {
            throw Failure.forbidden(
                    "You have insufficient privileges to " + action.word().replace('_', ' ') + " " + target.word());
        }
    }

    /// The form of the answer (aeolus.md 5.1): XML if nothing is asked for.
    boolean json() {
        return json(request);
    }

    /// @throws Failure if the caller takes neither
    static boolean json(HttpRequest request) {
        var accept = request.header("Accept").orElse("*/*").toLowerCase(Locale.ROOT);
        double xml = 0;
        double json = 0;
        for (var range : accept.split(",", 50)) {
            var parts = range.split(";");
            double weight = weight(parts);
            switch (parts[0].strip()) {
                case "application/xml", "text/xml" -> xml = Math.max(xml, weight);
                case "application/json" -> json = Math.max(json, weight);
                case "*/*", "application/*" -> {
                    xml = Math.max(xml, weight);
                    json = Math.max(json, weight / 2);
                }
                default -> {}
            }
        }
        if (xml == 0 && json == 0) {
            throw Failure.unacceptable("answers are application/xml or application/json");
        }
        return json > xml;
    }

    private static double weight(String[] parts) {
        for (var part : parts) {
            var text = part.strip();
            if (text.startsWith("q=")) {
                try {
                    return Math.clamp(Double.parseDouble(text.substring(2)), 0, 1);
                } catch (NumberFormatException _) {
                    return 1;
                }
            }
        }
        return 1;
    }
}
