package holdfast.drivers.openstack;

import holdfast.drivers.openstack.Outcome.NotDoneException;
import holdfast.drivers.openstack.Service.Range;
import holdfast.drivers.openstack.Service.Version;
import holdfast.drivers.openstack.Session.Scope;
import holdfast.platform.Json;
import holdfast.platform.WebClient;
import holdfast.platform.WebClient.NoAnswerException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// One call to a service of a cloud: with token, version and time limit, at most eight at once.
///
/// Only a GET is repeated. What else may have had an effect is [Outcome.Unknown], and somebody has to look.
final class Api {
    private static final int PAGE = 500;
    private static final int MOST_PAGES = 200;

    private final WebClient web;
    private final Session session;
    private final Limits limits;
    private final Semaphore free = new Semaphore(Limits.CALLS);
    private final Map<Service, String> versions = new EnumMap<>(Service.class);

    Api(WebClient web, Session session, Limits limits) {
        this.web = web;
        this.session = session;
        this.limits = limits;
    }

    /// The id of the project that we are in.
    String project() {
        return session.scope().project();
    }

    /// Reads.
    ///
    /// @param path after the version, with query
    /// @throws NotDoneException if it cannot be had now, or never
    JsonNode get(Service service, String path) {
        return call(service, "GET", path, Optional.empty()).orThrow().body();
    }

    /// Reads something that may not be there.
    Optional<JsonNode> find(Service service, String path) {
        try {
            return Optional.of(get(service, path));
        } catch (NotDoneException e) {
            if (e.missing()) return Optional.empty();
            throw e;
        }
    }

    /// Changes something.
    ///
    /// @throws NotDoneException if that is not sure
    JsonNode send(Service service, String method, String path, Object body) {
        return call(service, method, path, Optional.of(Json.text(body)))
                .orThrow()
                .body();
    }

    /// Changes parts of something, as Glance wants it said (RFC 6902).
    ///
    /// @throws NotDoneException if that is not sure
    void patch(Service service, String path, Object changes) {
        call(service, "PATCH", path, Optional.of(Json.text(changes))).orThrow();
    }

    /// Takes something away; false if it is not there.
    ///
    /// @throws NotDoneException if that is not sure
    boolean delete(Service service, String path) {
        try {
            call(service, "DELETE", path, Optional.empty()).orThrow();
            return true;
        } catch (NotDoneException e) {
            if (e.missing()) return false;
            throw e;
        }
    }

    /// Reads a list of any length.
    ///
    /// @param name of the list in the answer
    /// @throws NotDoneException as for `get`; also if there are more than 100,000
    List<JsonNode> all(Service service, String path, String name) {
        var found = new ArrayList<JsonNode>();
        var asked = path + (path.contains("?") ? "&" : "?") + "limit=" + PAGE;
        for (int page = 0; page < MOST_PAGES; page++) {
            var marker = found.isEmpty()
                    ? ""
                    : "&marker=" + word(found.getLast().path("id").asString(""));
            var answer = get(service, asked + marker);
            answer.path(name).forEach(found::add);
            if (!goesOn(answer, name)) return found;
        }
        throw new NotDoneException(new Outcome.Failed(0, "", service.word + ": there are too many " + name));
    }

    private static boolean goesOn(JsonNode answer, String name) {
        if (answer.path(name).isEmpty()) return false;
        if (answer.path("next").isString()) return true; // Glance
        for (var link : answer.path(name + "_links"))
            if (link.path("rel").asString("").equals("next")) return true;
        return false;
    }

    /// A word as part of a path or query.
    static String word(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    Outcome call(Service service, String method, String path, Optional<String> body) {
        try {
            var scope = session.scope();
            var version = version(scope, service);
            var first = tries(scope, service, version, method, path, body);
            if (!(first instanceof Outcome.Denied)) return first;
            return tries(session.renewed(scope), service, version, method, path, body);
        } catch (NotDoneException e) {
            return e.outcome();
        }
    }

    private Outcome tries(
            Scope scope, Service service, Optional<String> version, String method, String path, Optional<String> body) {
        var headers = new HashMap<>(Map.of("X-Auth-Token", scope.token()));
        if (method.equals("PATCH")) headers.put("Content-Type", "application/openstack-images-v2.1-json-patch");
        version.ifPresent(number -> headers.put("OpenStack-API-Version", service.word + " " + number));
        var base = session.url(scope, service);
        var url = uri(service, (base.endsWith(service.path) ? base : base + service.path) + path);
        return tries(service, new WebClient.Call(method, url, headers, body));
    }

    private static URI uri(Service service, String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException _) {
            throw new NotDoneException(new Outcome.Failed(
                    0, "", service.word + ": the catalog of the cloud has an address that is none: " + text));
        }
    }

    private Outcome tries(Service service, WebClient.Call call) {
        boolean repeats = call.method().equals("GET");
        var pause = limits.pause();
        for (int n = 1; ; n++) {
            var outcome = once(service, call);
            boolean again =
                    repeats && n < Limits.TRIES && outcome instanceof Outcome.Later(var _, var wait) && wait.isEmpty();
            if (!again) return outcome;
            LockSupport.parkNanos(pause.toNanos());
            pause = pause.multipliedBy(2);
        }
    }

    private Outcome once(Service service, WebClient.Call call) {
        try {
            free.acquire();
            try {
                return judge(service, call.method(), web.call(call, limits.of(call.method())));
            } finally {
                free.release();
            }
        } catch (NoAnswerException e) {
            return lost(call.method(), e.reached(), service.word + ": " + e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return lost(call.method(), true, service.word + ": interrupted");
        }
    }

    private static Outcome lost(String method, boolean reached, String why) {
        return reached && !method.equals("GET") ? new Outcome.Unknown(why) : new Outcome.Later(why, Optional.empty());
    }

    private static Outcome judge(Service service, String method, WebClient.Answer answer) {
        int status = answer.status();
        if (status >= 200 && status <= 300) return done(service, method, answer); // 300: a list of versions
        var complaint = Complaint.read(status, answer.text());
        var why = service.word + ": " + complaint.message();
        return switch (status) {
            case 401 -> new Outcome.Denied(why);
            case 429 -> new Outcome.Later(why, Optional.of(wait(answer).orElse(Limits.LONGEST_WAIT)));
            // Cinder says 413 for a quota, too, and then wants zero seconds.
            case 413 ->
                wait(answer)
                        .filter(Duration::isPositive)
                        .<Outcome>map(wait -> new Outcome.Later(why, Optional.of(wait)))
                        .orElseGet(() -> new Outcome.Failed(status, complaint.kind(), why));
            case 503 -> new Outcome.Later(why, wait(answer)); // nobody took it
            default -> status >= 500 ? lost(method, true, why) : new Outcome.Failed(status, complaint.kind(), why);
        };
    }

    private static Outcome done(Service service, String method, WebClient.Answer answer) {
        try {
            var body = answer.text().isBlank() ? Json.object().path("none") : Json.tree(answer.text());
            return new Outcome.Done(answer.status(), body);
        } catch (JacksonException _) {
            return lost(method, true, service.word + ": it answered with something that is not JSON");
        }
    }

    private static Optional<Duration> wait(WebClient.Answer answer) {
        try {
            return answer.header("retry-after")
                    .map(text -> Duration.ofSeconds(
                            Math.clamp(Long.parseLong(text.strip()), 0, Limits.LONGEST_WAIT.toSeconds())));
        } catch (NumberFormatException _) {
            return Optional.of(Limits.LONGEST_WAIT); // a date
        }
    }

    /// The newest version of its interface that both sides speak; asked for once.
    ///
    /// @throws NotDoneException if there is none, or it cannot be asked now
    private Optional<String> version(Scope scope, Service service) {
        if (service.versions.isEmpty()) return Optional.empty();
        synchronized (versions) {
            var known = versions.get(service);
            if (known != null) return Optional.of(known);
        }
        var ours = service.versions.get();
        var root = uri(service, session.url(scope, service).replaceFirst("/v[0-9][^/]*(/.*)?$", "") + "/");
        var answer = tries(service, new WebClient.Call("GET", root, Map.of(), Optional.empty()))
                .orThrow()
                .body();
        var theirs = ranges(answer);
        var best = theirs.stream().map(ours::common).flatMap(Optional::stream).max(Version::compareTo);
        if (best.isEmpty())
            throw new NotDoneException(new Outcome.Failed(
                    0,
                    "",
                    "%s: we speak versions %s to %s, it speaks %s"
                            .formatted(
                                    service.word,
                                    ours.oldest(),
                                    ours.newest(),
                                    theirs.isEmpty()
                                            ? "none"
                                            : theirs.getLast().oldest() + " to "
                                                    + theirs.getLast().newest())));
        synchronized (versions) {
            versions.put(service, best.get().toString());
        }
        return Optional.of(best.get().toString());
    }

    private static List<Range> ranges(JsonNode answer) {
        var found = new ArrayList<Range>();
        for (var entry : answer.path("versions")) {
            var newest =
                    entry.path("version").asString(entry.path("max_version").asString(""));
            try {
                found.add(new Range(Version.read(entry.path("min_version").asString("")), Version.read(newest)));
            } catch (NumberFormatException _) {
                // One from before there were numbers.
            }
        }
        return found;
    }
}
