package holdfast.api.deltacloud;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.platform.HttpReply;
import holdfast.platform.HttpReply.Content;
import holdfast.platform.HttpRequest;
import holdfast.platform.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Spliterators;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// Answers as they go over the wire (aeolus.md 5.3.1, 5.3.9).
final class Replies {
    /// So many entities make a short list.
    private static final int SHORT = 500;

    private static final Pattern PRINTABLE = Pattern.compile("[ -~]{1,256}");
    /// What nobody is told again.
    private static final Pattern SECRET =
            Pattern.compile("(?i).*(pass|secret|token|private|user_data|credential|pem|blob_data).*");
    private static final String PAGE_POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private Replies() {}

    /// What an answer depends on, beside what is told.
    ///
    /// @param form empty if the client takes none of ours
    /// @param fields those of the request that are known so far
    record About(
            HttpRequest request,
            Optional<Form> form,
            Links links,
            String driver,
            Optional<String> provider,
            Map<String, String> fields) {
        boolean isShown() {
            return form.filter(one -> one == Form.XML || one == Form.JSON || one == Form.HTML)
                    .isPresent();
        }
    }

    /// @param page makes HTML of a document
    static HttpReply of(About about, Told told, Function<Document, Element> page) {
        return switch (told) {
            case Told.Nothing(var status, var headers) -> new Content(status, "", new byte[0], headers);
            case Told.Raw(var reply) -> reply;
            case Told.Shown(var status, var document, var headers) -> {
                if (!about.isShown()) {
                    yield new Content(406, "", new byte[0], Map.of());
                }
                var content = written(about.form.orElseThrow(), status, document, page);
                var all = new TreeMap<>(content.headers());
                all.putAll(headers);
                yield new Content(status, content.type(), content.body(), all);
            }
            case Told.Listed(var collection, var entities) ->
                about.isShown()
                        ? listed(about.form.orElseThrow(), collection, entities, page)
                        : new Content(406, "", new byte[0], Map.of());
        };
    }

    /// A short list is held, so that it has a hash; of a long one never more than a part is.
    private static HttpReply listed(
            Form form, String collection, Iterator<Entity> entities, Function<Document, Element> page) {
        var first = new ArrayList<Entity>();
        while (first.size() < SHORT && entities.hasNext()) {
            first.add(entities.next());
        }
        if (!entities.hasNext()) {
            return written(form, 200, Document.of(collection, first), page);
        }
        var rest = StreamSupport.stream(Spliterators.spliteratorUnknownSize(entities, 0), false);
        var document =
                Document.flowing(collection, Stream.concat(first.stream(), rest).iterator());
        return new HttpReply.Written(form.type(), headers(form), out -> write(form, document, page, out));
    }

    private static Content written(Form form, int status, Document document, Function<Document, Element> page) {
        var type = form == Form.GV || form == Form.SVG ? Form.XML : form;
        return held(type, status, out -> write(type, document, page, out));
    }

    /// A page of its own.
    static Content page(Element element) {
        return held(Form.HTML, 200, out -> Markup.html(element, out));
    }

    private static Content held(Form form, int status, HttpReply.Writing writing) {
        var bytes = new ByteArrayOutputStream();
        try {
            writing.to(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
        return new Content(status, form.type(), bytes.toByteArray(), headers(form));
    }

    private static Map<String, String> headers(Form form) {
        return form == Form.HTML ? Map.of("Content-Security-Policy", PAGE_POLICY) : Map.of();
    }

    private static void write(Form form, Document document, Function<Document, Element> page, OutputStream out)
            throws IOException {
        switch (form) {
            case JSON -> Json.write(document.json(), out);
            case HTML -> Markup.html(page.apply(document), out);
            case XML, GV, SVG -> Markup.xml(document.xml(), out);
        }
    }

    static HttpReply of(About about, Problem problem, Function<Document, Element> page) {
        var form = about.isShown() ? about.form.orElseThrow() : Form.XML;
        var content = written(form, problem.status(), document(about, problem), page);
        var headers = new TreeMap<>(content.headers());
        headers.putAll(problem.headers());
        return new Content(problem.status(), content.type(), content.body(), headers);
    }

    private static Document document(About about, Problem problem) {
        var code = String.valueOf(problem.status());
        var params = about.fields.entrySet().stream()
                .filter(field -> !SECRET.matcher(field.getKey()).matches())
                .limit(50)
                .map(field -> Element.cdata("param", "\"" + Problem.shorten(field.getValue()) + "\"")
                        .with("name", Problem.shorten(field.getKey())))
                .toList();
        var xml = Element.of("error")
                .with("status", code)
                .with("url", Problem.shorten(about.request.knownPath()))
                .and(
                        Element.of("backend").with("driver", about.driver).with("provider", about.provider),
                        Element.text("code", code),
                        Element.cdata("message", problem.message()),
                        Element.of("request", params));
        var json = Json.object()
                .put("code", problem.status())
                .put("message", problem.message())
                .put("error", Problem.name(problem.status()));
        return new Document("Error " + code, xml, json);
    }

    /// With what every answer says, and without a body for who has it already.
    static HttpReply dressed(About about, HttpReply reply, Duration runtime) {
        var headers = new TreeMap<String, String>();
        headers.put("Server", "Apache-Deltacloud/" + EntryPoint.VERSION);
        headers.put("X-Deltacloud-Driver", about.driver);
        about.provider
                .filter(PRINTABLE.asMatchPredicate())
                .ifPresent(name -> headers.put("X-Deltacloud-Provider", name));
        headers.put("Cache-Control", "max-age=0, private, must-revalidate");
        headers.put("Vary", "Accept, Authorization");
        headers.put("X-Backend-Runtime", String.format(Locale.ROOT, "%.3f", runtime.toNanos() / 1e9));
        return switch (reply) {
            case Content content -> {
                boolean whole = content.status() == 200 || content.status() == 201;
                if (whole && content.body().length > 0) {
                    headers.put("ETag", '"' + md5(content.body()) + '"');
                }
                headers.putAll(content.headers());
                boolean known = content.status() == 200 && knows(about.request, headers.getOrDefault("ETag", "-"));
                yield known
                        ? new Content(304, "", new byte[0], headers)
                        : new Content(content.status(), content.type(), content.body(), headers);
            }
            case HttpReply.Flow flow -> {
                headers.putAll(flow.headers());
                yield new HttpReply.Flow(flow.type(), flow.length(), headers, flow.source());
            }
            case HttpReply.Written written -> {
                headers.putAll(written.headers());
                yield new HttpReply.Written(written.type(), headers, written.writing());
            }
            case HttpReply.Events _, HttpReply.Lines _, HttpReply.Tunnel _ -> reply;
        };
    }

    private static boolean knows(HttpRequest request, String tag) {
        return (request.method().equals("GET") || request.method().equals("HEAD"))
                && request.header("If-None-Match").stream()
                        .flatMap(tags -> Arrays.stream(tags.split(",")))
                        .map(String::strip)
                        .map(one -> one.startsWith("W/") ? one.substring(2) : one)
                        .anyMatch(one -> one.equals("*") || one.equals(tag));
    }

    /// Clients expect this hash; it protects nothing.
    private static String md5(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }

    /// For those who ask without speaking HTTP as they must.
    static Content plain(int status, String text) {
        return new Content(status, "text/plain", text.getBytes(UTF_8), Map.of());
    }
}
