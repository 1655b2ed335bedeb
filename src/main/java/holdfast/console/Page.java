package holdfast.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import holdfast.platform.HttpReply;
import holdfast.platform.Json;
import java.net.URLEncoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The HTML around an answer. The answer itself is in it as data; the script makes everything else of it.
final class Page {
    static final String TYPE = "text/html; charset=utf-8";

    /// Nothing from elsewhere, no script but ours, in nobody's frame.
    static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:;"
                    + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
            "Referrer-Policy",
            "no-referrer",
            "X-Frame-Options",
            "DENY");

    /// How the last segment of the address of a graph ends.
    static final String DOT = "dot";

    private static final String HEAD = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>Holdfast</title>
            <link rel="icon" href="/console/icon.svg" type="image/svg+xml">
            <link rel="stylesheet" href="/console/console.css">
            """;
    private static final String BODY = """
            </head>
            <body>
            <a class="skip" href="#main">To the content</a>
            <div class="bar">
            <a class="brand" href="/v1">Holdfast</a>
            <nav aria-label="Path"><ol id="path"></ol></nav>
            <div id="who"></div>
            </div>
            <main id="main" tabindex="-1"><noscript><p>This page needs JavaScript; add <code>?_format=json</code> to the
            address for the plain answer.</p></noscript>
            """;
    private static final String FOOT = """
            </main>
            </body>
            </html>
            """;

    private Page() {}

    static byte[] of(HttpReply.Content answer) {
        var page = Json.object();
        page.set("data", Json.tree(new String(answer.body(), UTF_8)));
        page.put("user", header(answer, "X-API-USER-ID").orElse(null));
        page.put("project", header(answer, "X-API-ACCOUNT-NAME").orElse(null));
        return (HEAD + "<script type=\"application/json\" id=\"page\">" + escaped(Json.text(page)) + "</script>\n"
                        + "<script type=\"module\" src=\"/console/console.js\"></script>\n" + BODY + FOOT)
                .getBytes(UTF_8);
    }

    /// A graph as text in a script element, and drawn by the picture that is its neighbour.
    ///
    /// @param path of the graph; ends in `dot`
    static byte[] graph(List<String> path, HttpReply.Content answer) {
        var last = path.getLast();
        var picture = Stream.concat(
                        path.stream().limit(path.size() - 1L),
                        Stream.of(last.substring(0, last.length() - DOT.length()) + "svg"))
                .map(segment -> URLEncoder.encode(segment, UTF_8).replace("+", "%20"))
                .collect(joining("/", "/", ""));
        // What is quoted in the text may hold any character; Graphviz knows this way to write it.
        var text = new String(answer.body(), UTF_8).replace("<", "&lt;");
        return (HEAD + "<script type=\"text/vnd.graphviz\" id=\"graph\">\n" + text + "</script>\n</head>\n<body>\n"
                        + "<main id=\"main\"><img src=\"" + picture + "\" alt=\"The graph of states\">\n" + FOOT)
                .getBytes(UTF_8);
    }

    static byte[] farewell() {
        return (HEAD + BODY + "<h1>You are logged out</h1><p><a href=\"/v1\">Log in again</a></p>\n" + FOOT)
                .getBytes(UTF_8);
    }

    private static Optional<String> header(HttpReply.Content answer, String name) {
        return Optional.ofNullable(answer.headers().get(name));
    }

    /// JSON that cannot end the element that it is in, nor begin a comment there.
    static String escaped(String json) {
        return json.replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026")
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029");
    }
}
