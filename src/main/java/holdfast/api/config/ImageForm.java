package holdfast.api.config;

import holdfast.core.Refusal;
import holdfast.platform.HttpReply;
import holdfast.platform.HttpRequest;
import holdfast.platform.Json;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One rule for both forms of images and their mappings (aeolus.md 5.1): an element is a key, an attribute is one, what
/// holds many is an array. XML is written if nothing is asked for, and read without DTD and entities.
final class ImageForm {
    private static final String XML = "application/xml";
    private static final String JSON = "application/json";
    private static final int LARGEST = 1 << 16;
    private static final int DEEPEST = 8;
    private static final Set<String> ATTRIBUTES = Set.of("id", "href");
    private static final Map<String, String> ITEMS =
            Map.of("images", "image", "image_mappings", "image_mapping", "builds", "build", "errors", "error");

    private ImageForm() {}

    /// Why a request is not served.
    static final class WrongException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int status;
        private final String code;

        WrongException(int status, String code, String message) {
            super(message, null, false, false);
            this.status = status;
            this.code = code;
        }

        HttpReply reply(boolean json) {
            return write(json, status, error(code, String.valueOf(getMessage())));
        }
    }

    /// @throws WrongException if the client takes neither form
    static boolean json(HttpRequest request) {
        try {
            return Ask.json(request);
        } catch (Failure e) {
            throw new WrongException(406, "NotAcceptable", String.valueOf(e.getMessage()));
        }
    }

    static HttpReply refused(boolean json, Refusal why) {
        return switch (why.kind()) {
            case MALFORMED -> {
                var error =
                        Json.object().put("field", why.field().orElse("base")).put("message", why.message());
                yield write(json, 422, Json.object().set("errors", Json.array().add(error)));
            }
            case NOT_THERE -> write(json, 404, error("RecordNotFound", why.message()));
            case NOT_YOURS -> write(json, 403, error("PermissionError", why.message()));
            case NO_ROOM, CLASH -> write(json, 409, error("Conflict", why.message()));
            case SILENT, BROKEN ->
                write(json, 503, error("Unavailable", why.message())).with("Retry-After", "5");
        };
    }

    private static ObjectNode error(String code, String message) {
        return Json.object().set("error", Json.object().put("code", code).put("message", message));
    }

    /// @param root of one key, which is the name of the root element
    static HttpReply.Content write(boolean json, int status, ObjectNode root) {
        if (json) {
            return HttpReply.json(status, root);
        }
        var text = new StringWriter();
        try {
            var writer = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            text.write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
            for (var entry : root.properties()) {
                element(entry.getKey(), entry.getValue(), writer);
            }
            writer.flush();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("text in memory cannot be written", e);
        }
        return HttpReply.of(status, XML + "; charset=utf-8", text.append('\n').toString());
    }

    private static void element(String name, JsonNode node, XMLStreamWriter writer) throws XMLStreamException {
        writer.writeStartElement(name);
        for (var entry : node.properties()) {
            if (ATTRIBUTES.contains(entry.getKey())) {
                writer.writeAttribute(
                        entry.getKey(), XmlForm.writable(entry.getValue().asString()));
            }
        }
        for (var entry : node.properties()) {
            if (!ATTRIBUTES.contains(entry.getKey())) {
                element(entry.getKey(), entry.getValue(), writer);
            }
        }
        if (node.isArray()) {
            for (var item : node) {
                element(ITEMS.getOrDefault(name, "item"), item, writer);
            }
        } else if (node.isValueNode() && !node.isNull()) {
            writer.writeCharacters(XmlForm.writable(node.asString()));
        }
        writer.writeEndElement();
    }

    /// The body, in the form that its media type says.
    ///
    /// @param expected the name of its root, which JSON may leave out
    static JsonNode read(HttpRequest request, String expected) {
        var type = request.mediaType();
        boolean json = type.equals(JSON);
        if (!json && !type.equals(XML) && !type.equals("text/xml")) {
            throw new WrongException(415, "UnsupportedMediaType", "Content-Type must be " + XML + " or " + JSON);
        }
        var text = switch (request.body(LARGEST)) {
            case HttpRequest.Body.Whole whole -> whole.text();
            case HttpRequest.Body.TooLarge _ ->
                throw new WrongException(413, "PayloadTooLarge", "the body is larger than " + LARGEST + " bytes");
            case HttpRequest.Body.TooSlow _ -> throw malformed("the body did not arrive in time");
            case HttpRequest.Body.Crowded _ ->
                throw new WrongException(503, "Unavailable", "too many large requests at the same time");
        };
        var tree = json ? tree(text) : Json.object().set(expected, xml(text, expected));
        Json.unfit(tree, DEEPEST).ifPresent(why -> {
            throw malformed("the body " + why);
        });
        var inside = tree.path(expected);
        var body = tree.size() == 1 && inside.isObject() ? inside : tree;
        if (!body.isObject()) {
            throw malformed("the body must be an object");
        }
        return body;
    }

    private static JsonNode tree(String text) {
        try {
            return Json.tree(text);
        } catch (JacksonException _) {
            throw malformed("the body is not JSON");
        }
    }

    static WrongException malformed(String message) {
        return new WrongException(400, "BadRequest", message);
    }

    private static JsonNode xml(String text, String expected) {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        try {
            var reader = factory.createXMLStreamReader(new StringReader(text));
            reader.nextTag();
            if (!reader.getLocalName().equals(expected)) {
                throw malformed("the body begins with " + reader.getLocalName() + " and not with " + expected);
            }
            var root = element(reader, 1);
            while (reader.hasNext()) {
                reader.next(); // what follows must be XML, too
            }
            return root;
        } catch (XMLStreamException e) {
            throw malformed("the body is not XML: see line "
                    + Optional.ofNullable(e.getLocation())
                            .map(place -> place.getLineNumber())
                            .orElse(0));
        }
    }

    private static JsonNode element(XMLStreamReader reader, int depth) throws XMLStreamException {
        if (depth > DEEPEST) {
            throw malformed("the body is nested too deep");
        }
        var name = reader.getLocalName();
        var object = Json.object();
        var items = Json.array();
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            object.put(reader.getAttributeLocalName(i), reader.getAttributeValue(i));
        }
        var text = new StringBuilder();
        while (reader.next() != XMLStreamReader.END_ELEMENT) {
            if (reader.isStartElement()) {
                var child = reader.getLocalName();
                var inside = element(reader, depth + 1);
                object.set(child, inside);
                items.add(inside);
            } else if (reader.isCharacters()) {
                text.append(reader.getText());
            } else if (reader.getEventType() == XMLStreamReader.DTD
                    || reader.getEventType() == XMLStreamReader.ENTITY_REFERENCE) {
                throw malformed("the body uses a DTD or entities, which are not taken");
            }
        }
        if (ITEMS.containsKey(name)) {
            return items;
        }
        return object.isEmpty() ? Json.toTree(text.toString()) : object;
    }

    /// The text of a field, or the id of what it refers to; empty if nothing is said, or `null`, or an empty text.
    static Optional<String> text(JsonNode body, String field) {
        var said = body.path(field);
        return Optional.of(
                        (said.isObject() ? said.path("id") : said).asString("").strip())
                .filter(text -> !text.isEmpty());
    }

    /// The texts of a field that holds many.
    static Optional<List<String>> texts(JsonNode body, String field) {
        return Optional.of(body.path(field))
                .filter(JsonNode::isArray)
                .map(array -> array.valueStream().map(item -> item.asString("")).toList());
    }
}
