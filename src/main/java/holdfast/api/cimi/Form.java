package holdfast.api.cimi;

import holdfast.core.Answer;
import holdfast.platform.HttpReply;
import holdfast.platform.HttpRequest;
import holdfast.platform.Json;
import holdfast.platform.XmlTree;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Spliterators;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/// How documents are written and read: as XML or as JSON (aeolus.md 5.4.1).
enum Form {
    XML("application/xml"),
    JSON("application/json");

    private static final int LARGEST = 1 << 20;
    /// So many members make a short collection.
    private static final int SHORT = 500;
    private static final int DEEPEST = 32;

    private final String type;

    Form(String type) {
        this.type = type;
    }

    /// What a client wants to see: what it says in the query, else what it accepts; without a word XML.
    static Form wanted(HttpRequest request) {
        var asked = request.query().getOrDefault("format", request.query().getOrDefault("$format", List.of())).stream()
                .findFirst()
                .map(word -> word.toLowerCase(Locale.ROOT));
        if (asked.isPresent()) {
            return asked.get().equals("xml") ? XML : JSON;
        }
        var accepts = request.header("Accept").map(words -> words.toLowerCase(Locale.ROOT));
        return accepts.isEmpty()
                        || accepts.get().contains("application/xml")
                        || accepts.get().contains("text/xml")
                ? XML
                : JSON;
    }

    /// @param document with its `resourceURI`
    HttpReply.Content reply(int status, ObjectNode document) {
        var text = this == XML ? Notation.xml(document).document() : Json.text(document);
        return HttpReply.of(status, type, text).with("ETag", etag(text));
    }

    /// A short collection is held, so that it has a hash; of a long one never more than a part is.
    HttpReply reply(Shown.Listed listed) {
        var first = new ArrayList<ObjectNode>();
        while (first.size() < SHORT && listed.entries().hasNext()) {
            first.add(listed.entries().next());
        }
        if (!listed.entries().hasNext()) {
            listed.document().withArray("/" + listed.members()).addAll(first);
            return reply(200, listed.document());
        }
        var rest = StreamSupport.stream(Spliterators.spliteratorUnknownSize(listed.entries(), 0), false);
        var all = new Shown.Listed(
                listed.document(),
                listed.members(),
                Stream.concat(first.stream(), rest).iterator());
        return new HttpReply.Written(type, Map.of(), out -> {
            if (this == XML) {
                Notation.xml(all, out);
            } else {
                Json.write(json(all), out);
            }
        });
    }

    private static Map<String, Object> json(Shown.Listed listed) {
        var fields = new LinkedHashMap<String, Object>();
        listed.document().properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
        fields.put(listed.members(), listed.entries());
        return fields;
    }

    /// Changes with every change of what is shown.
    String etag(ObjectNode document) {
        return etag(this == XML ? Notation.xml(document).document() : Json.text(document));
    }

    private static String etag(String text) {
        try {
            var digest = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            return "\"" + HexFormat.of().formatHex(digest) + "\"";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("MD5 is part of every platform", e);
        }
    }

    /// Tells why a request is not served, in the words of both interfaces of clouds (aeolus.md 5.3.9).
    HttpReply.Content reply(Problem problem, String path) {
        var message = Optional.ofNullable(problem.getMessage()).orElse("");
        var code = String.valueOf(problem.status());
        var text = this == XML
                ? new XmlTree(
                                "error",
                                new TreeMap<>(Map.of("status", code, "url", path)),
                                List.of(leaf("code", code), leaf("message", message), leaf("backtrace", "")),
                                "")
                        .document()
                : Json.text(Json.object()
                        .put("code", problem.status())
                        .put("message", message)
                        .put("error", problem.word()));
        var reply = HttpReply.of(problem.status(), type, text);
        for (var header : problem.headers().entrySet()) {
            reply = reply.with(header.getKey(), header.getValue());
        }
        return reply;
    }

    private static XmlTree leaf(String name, String text) {
        return new XmlTree(name, Map.of(), List.of(), text);
    }

    /// What a client sends, whichever way it is written.
    static ObjectNode read(HttpRequest request) {
        var type = request.mediaType();
        var known = List.of("", "application/json", "application/xml", "text/xml");
        if (!known.contains(type)) {
            throw new Problem(415, "a document is sent as application/xml or application/json, not as " + type);
        }
        var whole = switch (request.body(LARGEST)) {
            case HttpRequest.Body.Whole found -> found;
            case HttpRequest.Body.TooLarge _ -> throw new Problem(413, "a document has at most " + LARGEST + " bytes");
            case HttpRequest.Body.TooSlow _ -> throw new Problem(408, "the document did not arrive in time");
            case HttpRequest.Body.Crowded _ ->
                throw new Problem(503, "too many large requests at once", Map.of("Retry-After", "5"));
        };
        var text = whole.utf8();
        if (text.filter(String::isBlank).isPresent()) {
            return Json.object();
        }
        boolean xml = type.isEmpty() ? text.map(Form::isXml).orElse(true) : type.endsWith("xml");
        return xml
                ? fromXml(whole.bytes(), request.charset())
                : fromJson(text.orElseThrow(() -> Problem.malformed("the document is not in UTF-8")));
    }

    private static boolean isXml(String text) {
        return text.replace("\ufeff", "").stripLeading().startsWith("<");
    }

    private static ObjectNode fromXml(byte[] bytes, Optional<String> charset) {
        return switch (XmlTree.read(bytes, charset)) {
            case Answer.Yes<XmlTree>(var tree) -> Notation.json(tree);
            case Answer.No<XmlTree>(var why) -> throw Problem.of(why);
        };
    }

    private static ObjectNode fromJson(String text) {
        try {
            var tree = Json.tree(text);
            Json.unfit(tree, DEEPEST).ifPresent(why -> {
                throw Problem.malformed("the document " + why);
            });
            if (tree instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException _) {
            // told below
        }
        throw Problem.malformed("the document cannot be read: it is not a JSON object");
    }
}
