package holdfast.api.config;

import java.io.StringReader;
import java.io.StringWriter;
import java.util.Collection;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;

/// Elements as XML, without namespaces. What is read may have no DTD and no entities.
final class XmlForm {
    private static final int DEEPEST = 32;
    private static final int MOST = 20_000;
    private static final Pattern UNWRITABLE =
            Pattern.compile("[^\\t\\r\\n\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]");

    private XmlForm() {}

    static String write(Element root) {
        var text = new StringWriter();
        try {
            var writer = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            text.write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
            write(root, writer);
            writer.flush();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("text in memory cannot be written", e);
        }
        return text.append('\n').toString();
    }

    private static void write(Element element, XMLStreamWriter writer) throws XMLStreamException {
        boolean empty =
                element.children().isEmpty() && text(element.value().orElse("")).isEmpty();
        if (empty) {
            writer.writeEmptyElement(element.name());
        } else {
            writer.writeStartElement(element.name());
        }
        for (var attribute : element.attributes().entrySet()) {
            writer.writeAttribute(attribute.getKey(), text(attribute.getValue()));
        }
        if (!empty) {
            writer.writeCharacters(text(element.value().orElse("")));
            for (var child : element.children()) {
                write(child, writer);
            }
            writer.writeEndElement();
        }
    }

    private static String text(Object value) {
        return writable(value instanceof Collection<?> list ? JsonForm.words(list) : String.valueOf(value));
    }

    /// Without what no XML may have.
    static String writable(String text) {
        return UNWRITABLE.matcher(text).replaceAll("?");
    }

    /// @param expected name of the root
    static Element read(String text, String expected) {
        try {
            var reader = factory().createXMLStreamReader(new StringReader(text));
            try {
                while (reader.hasNext()) {
                    switch (reader.next()) {
                        case XMLStreamReader.START_ELEMENT -> {
                            if (!reader.getLocalName().equals(expected)) {
                                throw Failure.malformed(
                                        "the body begins with " + reader.getLocalName() + " and not with " + expected);
                            }
                            var root = new Reading(reader).element(1);
                            finish(reader);
                            return root;
                        }
                        case XMLStreamReader.DTD -> throw Failure.malformed("the body has a DTD, which is not taken");
                        default -> {}
                    }
                }
            } finally {
                reader.close();
            }
            throw Failure.malformed("the body has no element");
        } catch (XMLStreamException e) {
            var line = e.getLocation() == null ? 0 : e.getLocation().getLineNumber();
            throw Failure.malformed("the body is not XML: see line " + line);
        }
    }

    private static void finish(XMLStreamReader reader) throws XMLStreamException {
        while (reader.hasNext()) {
            reader.next();
        }
    }

    private static final class Reading {
        private final XMLStreamReader reader;
        private int count;

        Reading(XMLStreamReader reader) {
            this.reader = reader;
        }

        private Element element(int depth) throws XMLStreamException {
            count++;
            if (depth > DEEPEST || count > MOST) {
                throw Failure.malformed(
                        "the body is nested deeper than " + DEEPEST + ", or has more than " + MOST + " elements");
            }
            var element = Element.of(reader.getLocalName());
            for (int at = 0; at < reader.getAttributeCount(); at++) {
                element.attribute(reader.getAttributeLocalName(at), reader.getAttributeValue(at));
            }
            var text = new StringBuilder();
            while (reader.hasNext()) {
                switch (reader.next()) {
                    case XMLStreamReader.START_ELEMENT -> element.with(element(depth + 1));
                    case XMLStreamReader.CHARACTERS, XMLStreamReader.CDATA -> text.append(reader.getText());
                    case XMLStreamReader.END_ELEMENT -> {
                        return element.saying(text.toString());
                    }
                    case XMLStreamReader.DTD, XMLStreamReader.ENTITY_REFERENCE ->
                        throw Failure.malformed("the body uses a DTD or entities, which are not taken");
                    default -> {}
                }
            }
            return element;
        }
    }

    private static XMLInputFactory factory() {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }
}
