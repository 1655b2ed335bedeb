package holdfast.inventory;

import holdfast.core.RefusedException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Reads GraphML in one pass. Each method reads one element, from its start tag to its end tag.
final class GraphMlReader {
    private static final int DEEPEST = 32;
    private static final int MOST_KEYS = 1000;

    private final XMLStreamReader xml;
    private final Limits limits;
    private final Assembly assembly;
    private final Map<KeyId, Key> keys = new HashMap<>();
    private int depth;
    private boolean graphSeen;

    /// Exports use the same key id for nodes and for edges, with different meanings.
    private record KeyId(String id, String domain) {}

    private record Key(String property, Optional<String> byDefault) {}

    private interface Source {
        XMLStreamReader open(XMLInputFactory factory) throws XMLStreamException;
    }

    static Graph read(InputStream in, Limits limits) {
        return read(factory -> factory.createXMLStreamReader(new Utf8(in, limits.bytes())), limits);
    }

    static Graph read(String text, Reader reader, Limits limits) {
        if (text.length() > limits.bytes()) {
            throw Bounded.tooLong(limits.bytes());
        }
        return read(factory -> factory.createXMLStreamReader(reader), limits);
    }

    private static Graph read(Source source, Limits limits) {
        try {
            return new GraphMlReader(source.open(factory()), limits).document();
        } catch (XMLStreamException e) {
            throw broken(e);
        }
    }

    private GraphMlReader(XMLStreamReader xml, Limits limits) {
        this.xml = xml;
        this.limits = limits;
        this.assembly = new Assembly(limits);
    }

    private static XMLInputFactory factory() {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }

    private Graph document() {
        while (next() != XMLStreamConstants.START_ELEMENT) {
            // comments and instructions before the root element
        }
        if (!xml.getLocalName().equals("graphml")) {
            throw refuse("the document is a <" + xml.getLocalName() + ">; a <graphml> is needed");
        }
        while (child()) {
            switch (xml.getLocalName()) {
                case "key" -> key();
                case "graph" -> graph();
                default -> skip();
            }
        }
        while (xml.getEventType() != XMLStreamConstants.END_DOCUMENT) {
            next();
        }
        if (!graphSeen) {
            throw refuse("the document holds no <graph>");
        }
        return assembly.graph();
    }

    private void key() {
        var id = attribute("id");
        var domain = optional("for").orElse("all");
        var property = optional("attr.name").orElse(id);
        Optional<String> byDefault = Optional.empty();
        while (child()) {
            if (xml.getLocalName().equals("default")) {
                byDefault = Optional.of(text());
            } else {
                skip();
            }
        }
        keys.put(new KeyId(id, domain), new Key(property, byDefault));
        if (keys.size() > MOST_KEYS) {
            throw refuse("the document declares more than " + MOST_KEYS + " keys, the most that is read");
        }
    }

    private void graph() {
        if (graphSeen) {
            throw refuse("a second <graph>; a file holds one");
        }
        graphSeen = true;
        while (child()) {
            switch (xml.getLocalName()) {
                case "node" -> node();
                case "edge" -> edge();
                case "hyperedge" -> throw refuse("a <hyperedge>; only nodes and edges are allowed");
                default -> skip();
            }
        }
    }

    private void node() {
        var where = where();
        var id = attribute("id");
        var labels = optional("labels").orElse("");
        var data = data("node");
        assembly.vertex(id, labels.isEmpty() ? data.getOrDefault("labels", "") : labels, data, where);
    }

    private void edge() {
        var where = where();
        var source = attribute("source");
        var target = attribute("target");
        var label = optional("label");
        var data = data("edge");
        var relation = Optional.ofNullable(data.get(Property.CLASS))
                .or(() -> Optional.ofNullable(data.get("label")))
                .or(() -> label)
                .orElse("");
        assembly.edge(source, relation, target, where);
    }

    /// The `<data>` of a node or an edge by property, with defaults of keys that it does not give.
    private Map<String, String> data(String domain) {
        var data = new HashMap<String, String>();
        while (child()) {
            switch (xml.getLocalName()) {
                case "data" -> {
                    var id = attribute("key");
                    var value = text();
                    key(id, domain).ifPresent(key -> {
                        if (data.putIfAbsent(key.property, value) != null) {
                            throw refuse("the " + domain + " gives " + key.property + " twice");
                        }
                    });
                }
                case "graph", "port", "hyperedge" ->
                    throw refuse("a <%s> inside a <%s>; only <data> is allowed".formatted(xml.getLocalName(), domain));
                default -> skip();
            }
        }
        data.values().removeIf(Property::isAbsent);
        keys.forEach((id, key) -> key.byDefault
                .filter(_ -> id.domain.equals(domain) || id.domain.equals("all"))
                .ifPresent(value -> data.putIfAbsent(key.property, value)));
        return data;
    }

    private Optional<Key> key(String id, String domain) {
        return Optional.ofNullable(keys.get(new KeyId(id, domain)))
                .or(() -> Optional.ofNullable(keys.get(new KeyId(id, "all"))));
    }

    /// Moves to the next child element; false at the end tag of this one.
    private boolean child() {
        while (true) {
            switch (next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    return true;
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    return false;
                }
                default -> {} // space between elements, comments
            }
        }
    }

    private String text() {
        var text = new StringBuilder();
        while (true) {
            switch (next()) {
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
                    text.append(xml.getTextCharacters(), xml.getTextStart(), xml.getTextLength());
                    if (text.length() > limits.value()) {
                        throw refuse("a value is longer than " + limits.value() + " characters, the most that is read");
                    }
                }
                case XMLStreamConstants.START_ELEMENT ->
                    throw refuse("a <" + xml.getLocalName() + "> where text is needed");
                case XMLStreamConstants.END_ELEMENT -> {
                    return text.toString();
                }
                default -> {} // comments
            }
        }
    }

    private void skip() {
        int outside = depth - 1;
        while (depth > outside) {
            next();
        }
    }

    private int next() {
        int event = advance();
        switch (event) {
            case XMLStreamConstants.START_ELEMENT -> {
                if (++depth > DEEPEST) {
                    throw refuse("elements are nested deeper than " + DEEPEST + ", the most that is read");
                }
            }
            case XMLStreamConstants.END_ELEMENT -> depth--;
            case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE, XMLStreamConstants.ENTITY_DECLARATION ->
                throw refuse("a document type or an entity; graph files may not declare any");
            default -> {}
        }
        return event;
    }

    private int advance() {
        try {
            return xml.next();
        } catch (XMLStreamException e) {
            throw broken(e);
        } catch (RefusedException | UncheckedIOException e) {
            throw e; // from the stream below, not a fault of the parser
        } catch (RuntimeException e) {
            // the platform's parser lets some of its own exceptions through on broken input
            throw refuse("not XML: the parser gave up (" + e.getClass().getSimpleName() + ")");
        }
    }

    private String attribute(String name) {
        return optional(name).orElseThrow(() -> refuse("a <" + xml.getLocalName() + "> without attribute " + name));
    }

    private Optional<String> optional(String name) {
        return Optional.ofNullable(xml.getAttributeValue(null, name));
    }

    private String where() {
        return "line " + xml.getLocation().getLineNumber();
    }

    private RefusedException refuse(String why) {
        return Assembly.refuse(where(), why);
    }

    private static RefusedException broken(XMLStreamException e) {
        int line = Math.max(1, e.getLocation() == null ? 1 : e.getLocation().getLineNumber());
        var message = e.getMessage() == null
                ? ""
                : e.getMessage().substring(e.getMessage().lastIndexOf("Message: ") + 1);
        return Assembly.refuse(
                "line " + line,
                "not XML: " + message.replaceFirst("^essage: ", "").strip());
    }
}
