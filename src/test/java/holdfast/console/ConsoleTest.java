package holdfast.console;

import static org.assertj.core.api.Assertions.assertThat;

import holdfast.platform.HttpReply;
import holdfast.platform.HttpServer;
import holdfast.platform.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What browsers get around the answers of an interface that says the same to everything.
@Timeout(300)
class ConsoleTest {
    private static final String FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    private static final String ACCEPT = "text/html,application/xhtml+xml,*/*;q=0.8";
    private static final String NASTY = "</script><script>alert(1)</script><!-- & \u2028";

    private final AtomicInteger reached = new AtomicInteger();

    @AutoClose
    private final HttpServer server = HttpServer.start(
            HttpServer.Options.standard().withPort(0), Console.around(List.of(new HttpServer.Mount("", request -> {
                reached.incrementAndGet();
                return switch (request.path().isEmpty() ? "" : request.path().getLast()) {
                    case "secret" ->
                        HttpReply.json(401, Json.object().put("type", "error"))
                                .with("WWW-Authenticate", "Basic realm=\"holdfast\"");
                    case "text" -> HttpReply.of(200, "text/plain", "plain");
                    case "processdot" ->
                        HttpReply.of(200, "text/plain; charset=utf-8", "digraph \"a\" { \"</script>\"; }\n");
                    default ->
                        HttpReply.json(200, Json.object().put("name", NASTY)).with("X-API-USER-ID", "alice");
                };
            }))));

    @AutoClose
    private final HttpClient client = HttpClient.newHttpClient();

    private HttpResponse<String> send(String method, String target, String... headers) {
        var request =
                HttpRequest.newBuilder(URI.create(server.address() + target)).method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> browse(String method, String target, String... headers) {
        return send(
                method,
                target,
                Stream.concat(Stream.of("User-Agent", FIREFOX, "Accept", ACCEPT), Stream.of(headers))
                        .toArray(String[]::new));
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static String type(HttpResponse<?> response) {
        return header(response, "Content-Type").split(";")[0];
    }

    @ParameterizedTest
    @CsvSource({
        "/v1,              Mozilla/5.0, '*/*',              text/html",
        "/v1,              mozilla,     'text/html,*/*',    text/html",
        "/v1,              Mozilla/5.0, text/html,          application/json",
        "/v1,              Mozilla/5.0, application/json,   application/json",
        "/v1,              curl/8.5,    '*/*',              application/json",
        "/v1?_format=html, curl/8.5,    application/json,   text/html",
        "/v1?_format=json, Mozilla/5.0, '*/*',              application/json",
        "/v1/text,         Mozilla/5.0, '*/*',              text/plain"
    })
    void a_page_is_for_those_who_ask_for_one_or_look_like_browsers(
            String target, String agent, String accept, String expected) {
        var answer = send("GET", target, "User-Agent", agent, "Accept", accept);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(type(answer)).isEqualTo(expected);
    }

    @Test
    void the_answer_is_in_the_page_as_data_that_cannot_become_markup() {
        var page = browse("GET", "/v1").body();
        var begin = "<script type=\"application/json\" id=\"page\">";
        var data = page.substring(page.indexOf(begin) + begin.length(), page.indexOf("</script>"));
        assertThat(data).doesNotContain("<").doesNotContain(">").doesNotContain("\u2028");
        assertThat(Json.tree(data).get("data").get("name").stringValue()).isEqualTo(NASTY);
        assertThat(Json.tree(data).get("user").stringValue()).isEqualTo("alice");
        assertThat(page).doesNotContain("alert(1)</script>");
    }

    @Test
    void a_graph_is_in_a_page_as_text_and_drawn_by_the_picture_beside_it() {
        var page = browse("GET", "/v1/processdefinitions/1pd!thing%22%3C.start/processdot");
        assertThat(type(page)).isEqualTo("text/html");
        assertThat(page.body())
                .contains(
                        "<script type=\"text/vnd.graphviz\" id=\"graph\">\ndigraph \"a\" { \"&lt;/script>\"; }\n</script>")
                .contains("<img src=\"/v1/processdefinitions/1pd%21thing%22%3C.start/processsvg\"");
        assertThat(header(page, "Content-Security-Policy")).contains("img-src 'self'");
        assertThat(send("GET", "/v1/processdefinitions/a/processdot").body()).startsWith("digraph");
    }

    @Test
    void a_page_runs_no_script_but_ours_and_loads_nothing_from_elsewhere() {
        var page = browse("GET", "/v1");
        assertThat(header(page, "Content-Security-Policy"))
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.body())
                .doesNotContain("http://")
                .doesNotContain("https://")
                .doesNotContain("onclick");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "console.css",
                "console.js",
                "dom.js",
                "form.js",
                "inputs.js",
                "json.js",
                "query.js",
                "send.js",
                "icon.svg"
            })
    void the_files_of_the_console_are_there_for_anybody(String name) {
        var file = send("GET", "/console/" + name);
        assertThat(file.statusCode()).isEqualTo(200);
        assertThat(file.body()).isNotEmpty();
        assertThat(type(file)).isIn("text/css", "text/javascript", "image/svg+xml");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/console",
                "/console/nothing.js",
                "/console/Console.class",
                "/console/a/b.js",
                "/console/..%2Fdb.js"
            })
    void nothing_else_is(String target) {
        assertThat(send("GET", target).statusCode()).isEqualTo(404);
    }

    @Test
    void a_browser_that_may_not_in_is_asked_for_name_and_password() {
        var refused = browse("GET", "/v1/secret");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(type(refused)).isEqualTo("text/html");
        assertThat(header(refused, "WWW-Authenticate")).startsWith("Basic realm=");
    }

    @Test
    void whoever_logs_out_is_refused_so_that_the_browser_forgets() {
        var out = browse("GET", "/console/logout", "Cookie", "CSRF=0123456789");
        assertThat(out.statusCode()).isEqualTo(401);
        assertThat(header(out, "WWW-Authenticate")).startsWith("Basic realm=");
        assertThat(header(out, "Set-Cookie")).startsWith("CSRF=;").contains("Max-Age=0");
    }

    @Test
    void the_entrance_sends_browsers_to_the_first_page_and_programs_nowhere() {
        assertThat(browse("GET", "/").statusCode()).isEqualTo(302);
        assertThat(header(browse("GET", "/"), "Location")).isEqualTo("/v1");
        assertThat(send("GET", "/").statusCode()).isEqualTo(200);
    }

    @Test
    void a_browser_gets_a_cookie_once_that_other_sites_do_not_see() {
        var cookie = header(browse("GET", "/v1"), "Set-Cookie");
        assertThat(cookie).matches("CSRF=[0-9a-f]{10}; Path=/; SameSite=Strict");
        assertThat(header(browse("GET", "/v1", "Cookie", "a=b; " + cookie.split(";")[0]), "Set-Cookie"))
                .isEmpty();
        assertThat(header(send("GET", "/v1"), "Set-Cookie")).as("programs").isEmpty();
    }

    @Test
    void a_change_by_a_browser_must_repeat_the_cookie() {
        for (var method : new String[] {"POST", "PUT", "DELETE", "PATCH"}) {
            for (var refused : List.of(
                    browse(method, "/v1"),
                    browse(method, "/v1", "Cookie", "CSRF=0123456789"),
                    browse(method, "/v1", "Cookie", "CSRF=0123456789", "X-API-CSRF", "9876543210"),
                    browse(method, "/v1", "Cookie", "CSRF=", "X-API-CSRF", ""),
                    browse(method, "/v1", "X-API-CSRF", "0123456789"),
                    send(method, "/v1", "Cookie", "CSRF=0123456789"))) {
                assertThat(refused.statusCode()).as(method).isEqualTo(403);
                assertThat(Json.tree(refused.body()).get("code").stringValue()).isEqualTo("InvalidCSRFToken");
            }
        }
        assertThat(reached).as("no request went further").hasValue(0);
        assertThat(browse("POST", "/v1", "Cookie", "CSRF=0123456789", "X-API-CSRF", "0123456789")
                        .statusCode())
                .isEqualTo(200);
        assertThat(browse("POST", "/v1?CSRF=0123456789", "Cookie", "CSRF=0123456789")
                        .statusCode())
                .isEqualTo(200);
        assertThat(send("POST", "/v1").statusCode()).as("a program").isEqualTo(200);
    }

    @Test
    void a_link_that_means_a_change_is_a_change() {
        assertThat(browse("GET", "/v1?_method=DELETE").statusCode()).isEqualTo(403);
        assertThat(browse("GET", "/v1?_method=get&_method=post").statusCode()).isEqualTo(403);
        assertThat(browse("GET", "/v1?_method=get").statusCode()).isEqualTo(200);
    }
}
