package holdfast.platform;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.core.Answer;
import holdfast.core.Refusal;
import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.XMLStreamWriter;

/// An element of XML with all that is in it; namespaces are left out. What is read has no document type and no entities
/// of its own, and is bounded in depth and number.
///
/// @param attributes in their order, by local name
/// @param text of the element itself, trimmed
public record XmlTree(String name, Map<String, String> attributes, List<XmlTree> children, String text) {
    private static final int DEEPEST = 40;
    private static final int MOST = 500_000;
    /// Of the text between the entries of a list so much is kept.
    private static final int LONGEST_BETWEEN = 1_000;

    /// @return MALFORMED if it is not well-formed, or larger or deeper than anything that is taken
    public static Answer<XmlTree> read(String text) {
        return read(factory -> factory.createXMLStreamReader(new StringReader(text)));
    }

    /// The same of bytes, in whatever characters they say that they are written.
    ///
    /// @param charset that was told with them, which counts more
    public static Answer<XmlTree> read(byte[] bytes, Optional<String> charset) {
        int blank = 0;
        while (blank < bytes.length && " \t\r\n".indexOf(bytes[blank]) >= 0) blank++; // as clients write templates
        var in = new ByteArrayInputStream(bytes, blank, bytes.length - blank);
        return read(factory -> charset.isPresent()
                ? factory.createXMLStreamReader(in, charset.get())
                : factory.createXMLStreamReader(in));
    }

    private interface Opening {
        XMLStreamReader by(XMLInputFactory factory) throws XMLStreamException;
    }

    private static Answer<XmlTree> read(Opening opening) {
        try {
            var reader = opening.by(factory());
            skipToRoot(reader);
            var root = new Reading(reader).element(0);
            while (reader.hasNext()) {
                reader.next(); // nothing may follow
            }
            return Answer.yes(root);
        } catch (NotTaken e) {
            return no(e.why);
        } catch (XMLStreamException | RuntimeException _) { // the reader of the platform throws both
            return no("it is not well-formed XML, or not in the characters that it says");
        }
    }

    /// Reads a list of any length: what is in its root is handed on one element after the other, and none of it is
    /// kept here. The bounds of [#read] are those of each.
    ///
    /// @param child is told before it is known whether the rest can be read
    /// @return the root without what is in it; MALFORMED if not all of it is well-formed
    public static Answer<XmlTree> each(InputStream bytes, Consumer<XmlTree> child) {
        try {
            return Answer.yes(each(factory().createXMLStreamReader(bytes), child));
        } catch (NotTaken e) {
            return no(e.why);
        } catch (XMLStreamException | RuntimeException _) { // the reader of the platform throws both
            return no("it is not well-formed XML");
        }
    }

    private static XmlTree each(XMLStreamReader reader, Consumer<XmlTree> child) throws XMLStreamException, NotTaken {
        skipToRoot(reader);
        var name = reader.getLocalName();
        var attributes = attributes(reader);
        var text = new StringBuilder();
        while (reader.next() != XMLStreamConstants.END_ELEMENT) {
            switch (reader.getEventType()) {
                case XMLStreamConstants.START_ELEMENT -> child.accept(new Reading(reader).element(1));
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                    if (text.length() < LONGEST_BETWEEN) {
                        text.append(reader.getText().strip());
                    }
                }
                default -> {} // comments and the like
            }
        }
        while (reader.hasNext()) {
            reader.next(); // nothing may follow
        }
        return new XmlTree(name, attributes, List.of(), text.toString());
    }

    private static void skipToRoot(XMLStreamReader reader) throws XMLStreamException, NotTaken {
        while (reader.next() != XMLStreamConstants.START_ELEMENT) {
            if (reader.getEventType() == XMLStreamConstants.DTD) {
                throw new NotTaken("it has a DOCTYPE, which is not taken");
            }
        }
    }

    private static Map<String, String> attributes(XMLStreamReader reader) {
        var attributes = new LinkedHashMap<String, String>();
        for (int n = 0; n < reader.getAttributeCount(); n++) {
            attributes.put(reader.getAttributeLocalName(n), reader.getAttributeValue(n));
        }
        return attributes;
    }

    private static Answer<XmlTree> no(String why) {
        return Answer.no(Refusal.malformed("body", "the document cannot be read: " + why));
    }

    private static XMLInputFactory factory() {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        return factory;
    }

    private static final class NotTaken extends Exception {
        private static final long serialVersionUID = 1;

        private final String why;

        private NotTaken(String why) {
            super(why);
            this.why = why;
        }
    }

    private static final class Reading {
        private final XMLStreamReader reader;
        private int elements;

        private Reading(XMLStreamReader reader) {
            this.reader = reader;
        }

        private XmlTree element(int depth) throws XMLStreamException, NotTaken {
            if (depth == DEEPEST || ++elements > MOST) {
                throw new NotTaken("it has more than " + DEEPEST + " levels or " + MOST + " elements");
            }
            var name = reader.getLocalName();
            var attributes = attributes(reader);
            var children = new ArrayList<XmlTree>();
            var text = new StringBuilder();
            while (reader.next() != XMLStreamConstants.END_ELEMENT) {
                switch (reader.getEventType()) {
                    case XMLStreamConstants.START_ELEMENT -> children.add(element(depth + 1));
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(reader.getText());
                    default -> {} // comments and the like
                }
            }
            return new XmlTree(name, attributes, children, text.toString().strip());
        }
    }

    /// As a document. What no document may hold, such as control characters, becomes a replacement character.
    public String document() {
        var text = new StringWriter();
        try {
            document(text, 0, Collections.emptyIterator());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write XML into memory", e);
        }
        return text.toString();
    }

    /// The same into a stream, which stays open, with others among its children that come meanwhile.
    ///
    /// @param before how many of its own children stand before them
    public void document(OutputStream to, int before, Iterator<XmlTree> others) throws IOException {
        var text = new BufferedWriter(new OutputStreamWriter(to, UTF_8));
        document(text, before, others);
        text.flush();
    }

    private void document(Writer text, int before, Iterator<XmlTree> others) throws IOException {
        try {
            var out = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            out.writeStartDocument("utf-8", "1.0");
            write(out, before, others);
            out.close();
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
        text.append('\n');
    }

    private void write(XMLStreamWriter out, int before, Iterator<XmlTree> others) throws XMLStreamException {
        boolean empty = children.isEmpty() && text.isEmpty() && !others.hasNext();
        if (empty) {
            out.writeEmptyElement(name);
        } else {
            out.writeStartElement(name);
        }
        for (var attribute : attributes.entrySet()) {
            out.writeAttribute(attribute.getKey(), fit(attribute.getValue()));
        }
        if (!empty) {
            characters(out, fit(text));
            write(children.subList(0, before).iterator(), out);
            write(others, out);
            write(children.subList(before, children.size()).iterator(), out);
            out.writeEndElement();
        }
    }

    /// A carriage return that is not named is read as the end of a line.
    private static void characters(XMLStreamWriter out, String text) throws XMLStreamException {
        int from = 0;
        for (int at = text.indexOf('\r'); at >= 0; at = text.indexOf('\r', from)) {
            out.writeCharacters(text.substring(from, at));
            out.writeEntityRef("#13");
            from = at + 1;
        }
        out.writeCharacters(text.substring(from));
    }

    private static void write(Iterator<XmlTree> all, XMLStreamWriter out) throws XMLStreamException {
        while (all.hasNext()) {
            all.next().write(out, 0, Collections.emptyIterator());
        }
    }

    /// The text without what no document may hold, such as control characters: each becomes a replacement
    /// character.
    public static String fit(String text) {
        return text.chars().allMatch(XmlTree::isPlain) ? text : fitted(text);
    }

    /// What nearly all texts are made of.
    private static boolean isPlain(int character) {
        return character >= 0x20 && character <= 0xD7FF;
    }

    private static String fitted(String text) {
        return text.codePoints()
                .map(point -> fits(point) ? point : 0xFFFD)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /// The characters of XML 1.0.
    private static boolean fits(int point) {
        return point == '\t'
                || point == '\n'
                || point == '\r'
                || point >= 0x20 && point <= 0xD7FF
                || point >= 0xE000 && point <= 0xFFFD
                || point >= 0x10000;
    }

    public List<XmlTree> all(String child) {
        return children.stream().filter(one -> one.name.equals(child)).toList();
    }

    public Optional<XmlTree> child(String child) {
        return children.stream().filter(one -> one.name.equals(child)).findFirst();
    }

    /// An attribute that says something.
    public Optional<String> attribute(String attribute) {
        return Optional.ofNullable(attributes.get(attribute)).map(String::strip).filter(value -> !value.isEmpty());
    }

    /// What a child says, if it says something.
    public Optional<String> says(String child) {
        return child(child).map(XmlTree::text).filter(said -> !said.isEmpty());
    }

    /// The id of the thing that a child refers to: as `id`, as the end of `href`, or as its text.
    public Optional<String> refers(String child) {
        return child(child)
                .flatMap(one -> one.attribute("id")
                        .or(() -> one.attribute("href").map(href -> href.substring(href.lastIndexOf('/') + 1)))
                        .or(() -> Optional.of(one.text).filter(said -> !said.isEmpty())));
    }
}
