package holdfast.api.deltacloud;

import static java.nio.charset.StandardCharsets.UTF_8;

import holdfast.platform.XmlTree;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.util.Set;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/// Writes elements as text. What no document may hold, such as control characters, becomes a replacement character.
final class Markup {
    private static final Set<String> VOID = Set.of("input", "meta", "link", "br");

    private static final XMLOutputFactory FACTORY = XMLOutputFactory.newDefaultFactory();

    private final XMLStreamWriter out;
    private final boolean html;

    private Markup(XMLStreamWriter out, boolean html) {
        this.out = out;
        this.html = html;
    }

    static void xml(Element root, OutputStream to) throws IOException {
        write("<?xml version='1.0' encoding='utf-8' ?>\n", root, false, to);
    }

    static void html(Element root, OutputStream to) throws IOException {
        write("<!DOCTYPE html>\n", root, true, to);
    }

    private static void write(String head, Element root, boolean html, OutputStream to) throws IOException {
        var text = new BufferedWriter(new OutputStreamWriter(to, UTF_8));
        text.append(head);
        try {
            var out = FACTORY.createXMLStreamWriter(text);
            new Markup(out, html).write(root);
            out.writeEndDocument();
            out.close();
        } catch (XMLStreamException e) {
            throw new IOException(e);
        }
        text.append('\n').flush();
    }

    private void write(Element element) throws XMLStreamException {
        if (element.isEmpty() && (!html || VOID.contains(element.name()))) {
            out.writeEmptyElement(element.name());
            attributes(element);
            return;
        }
        out.writeStartElement(element.name());
        attributes(element);
        if (element.literal() && !html) {
            out.writeCData(XmlTree.fit(element.text()).replace("]]>", "]]]]><![CDATA[>"));
        } else if (!element.text().isEmpty()) {
            out.writeCharacters(XmlTree.fit(element.text()));
        }
        for (var child : element.children()) {
            write(child);
        }
        out.writeEndElement();
    }

    private void attributes(Element element) throws XMLStreamException {
        for (var attribute : element.attributes().entrySet()) {
            out.writeAttribute(attribute.getKey(), XmlTree.fit(attribute.getValue()));
        }
    }
}
