package holdfast.drivers.deltacloud;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// An element as it came, without regard for what should be in it: what is missing is empty, what is unknown is there
/// and does no harm. No document type, no entities of its own, bounded in depth and number.
///
/// @param text of the element itself, trimmed
record Xml(String name, Map<String, String> attributes, List<Xml> children, String text) {
    private static final int DEEPEST = 40;
    private static final int MOST = 500_000;

    /// Not XML as we take it.
    static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnreadableException(String message) {
            super(message);
        }
    }

    /// @throws UnreadableException if it is cut, is a page for people, or is larger than any answer may be
    static Xml read(String text) throws UnreadableException {
        try {
            var reader = factory().createXMLStreamReader(new StringReader(text));
            while (reader.next() != XMLStreamConstants.START_ELEMENT) {
                if (reader.getEventType() == XMLStreamConstants.DTD) throw new UnreadableException("it has a DOCTYPE");
            }
            var root = new Reading(reader).element(0);
            while (reader.hasNext()) reader.next(); // nothing may follow
            return root;
        } catch (XMLStreamException | RuntimeException _) { // the reader of the platform throws both
            throw new UnreadableException("it is not well-formed");
        }
    }

    private static XMLInputFactory factory() {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        return factory;
    }

    private static final class Reading {
        private final XMLStreamReader reader;
        private int elements;

        Reading(XMLStreamReader reader) {
            this.reader = reader;
        }

        Xml element(int depth) throws XMLStreamException, UnreadableException {
            if (depth == DEEPEST || ++elements > MOST) throw new UnreadableException("it is too deep or too long");
            var name = reader.getLocalName();
            var attributes = new LinkedHashMap<String, String>();
            for (int n = 0; n < reader.getAttributeCount(); n++) {
                attributes.put(reader.getAttributeLocalName(n), reader.getAttributeValue(n));
            }
            var children = new ArrayList<Xml>();
            var text = new StringBuilder();
            while (reader.next() != XMLStreamConstants.END_ELEMENT) {
                switch (reader.getEventType()) {
                    case XMLStreamConstants.START_ELEMENT -> children.add(element(depth + 1));
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(reader.getText());
                    case XMLStreamConstants.END_DOCUMENT -> throw new UnreadableException("it is cut");
                    default -> {} // comments and the like
                }
            }
            return new Xml(name, attributes, children, text.toString().strip());
        }
    }

    List<Xml> all(String child) {
        return children.stream().filter(one -> one.name.equals(child)).toList();
    }

    Optional<Xml> child(String child) {
        return children.stream().filter(one -> one.name.equals(child)).findFirst();
    }

    /// An attribute that says something.
    Optional<String> attribute(String attribute) {
        return Optional.ofNullable(attributes.get(attribute)).map(String::strip).filter(value -> !value.isEmpty());
    }

    /// What a child says, if it says something.
    Optional<String> says(String child) {
        return child(child).map(Xml::text).filter(said -> !said.isEmpty());
    }

    /// The id of the thing that a child refers to.
    Optional<String> refers(String child) {
        return child(child)
                .flatMap(one -> one.attribute("id")
                        .or(() -> one.attribute("href").map(href -> href.substring(href.lastIndexOf('/') + 1)))
                        .or(() -> Optional.of(one.text).filter(said -> !said.isEmpty())));
    }
}
