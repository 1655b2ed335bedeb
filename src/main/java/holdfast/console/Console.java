package holdfast.console;

import holdfast.platform.HttpReply;
import holdfast.platform.HttpRequest;
import holdfast.platform.HttpServer;
import holdfast.platform.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Stands between browsers and the interface: shows answers as pages to those that want pages (cattle.md 5.1, browser
/// rule), and takes changes from a browser only if a page of this server asked for them. Programs see the interface as
/// it is.
public final class Console {
    private static final String PATH = "console";
    private static final String LOGOUT = "logout";
    private static final String JSON = "application/json";
    private static final String FORMAT = "_format";
    private static final String ENTRANCE = "/v1";
    private static final String CHALLENGE = "WWW-Authenticate";

    private Console() {}

    /// The same paths with pages, and those of the console itself.
    public static List<HttpServer.Mount> around(List<HttpServer.Mount> mounts) {
        return Stream.concat(
                        mounts.stream()
                                .map(mount -> new HttpServer.Mount(
                                        mount.first(), request -> handle(request, mount.handler()))),
                        Stream.of(new HttpServer.Mount(PATH, Console::own)))
                .toList();
    }

    private static HttpReply handle(HttpRequest request, HttpServer.Handler inner) {
        if (!Csrf.allows(request)) {
            return refused();
        }
        if (!wantsPage(request)) {
            return inner.handle(request);
        }
        if (request.path().isEmpty()) {
            return moved(ENTRANCE);
        }
        return switch (inner.handle(request)) {
            case HttpReply.Content content
            when content.type().startsWith(JSON) -> page(request, content, Page.of(content));
            case HttpReply.Content content
            when isGraph(request, content) -> page(request, content, Page.graph(request.path(), content));
            case HttpReply other -> other;
        };
    }

    /// What `_format` says; else a page for what calls itself a browser and accepts anything.
    static boolean wantsPage(HttpRequest request) {
        var format = request.query().getOrDefault(FORMAT, List.of()).stream().findFirst();
        if (format.isPresent()) {
            return format.get().equalsIgnoreCase("html");
        }
        return isBrowser(request)
                && request.header("Accept")
                        .filter(types -> types.contains("*/*"))
                        .isPresent();
    }

    static boolean isBrowser(HttpRequest request) {
        return request.header("User-Agent")
                .filter(agent -> agent.toLowerCase(Locale.ROOT).contains("mozilla"))
                .isPresent();
    }

    /// Whether the answer is a graph in the language of Graphviz (cattle.md 5.8).
    private static boolean isGraph(HttpRequest request, HttpReply.Content answer) {
        return answer.status() == 200
                && answer.type().startsWith("text/plain")
                && request.path().getLast().toLowerCase(Locale.ROOT).endsWith(Page.DOT);
    }

    private static HttpReply page(HttpRequest request, HttpReply.Content answer, byte[] body) {
        var headers = new TreeMap<>(answer.headers());
        headers.putAll(Page.HEADERS);
        headers.put("Vary", "Accept, User-Agent");
        Csrf.fresh(request).ifPresent(cookie -> headers.put("Set-Cookie", cookie));
        return new HttpReply.Content(answer.status(), Page.TYPE, body, headers);
    }

    /// Style, scripts, and the way out.
    private static HttpReply own(HttpRequest request) {
        if (request.path().size() != 2 || !List.of("GET", "HEAD").contains(request.method())) {
            return HttpReply.of(404, "text/plain; charset=utf-8", "there is no such file\n");
        }
        var name = request.path().getLast();
        return name.equals(LOGOUT)
                ? loggedOut()
                : Assets.find(name)
                        .<HttpReply>map(reply -> reply)
                        .orElseGet(() -> HttpReply.of(404, "text/plain; charset=utf-8", "there is no such file\n"));
    }

    /// A browser forgets the name and password that it sent when they are refused.
    private static HttpReply loggedOut() {
        var headers = new TreeMap<>(Page.HEADERS);
        headers.put(CHALLENGE, "Basic realm=\"holdfast\", charset=\"UTF-8\"");
        headers.put("Set-Cookie", Csrf.NONE);
        return new HttpReply.Content(401, Page.TYPE, Page.farewell(), headers);
    }

    private static HttpReply moved(String to) {
        return new HttpReply.Content(302, Page.TYPE, new byte[0], Map.of("Location", to));
    }

    private static HttpReply refused() {
        var body = Json.object().put("type", "error").put("baseType", "error");
        body.putObject("links");
        body.putObject("actions");
        body.put("status", 403).put("code", "InvalidCSRFToken").put("slug", "InvalidCSRFToken");
        body.put(
                "message",
                "a browser's change needs the header X-API-CSRF with the value of the cookie CSRF; load a page of this"
                        + " server first, and allow its cookie");
        body.putNull("detail");
        return HttpReply.json(403, body);
    }

    /// The value of a cookie.
    static Optional<String> cookie(HttpRequest request, String name) {
        return request.header("Cookie").stream()
                .flatMap(all -> Stream.of(all.split(";")))
                .map(String::strip)
                .filter(one -> one.startsWith(name + "="))
                .map(one -> one.substring(name.length() + 1))
                .findFirst();
    }
}
